/** The list of files, filtered and sorted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ordered, SORTS } from '../../www/views/file-order.js';

/** @typedef {import('../../www/views/file-order.js').Listed} Listed */
/** @type {Listed[]} */
const items = [
  { id: 1, name: 'Liver 10.png', state: 'done', count: 3 },
  { id: 2, name: 'liver 2.png', state: 'failed', count: null },
  { id: 3, name: 'kidney.tif', state: 'done', count: 12 },
];
const ids = (/** @type {Listed[]} */ found) => found.map(({ id }) => id);

test('names are sorted as people count, objects from many to few, and what failed comes first', () => {
  assert.deepEqual(
    SORTS.map((sort) => ids(ordered(items, '', sort))),
    [
      [1, 2, 3],
      [3, 2, 1],
      [3, 1, 2],
      [2, 1, 3],
    ],
  );
  assert.deepEqual(ids(items), [1, 2, 3], 'the list itself stays');
});

test('all words must be in the name, in any case', () => {
  assert.deepEqual(ids(ordered(items, ' LIVER  png', 'added')), [1, 2]);
  assert.deepEqual(ids(ordered(items, 'spleen', 'name')), []);
});
