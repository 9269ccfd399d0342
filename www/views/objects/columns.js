/** Arithmetic on the columns of measured objects: pure functions. NaN is no value. */
import { median, quantile } from '../../session/objects/spread.js';

/**
 * @typedef {import('../../session/objects/state.js').Column} Column
 * @typedef {import('../../session/objects/state.js').Found} Found
 * @typedef {{ x: number, y: number } | null} Micrometres of a pixel; null if nobody told
 *
 * @typedef {object} Bins of a histogram, each from its lower edge up to below the next
 * @property {number} from the lower edge of the first
 * @property {number} width of each
 * @property {boolean} whole whether all values are whole numbers
 * @property {Uint32Array} counts
 */

const MIN_BINS = 5;
const MAX_BINS = 60;

/** Guards edges such as 0.3, which is less than three times 0.1. */
const TINY = 1e-9;

/** Whether pixels are as wide as they are high: else a length depends on its direction. @param {Micrometres} um */
export const isSquare = (um) => um !== null && Math.abs(um.x - um.y) <= 1e-6 * Math.max(um.x, um.y);

/** What values are multiplied by to be shown. @param {Column} column @param {Micrometres} um */
export function factorOf({ kind }, um) {
  if (kind === 'angle') return 180 / Math.PI;
  if (kind === 'area' && um) return um.x * um.y;
  if (kind === 'length' && um && isSquare(um)) return um.x;
  return 1;
}

/** The unit as the words name it; null: none, or that of the file. @param {Column} column @param {Micrometres} um */
export function unitOf({ kind }, um) {
  if (kind === 'angle') return 'degrees';
  if (kind === 'percent') return 'percent';
  if (kind === 'area') return um ? 'um2' : 'px2';
  if (kind === 'length') return isSquare(um) ? 'um' : 'px';
  return null;
}

/** A column as it is shown. @param {Found} found @param {number} at which column @param {Micrometres} um */
export function valuesOf({ columns, values, count }, at, um) {
  const factor = factorOf(columns[at], um);
  const shown = new Float64Array(count);
  for (let i = 0; i < count; i++) shown[i] = values[i * columns.length + at] * factor;
  return shown;
}

/** Those that are there, the lowest first. @param {Float64Array} values */
export const sorted = (values) => values.filter(Number.isFinite).sort();

/** Whether there are values, and all are whole numbers. @param {Float64Array} values */
export const areWhole = (values) => values.length > 0 && values.every(Number.isInteger);

/**
 * Digits after the point, the same for the whole column: as a middling value needs, none of whole numbers.
 * @param {Float64Array} ascending @param {Column['kind']} kind
 */
export function digitsOf(ascending, kind) {
  if (kind === 'number' || kind === 'class' || kind === 'file' || areWhole(ascending)) return 0;
  if (kind === 'ratio') return 3;
  if (kind === 'angle') return 1;
  const size = median(ascending.map(Math.abs).sort());
  if (!(size > 0)) return 2;
  const power = Math.floor(Math.log10(size));
  if (kind === 'length' && power > 2) return 1;
  // Four that count, but hundredths of a pixel or a micrometre are enough.
  return power >= 0 ? Math.max(0, Math.min(2, 3 - power)) : Math.min(9, 2 - power);
}

/**
 * Rows in the order of their values. Equal ones stay in their order; those without a value come last, either way.
 * @param {Float64Array} values @param {boolean} descending
 */
export function orderOf(values, descending) {
  const sign = descending ? -1 : 1;
  return Uint32Array.from(values.keys()).sort((a, b) => {
    const [u, v] = [values[a], values[b]];
    if (Number.isNaN(u) || Number.isNaN(v)) return Number(Number.isNaN(u)) - Number(Number.isNaN(v)) || a - b;
    return u === v ? a - b : u < v ? -sign : sign;
  });
}

/**
 * Round numbers: 1, 2 and 5 times a power of ten. The lowest at or above a value, and its neighbours.
 * @param {number} value above 0 @param {number} [step] how many further
 */
