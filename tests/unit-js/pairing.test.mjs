/** Files of labels find their images by name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTruth, liesAmongTruths, paired } from '../../www/session/scores/pairing.js';

const file = (/** @type {string} */ name) => new File([], name);
const items = ['a.png', 'b.tif', 'scan.nii.gz'].map((name, id) => ({ id, name }));

test('labels belong to the image of their name, with and without a mark behind it', () => {
  const files = ['A.PNG', 'b_mask.png', 'scan-seg.nii.gz', 'c_mask.png'].map(file);
  const { pairs, left } = paired(files, items);
  assert.deepEqual(
    [...pairs].map(([id, { name }]) => [id, name]),
    [
      [0, 'A.PNG'],
      [1, 'b_mask.png'],
      [2, 'scan-seg.nii.gz'],
    ],
  );
  assert.deepEqual(
    left.map(({ name }) => name),
    ['c_mask.png'],
  );
});

test('one file of labels for one image needs no name', () => {
  assert.equal(paired([file('drawn.png')], [items[0]]).pairs.size, 1);
  assert.equal(paired([file('drawn.png')], items).pairs.size, 0);
});

test('only what is named after another file is taken for its labels', () => {
  const names = ['cell.png', 'cell_mask.png', 'labels.png', 'my_seg.png', 'cell_ground_truth.tif'];
  assert.deepEqual(
    names.filter((name) => isTruth(name, names)),
    ['cell_mask.png', 'cell_ground_truth.tif'],
  );
});

test('folders of labels are known by their names', () => {
  assert.deepEqual(
    ['/set/labels/a.png', '/set/Masks/a.png', '/set/images/a.png', '/labels-of-mine/a.png', 'gt/a.tif', ''].map(
      liesAmongTruths,
    ),
    [true, true, false, false, true, false],
  );
});
