/** What the store holds of painting labels. */

/**
 * @typedef {{ name: string, colour: string }} LabelClass
 *
 * @typedef {object} LabellingState
 * @property {LabelClass[]} classes 1 and up, the same for all files
 * @property {number} ink what the brush paints: 0 background, 1 and up classes
 * @property {number} size diameter of the brush, pixels of the image
 * @property {{ undo: number, redo: number }} steps
 * @property {number[]} counts labelled pixels over all files and slices, of the background, then of each class
 * @property {{ itemId: number, slice: number }[]} labelled slices on which something is labelled, in the order of the list
 */

/** @type {LabellingState} */
export const labelling = { classes: [], ink: 1, size: 12, steps: { undo: 0, redo: 0 }, counts: [], labelled: [] };
