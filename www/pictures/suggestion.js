/**
 * Which shipped model fits an image: by what its file says, where that decides, and by its looks. A header cannot tell fluorescence from
 * electron microscopy, and looks alone cannot tell a CT from an MR.
 *
 * 1. A modality of radiology, or a NIfTI volume with pixels that no microscope has, says which kinds it can be, if any; several channels
 *    of a microscope are dyes.
 * 2. A network of one hidden layer, which `tests/reference/make_kinds.py` taught and measured (docs/models.md), tells from `looks` how
 *    likely each kind is, and that it is none of them.
 * 3. Where it is sure, the model is run, if it is here. Where it is not, a person is asked which of two or three kinds it is. Otherwise
 *    nothing is run.
 */
import { ASK, KINDS, RARE, STEPS, SURE, WEIGHTS } from './kinds-weights.js';
import { looks } from './looks.js';

/**
 * @typedef {'looks' | 'channels' | 'unsure' | 'unlike' | 'without' | 'modality' | 'ultrasound' | 'coarse' | 'house' | 'hidden'} Reason `house`, `hidden`: the house where the page stands names another model, or does not show the one that fits
 * @typedef {object} Suggestion
 * @property {string | null} id of the model that is run unasked; null: none
 * @property {string | null} kind what it looks like, whether there is a model for that or not; null: nothing that is known
 * @property {string[]} others where `id` is null: the models for what it may be, the likeliest first
 * @property {string} other what can be tried instead; '' if there is no model at all
 * @property {Reason} reason
 * @property {string | null} modality
 * @typedef {{ modality?: string | null, format?: string, spacing?: { x: number } | null, planes?: { channels: unknown[] } }} Facts of the file; spacing in mm
 */

const MR = ['brain-mr', 'left-ventricle'];
/** What images of a modality can be of. Any other modality says nothing: photographs and slides are told by their looks. @type {Record<string, string[]>} */
const OF_MODALITY = { MR, US: ['fetal-head'], CR: ['chest-lungs'], DX: ['chest-lungs'] };
for (const modality of ['CT', 'PT', 'NM', 'MG', 'XA', 'RF', 'IO', 'PX']) OF_MODALITY[modality] = [];
/** Pixels of a body scanner are larger than this, those of a microscope smaller; mm. Only NIfTI is judged by it: a photograph's "dots per inch" mean nothing. */
const COARSE = 0.05;
/** Fewer pixels than this on a side show nothing. */
const SMALLEST = 16;
/** The side of the middle of a large image. */
const PIECE = 400;
const MICROSCOPE = ['nuclei', 'em-membrane', 'cells-phase'];

/**
 * @param {Uint8ClampedArray | Uint8Array} rgba @param {number} width @param {number} height @param {Facts} facts
 * @param {string[]} known the models that are here
 * @returns {Suggestion}
 */
export function suggest(rgba, width, height, { modality = null, format, spacing, planes }, known) {
  const coarse = Boolean(format?.startsWith('NIfTI') && spacing && spacing.x > COARSE);
  const dyes = !modality && !coarse && (planes?.channels.length ?? 1) > 1;
  const among = OF_MODALITY[modality ?? ''] ?? (coarse ? MR : KINDS);
  const { likely, rest } = chances(rgba, width, height, among);
  const kinds = likely.map(({ kind }) => kind);
  const kind = likely[0]?.chance >= SURE ? kinds[0] : null;
  const here = (/** @type {string[]} */ ids) => ids.filter((id) => known.includes(id));
  const [other = ''] = here([
    ...kinds.slice(kind ? 1 : 0),
    ...(among === KINDS ? [] : among),
    'nuclei',
    ...known,
  ]).filter((id) => id !== kind);
  const found = { id: null, kind, others: [], other, modality };
  if (dyes && known.includes('nuclei') && kind !== 'cells-phase')
    return { ...found, id: 'nuclei', kind: 'nuclei', reason: 'channels' };
  if (kind && known.includes(kind)) return { ...found, id: kind, reason: 'looks' };
  if (kind) return { ...found, reason: 'without' };
  const others = rest < 0.5 ? here(kinds) : [];
  if (others.length > 0) return { ...found, others, reason: 'unsure' };
  if (modality === 'US' && known.includes('fetal-head')) return { ...found, reason: 'ultrasound' };
  // A model for such files may be here, and this image may show something else.
  if (here(among).length > 0) return { ...found, reason: 'unlike' };
  return { ...found, reason: modality && OF_MODALITY[modality] ? 'modality' : coarse ? 'coarse' : 'unlike' };
}

