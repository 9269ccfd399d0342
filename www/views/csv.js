/** Tables as CSV, as RFC 4180 says; what a spreadsheet would compute gets an apostrophe. */

/** @param {string | number} cell */
function quoted(cell) {
  if (typeof cell === 'number') return Number.isNaN(cell) ? '' : String(cell);
  const plain = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** @param {(string | number)[][]} rows the names of the columns first; numbers that are none stay empty */
export const csvText = (rows) => rows.map((row) => row.map(quoted).join(',') + '\r\n').join('');

/** @param {(string | number)[][]} rows */
export const csv = (rows) => new Blob([csvText(rows)], { type: 'text/csv' });
