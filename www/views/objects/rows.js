/** Which rows of a long table are in sight: pure functions. Rows are all of one height. */

/** @typedef {{ from: number, to: number }} Span rows, `to` the first that is not */

/**
 * Rows to draw: those in sight and a few on either side.
 * @param {number} top pixels that are scrolled away @param {number} height of what is in sight @param {number} row height of one
 * @param {number} count of all @param {number} [more] on either side @returns {Span}
 */
export function inSight(top, height, row, count, more = 6) {
  const from = Math.floor(top / row) - more;
  const to = Math.ceil((top + height) / row) + more;
  const within = (/** @type {number} */ at) => Math.min(count, Math.max(0, at));
  return { from: within(from), to: within(to) };
}

/**
 * Where to scroll, so that a row is wholly in sight: not at all if it is, else as little as will do.
 * @param {number} top @param {number} height @param {number} row @param {number} at the row's place
 */
export function scrolledTo(top, height, row, at) {
  const [above, below] = [at * row, (at + 1) * row - height];
  return above < top ? above : Math.max(top, Math.min(below, above));
}

/**
 * The row that a key leads to; null if the key leads nowhere.
 * @param {string} key @param {number | null} at @param {number} count @param {number} page rows in sight
 */
export function moved(key, at, count, page) {
  if (count === 0) return null;
  const last = count - 1;
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[key];
  if (step === undefined) return null;
  return at === null ? 0 : Math.min(last, Math.max(0, at + step));
}
