/** Masks that come piece by piece: which piece is next, and how it joins what is there. Pure functions. */

/**
 * @typedef {{ x: number, y: number, width: number, height: number }} Rect pixels of the image
 * @typedef {import('../api.d.ts').Mask} Mask
 */

/** A side of a piece is no shorter than this if the rectangle is not: what surrounds it has to be computed too. */
const LEAST = 96;

/**
 * A rectangle in pieces of about `most` pixels, whose sides are alike; one of them, by turns.
 * @param {Rect} rect @param {number} most @param {number} turn from 0 on @returns {Rect}
 */
export function pieceOf({ x, y, width, height }, most, turn) {
  const side = Math.max(LEAST, Math.sqrt(most));
  const parts = width * height <= most ? [1, 1] : [Math.ceil(width / side), Math.ceil(height / side)];
  const [columns, rows] = parts;
  const n = turn % (columns * rows);
  const span = (/** @type {number} */ length, /** @type {number} */ count, /** @type {number} */ at) =>
    [at, at + 1].map((k) => Math.round((k * length) / count));
  const [left, right] = span(width, columns, n % columns);
  const [top, bottom] = span(height, rows, Math.floor(n / columns));
  return { x: x + left, y: y + top, width: right - left, height: bottom - top };
}

/**
 * The mask of a whole slice in which one piece is new. What is not known yet is background.
 * @param {Mask | null} before @param {Omit<Mask, 'areas'>} part the piece @param {Rect} place of the piece
 * @param {{ width: number, height: number }} size of the slice @param {boolean} own whether the pixels of `before` may be written over
 * @returns {Mask}
 */
export function joined(before, part, place, { width, height }, own) {
  const whole = part.width === width && part.height === height;
  const fits = before?.width === width && before.height === height && before.classes === part.classes;
  const { classes } = part;
  const area = width * height;
  let { labels, probability } = part;
  if (!whole) {
    labels = !fits ? new Uint8Array(area) : own ? before.labels : before.labels.slice();
    probability = !fits ? new Float32Array(area * classes) : own ? before.probability : before.probability.slice();
    for (let row = 0; row < part.height; row++) {
      const [from, to] = [row * part.width, (place.y + row) * width + place.x];
      labels.set(part.labels.subarray(from, from + part.width), to);
      for (let c = 0; c < classes; c++) {
        const start = c * part.width * part.height + from;
        probability.set(part.probability.subarray(start, start + part.width), c * area + to);
      }
    }
  }
  const counts = new Uint32Array(256);
  for (let i = 0; i < area; i++) counts[labels[i]] += 1;
  return { ...part, width, height, labels, probability, areas: [...counts.subarray(1, classes + 1)] };
}
