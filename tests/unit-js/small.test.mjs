/** Masks of the size of a thumbnail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shrunk, tinted } from '../../www/pictures/small.js';

/** @param {number} width @param {number} height @param {(x: number, y: number) => number} at */
const mask = (width, height, at) => ({
  width,
  height,
  classes: 2,
  labels: Uint8Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width))),
});

test('a small mask keeps the shape of the image and the class that covers most of each pixel', () => {
  const { width, height, labels, cover } = shrunk(mask(640, 320, (x, y) => (x < 320 ? 1 : y < 160 ? 2 : 0)));
  assert.deepEqual([width, height], [64, 32]);
  assert.deepEqual([labels[0], labels[63], labels[31 * 64 + 63]], [1, 2, 0]);
  assert.deepEqual([cover[0], cover[31 * 64 + 63]], [255, 0]);
});

test('an image that is smaller than a thumbnail stays as it is', () => {
  const { width, height, labels } = shrunk(mask(5, 3, (x, y) => (x === y ? 1 : 0)));
  assert.deepEqual([width, height, [...labels]], [5, 3, [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0]]);
});

test('lines thinner than a pixel are seen, and take the colour of their class', () => {
  const small = shrunk(mask(1280, 64, (_, y) => (y % 10 === 0 ? 2 : 0)));
  assert.ok([...small.labels].some((label) => label === 2));
  const rgba = tinted(small, ['#000000', '#ff8000']);
  const at = small.labels.indexOf(2);
  assert.deepEqual([...rgba.slice(4 * at, 4 * at + 3)], [255, 128, 0]);
  assert.ok(rgba[4 * at + 3] > 40 && rgba[4 * at + 3] < 180);
  assert.equal(rgba[4 * small.labels.indexOf(0) + 3], 0);
});
