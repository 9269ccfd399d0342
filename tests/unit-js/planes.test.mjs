import assert from 'node:assert/strict';
import test from 'node:test';
import { coloured } from '../../www/canvas/plane-labels.js';
import { inSight } from '../../www/session/labelling/volume.js';
import { initial } from '../../www/session/state.js';
import { onPlane, toPicture, toVoxels, turnedValues, under } from '../../www/pictures/planes.js';

/** @typedef {import('../../www/pictures/planes.js').Lie} Lie @typedef {import('../../www/pictures/planes.js').Voxel} Voxel */

const SIZES = [7, 5, 4];

/** Every way in which an upright plane can be shown. @returns {{ upright: 0 | 1, lie: Lie }[]} */
function lies() {
  const ways = [];
  for (const upright of /** @type {const} */ ([0, 1]))
    for (const axes of [
      [1 - upright, 2],
      [2, 1 - upright],
    ])
      for (const turns of [0, 1, 2, 3]) {
        const [across, down] = axes.map((axis, i) => ({ axis, reversed: ((turns >> i) & 1) === 1 }));
        ways.push({ upright, lie: { width: SIZES[axes[0]], height: SIZES[axes[1]], across, down } });
      }
  return ways;
}

test('a place on a picture and among the voxels are each other’s exact inverse, whichever way round', () => {
  for (const { lie } of lies()) {
    for (const point of [
      { x: 0, y: 0 },
      { x: 1.25, y: 3.5 },
      { x: -2, y: 9.75 },
    ]) {
      const place = toVoxels(lie, point, [1.5, 2.5, 3.5]);
      assert.deepEqual(toPicture(lie, place), point);
    }
    const voxel = /** @type {Voxel} */ ([1, 2, 3]);
    const middle = onPlane(lie, voxel);
    assert.deepEqual(under(lie, middle, voxel), voxel);
    assert.deepEqual(toVoxels(lie, middle, [1.5, 2.5, 3.5]), [1.5, 2.5, 3.5]);
  }
});

test('the edges of a voxel stay its edges on a reversed picture', () => {
  const lie = { width: 7, height: 4, across: { axis: 0, reversed: true }, down: { axis: 2, reversed: true } };
  assert.deepEqual(toVoxels(lie, { x: 0, y: 0 }, [0, 3, 0]), [7, 3, 4]);
  assert.deepEqual(toVoxels(lie, { x: 7, y: 4 }, [0, 3, 0]), [0, 3, 0]);
});

test('labels of a plane lie on its picture where their voxels do', () => {
  for (const { upright, lie } of lies()) {
    const columns = SIZES[1 - upright];
    const values = Uint8Array.from({ length: columns * SIZES[2] }, (_, i) => i);
    const turned = turnedValues(lie, values);
    for (let depth = 0; depth < SIZES[2]; depth++)
      for (let x = 0; x < columns; x++) {
        const voxel = /** @type {Voxel} */ ([0, 0, depth]);
        voxel[1 - upright] = x;
        const at = onPlane(lie, voxel);
        assert.equal(turned[Math.floor(at.y) * lie.width + Math.floor(at.x)], values[depth * columns + x]);
      }
  }
});

test('labels have a rim where they end, and what is not labelled is clear', () => {
  const inks = { fill: new Uint32Array(256).fill(1), rim: new Uint32Array(256).fill(2) };
  const values = new Uint8Array(25).fill(255);
  for (const y of [1, 2, 3]) values.fill(1, y * 5 + 1, y * 5 + 4);
  const words = [...coloured(values, { width: 5, height: 5 }, inks)];
  assert.deepEqual(words.slice(5, 20), [0, 2, 2, 2, 0, 0, 2, 1, 2, 0, 0, 2, 2, 2, 0]);
  // The end of the picture is not the end of what is labelled.
  assert.deepEqual([...coloured(new Uint8Array(4).fill(1), { width: 2, height: 2 }, inks)], [1, 1, 1, 1]);
});

test('what changed is in sight on the slice that is shown and on the planes beside it, and nowhere else', () => {
  const planes = { channels: ['', ''], slices: 16, depths: 8, times: 1 };
  const scan = { width: 40, height: 30, slices: 16, planes, geometry: {} };
  const session = /** @type {any} */ ({
    current: { id: 1, slice: 4, scan },
    state: { ...initial, volume: { ...initial.volume, roomy: true, crosses: { 1: { x: 10, y: 20 } } } },
  });
  const piece = (/** @type {object} */ other) => [
    /** @type {any} */ ({ doc: 1, slice: 6, x: 0, y: 0, width: 40, height: 5, ...other }),
  ];
  assert.ok(inSight(session, piece({})), 'the column of the crosshair');
  assert.ok(inSight(session, piece({ x: 11, y: 20, height: 1 })), 'its row');
  assert.ok(!inSight(session, piece({ x: 11 })), 'beside both');
  assert.ok(inSight(session, piece({ x: 11, slice: 4 })), 'the slice');
  assert.ok(!inSight(session, piece({ slice: 7 })), 'another channel');
  assert.ok(!inSight(session, piece({ doc: 2, slice: 4 })), 'another file');
  session.state.volume.roomy = false;
  assert.ok(!inSight(session, piece({})), 'planes that are not shown');
});
