/**
 * Objects of the slice that is shown, as the store holds them.
 *
 * @typedef {object} Column
 * @property {string} key `object`, `class`, `area`, `perimeter`, `feret`, ...; of the values of a channel `mean`, `min`, `max`, `sum`
 * @property {'number' | 'class' | 'file' | 'length' | 'area' | 'angle' | 'ratio' | 'percent' | 'value'} kind lengths in pixels, areas in square pixels, angles in
 *   radians, values in the unit of the file
 * @property {number | null} channel of an image with several
 *
 * @typedef {object} Found
 * @property {number} width of the slice
 * @property {number} height
 * @property {number} count
 * @property {Column[]} columns
 * @property {Float64Array} values `[object][column]`, in the order of the objects' numbers; NaN where there is none
 * @property {Uint32Array} numbers object of each pixel, row by row; 0 is the background
 * @property {Uint8Array} [classes] class of each pixel after corrections by hand; without them as in the mask
 * @property {number[]} [areas] pixels of each class then
 *
 * @typedef {'delete' | 'merge' | 'split' | 'draw'} CorrectingTool
 *
 * @typedef {object} Settings
 * @property {number} minPixels of the smallest one
 * @property {number} split how much narrower than the objects a waist is at which they are parted, pixels; 0 parts nothing
 * @property {boolean} fillHoles
 * @property {boolean} withoutBorder whether those that touch the border of the image are left out
 * @property {number} smoothing radius, pixels; 0 leaves outlines as they are
 *
 * @typedef {'table' | 'histogram' | 'scatter' | 'summary'} View
 *
 * @typedef {object} ObjectsState
 * @property {Found | null} found null where objects are not told apart, or not yet
 * @property {number} known grows with what is known of all files
 * @property {boolean} working whether they are just being told apart
 * @property {number | null} selected the number of one
 * @property {boolean} drawer whether the table under the image is open
 * @property {View} view what it shows
 * @property {Settings} settings
 * @property {Record<string, boolean>} byHand by model: whether objects are told apart, where a person said so
 */

/** Tools that correct objects. @type {readonly CorrectingTool[]} */
export const CORRECTING_TOOLS = ['delete', 'merge', 'split', 'draw'];

/** @param {import('../state.js').Tool} tool @returns {tool is CorrectingTool} */
export const corrects = (tool) => /** @type {readonly string[]} */ (CORRECTING_TOOLS).includes(tool);

/** @type {ObjectsState} */
export const objects = {
  found: null,
  known: 0,
  working: false,
  selected: null,
  drawer: false,
  view: 'table',
  settings: { minPixels: 10, split: 0, fillHoles: false, withoutBorder: false, smoothing: 0 },
  byHand: {},
};
