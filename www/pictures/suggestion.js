/**
 * Which shipped model fits an image, by its looks: a header cannot tell fluorescence from electron microscopy.
 *
 * The rule, on the middle 512 x 512 pixels, grey values stretched between their 0.5 and 99.5 percentiles:
 * 1. a modality of radiology (CT, MR and the like), or a NIfTI volume with pixels that no microscope has: no model was
 *    made for it, and none is run unasked; `nuclei` can be tried, and of ultrasound, which may show a fetal head, `fetal-head`;
 * 2. colour (mean difference of the largest and smallest channel above 3 %): `retina-vessels` if it is orange (blue less than
 *    half of the mean of the channels), else `nuclei`;
 * 3. edges nearly everywhere (a step of more than 15 % on more than 40 % of the pixels, after 2 x 2 averaging):
 *    `em-membrane`;
 * 4. mostly dark (median below 0.32) or mostly bright (above 0.7): `nuclei`, fluorescence or bright field;
 * 5. a ground of medium grey: `cells-phase`.
 *
 * Measured on the public sets that the models were trained on, 564 images of nuclei, 24 of electron microscopy, 22 of phase
 * contrast and 20 fundus photographs. The share of edges is 0.59 to 0.69 in electron microscopy and at most 0.42 elsewhere
 * (0.42 in colour, which rule 2 catches; 0.30 in grey). The median is 0.34 to 0.46 in phase contrast, at most 0.38 in
 * fluorescence (95 % of the images: 0.08), at least 0.77 in grey bright field. Blue is 0.11 to 0.24 of the mean in fundus
 * photographs, at least 1.02 in stained tissue.
 */

/**
 * @typedef {'modality' | 'ultrasound' | 'coarse' | 'orange' | 'colour' | 'texture' | 'dark' | 'bright' | 'middle' | 'house' | 'hidden'} Reason `house`, `hidden`: the house where the page stands names another model, or does not show the one that fits
 * @typedef {{ id: string | null, other: string, reason: Reason, modality: string | null }} Suggestion `id` null: no model was made for such images
 * @typedef {{ modality?: string | null, format?: string, spacing?: { x: number } | null }} Facts of the file; spacing in mm
 * @typedef {{ colour: number, blue: number, median: number, edges: number }} Looks from 0 to 1, blue from 0 to 3
 */

const SIDE = 512;
const RADIOLOGY = new Set(['CT', 'MR', 'PT', 'NM', 'US', 'CR', 'DX', 'MG', 'XA', 'RF', 'IO', 'PX']);
/** Pixels of a body scanner are larger than this, those of a microscope smaller; mm. Only NIfTI is judged by it: a photograph's "dots per inch" mean nothing. */
const COARSE = 0.05;

/**
 * @param {Uint8ClampedArray} rgba @param {number} width @param {number} height @param {Facts} facts
 * @returns {Suggestion}
 */
export function suggest(rgba, width, height, { modality = null, format, spacing }) {
  const none = (/** @type {Reason} */ reason) => ({ id: null, other: 'nuclei', reason, modality });
  const nuclei = (/** @type {Reason} */ reason) => ({ id: 'nuclei', other: 'em-membrane', reason, modality });
  if (modality === 'US') return { ...none('ultrasound'), other: 'fetal-head' };
  if (modality && RADIOLOGY.has(modality)) return none('modality');
  if (format?.startsWith('NIfTI') && spacing && spacing.x > COARSE) return none('coarse');
  const { colour, blue, median, edges } = looks(rgba, width, height);
  if (colour > 0.03 && blue < 0.5) return { id: 'retina-vessels', other: 'nuclei', reason: 'orange', modality };
  if (colour > 0.03) return nuclei('colour');
  if (edges > 0.4) return { id: 'em-membrane', other: 'nuclei', reason: 'texture', modality };
  if (median < 0.32) return nuclei('dark');
  if (median > 0.7) return nuclei('bright');
  return { id: 'cells-phase', other: 'nuclei', reason: 'middle', modality };
}

/** @param {Uint8ClampedArray} rgba @param {number} width @param {number} height @returns {Looks} */
export function looks(rgba, width, height) {
  const w = Math.min(width, SIDE),
    h = Math.min(height, SIDE);
  const left = (width - w) >> 1,
    top = (height - h) >> 1;
  const grey = new Float32Array(w * h);
  const histogram = new Uint32Array(256);
  let difference = 0,
    sum = 0,
    blue = 0;
  for (let y = 0, to = 0; y < h; y++) {
    for (let x = 0, at = ((top + y) * width + left) * 4; x < w; x++, at += 4, to++) {
      const r = rgba[at],
        g = rgba[at + 1],
        b = rgba[at + 2];
      difference += Math.max(r, g, b) - Math.min(r, g, b);
      sum += r + g + b;
      blue += b;
      grey[to] = (r + g + b) / 3;
      histogram[Math.round(grey[to])]++;
    }
  }
  const low = percentile(histogram, 0.005),
    high = percentile(histogram, 0.995);
  const range = Math.max(high - low, 1);
  return {
    colour: difference / (w * h * 255),
    blue: (3 * blue) / Math.max(sum, 1),
    median: Math.min(Math.max((percentile(histogram, 0.5) - low) / range, 0), 1),
    edges: edgeShare(grey, w, h, 0.15 * range),
  };
}

/** @param {Uint32Array} histogram @param {number} part */
function percentile(histogram, part) {
  const wanted = part * histogram.reduce((sum, n) => sum + n, 0);
  let seen = 0;
  for (let value = 0; value < histogram.length; value++) {
    seen += histogram[value];
    if (seen > wanted) return value;
  }
  return histogram.length - 1;
}

/** Share of 2 x 2 blocks whose left and right, or upper and lower, neighbours differ by more than `step`. @param {Float32Array} grey @param {number} width @param {number} height @param {number} step */
function edgeShare(grey, width, height, step) {
  const w = width >> 1,
    h = height >> 1;
  if (w < 3 || h < 3) return 0;
  const blocks = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = 2 * y * width + 2 * x;
      blocks[y * w + x] = (grey[at] + grey[at + 1] + grey[at + width] + grey[at + width + 1]) / 4;
    }
  }
  let found = 0;
  for (let y = 1; y < h - 1; y++) {
    for (let x = 1; x < w - 1; x++) {
      const at = y * w + x;
      const across = Math.abs(blocks[at + 1] - blocks[at - 1]),
        down = Math.abs(blocks[at + w] - blocks[at - w]);
      if (across > step || down > step) found++;
    }
  }
  return found / ((w - 2) * (h - 2));
}
