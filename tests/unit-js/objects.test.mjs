import assert from 'node:assert/strict';
import test from 'node:test';
import { numbered } from '../../www/session/labelling/objects.js';
import { there } from './there.mjs';

const counted = (/** @type {number} */ most) => Float32Array.from({ length: 2 * most + 2 }, (_, i) => i >> 1);

test('many values are objects, a few are classes', () => {
  assert.equal(numbered([counted(8)], false), null);
  const objects = there(numbered([counted(62)], false));
  assert.equal(objects.count, 62);
  assert.deepEqual([...objects.planes[0].subarray(0, 4)], [0, 0, 1, 1]);
  assert.equal(there(numbered([counted(5), counted(300)], false)).planes.length, 2);
});

test('no label image has values between the numbers', () => {
  assert.equal(numbered([counted(40).map((v) => v / 3)], false), null);
  assert.equal(numbered([counted(40).map((v) => v - 1)], false), null);
});

test('of 8 bits 255 is not labelled, unless it is the last of the numbers', () => {
  const some = Float32Array.from([...counted(20), 255]);
  assert.equal(there(numbered([some], true)).planes[0].at(-1), 255);
  assert.equal(there(numbered([some], true)).count, 20);
  assert.equal(there(numbered([some], false)).planes[0].at(-1), 1);
  assert.equal(there(numbered([counted(255)], true)).planes[0].at(-1), 1);
});
