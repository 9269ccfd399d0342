/** All words of the page, in German. */
/** @type {import('./t.js').Table} */
export const table = {};
