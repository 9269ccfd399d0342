/** Quantities in words. */
import { language, number, t } from './t.js';

/** Things in a row, as `a, b`. @param {(string | false | null | undefined)[]} things */
export const listed = (things) => things.filter(Boolean).join(t('list.comma'));

/** Sentences one after the other. @param {(string | false | null | undefined)[]} all */
export const sentences = (all) => all.filter(Boolean).join(t('list.space'));

/** @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds < 1000) return t('unit.ms', { value: Math.max(1, Math.round(milliseconds)) });
  if (milliseconds < 60_000) return t('unit.s', { value: significant(milliseconds / 1000, 2) });
  const seconds = Math.round(milliseconds / 1000);
  if (seconds >= 7200)
    return t('unit.h', { hours: Math.floor(seconds / 3600), minutes: Math.floor(seconds / 60) % 60 });
  return t('unit.min', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

/** @param {number} bytes */
export function fileSize(bytes) {
  if (bytes < 1e6) return t('unit.kb', { value: Math.max(1, Math.round(bytes / 1e3)) });
  return t('unit.mb', { value: number(bytes / 1e6, { maximumFractionDigits: 1 }) });
}

/** How much of a file has come, and of how much, if that is known. @param {{ done: number, total: number }} bytes */
export function arrivedText({ done, total }) {
  const inMb = (/** @type {number} */ bytes) =>
    number(bytes / 1e6, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return total > 0 ? t('arrived.of', { done: inMb(done), total: inMb(total) }) : t('unit.mb', { value: inMb(done) });
}

/** @param {{ width: number, height: number }} size pixels */
export const pixelSize = ({ width, height }) => t('size.pixels', { width: number(width), height: number(height) });

/** Thousands of millions are read more easily in words. @param {number} value */
export const large = (value) =>
  number(value, { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 3 });

/** @param {number} value @param {number} digits that count */
export function significant(value, digits) {
  return number(value, { maximumSignificantDigits: digits });
}

/** @param {number} part from 0 to 1 */
export function percent(part) {
  const options = { style: /** @type {const} */ ('percent'), maximumFractionDigits: part < 0.1 ? 2 : 1 };
  return number(part, options);
}

/**
 * The area of pixels, in the unit that suits its size; null if the file gives no spacing.
 * @param {number} pixels @param {{ x: number, y: number } | null} spacing mm
 */
export function area(pixels, spacing) {
  if (!spacing) return null;
  const mm2 = pixels * spacing.x * spacing.y;
  if (mm2 > 0 && mm2 < 0.01) return t('unit.um2', { value: significant(mm2 * 1e6, 4) });
  return t('unit.mm2', { value: significant(mm2, 4) });
}

/** The distance between pixels in the unit that suits it. @param {{ x: number, y: number } | null} spacing mm */
export function spacingText(spacing) {
  if (!spacing) return null;
  const small = Math.max(spacing.x, spacing.y) < 0.01;
  const [x, y] = [spacing.x, spacing.y].map((side) => significant(small ? side * 1000 : side, 3));
  const value = x === y ? x : `${x} × ${y}`;
  return t(small ? 'unit.um' : 'unit.mm', { value });
}

/** The same with the distance of slices, where there are some. @param {{ x: number, y: number, z?: number | null } | null} spacing mm */
export function voxelText(spacing) {
  if (!spacing?.z) return spacingText(spacing);
  const sides = [spacing.x, spacing.y, spacing.z];
  const small = Math.max(...sides) < 0.01;
  const value = sides.map((side) => significant(small ? side * 1000 : side, 3)).join(' × ');
  return t(small ? 'unit.um' : 'unit.mm', { value });
}

/** A date as DICOM or ISO 8601 write it, for people; what is none as it is. @param {string} date */
export function dateText(date) {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(date) ?? [];
  if (!year) return date;
  const time = new Date(Number(year), Number(month) - 1, Number(day));
  return time.toLocaleDateString(language, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** A pixel's values with their unit. @param {number[]} values @param {string | null} unit */
export function pixelValue(values, unit) {
  // The file says that nothing was measured here: NaN, or DICOM's padding.
  if (values.some((value) => !Number.isFinite(value))) return t('status.noValue');
  if (values.length === 3) {
    const [r, g, b] = values;
    return t('status.rgb', { r, g, b });
  }
  const text = values.map((value) => significant(value, 6)).join(', ');
  return unit ? t('status.withUnit', { value: text, unit }) : text;
}

/** `uint16` for people. @param {string} sample */
export function sampleText(sample) {
  const bits = /\d+$/.exec(sample)?.[0] ?? '';
  return sample.startsWith('float') ? t('sample.float', { bits }) : t('sample.integer', { bits });
}
