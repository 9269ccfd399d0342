/** Masks so small that those of all files can be kept: a class and how much of it for each pixel of a thumbnail. Pure functions. */

/**
 * @typedef {object} Small
 * @property {number} width
 * @property {number} height
 * @property {number} classes
 * @property {Uint8Array} labels the most frequent class of each pixel, 0 of none
 * @property {Uint8Array} cover how much of the pixel it covers, 255 for all
 */

/** The longer side, pixels. */
const SIDE = 64;
/** Pixels of the mask that are looked at for one of these, along a side. */
const LOOKS = 6;

/** @param {Pick<import('../api.d.ts').Mask, 'width' | 'height' | 'labels' | 'classes'>} mask @returns {Small} */
export function shrunk({ width, height, labels, classes }) {
  const factor = Math.max(1, Math.max(width, height) / SIDE);
  const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side / factor)));
  const small = { width: across, height: down, classes, labels: new Uint8Array(across * down) };
  const cover = new Uint8Array(across * down);
  const columns = places(width, across);
  const rows = places(height, down);
  const counts = new Uint16Array(256);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      counts.fill(0, 0, classes + 1);
      let most = 0;
      for (const row of rows[y]) {
        for (const column of columns[x]) {
          const label = labels[row * width + column];
          counts[label]++;
          if (label > 0 && (most === 0 || counts[label] > counts[most])) most = label;
        }
      }
      small.labels[y * across + x] = most;
      cover[y * across + x] = most && Math.round((255 * counts[most]) / (rows[y].length * columns[x].length));
    }
  }
  return { ...small, cover };
}

/** Which of `from` pixels are looked at for each of `to`. @param {number} from @param {number} to */
function places(from, to) {
  return Array.from({ length: to }, (_, i) => {
    const [begin, end] = [i, i + 1].map((edge) => Math.floor((edge * from) / to));
    const looks = Math.max(1, Math.min(LOOKS, end - begin));
    return Array.from({ length: looks }, (_, k) => begin + Math.floor(((k + 0.5) * (end - begin)) / looks));
  });
}

/** How much of the image is seen through it. */
const OPACITY = 0.7;

/** In the colours of the classes; what is thin is seen, too. @param {Small} small @param {string[]} colours `#rrggbb` of the classes 1 and up @returns {Uint8ClampedArray<ArrayBuffer>} RGBA */
export function tinted({ labels, cover }, colours) {
  const values = colours.map((colour) => Number.parseInt(colour.slice(1), 16));
  const rgba = new Uint8ClampedArray(4 * labels.length);
  labels.forEach((label, i) => {
    if (label === 0) return;
    const value = values[label - 1] ?? 0x808080;
    rgba.set([value >> 16, (value >> 8) & 255, value & 255, 255 * OPACITY * Math.sqrt(cover[i] / 255)], 4 * i);
  });
  return rgba;
}
