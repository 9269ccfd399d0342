/** Links that open the page with something in it, for teachers and their sheets: `#sample=ID&model=ID&panel=ID`, or `#tour`. */
import { listed } from '../strings/format.js';
import { t } from '../strings/t.js';
import { SAMPLES } from './samples.js';
import { learns } from './training/state.js';

/** What can be opened beside the image; `inside` is the view of the network. */
export const PLACES = /** @type {const} */ (['view', 'label', 'train', 'results', 'inside']);

/**
 * @typedef {object} Link
 * @property {string | null} sample
 * @property {string | null} model whether there is one of that name only the engine knows
 * @property {(typeof PLACES)[number] | null} panel
 * @property {boolean} tour
 * @property {{ key: 'sample' | 'panel', name: string, known: readonly string[] }[]} unknown what was asked for and is not there
 *
 * @typedef {{ inside(): void, tour(): void }} Doors
 */

/** What the part of an address behind `#` asks for. Other things that it may hold say nothing here. @param {string} hash @returns {Link} */
export function linkIn(hash) {
  const asked = new URLSearchParams(hash.replace(/^#/, ''));
  const value = (/** @type {string} */ key) => asked.get(key)?.trim().toLowerCase() || null;
  /** @type {Link['unknown']} */
  const unknown = [];
  /** @template {string} V @param {'sample' | 'panel'} key @param {readonly V[]} known @returns {V | null} */
  const among = (key, known) => {
    const name = value(key);
    if (name === null) return null;
    const found = known.find((one) => one === name);
    if (found === undefined) unknown.push({ key, name, known });
    return found ?? null;
  };
  return {
    sample: among('sample', SAMPLES),
    model: value('model'),
    panel: among('panel', PLACES),
    tour: asked.has('tour'),
    unknown,
  };
}

/** Does what the address asks for, and says what of it cannot be done. @param {import('./session.js').Session} session @param {string} hash @param {Doors} doors */
export async function followLink(session, hash, doors) {
  const { sample, model, panel, tour, unknown } = linkIn(hash);
  const faults = unknown.map(({ key, name, known }) => t(`link.${key}`, { name, known: listed([...known]) }));
  // The tour opens its own image.
  if (tour) doors.tour();
  else if (sample || model || panel) {
    const id = sample ? await session.files.addSample(sample, model) : (session.current?.id ?? null);
    if (panel) {
      session.display.open(panel === 'inside' ? 'view' : panel);
      if (session.state.panelFolded) session.display.fold('panelFolded');
    }
    // Why a sample did not come was told.
    if (sample && id === null) return;
    if (id === null && (model || panel === 'inside')) faults.push(t('link.noImage'));
    if (model && id !== null) faults.push(...(await withModel(session, id, model, sample !== null)));
    tell(session, faults);
    if (panel === 'inside' && id !== null && (await opened(session, id))) doors.inside();
    return;
  }
  tell(session, faults);
}

/** Sees to it that an image has its model. @param {import('./session.js').Session} session @param {number} id @param {string} model @param {boolean} given whether the image came with it @returns {Promise<string[]>} what is wrong */
async function withModel(session, id, model, given) {
  if (learns(session.state.training)) return [t('train.held')];
  await session.app;
  try {
    await session.models.list();
  } catch (error) {
    session.fail(error);
    return [];
  }
  if (!session.models.byId(model)) {
    const known = session.state.models.map((one) => one.id);
    if (given) session.change(id, { modelId: null });
    return [t('link.model', { name: model, known: listed(known) })];
  }
  if (!given && session.state.currentId === id) session.models.tryOn(model);
  return [];
}

/** Waits until an image is open and its model is known. @param {import('./session.js').Session} session @param {number} id @returns {Promise<boolean>} whether it came so far, and is still shown */
function opened({ store, models }, id) {
  return new Promise((resolve) => {
    const end = store.within(() =>
      store.on(['items', 'models', 'currentId'], ({ items, currentId }) => {
        const item = items.find((one) => one.id === id);
        const there = Boolean(item?.scan && (models.for(item) || item.suggestion));
        if (item && item.state !== 'failed' && !there) return;
        resolve(there && currentId === id);
        queueMicrotask(() => end());
      }),
    );
  });
}

/** @param {import('./session.js').Session} session @param {string[]} faults */
function tell(session, faults) {
  if (faults.length === 0) return;
  const [text, ...list] = faults;
  session.store.set({ notice: { kind: 'error', text, error: null, list } });
  session.announce(text);
}
