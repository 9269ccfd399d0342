import assert from 'node:assert/strict';
import test from 'node:test';
import { fit, inSight, kept, oneToOne, panBy, pixelAt, zoomTo } from '../../www/canvas/viewport.js';
import { levelFactor } from '../../www/pictures/draw.js';

const canvas = { width: 800, height: 600 };
const image = { width: 2000, height: 1000 };

test('fit shows the whole image in the middle', () => {
  const view = fit(canvas, image);
  assert.ok(view.x >= 0 && view.y >= 0);
  assert.ok(view.x + image.width * view.scale <= canvas.width);
  assert.ok(Math.abs(view.x * 2 + image.width * view.scale - canvas.width) < 1e-9);
});

test('a tiny image is not blown up beyond eight times', () => {
  assert.equal(fit(canvas, { width: 4, height: 4 }).scale, 8);
});

test('zooming keeps what is under the cursor where it is', () => {
  const before = fit(canvas, image);
  const after = zoomTo(before, canvas, image, before.scale * 3, 500, 320);
  const at = (/** @type {import('../../www/canvas/viewport.js').View} */ view) => [
    (500 - view.x) / view.scale,
    (320 - view.y) / view.scale,
  ];
  at(before).forEach((value, i) => assert.ok(Math.abs(value - at(after)[i]) < 1e-9));
});

test('what is in sight is the whole image when it fits, and a part of it when one looks closer', () => {
  assert.deepEqual(inSight(fit(canvas, image), canvas, image), { x: 0, y: 0, width: 2000, height: 1000 });
  assert.deepEqual(inSight({ scale: 2, x: -200, y: 100 }, canvas, image), { x: 100, y: 0, width: 400, height: 250 });
  // Of one that was moved away, all of it.
  assert.deepEqual(inSight({ scale: 1, x: 900, y: 0 }, canvas, image), { x: 0, y: 0, width: 2000, height: 600 });
});

test('one to one puts one image pixel on one device pixel', () => {
  assert.equal(oneToOne(fit(canvas, image), canvas, image, 2).scale, 0.5);
});

test('the image cannot be pushed out of sight', () => {
  const far = panBy(fit(canvas, image), canvas, image, 1e6, -1e6);
  assert.ok(far.x < canvas.width && far.y + image.height * far.scale > 0);
  assert.deepEqual(kept(far, canvas, image), far);
});

test('a point beside the image has no pixel, and the last pixel is inside', () => {
  const view = { scale: 2, x: 10, y: 10 };
  assert.equal(pixelAt(view, { width: 3, height: 3 }, 9, 12), null);
  assert.deepEqual(pixelAt(view, { width: 3, height: 3 }, 15.9, 10), { x: 2, y: 0 });
  assert.equal(pixelAt(view, { width: 3, height: 3 }, 16, 10), null);
});

test('the level to draw never has fewer pixels than the screen', () => {
  for (const scale of [8, 1, 0.9, 0.5, 0.3, 0.25, 0.1]) assert.ok(levelFactor(scale) * scale <= 1.0001 || scale >= 1);
  assert.equal(levelFactor(0.5), 2);
  assert.equal(levelFactor(0.51), 1);
  assert.equal(levelFactor(0.1), 8);
});
