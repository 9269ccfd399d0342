import assert from 'node:assert/strict';
import test from 'node:test';
import { Outline } from '../../www/canvas/outline.js';
import { there } from './there.mjs';

/** Clicks one after the other, a second apart. @param {Outline} outline @param {[number, number][]} places @param {number} [scale] */
function click(outline, places, scale = 1) {
  return places.map(([x, y], i) => {
    outline.press({ x, y });
    return outline.release({ x, y }, scale, 1000 * (i + 1));
  });
}

test('clicks make corners, and a click on the first one closes', () => {
  const outline = new Outline();
  assert.deepEqual(
    click(outline, [
      [10, 10],
      [50, 10],
      [50, 50],
      [12, 11],
    ]),
    [false, false, false, true],
  );
  assert.deepEqual([...there(outline.close())], [10, 10, 50, 10, 50, 50]);
  assert.equal(outline.open, false);
});

test('a double click closes at its place', () => {
  const outline = new Outline();
  click(outline, [
    [10, 10],
    [50, 10],
  ]);
  outline.press({ x: 50, y: 50 });
  assert.equal(outline.release({ x: 50, y: 50 }, 1, 9000), false);
  outline.press({ x: 51, y: 50 });
  assert.equal(outline.release({ x: 51, y: 50 }, 1, 9200), true);
  assert.deepEqual([...there(outline.close())], [10, 10, 50, 10, 50, 50]);
});

test('a double click at the start is one corner, and no region', () => {
  const outline = new Outline();
  outline.press({ x: 5, y: 5 });
  outline.release({ x: 5, y: 5 }, 1, 100);
  outline.press({ x: 5, y: 5 });
  assert.equal(outline.release({ x: 5, y: 5 }, 1, 200), false);
  assert.equal(outline.corners.length, 1);
});

test('near is judged on the screen, not in the image', () => {
  const outline = new Outline();
  // Ten pixels of the image are a hundred of the screen.
  assert.deepEqual(
    click(
      outline,
      [
        [0, 0],
        [60, 0],
        [60, 60],
        [10, 0],
      ],
      10,
    ),
    [false, false, false, false],
  );
  assert.deepEqual(click(outline, [[0.5, 0]], 10), [true]);
});

test('a drag alone is a lasso that closes when it ends', () => {
  const outline = new Outline();
  outline.press({ x: 0, y: 0 });
  for (const at of [
    { x: 20, y: 0 },
    { x: 20, y: 20 },
    { x: 0, y: 20 },
  ])
    outline.move(at, 1);
  assert.equal(outline.release({ x: 0, y: 20 }, 1, 0), true);
  assert.deepEqual([...there(outline.close())], [0, 0, 20, 0, 20, 20, 0, 20]);
});

test('after clicks a drag is a piece of the outline drawn by hand', () => {
  const outline = new Outline();
  click(outline, [
    [0, 0],
    [40, 0],
  ]);
  outline.press({ x: 40, y: 10 });
  outline.move({ x: 40, y: 30 }, 1);
  outline.move({ x: 20, y: 40 }, 1);
  assert.equal(outline.release({ x: 20, y: 40 }, 1, 5000), false);
  assert.equal(outline.corners.length, 5);
});

test('the last corner can be taken back, and all of them', () => {
  const outline = new Outline();
  click(outline, [
    [0, 0],
    [40, 0],
    [40, 40],
  ]);
  outline.back();
  assert.equal(outline.corners.length, 2);
  assert.equal(outline.close(), null, 'two corners are no region');
  assert.equal(outline.open, false);
});

test('a pinch takes back what its first finger began, and keeps the corners before', () => {
  const outline = new Outline();
  click(outline, [
    [0, 0],
    [40, 0],
  ]);
  outline.press({ x: 40, y: 10 });
  outline.move({ x: 40, y: 30 }, 1);
  outline.letGo();
  assert.equal(outline.corners.length, 2);
  assert.equal(outline.release({ x: 0, y: 0 }, 1, 9000), false);
  assert.equal(outline.corners.length, 2);
});

test('a line follows the pointer, and says when a click would close', () => {
  const outline = new Outline();
  click(outline, [
    [0, 0],
    [40, 0],
    [40, 40],
  ]);
  outline.move({ x: 20, y: 50 }, 1);
  assert.deepEqual(outline.line.at(-1), { x: 20, y: 50 });
  assert.equal(outline.nearStart(1), false);
  outline.move({ x: 3, y: 3 }, 1);
  assert.equal(outline.nearStart(1), true);
  outline.leave();
  assert.equal(outline.line.length, 3);
});
