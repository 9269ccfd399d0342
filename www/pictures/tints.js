/** Tints of single objects, and the outline of one that is chosen. */

/**
 * Bright ones that colour-blind people tell apart in pairs (after Okabe and Ito 2008, Color Universal Design); the engine gives neighbours
 * different ones.
 */
export const TINTS = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#d55e00', '#cc79a7', '#4d8dff', '#b5e853'];

/** The rectangle around an object; null if it has no pixel. @param {Uint32Array} numbers @param {number} width @param {number} number */
export function boundsOf(numbers, width, number) {
  let left = Infinity,
    right = -1,
    top = -1,
    bottom = -1;
  // By rows: far faster than looking at each pixel by a call.
  for (let at = numbers.indexOf(number); at >= 0; at = numbers.indexOf(number, at + 1)) {
    const y = Math.floor(at / width),
      x = at - y * width;
    if (top < 0) top = y;
    bottom = y;
    if (x < left) left = x;
    if (x > right) right = x;
  }
  return top < 0 ? null : { left, top, right: right + 1, bottom: bottom + 1 };
}

/**
 * The pixels just outside an object as RGBA, opaque white with a dark rim: seen on any image.
 * @param {Uint32Array} numbers @param {number} width @param {number} height @param {number} number
 * @returns {{ x: number, y: number, width: number, height: number, rgba: Uint8ClampedArray<ArrayBuffer> } | null}
 */
export function ring(numbers, width, height, number) {
  const bounds = boundsOf(numbers, width, number);
  if (!bounds) return null;
  const x = Math.max(bounds.left - 2, 0),
    y = Math.max(bounds.top - 2, 0);
  const w = Math.min(bounds.right + 2, width) - x,
    h = Math.min(bounds.bottom + 2, height) - y;
  const rgba = new Uint8ClampedArray(w * h * 4);
  const is = (/** @type {number} */ u, /** @type {number} */ v) =>
    u >= 0 && v >= 0 && u < width && v < height && numbers[v * width + u] === number;
  const near = (/** @type {number} */ u, /** @type {number} */ v, /** @type {number} */ reach) => {
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) if (is(u + dx, v + dy)) return true;
    return false;
  };
  for (let row = 0, to = 0; row < h; row++) {
    for (let column = 0; column < w; column++, to += 4) {
      const u = x + column,
        v = y + row;
      if (is(u, v) || !near(u, v, 2)) continue;
      const bright = near(u, v, 1) ? 255 : 0;
      rgba.set([bright, bright, bright, bright ? 255 : 140], to);
    }
  }
  return { x, y, width: w, height: h, rgba };
}
