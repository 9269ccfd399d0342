/** Objects and areas by file and class. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summed } from '../../www/session/objects/summary.js';
import { csvText } from '../../www/views/csv.js';
import { totalsCells, totalsOf } from '../../www/views/objects/totals.js';

/** @type {import('../../www/session/objects/state.js').Column[]} */
const columns = [
  { key: 'object', kind: 'number', channel: null },
  { key: 'class', kind: 'class', channel: null },
  { key: 'area', kind: 'area', channel: null },
];

/** @param {number} id @param {number | null} scale @param {number[][]} objects class and area of each @param {number[]} [areas] of the mask */
const slice = (id, scale, objects, areas = [0, 0]) => ({
  id,
  file: `${id}.png`,
  pixels: 100,
  micrometres: scale === null ? null : { x: scale, y: scale },
  classes: ['cell', 'debris'],
  areas,
  part: {
    ...{ id, name: `${id}.png`, slice: 0, micrometres: null, columns, count: objects.length },
    values: Float64Array.from(objects.flatMap(([kind, area], i) => [i + 1, kind, area])),
  },
});
const all = (/** @type {number} */ count) => `All ${count}`;

test('there is a row for each file and class, slices are added up, and the rows of several files come last', () => {
  const rows = summed(
    [
      slice(1, 0.5, [
        [1, 10],
        [1, 20],
        [2, 4],
      ]),
      slice(1, 0.5, [[1, 40]]),
      slice(2, 2, []),
    ],
    all,
  );
  assert.deepEqual(
    rows.map((row) => [row.file, row.class, row.slices, row.count]),
    [
      ['1.png', 'cell', 2, 3],
      ['1.png', 'debris', 2, 1],
      ['2.png', 'cell', 1, 0],
      ['2.png', 'debris', 1, 0],
      ['All 2', 'cell', 3, 3],
      ['All 2', 'debris', 3, 1],
    ],
  );
  const [cell, , none] = rows;
  assert.deepEqual(cell.px, { total: 70, mean: 70 / 3, median: 20 });
  assert.deepEqual(cell.um2, { total: 17.5, mean: 17.5 / 3, median: 5 });
  assert.equal(cell.share, 70 / 200);
  assert.deepEqual(none.px, { total: 0, mean: NaN, median: NaN });
});

test('where objects are not told apart the mask is measured, and no count is made up', () => {
  const rows = summed([{ ...slice(1, null, [], [25, 0]), part: null }], all);
  assert.deepEqual(
    [rows.length, rows[0].count, rows[0].px.total, rows[0].share, rows[0].um2],
    [2, NaN, 25, 0.25, null],
  );
});

test('the table is in micrometres only where the scale of all files is known', () => {
  const texts = (/** @type {number | null} */ scale) => {
    const rows = summed([slice(1, 0.5, [[1, 10]]), slice(2, scale, [[1, 30]])], all);
    const shown = totalsOf(rows);
    return shown.map((column) => [column.full, column.text(column.values[4])]);
  };
  assert.deepEqual(texts(null), [
    ['File', 'All 2'],
    ['Class', 'cell'],
    ['Objects', '2'],
    ['Total area (px²)', '40'],
    ['Mean area (px²)', '20'],
    ['Median area (px²)', '20'],
    ['Covered (%)', '20'],
  ]);
  assert.deepEqual(texts(2)[3], ['Total area (µm²)', '122.50']);
});

test('the file has both units, nothing where there is none, and no formulas', () => {
  const rows = summed([{ ...slice(1, 0.5, [[1, 10]]), file: '=a.png' }, slice(2, null, [[1, 30]])], all);
  assert.deepEqual(csvText(totalsCells(rows)).split('\r\n'), [
    'file,class,slices,objects,area_px,area_um2,area_mean_px,area_mean_um2,area_median_px,area_median_um2,share',
    "'=a.png,cell,1,1,10,2.5,10,2.5,10,2.5,0.1",
    "'=a.png,debris,1,0,0,0,,,,,0",
    '2.png,cell,1,1,30,,30,,30,,0.3',
    '2.png,debris,1,0,0,,,,,,0',
    '',
  ]);
});
