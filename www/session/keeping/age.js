/** What is deleted because of its age, where a house has said after how many days. */
import { indexBytes, modelKey, readIndex, worthKeeping } from './index.js';

/** @typedef {import('./index.js').Index} Index */

const DAY = 86_400_000;
/** Between two looks while the tab is open, ms. */
const LOOK = 3_600_000;

/** Looks now and then; a test that is over need not wait for it. @param {() => void} look */
export function nowAndThen(look) {
  const timer = /** @type {{ unref?: () => void }} */ (/** @type {unknown} */ (setInterval(look, LOOK)));
  timer.unref?.();
}

/**
 * What is young enough, and the names under which the rest is stored.
 * @param {Index} index @param {number} days @param {number} now ms
 * @returns {{ young: Index, gone: string[] }}
 */
export function aged(index, days, now) {
  const old = (/** @type {number} */ at) => now - at > days * DAY;
  const items = index.items.filter(({ at }) => !old(at));
  const models = index.models.filter(({ at }) => !old(at));
  const training = index.training && !old(index.trained) ? index.training : null;
  const gone = [
    ...index.items.filter(({ at }) => old(at)).flatMap(({ id }) => [`file-${id}`, `labels-${id}`]),
    ...index.models.filter(({ at }) => old(at)).map(({ id }) => modelKey(id)),
    ...(index.training && !training ? ['train-state', ...index.training.points.map((at) => `train-point-${at}`)] : []),
  ];
  return { young: { ...index, items, models, training }, gone };
}

/**
 * Deletes what is too old, and tells what is left.
 * @param {import('../../keep/store.js').Kept} kept @param {number | null} days null: nothing is @param {number} [now] ms
 * @returns {Promise<{ index: Index | null, gone: string[] }>}
 */
export async function youngOf(kept, days, now = Date.now()) {
  const index = readIndex(await kept.get('session'));
  if (!index || days === null) return { index, gone: [] };
  const { young, gone } = aged(index, days, now);
  // The list first: it must not name what is gone.
  if (gone.length > 0) await kept.put('session', indexBytes(young));
  for (const name of gone) await kept.remove(name);
  return { index: young, gone };
}

/**
 * The same while a tab is open.
 * @param {import('../../keep/store.js').Kept} kept @param {number} days @param {Index | null} earlier not yet continued
 * @param {Set<number>} stored files, and @param {Map<string, File>} models of this session that are stored; what is gone is taken out of both
 * @param {(id: string) => string} keyOf the name under which a model of this session is stored
 * @returns {Promise<Index | null>} what is left of the earlier session
 */
export async function forgetOld(kept, days, earlier, stored, models, keyOf) {
  const now = Date.now();
  const { gone } = await youngOf(kept, days, now);
  for (const id of stored) if (gone.includes(`file-${id}`)) stored.delete(id);
  for (const id of models.keys()) if (gone.includes(keyOf(id))) models.delete(id);
  const left = earlier && aged(earlier, days, now).young;
  return left && worthKeeping(left) ? left : null;
}
