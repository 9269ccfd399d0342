import assert from 'node:assert/strict';
import test from 'node:test';
import { LabelTiles, TILE, inksOf, joined, shared } from '../../www/canvas/label-tiles.js';

/** @param {number} x @param {number} y @param {number} width @param {number} height @param {number} value */
const filled = (x, y, width, height, value) => ({
  x,
  y,
  width,
  height,
  values: new Uint8Array(width * height).fill(value),
});

test('an image without labels has no tiles, whatever its size', () => {
  const labels = new LabelTiles({ width: 100_000, height: 100_000 });
  assert.equal(labels.tiles.size, 0);
  assert.equal(labels.at(99_999, 5), 255);
});

test('a piece makes the tiles that it covers, and soils no others', () => {
  const labels = new LabelTiles({ width: 1000, height: 1000 });
  labels.put(filled(250, 10, 12, 4, 2));
  assert.deepEqual(
    [...labels.tiles.values()].map(({ column, row, dirty }) => ({ column, row, dirty })),
    [
      { column: 0, row: 0, dirty: { x: 249, y: 9, width: 7, height: 6 } },
      { column: 1, row: 0, dirty: { x: 256, y: 9, width: 7, height: 6 } },
    ],
  );
  for (const [x, y, value] of [
    [250, 10, 2],
    [261, 13, 2],
    [262, 13, 255],
    [249, 10, 255],
    [256, 9, 255],
  ])
    assert.equal(labels.at(x, y), value, `${x}, ${y}`);
});

test('what is empty makes no tiles, and a tile that is cleared goes', () => {
  const labels = new LabelTiles({ width: 1000, height: 1000 });
  labels.put(filled(0, 0, 1000, 1000, 255));
  assert.equal(labels.tiles.size, 0);
  labels.put(filled(0, 0, 1000, 10, 1));
  assert.equal(labels.tiles.size, 4);
  labels.put(filled(0, 0, TILE, TILE, 255));
  assert.equal(labels.tiles.size, 3);
  assert.deepEqual([labels.at(5, 5), labels.at(TILE, 5)], [255, 1]);
});

test('a piece over the edge of the image changes what lies inside', () => {
  const labels = new LabelTiles({ width: 300, height: 20 });
  labels.put(filled(290, -5, 30, 40, 1));
  assert.equal(labels.at(299, 0), 1);
  assert.equal(labels.at(300, 0), 255);
  assert.equal(labels.tiles.size, 1);
  assert.deepEqual([...labels.tiles.values()][0].dirty, { x: 289, y: 0, width: 11, height: 20 });
});

test('the rim is the outermost pixel of a region, also across tiles, and not at the edge of the image', () => {
  const labels = new LabelTiles({ width: 2 * TILE, height: 8 });
  labels.put(filled(TILE - 3, 0, 6, 8, 1));
  const inks = { fill: new Uint32Array(256).fill(1), rim: new Uint32Array(256).fill(2) };
  const rows = [...labels.tiles.values()].map((tile) => {
    const pixels = labels.paint(tile, { x: tile.column === 0 ? TILE - 4 : TILE, y: 0, width: 4, height: 1 }, inks);
    return [...new Uint32Array(pixels.buffer)];
  });
  assert.deepEqual(rows, [
    [0, 2, 1, 1],
    [1, 1, 2, 0],
  ]);
});

test('what lies beside a change gets another rim', () => {
  const labels = new LabelTiles({ width: 2 * TILE, height: 8 });
  labels.put(filled(0, 0, TILE, 8, 1));
  for (const tile of labels.tiles.values()) tile.dirty = null;
  labels.put(filled(TILE, 2, 1, 1, 1));
  assert.deepEqual(
    [...labels.tiles.values()].map((tile) => tile.dirty),
    [
      { x: TILE - 1, y: 1, width: 1, height: 3 },
      { x: TILE, y: 1, width: 2, height: 3 },
    ],
  );
});

test('not labelled is transparent, the background is not, and a class has its colour', () => {
  const { fill, rim } = inksOf([{ colour: '#102030' }]);
  assert.equal(fill[255], 0);
  assert.ok(fill[0] !== 0 && rim[0] !== 0);
  assert.deepEqual([...new Uint8Array(Uint32Array.of(fill[1]).buffer)].slice(0, 3), [16, 32, 48]);
  assert.notEqual(rim[1], fill[1]);
  assert.equal(fill[2], 0);
});

test('rectangles share and join', () => {
  const a = { x: 0, y: 0, width: 4, height: 4 },
    b = { x: 2, y: 3, width: 8, height: 8 };
  assert.deepEqual(shared(a, b), { x: 2, y: 3, width: 2, height: 1 });
  assert.equal(shared(a, { x: 4, y: 0, width: 1, height: 1 }), null);
  assert.deepEqual(joined(a, b), { x: 0, y: 0, width: 10, height: 11 });
  assert.deepEqual(joined(null, b), b);
});
