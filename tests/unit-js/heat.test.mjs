import assert from 'node:assert/strict';
import test from 'node:test';
import { heat, shade } from '../../www/pictures/heat.js';

test('no weight is transparent, and more weight is never darker', () => {
  assert.equal(shade(0)[3], 0);
  const light = (/** @type {number[]} */ [r, g, b]) => 0.299 * r + 0.587 * g + 0.114 * b;
  for (let i = 1; i <= 20; i++) assert.ok(light(shade(i / 20)) >= light(shade((i - 1) / 20)), `${i}`);
});

test('a narrow gap stays when the picture becomes smaller', () => {
  const weights = new Float32Array(64);
  weights[3 * 8 + 5] = 10;
  const { rgba, width, height } = heat(weights, 8, 8, 10, 4);
  assert.deepEqual([width, height], [4, 4]);
  const opaque = Array.from({ length: 16 }, (_, i) => rgba[i * 4 + 3]);
  assert.deepEqual(
    opaque.map((alpha, i) => (alpha > 0 ? i : -1)).filter((i) => i >= 0),
    [1 * 4 + 2],
  );
  assert.deepEqual([...rgba.subarray(24, 28)], shade(1));
});

test('weights over the top and no numbers at all do no harm', () => {
  const { rgba } = heat(Float32Array.of(99, NaN), 2, 1, 10, 16);
  assert.deepEqual([...rgba.subarray(0, 4)], shade(1));
  assert.equal(rgba[7], 0);
});
