/** Where things of the curve lie: pure functions. Pixels of the drawing, y down. */

/** @typedef {{ width: number, height: number, left: number, right: number, top: number, bottom: number }} Frame */

/** The drawing with room for two scales and the steps. @type {Frame} */
export const FRAME = { width: 240, height: 150, left: 34, right: 28, top: 8, bottom: 20 };

/**
 * A round number at or above `value`: 1, 2, 2.5 or 5 times a power of ten.
 * @param {number} value above 0
 */
export function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return Number(([1, 2, 2.5, 5].find((digit) => digit * power >= value * 0.9999) ?? 10) * power).valueOf();
}

/**
 * The scales: steps from left to right, losses up to a round number, Dice from 0 to 1.
 * @param {number} steps at the right edge @param {number[]} loss @param {Frame} [frame]
 */
export function scales(steps, loss, frame = FRAME) {
  const { width, height, left, right, top, bottom } = frame;
  const inner = { width: width - left - right, height: height - top - bottom };
  // A few wild steps at the start must not press the rest flat.
  const sorted = loss.filter(Number.isFinite).sort((a, b) => a - b);
  const high = sorted.length > 0 ? sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.98))] : 1;
  const most = roundUp(Math.max(high, 1e-3));
  const last = Math.max(1, steps);
  const clamp = (/** @type {number} */ part) => Math.min(1, Math.max(0, part));
  return {
    most,
    last,
    x: (/** @type {number} */ step) => left + clamp(step / last) * inner.width,
    loss: (/** @type {number} */ value) => top + (1 - clamp(value / most)) * inner.height,
    dice: (/** @type {number} */ value) => top + (1 - clamp(value)) * inner.height,
    /** The step at a place. */
    step: (/** @type {number} */ x) => Math.round(clamp((x - left) / inner.width) * last),
  };
}

/** A line through points, for the attribute `d`. @param {[number, number][]} points */
export function line(points) {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

/**
 * At most `most` values, each the mean of a run, with the step at the end of the run: so many a drawing of this width can show.
 * @param {number[]} values of the steps 1 and up @param {number} most @returns {[number, number][]} step and value
 */
export function thinned(values, most) {
  const every = Math.max(1, Math.ceil(values.length / most));
  /** @type {[number, number][]} */
  const runs = [];
  for (let from = 0; from < values.length; from += every) {
    const run = values.slice(from, from + every);
    runs.push([from + run.length, run.reduce((sum, v) => sum + v, 0) / run.length]);
  }
  return runs;
}

/** Round steps for the axis below, at most five with the first. @param {number} last */
export function ticks(last) {
  const every = roundUp(last / 4);
  const whole = Math.max(1, Math.ceil(every));
  return Array.from({ length: Math.floor(last / whole) + 1 }, (_, i) => i * whole);
}

/** The point that is nearest to a step. @param {number[]} points @param {number} step */
export function nearest(points, step) {
  return points.reduce(
    (/** @type {number | null} */ best, point) =>
      best === null || Math.abs(point - step) < Math.abs(best - step) ? point : best,
    null,
  );
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;
