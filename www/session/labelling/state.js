/** What the store holds of painting labels. */

/**
 * @typedef {{ name: string, colour: string }} LabelClass
 *
 * @typedef {object} LabellingState
 * @property {LabelClass[]} classes 1 and up, the same for all files
 * @property {number} ink what the brush paints: 0 background, 1 and up classes
 * @property {number} size diameter of the brush, pixels of the image
 * @property {boolean} ball whether brush and eraser reach the neighbouring slices of a volume, too
 * @property {{ undo: number, redo: number }} steps
 * @property {number[]} counts labelled pixels over all files and slices, of the background, then of each class
 * @property {{ itemId: number, slice: number, counts: number[] }[]} labelled slices on which something is labelled, in the order of the list
 * @property {'closed' | 'loading' | 'ready' | 'failed'} phase of the worker that holds the labels
 * @property {boolean} working whether a command takes longer than one notices
 * @property {{ done: number, total: number } | null} progress of work on all slices that takes longer than one notices; `total` 0: not known
 * @property {boolean} shown whether labels are drawn over the image
 * @property {number} tolerance of flood and wand, a part of the range from black to white
 * @property {number} smoothing radius of the tool that smooths, pixels of the image
 * @property {number} sure the least probability from which a prediction is accepted
 */

/** @type {LabellingState} */
export const labelling = {
  classes: [],
  ink: 1,
  size: 12,
  ball: false,
  steps: { undo: 0, redo: 0 },
  counts: [],
  labelled: [],
  phase: 'closed',
  working: false,
  progress: null,
  shown: true,
  tolerance: 0.1,
  smoothing: 3,
  sure: 0,
};

/** Value of a pixel that is not labelled. */
export const UNLABELLED = 255;
/** Diameters that the brush may have, pixels of the image. */
export const SIZES = { least: 1, most: 400 };

/** Tools that change labels. @type {readonly import('../state.js').Tool[]} */
export const PAINT_TOOLS = ['brush', 'eraser', 'polygon', 'flood', 'wand', 'smooth', 'accept'];

/** @param {import('../state.js').Tool} tool */
export const paints = (tool) => PAINT_TOOLS.includes(tool);

/**
 * Whether labels are drawn: where they are painted and where a training begins with them. Elsewhere the mask is what people
 * look at, and during a training how it changes.
 * @param {import('../state.js').State} state
 */
export const drawn = ({ labelling, panel, training }) =>
  labelling.shown && (panel === 'label' || (panel === 'train' && training.phase === 'idle'));
