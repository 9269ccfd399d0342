/** The slices of a scan: which window each asks for, and which channel it is of. */

/** @typedef {import('../../pkg/insitu.js').ScanRecord} Scan */

/**
 * The window of a slice: its own where the file has one for each, else that of all.
 * @param {Scan} scan @param {number} slice
 */
export const windowOf = ({ windows, window }, slice) => (windows.length > 1 && windows[slice]) || window;

/**
 * Which channel of a microscope a slice is of, and which slice of that channel it is, both from 0.
 * @param {Scan} scan @param {number} slice @returns {{ channel: number, position: number }}
 */
export function placeOf({ planes: { channels } }, slice) {
  return { channel: slice % channels.length, position: Math.floor(slice / channels.length) };
}

/** The other way round. @param {Scan} scan @param {{ channel: number, position: number }} place @returns {number} */
export const sliceAt = ({ planes: { channels } }, { channel, position }) => channel + channels.length * position;

/** How deep in its volume a slice lies, from 0. @param {Scan} scan @param {number} slice */
export const depthOf = (scan, slice) => placeOf(scan, slice).position % scan.planes.depths;

/** The slice of the same channel and time at another depth. @param {Scan} scan @param {number} slice @param {number} depth */
export const atDepth = (scan, slice, depth) => slice + (depth - depthOf(scan, slice)) * scan.planes.channels.length;
