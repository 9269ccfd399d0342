import assert from 'node:assert/strict';
import test from 'node:test';
import { gentler, roughly, smoothed, unsureShare, worse } from '../../www/session/training/curve.js';
import { FRAME, line, nearest, roundUp, scales, thinned, ticks } from '../../www/views/train/geometry.js';

const validated = (/** @type {(number | null)[]} */ ...dice) =>
  dice.map((value, i) => ({ step: i * 10, dice: value, pixelError: 0, best: false }));

test('steps, losses and Dice lie inside the drawing, the right way up', () => {
  const loss = [2.3, 1.1, 0.4];
  const scale = scales(100, loss);
  assert.equal(scale.most, 2.5);
  assert.deepEqual([scale.x(0), scale.x(100)], [FRAME.left, FRAME.width - FRAME.right]);
  assert.deepEqual([scale.dice(1), scale.dice(0)], [FRAME.top, FRAME.height - FRAME.bottom]);
  assert.ok(scale.loss(0.4) > scale.loss(1.1));
  assert.equal(scale.loss(99), FRAME.top, 'what is beyond the scale stays at its edge');
  for (const step of [0, 1, 37, 100]) assert.equal(scale.step(scale.x(step)), step);
  assert.deepEqual([scale.step(-50), scale.step(1e4)], [0, 100]);
});

test('a few wild losses do not press the rest of the curve flat', () => {
  assert.ok(scales(200, [400, ...new Array(199).fill(0.5)]).most < 1);
  assert.ok(Number.isFinite(scales(0, []).x(0)));
});

test('scales end at round numbers and have few ticks', () => {
  assert.deepEqual([0.013, 0.9, 1, 1.2, 2.2, 4, 7, 180].map(roundUp), [0.02, 1, 1, 2, 2.5, 5, 10, 200]);
  assert.deepEqual(ticks(200), [0, 50, 100, 150, 200]);
  for (const last of [1, 2, 7, 40, 199, 12345])
    assert.ok(ticks(last).length <= 5 && ticks(last)[0] === 0, String(last));
});

test('a long curve is drawn with as many points as the drawing has pixels, and ends at its end', () => {
  const values = Array.from({ length: 5000 }, (_, i) => i);
  const some = thinned(values, 160);
  assert.ok(some.length <= 160);
  assert.equal(some[some.length - 1][0], 5000);
  assert.deepEqual(thinned([3, 4], 160), [
    [1, 3],
    [2, 4],
  ]);
  assert.equal(
    line([
      [0, 1],
      [2.34, 5],
    ]),
    'M0 1L2.3 5',
  );
  assert.deepEqual([nearest([0, 20, 40], 29), nearest([0, 20, 40], 31), nearest([], 3)], [20, 40, null]);
});

test('smoothing keeps a constant, follows a fall, and starts at the first value', () => {
  assert.deepEqual(
    smoothed([2, 2, 2]).map((v) => Math.round(v * 1e9) / 1e9),
    [2, 2, 2],
  );
  const falling = smoothed(Array.from({ length: 100 }, (_, i) => 1 - i / 100));
  assert.equal(falling[0], 1);
  assert.ok(falling.every((v, i) => i === 0 || v < falling[i - 1]));
});

test('the loss that was told of a step stays, however long the training becomes', () => {
  const loss = Array.from({ length: 90 }, (_, i) => 1 / (1 + i) + (i % 7) / 20);
  const now = smoothed(loss);
  for (const steps of [20, 60, 61, 75]) assert.deepEqual(smoothed(loss.slice(0, steps)), now.slice(0, steps));
});

test('a training that makes things worse is noticed, and chance is not', () => {
  assert.equal(worse([], validated(0.8, 0.6, 0.5)), 'below-start');
  assert.equal(worse([], validated(0.2, 0.9, 0.8, 0.78)), 'falls');
  assert.equal(worse([], validated(0.2, 0.9, 0.7, 0.89)), null, 'one bad validation is no fall');
  assert.equal(worse([], validated(0.8, 0.78, 0.79)), null);
  assert.equal(worse([], validated(null, null)), null);
  const rising = [...new Array(40).fill(0.4), ...new Array(40).fill(1.5)];
  assert.equal(worse(rising, []), 'loss');
  assert.equal(worse(rising, validated(0.3, 0.5, 0.7)), null, 'the held-out labels say otherwise');
  assert.equal(worse(rising, validated(0.5, 0.7, 0.6)), 'loss', 'they do not');
  assert.equal(
    worse(
      Array.from({ length: 80 }, (_, i) => 1 / (1 + i)),
      [],
    ),
    null,
  );
});

test('the rate to try next is about a third, in a round number', () => {
  assert.deepEqual([1e-3, 5e-4, 1e-2, 2e-3].map(gentler), [3e-4, 1e-4, 3e-3, 5e-4]);
});

test('times to come are said roughly', () => {
  assert.deepEqual([3, 31, 50, 260, 9000].map(roughly), [
    { unit: 's', count: 5 },
    { unit: 's', count: 30 },
    { unit: 'min', count: 1 },
    { unit: 'min', count: 4 },
    { unit: 'h', count: 2.5 },
  ]);
});

test('a model is unsure where no class, the background among them, is likely', () => {
  const mask = (/** @type {number} */ classes, /** @type {number[]} */ ...p) => ({
    width: p.length / classes,
    height: 1,
    classes,
    probability: Float32Array.from(p),
  });
  assert.equal(unsureShare(mask(1, 0.1, 0.4, 0.6, 0.9)), 0.5);
  // Two classes of four pixels: sure background, torn between the classes, torn with the background, sure class.
  assert.equal(unsureShare(mask(2, 0.1, 0.5, 0.5, 0.9, 0.1, 0.5, 0, 0.05)), 0.5);
  const large = {
    width: 2000,
    height: 2000,
    classes: 1,
    probability: new Float32Array(4e6).map((_, i) => (i % 2000 < 500 ? 0.5 : 0)),
  };
  assert.ok(Math.abs(unsureShare(large) - 0.25) < 0.01, 'a sample of a large image sees all columns');
});
