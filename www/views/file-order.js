/** Which files of the list are shown, and in which order. */

/**
 * @typedef {'added' | 'name' | 'objects' | 'state'} Sort
 * @typedef {Pick<import('../session/state.js').Item, 'id' | 'name' | 'state' | 'count'>} Listed
 */

/** @type {Sort[]} */
export const SORTS = ['added', 'name', 'objects', 'state'];

/** What a person looks for first. @type {Listed['state'][]} */
const STATES = ['failed', 'stopped', 'working', 'reading', 'waiting', 'open', 'done'];

/** @type {Record<Sort, (a: Listed, b: Listed) => number>} */
const COMPARED = {
  added: () => 0,
  name: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }),
  // Many first; those that were not counted last.
  objects: (a, b) => (b.count ?? -1) - (a.count ?? -1),
  state: (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state),
};

/**
 * Those whose names hold all words, in this order; equal ones stay in the order in which they came.
 * @template {Listed} T
 * @param {T[]} items @param {string} words @param {Sort} sort @returns {T[]}
 */
export function ordered(items, words, sort) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word)));
  return found.sort(COMPARED[sort]);
}
