/** The windows that a scan asks for. */

/**
 * The window of a slice: its own where the file has one for each, else that of all.
 * @param {import('../../pkg/insitu.js').ScanRecord} scan @param {number} slice
 */
export const windowOf = ({ windows, window }, slice) => (windows.length > 1 && windows[slice]) || window;
