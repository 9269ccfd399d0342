/** Label images whose values number objects, one after the other, as programs that tell cells apart write them. */
import { UNLABELLED } from './state.js';

/** With more values than this, they rather are objects than classes. */
export const FEW = 8;
/** Classes that there can be. */
export const MOST = 254;

/**
 * @typedef {object} Objects
 * @property {number} count of different values beside 0
 * @property {Uint32Array[]} numbers of each slice: object of each pixel, 0 beside them
 * @property {Uint8Array[]} planes of each slice: 1 in objects, 0 beside them, 255 where nothing is said
 */

/**
 * What seems to number objects; null: more likely classes, or no label image at all.
 * @param {Float32Array[]} slices @param {boolean} eightBits then 255 alone, with no 254 below it, is "not labelled"
 * @returns {Objects | null}
 */
export function numbered(slices, eightBits) {
  /** @type {Set<number>} */
  const seen = new Set();
  for (const values of slices) {
    let last = 0;
    for (const value of values) {
      if (value === last) continue;
      last = value;
      if (!Number.isInteger(value) || value < 0) return null;
      seen.add(value);
    }
  }
  seen.delete(0);
  const none = eightBits && !seen.has(254) ? UNLABELLED : NaN;
  seen.delete(none);
  if (seen.size <= FEW) return null;
  const planes = slices.map((values) => Uint8Array.from(values, (v) => (v === none ? UNLABELLED : Number(v > 0))));
  const numbers = slices.map((values) => Uint32Array.from(values, (v) => (v === none ? 0 : v)));
  return { count: seen.size, planes, numbers };
}

/**
 * What a file numbers, if it fits the image.
 * @param {import('../../insitu.js').App} app @param {File} file @param {import('../../insitu.js').Scan} image
 * @returns {Promise<Objects | null>}
 */
export async function objectsIn(app, file, image) {
  // What cannot be opened as an image, such as a zip, is for the reader of labels.
  const scan = await app.openScan(file).catch(() => null);
  if (!scan) return null;
  try {
    const fits = scan.width === image.width && scan.height === image.height && scan.channels === 1;
    if (!fits || (scan.slices !== 1 && scan.slices !== image.slices)) return null;
    const slices = [];
    for (let slice = 0; slice < scan.slices; slice++) slices.push(await app.grey(scan, { slice }));
    return numbered(slices, scan.sample === 'uint8');
  } finally {
    await app.closeScan(scan);
  }
}
