import assert from 'node:assert/strict';
import test from 'node:test';
import { cut, halve, halveLabels, packed, paint, tiling, TILE } from '../../www/pictures/layers.js';
import { there } from './there.mjs';

const whole = (/** @type {number} */ width, /** @type {number} */ height) => ({ x: 0, y: 0, width, height });

test('the outline is the outermost pixel of a region and the fill the rest', () => {
  const labels = new Uint8Array(25);
  for (let y = 1; y < 4; y++) for (let x = 1; x < 4; x++) labels[y * 5 + x] = 1;
  const { fill, outline } = there(paint(labels, 5, 5, whole(5, 5), packed(['#e69f00'])));
  const alpha = (/** @type {Uint8ClampedArray} */ rgba) => Array.from({ length: 25 }, (_, i) => rgba[4 * i + 3] / 255);
  assert.equal(
    alpha(fill).reduce((a, b) => a + b),
    1,
  );
  assert.equal(alpha(fill)[12], 1);
  assert.equal(
    alpha(outline).reduce((a, b) => a + b),
    8,
  );
  assert.deepEqual([...outline.slice(24, 28)], [0xe6, 0x9f, 0x00, 255]);
});

test('a region that reaches the border has no outline along it', () => {
  const { outline } = there(paint(new Uint8Array(9).fill(1), 3, 3, whole(3, 3), packed(['#ffffff'])));
  assert.ok(outline.every((value) => value === 0));
});

test('neighbours of different classes are outlined against each other, across tiles too', () => {
  const labels = Uint8Array.of(1, 1, 2, 2);
  const { outline } = there(paint(labels, 4, 1, { x: 2, y: 0, width: 2, height: 1 }, packed(['#0000ff', '#00ff00'])));
  assert.deepEqual([...outline], [0, 255, 0, 255, 0, 0, 0, 0]);
});

test('nothing is painted where there is no mask or where its class is hidden', () => {
  assert.equal(paint(new Uint8Array(4), 2, 2, whole(2, 2), packed(['#e69f00'])), null);
  assert.equal(paint(new Uint8Array(4).fill(1), 2, 2, whole(2, 2), packed([null])), null);
});

test('halving takes the mean, also at an odd edge', () => {
  const grey = (/** @type {number[]} */ ...values) => Uint8ClampedArray.from(values.flatMap((v) => [v, v, v, 255]));
  const half = halve(grey(0, 100, 50, 100, 200, 50, 10, 20, 30), 3, 3);
  assert.equal(half.width, 2);
  assert.deepEqual(
    [0, 4, 8, 12].map((i) => half.rgba[i]),
    [100, 50, 15, 30],
  );
});

test('a label survives halving if it has half of the pixels', () => {
  assert.deepEqual([...halveLabels(Uint8Array.of(0, 3, 3, 0), 2, 2).labels], [3]);
  assert.deepEqual([...halveLabels(Uint8Array.of(0, 0, 3, 0), 2, 2).labels], [0]);
});

test('tiles cover every pixel once', () => {
  const [width, height] = [TILE + 5, 2 * TILE];
  const parts = tiling(width, height);
  assert.equal(
    parts.reduce((sum, part) => sum + part.width * part.height, 0),
    width * height,
  );
  assert.equal(parts.length, 4);
});

test('cutting takes the pixels of the rectangle', () => {
  const rgba = Uint8ClampedArray.from({ length: 36 }, (_, i) => i);
  assert.deepEqual([...cut(rgba, 3, { x: 1, y: 1, width: 2, height: 1 })], [16, 17, 18, 19, 20, 21, 22, 23]);
});
