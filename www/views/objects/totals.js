/** The summary of all files as the table of the drawer shows it, and as a file. Pure functions. */
import { className } from '../../strings/engine.js';
import { shownOf } from './shown.js';

/** @typedef {import('../../session/objects/summary.js').Row} Row @typedef {import('../../session/objects/state.js').Column} Column */

/** The first is the row, which is called by its file. @type {Column[]} */
const COLUMNS = [
  { key: 'of', kind: 'file', channel: null },
  { key: 'class', kind: 'class', channel: null },
  { key: 'count', kind: 'number', channel: null },
  { key: 'total', kind: 'area', channel: null },
  { key: 'meanArea', kind: 'area', channel: null },
  { key: 'medianArea', kind: 'area', channel: null },
  { key: 'share', kind: 'percent', channel: null },
];

/** Columns of a summary, in square micrometres where the scale of all files is known. @param {Row[]} rows */
export function totalsOf(rows) {
  const scaled = rows.every(({ um2 }) => um2 !== null);
  const names = [...new Set(rows.map((row) => row.class))];
  const values = rows.flatMap((row, i) => {
    const { total, mean, median } = (scaled && row.um2) || row.px;
    return [i + 1, names.indexOf(row.class) + 1, row.count, total, mean, median, 100 * row.share];
  });
  const empty = { width: 0, height: 0, numbers: new Uint32Array(0) };
  const found = { ...empty, count: rows.length, columns: COLUMNS, values: Float64Array.from(values) };
  const files = rows.map(({ file }) => file);
  const classes = names.map(className);
  return shownOf(found, { micrometres: scaled ? { x: 1, y: 1 } : null, files, classes, colours: [], unit: null });
}

/** Cells of the file; the rows of all files together follow from the others and are left out. @param {Row[]} rows @returns {(string | number)[][]} */
export function totalsCells(rows) {
  const names = ['file', 'class', 'slices', 'objects', 'area_px', 'area_um2', 'area_mean_px', 'area_mean_um2'];
  const cells = rows
    .filter(({ id }) => id !== null)
    .map(({ file, class: name, slices, count, px, um2, share }) => [
      ...[file, name, slices, count, px.total, um2?.total ?? NaN, px.mean, um2?.mean ?? NaN],
      ...[px.median, um2?.median ?? NaN, share],
    ]);
  return [[...names, 'area_median_px', 'area_median_um2', 'share'], ...cells];
}
