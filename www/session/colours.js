/** Colours of classes: chosen by hand, the model's own, or what stands off best from the image. */

/** Of all classes without one, before the engine has told its colours. */
const PLAIN = '#808080';
/** Two colours nearer to each other than this (CIE 1976) are hard to tell apart when one lies thinly over the other. */
const NEAR = 45;

/**
 * Of classes 1 and up: what a person chose, else the model's own where it names one, else the engine's. The colour of a single class gives way to another
 * of the engine's where the image itself looks like it.
 * @param {Pick<import('./state.js').State, 'constants'> & Partial<Pick<import('./state.js').State, 'colours' | 'items' | 'currentId'>>} state
 * @param {{ id?: string, classes: { name: string, colour: string }[] } | null | undefined} model @param {number} count
 * @returns {string[]}
 */
export function coloursOf({ constants, colours = {}, items = [], currentId = null }, model, count) {
  const others = constants?.colours ?? [];
  const chosen = colours[model?.id ?? ''] ?? {};
  const tone = items.find(({ id }) => id === currentId)?.tone ?? null;
  return Array.from({ length: count }, (_, i) => {
    if (chosen[i + 1]) return chosen[i + 1];
    const own = model?.classes[i]?.colour ?? '';
    const usual = /^#[0-9a-f]{6}$/i.test(own) ? own : (others[i % others.length] ?? PLAIN);
    return count === 1 && tone ? standingOff(usual, others, tone) : usual;
  });
}

/** The usual colour, or that of the others which stands off best where the image looks like it. @param {string} usual @param {string[]} others @param {[number, number, number]} tone */
function standingOff(usual, others, tone) {
  const ground = lab(tone);
  const away = (/** @type {string} */ colour) => Math.hypot(...lab(rgb(colour)).map((value, i) => value - ground[i]));
  if (away(usual) >= NEAR) return usual;
  return others.reduce((best, other) => (away(other) > away(best) ? other : best), usual);
}

/** @param {string} colour `#rrggbb` @returns {[number, number, number]} */
function rgb(colour) {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** CIE L*a*b* of sRGB, D65. @param {[number, number, number]} colour */
function lab(colour) {
  const [r, g, b] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const f = (/** @type {number} */ v) => (v > 0.008856 ? Math.cbrt(v) : 7.787 * v + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/**
 * The mean colour of a picture, without what is nearly black around it; null where it cannot be read.
 * @param {ImageBitmap} bitmap @returns {[number, number, number] | null}
 */
export function toneOf(bitmap) {
  const side = 16;
  const context = new OffscreenCanvas(side, side).getContext('2d');
  if (!context) return null;
  context.drawImage(bitmap, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] + data[i + 1] + data[i + 2] < 30) continue;
    for (const c of [0, 1, 2]) sums[c] += data[i + c];
    sums[3] += 1;
  }
  return sums[3] > 0 ? [sums[0] / sums[3], sums[1] / sums[3], sums[2] / sums[3]] : [0, 0, 0];
}
