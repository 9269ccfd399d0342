/**
 * Colours of classes: Okabe and Ito's, which people with any colour vision can tell apart, those first that stand
 * out from grey.
 */
export const PALETTE = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#cc79a7', '#d55e00', '#0072b2'];

/**
 * Of classes 1 and up: the model's own where it names one, else the palette's.
 * @param {{ classes: { name: string, colour: string }[] } | null | undefined} model @param {number} count
 * @returns {string[]}
 */
export function coloursOf(model, count) {
  return Array.from({ length: count }, (_, i) => {
    const own = model?.classes[i]?.colour ?? '';
    return /^#[0-9a-f]{6}$/i.test(own) ? own : PALETTE[i % PALETTE.length];
  });
}
