/**
 * How volumes are looked at, as the store holds it. What is of one file stands under its number.
 *
 * @typedef {import('../../pictures/planes.js').Voxel} Voxel
 * @typedef {{ x: number, y: number }} Point pixels of the image
 * @typedef {{ kind: 'ruler' | 'angle', points: Point[] }} Measure two points, or three with the corner in the middle
 * @typedef {'maximum' | 'mean' | 'minimum'} Projection
 * @typedef {'slices' | 'rows' | 'columns' | 'three'} Orientation planes that a network sees: slices as they are, planes that stand upright on rows or columns, all three
 *
 * @typedef {object} VolumeState
 * @property {{ patient: boolean | null, other: boolean | null }} views whether three views are shown, as a person said: of scans that know where they lie
 *   in the patient, and of other stacks; null: nothing was said
 * @property {boolean} roomy whether the window has room for three views
 * @property {boolean} radiological whether the right of the patient is at the left; else slices are mirrored
 * @property {boolean} inverted whether bright is shown dark
 * @property {number} slab thickness of what is projected, mm, or slices of a microscope and where the file gives no distances; 0: single slices
 * @property {Projection} projection
 * @property {Record<number, { x: number, y: number }>} crosses by file: column and row of the crosshair; the slice that is shown is its depth
 * @property {Record<number, Orientation>} orientations by file: in which one all slices are to be segmented; slices as they are where nobody chose
 * @property {boolean} playing
 * @property {number} rate frames a second
 * @property {'depths' | 'times'} along what plays, where a file has both
 * @property {Record<string, Measure[]>} measures by file and slice
 * @property {number | null} chosen one of those of the slice that is shown
 */

/** Frames a second that one can choose. */
export const RATES = [5, 8, 10, 12, 15, 20, 25, 30];
/** Of the thickest slab, mm or slices. */
export const THICKEST = 50;
/** Tools that measure. @type {readonly import('../state.js').Tool[]} */
export const MEASURING_TOOLS = ['ruler', 'angle'];

/** @param {import('../state.js').Tool} tool @returns {tool is 'ruler' | 'angle'} */
export const measures = (tool) => MEASURING_TOOLS.includes(tool);

/** @type {VolumeState} */
export const volume = {
  views: { patient: null, other: null },
  roomy: false,
  radiological: true,
  inverted: false,
  slab: 0,
  projection: 'maximum',
  crosses: {},
  orientations: {},
  playing: false,
  rate: 12,
  along: 'depths',
  measures: {},
  chosen: null,
};
