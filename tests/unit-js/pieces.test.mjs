import assert from 'node:assert/strict';
import test from 'node:test';
import { joined, pieceOf } from '../../www/pictures/pieces.js';

test('what is small enough comes at once', () => {
  const rect = { x: 3, y: 4, width: 512, height: 400 };
  for (const turn of [0, 1, 7]) assert.deepEqual(pieceOf(rect, 512 * 400, turn), rect);
});

test('by turns the pieces cover all of it, each pixel once, and none is much too large', () => {
  for (const [width, height, most] of [
    [1000, 700, 50_000],
    [97, 5000, 30_000],
    [1, 1, 0.5],
    [300, 300, 1],
  ]) {
    const rect = { x: 11, y: 7, width, height };
    let covered = 0;
    const seen = new Set();
    for (let turn = 0; ; turn++) {
      const piece = pieceOf(rect, most, turn);
      const key = JSON.stringify(piece);
      if (seen.has(key)) break;
      seen.add(key);
      covered += piece.width * piece.height;
      assert.ok(piece.x >= 11 && piece.y >= 7 && piece.x + piece.width <= 11 + width);
      assert.ok(piece.y + piece.height <= 7 + height && piece.width > 0 && piece.height > 0);
      assert.ok(piece.width * piece.height <= Math.max(1.1 * most, 100 * 100), JSON.stringify([rect, piece]));
    }
    assert.equal(covered, width * height);
  }
});

/** @param {number} width @param {number} height @param {number[]} labels */
const part = (width, height, labels) => ({
  width,
  height,
  labels: Uint8Array.from(labels),
  probability: Float32Array.from([...labels, ...labels]),
  classes: 2,
  cached: false,
  milliseconds: 5,
});

test('a piece joins the mask that was there, which stays as it was', () => {
  const before = joined(
    null,
    part(2, 2, [1, 1, 2, 2]),
    { x: 0, y: 0, width: 2, height: 2 },
    { width: 2, height: 2 },
    false,
  );
  assert.deepEqual(before.areas, [2, 2]);
  const place = { x: 1, y: 0, width: 1, height: 2 };
  const now = joined(before, part(1, 2, [0, 1]), place, { width: 2, height: 2 }, false);
  assert.deepEqual([...now.labels], [1, 0, 2, 1]);
  assert.deepEqual([...now.probability], [1, 0, 2, 1, 1, 0, 2, 1]);
  assert.deepEqual(now.areas, [2, 1]);
  assert.deepEqual([...before.labels], [1, 1, 2, 2]);
  const own = joined(now, part(1, 1, [2]), { x: 0, y: 0, width: 1, height: 1 }, { width: 2, height: 2 }, true);
  assert.equal(own.labels, now.labels);
  assert.notEqual(own, now);
});

test('a mask of another size, or of other classes, is not joined to', () => {
  const other = joined(null, part(1, 1, [1]), { x: 0, y: 0, width: 1, height: 1 }, { width: 1, height: 1 }, false);
  const now = joined(other, part(1, 1, [2]), { x: 1, y: 1, width: 1, height: 1 }, { width: 2, height: 2 }, true);
  assert.deepEqual([...now.labels], [0, 0, 0, 2]);
});
