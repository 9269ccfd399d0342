/**
 * The work of a sliding window, and that of the network that won the challenge of 2012 with one: N4 of Ciresan, Giusti, Gambardella and
 * Schmidhuber, “Deep neural networks segment neuronal membranes in electron microscopy images”, NIPS 2012, table 1.
 */

import { middle } from './pointing.js';

/** Window of N4, pixels a side. */
export const N4_WINDOW = 95;
/** Its convolutions, each followed by a max-pooling of 2 × 2: maps, and pixels a side of the kernel. */
const CONVOLUTIONS = [
  [48, 4],
  [48, 5],
  [48, 4],
  [48, 4],
];
/** Neurons of its layers without convolution. */
const DENSE = [200, 2];

/** Multiply-adds of N4 for the answer of one pixel of a grey image. */
export function n4MultiplyAdds() {
  let [side, maps, sum] = [N4_WINDOW, 1, 0];
  for (const [next, kernel] of CONVOLUTIONS) {
    side = side - kernel + 1;
    sum += side * side * kernel * kernel * maps * next;
    side = Math.floor(side / 2);
    maps = next;
  }
  let from = side * side * maps;
  for (const to of DENSE) {
    sum += from * to;
    from = to;
  }
  return sum;
}

/** @typedef {import('../../../pkg/insitu.js').SlidingWindowRecord} SlidingWindow */

/** What the two ways cost, of what the engine measured. @param {SlidingWindow} found */
export function costs(found) {
  const pixels = found.width * found.height;
  const all = found.seen.width * found.seen.height;
  const windows = pixels * found.windowMultiplyAdds;
  return {
    pixels,
    all,
    windows,
    /** So many times the work of the pass. */
    times: windows / found.passMultiplyAdds,
    /** For the whole image, if each pass costs as much there as here, ms. */
    windowsWhole: (found.windowMilliseconds / pixels) * all,
    passWhole: (found.passMilliseconds * found.imageMultiplyAdds) / found.passMultiplyAdds,
    n4: n4MultiplyAdds() * all,
    /** The largest difference between the two answers, a probability. */
    off: found.byWindow.reduce((most, p, i) => Math.max(most, Math.abs(p - found.atOnce[i])), 0),
  };
}

/**
 * The rim of something that is nearest to the middle of an image, where there is most to see; the middle if nothing was found.
 * @param {ArrayLike<number> | null} labels class of each pixel @param {number} width @param {number} height
 */
export function rim(labels, width, height) {
  const centre = middle(width, height);
  let [best, least] = [centre, Infinity];
  for (let y = 0; labels && y < height; y++)
    for (let x = 1; x < width; x++) {
      if (labels[y * width + x] === labels[y * width + x - 1]) continue;
      const away = (x - centre.x) ** 2 + (y - centre.y) ** 2;
      if (away < least) [best, least] = [{ x, y }, away];
    }
  return best;
}
