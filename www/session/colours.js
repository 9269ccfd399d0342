/** Colours of classes. */

/** Of all classes without one, before the engine has told its colours. */
const PLAIN = '#808080';

/**
 * Of classes 1 and up: the model's own where it names one, else the engine's.
 * @param {Pick<import('./state.js').State, 'constants'>} state
 * @param {{ classes: { name: string, colour: string }[] } | null | undefined} model @param {number} count
 * @returns {string[]}
 */
export function coloursOf({ constants }, model, count) {
  const others = constants?.colours ?? [];
  return Array.from({ length: count }, (_, i) => {
    const own = model?.classes[i]?.colour ?? '';
    return /^#[0-9a-f]{6}$/i.test(own) ? own : (others[i % others.length] ?? PLAIN);
  });
}
