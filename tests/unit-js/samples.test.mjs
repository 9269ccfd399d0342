/** What a training learns from: slices and planes across them, as they were painted on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplesOf } from '../../www/session/training/samples.js';

const planes = { channels: ['a', 'b'], slices: 6, depths: 6, times: 1 };
const letters = [
  ['R', 'L'],
  ['A', 'P'],
  ['I', 'S'],
];
const scan = { width: 4, height: 5, slices: 12, planes, spacing: { x: 1, y: 1, z: 3 }, geometry: { letters, tilt: 0 } };

/** A session with labels on some slices. @param {{ across: { axis: number, index: number }[], crossed: number[] }} found @param {object} [more] of each sample */
function session(found, more = {}) {
  const asked = /** @type {unknown[]} */ ([]);
  const painter = {
    paintedPlanes: async (/** @type {unknown[]} */ ...args) => {
      asked.push(args);
      return found;
    },
    labelPlane: async (/** @type {any[]} */ ...[, , axis, index]) => Uint8Array.of(axis, index),
  };
  const labelled = [1, 3, 5].map((slice) => ({ itemId: 7, scan, slice, labels: new Uint8Array(20), ...more }));
  const it = {
    state: { labelling: { classes: [{ name: 'thing' }] } },
    labelling: {
      samples: async () => labelled,
      desk: { worker: { call: async (/** @type {(labels: any) => unknown} */ work) => work(painter) } },
    },
  };
  return { it: /** @type {any} */ (it), asked };
}

test('planes across the slices that were painted on are learnt from in the place of the lines that they left', async () => {
  const across = [
    { axis: 0, index: 2 },
    { axis: 1, index: 3 },
    { axis: 1, index: 4 },
  ];
  const { it, asked } = session({ across, crossed: [1, 5] });
  const { samples, notes, objects } = await samplesOf(it, true);
  const places = samples.map(({ slice, axis, index, labels }) => [slice, axis, index, labels.length]);
  assert.deepEqual(places, [
    [3, undefined, undefined, 20],
    [1, 0, 2, 2],
    [1, 1, 3, 2],
    [1, 1, 4, 2],
  ]);
  // Of the second channel once, whose slices lie between those of the first.
  assert.deepEqual(asked, [[7, { first: 1, step: 2, count: 6, spacing: [1, 1, 3] }]]);
  assert.equal(objects, false);
  assert.deepEqual(notes, [
    { key: 'train.note.planes', values: { planes: '1 slice, 1 sagittal plane, 2 coronal planes' } },
  ]);
});

test('where only slices were painted on nothing is said, and single objects are learnt on slices alone', async () => {
  const { it } = session({ across: [], crossed: [] });
  const slices = await samplesOf(it, true);
  assert.deepEqual([slices.samples.length, slices.notes.length], [3, 0]);
  const numbered = session({ across: [{ axis: 0, index: 2 }], crossed: [1] }, { objects: new Uint32Array(20) });
  const single = await samplesOf(numbered.it, true);
  assert.deepEqual([single.samples.length, single.objects, numbered.asked.length], [3, true, 0]);
});
