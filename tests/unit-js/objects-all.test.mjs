/** Objects of several files in one table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combined } from '../../www/session/objects/all.js';

/** @typedef {import('../../www/session/objects/state.js').Column} Column */
/** @type {Column[]} */
const shape = [
  { key: 'object', kind: 'number', channel: null },
  { key: 'area', kind: 'area', channel: null },
  { key: 'feret', kind: 'length', channel: null },
];
/** @type {Column} */
const red = { key: 'mean', kind: 'value', channel: 0 };
const part = (
  /** @type {number} */ id,
  /** @type {number | null} */ scale,
  /** @type {number[]} */ values,
  columns = shape,
) => ({
  id,
  name: `${id}.png`,
  slice: 0,
  micrometres: scale === null ? null : { x: scale, y: scale },
  columns,
  values: Float64Array.from(values),
  count: values.length / columns.length,
});

test('rows of all files follow each other, each with its own scale', () => {
  const all = combined([part(7, 0.5, [1, 8, 4, 2, 4, 2]), part(9, 2, [1, 1, 1])]);
  assert.equal(all.found.count, 3);
  assert.deepEqual([...all.found.values], [1, 1, 2, 2, 2, 1, 1, 1, 3, 2, 4, 2]);
  assert.deepEqual([all.files, all.micrometres], [['7.png', '9.png'], { x: 1, y: 1 }]);
});

test('where the scale of one is not known all are told in pixels', () => {
  const all = combined([part(7, 0.5, [1, 8, 4]), part(9, null, [1, 1, 1])]);
  assert.deepEqual([all.micrometres, all.found.values[2]], [null, 8]);
});

test('a column that one file lacks has no value there', () => {
  const all = combined([part(7, null, [1, 8, 4]), part(9, null, [1, 1, 1, 60], [...shape, red])]);
  assert.ok(Number.isNaN(all.found.values[4]));
  assert.equal(all.found.values[9], 60);
});

test('rows know their object, and objects their row', () => {
  const all = combined([part(7, null, [1, 8, 4, 2, 4, 2]), part(9, null, [1, 1, 1])]);
  assert.deepEqual(all.at(2), { id: 7, slice: 0, object: 2 });
  assert.deepEqual(all.at(3), { id: 9, slice: 0, object: 1 });
  assert.equal(all.rowOf(9, 0, 1), 3);
  assert.equal(all.rowOf(8, 0, 1), null);
  assert.equal(combined([]).at(1), null);
});
