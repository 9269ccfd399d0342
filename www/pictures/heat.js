/** Weights as colours: nothing where they are 0, then dark to bright, which also people who see no colours can tell apart. */

/** From 0 to 1: red, green, blue, and how opaque. */
const STOPS = [
  [62, 10, 96, 0],
  [98, 20, 120, 150],
  [196, 54, 82, 215],
  [246, 132, 24, 235],
  [252, 240, 150, 245],
];

/** @param {number} part from 0 to 1 @returns {[number, number, number, number]} RGBA */
export function shade(part) {
  const at = Math.min(Math.max(part, 0), 1) * (STOPS.length - 1);
  const below = Math.min(Math.floor(at), STOPS.length - 2),
    t = at - below;
  const mix = (/** @type {number} */ i) => Math.round(STOPS[below][i] * (1 - t) + STOPS[below + 1][i] * t);
  return [mix(0), mix(1), mix(2), mix(3)];
}

/**
 * Weights as RGBA of at most `side` pixels a side. Of several pixels that become one the largest weight counts: the gaps
 * that it marks are narrow.
 * @param {Float32Array} weights row by row @param {number} width @param {number} height @param {number} top the weight that is brightest
 * @param {number} side
 */
export function heat(weights, width, height, top, side) {
  const factor = Math.max(1, Math.ceil(Math.max(width, height) / side));
  const w = Math.ceil(width / factor),
    h = Math.ceil(height / factor);
  const most = new Float32Array(w * h);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / factor) * w;
    for (let x = 0; x < width; x++) {
      const to = row + Math.floor(x / factor),
        weight = weights[y * width + x];
      if (weight > most[to]) most[to] = weight;
    }
  }
  const words = Array.from({ length: 256 }, (_, i) => shade(i / 255));
  const rgba = new Uint8ClampedArray(w * h * 4);
  most.forEach((weight, i) => rgba.set(words[Math.min(255, Math.round((weight / top) * 255)) || 0], i * 4));
  return { rgba, width: w, height: h };
}