export function roundStep(value, step = 0) {
  const power = Math.floor(Math.log10(value) + TINY);
  const digit = [1, 2, 5].findIndex((digit) => digit * 10 ** power >= value * (1 - TINY));
  const rung = power * 3 + (digit < 0 ? 3 : digit) + step;
  // As it is read: 3 * 10 ** -1 is 0.30000000000000004.
  return Number(`${[1, 2, 5][((rung % 3) + 3) % 3]}e${Math.floor(rung / 3)}`);
}

/** How wide bins should be, by Freedman and Diaconis; of values that mostly are the same, by Sturges. @param {Float64Array} ascending */
function wishedWidth(ascending) {
  const count = ascending.length;
  const span = ascending[count - 1] - ascending[0];
  const middle = quantile(ascending, 0.75) - quantile(ascending, 0.25);
  const wished = middle > 0 ? (2 * middle) / Math.cbrt(count) : span / (Math.ceil(Math.log2(count)) + 1);
  return Math.min(span / MIN_BINS, Math.max(span / MAX_BINS, wished));
}

/** The bins of a histogram: from 5 to 60, with round edges. @param {Float64Array} ascending @returns {Bins} */
export function binsOf(ascending) {
  const whole = areWhole(ascending);
  if (ascending.length === 0) return { from: 0, width: 1, whole, counts: new Uint32Array(0) };
  const [low, high] = [ascending[0], ascending[ascending.length - 1]];
  let width = roundStep(high > low ? wishedWidth(ascending) : Math.abs(low) / 10 || 1);
  if (whole) width = Math.max(1, width);
  const first = () => Math.floor(low / width + TINY);
  const many = () => Math.floor(high / width + TINY) - first() + 1;
  while (many() > MAX_BINS) width = roundStep(width, 1);
  while (many() < MIN_BINS && high > low && !(whole && width === 1)) width = roundStep(width, -1);
  let [begin, bins] = [first(), many()];
  // Few values that are all the same, or nearly: empty bins beside them. Below zero there are none of what has none.
  for (let left = true; bins < MIN_BINS; bins++, left = !left) if (left && (begin > 0 || low < 0)) begin--;
  const counts = new Uint32Array(bins);
  for (const value of ascending) counts[binAt({ from: begin * width, width }, value)]++;
  return { from: begin * width, width, whole, counts };
}

/** Bins of directions, from -90 to 90 degrees; the more values, the narrower. @param {Float64Array} ascending @returns {Bins} */
export function angleBinsOf(ascending) {
  const width = ascending.length > 3000 ? 5 : ascending.length > 500 ? 10 : 15;
  const counts = new Uint32Array(180 / width);
  const bins = { from: -90, width, whole: false, counts };
  for (const value of ascending) counts[Math.min(counts.length - 1, Math.max(0, binAt(bins, value)))]++;
  return bins;
}

/** The bin that a value falls into. @param {Pick<Bins, 'from' | 'width'>} bins @param {number} value */
export const binAt = ({ from, width }, value) => Math.floor(value / width + TINY) - Math.round(from / width);

/** Pearson's r of the pairs in which both have a value; NaN where there is none. @param {Float64Array} xs @param {Float64Array} ys */
export function pearson(xs, ys) {
  let [count, meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(xs[i]) || !Number.isFinite(ys[i])) continue;
    count++;
    const [dx, dy] = [xs[i] - meanX, ys[i] - meanY];
    meanX += dx / count;
    meanY += dy / count;
    xx += dx * (xs[i] - meanX);
    yy += dy * (ys[i] - meanY);
    xy += dx * (ys[i] - meanY);
  }
  return count > 2 && xx > 0 && yy > 0 ? Math.min(1, Math.max(-1, xy / Math.sqrt(xx * yy))) : NaN;
}

/** Round numbers from `low` to `high`. @param {number} low @param {number} high @param {number} most how many, about */
export function ticksOf(low, high, most) {
  const step = roundStep((high - low) / Math.max(1, most));
  const first = Math.ceil(low / step - TINY);
  const count = Math.floor(high / step + TINY) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Digits after the point that tell steps of this size apart. @param {number} step */
export const digitsFor = (step) => Math.min(12, Math.max(0, -Math.floor(Math.log10(step) + TINY)));