/**
 * The likeliest kinds among those that the file leaves, and how likely all others are. Of a large image of a microscope no more than grain is
 * seen on the whole: its middle tells.
 * @param {Uint8ClampedArray | Uint8Array} rgba @param {number} width @param {number} height @param {string[]} among
 * @returns {{ likely: { kind: string, chance: number }[], rest: number }}
 */
function chances(rgba, width, height, among) {
  if (Math.min(width, height) < SMALLEST) return { likely: [], rest: 1 };
  const free = among === KINDS;
  // An MR seldom comes as a mere picture.
  const p = likelihoods(looks(rgba, width, height)).map((v, i) => (free && MR.includes(KINDS[i]) ? v * RARE : v));
  const part = KINDS.reduce((sum, kind, i) => sum + (among.includes(kind) ? p[i] : 0), 0);
  // What the file rules out is no rival, unless the image looks much more like that.
  const all = part < 0.5 && !free ? 1 : part + p[KINDS.length];
  const likely = KINDS.map((kind, i) => ({ kind, chance: among.includes(kind) ? p[i] / all : 0 }))
    .filter(({ chance }) => chance >= ASK)
    .sort((a, b) => b.chance - a.chance)
    .slice(0, 3);
  const found = { likely, rest: 1 - part / all };
  if (likely[0]?.chance >= SURE || Math.max(width, height) < 2 * PIECE) return found;
  const [w, h] = [width, height].map((side) => Math.min(side, PIECE));
  const piece = new Uint8ClampedArray(4 * w * h);
  for (let y = 0, from = 4 * (((height - h) >> 1) * width + ((width - w) >> 1)); y < h; y++, from += 4 * width)
    piece.set(rgba.subarray(from, from + 4 * w), 4 * y * w);
  const inside = chances(piece, w, h, among);
  return inside.likely[0]?.chance >= SURE && MICROSCOPE.includes(inside.likely[0].kind) ? inside : found;
}

/** How likely each kind is, and last that it is none of them. @param {number[]} x what an image looks like @returns {number[]} */
export function likelihoods(x) {
  let at = 0;
  const next = () => {
    const code = WEIGHTS.charCodeAt(at++);
    // The backslash is left out.
    return code - 83 - Number(code > 91);
  };
  const row = (/** @type {number} */ length, /** @type {number} */ step) => Array.from({ length }, () => next() * step);
  const shift = row(x.length, 1 / 43),
    scale = row(x.length, 1 / 6);
  const standard = x.map((v, i) => Math.min(Math.max((v - shift[i]) * 2 ** scale[i], -4), 4));
  const outs = KINDS.length + 1;
  const hidden = (WEIGHTS.length - 2 * x.length - outs) / (x.length + 1 + outs);
  /** @param {number[]} from @param {number} count @param {number} step @param {number} bias */
  const layer = (from, count, step, bias) => {
    const sums = Array(count).fill(0);
    for (const v of from) row(count, step).forEach((w, i) => (sums[i] += w * v));
    return row(count, bias).map((b, i) => sums[i] + b);
  };
  const inner = layer(standard, hidden, STEPS[0], STEPS[1]).map((v) => Math.max(v, 0));
  const out = layer(inner, outs, STEPS[2], STEPS[3]).map(Math.exp);
  const all = out.reduce((sum, v) => sum + v, 0);
  return out.map((v) => v / all);
}
