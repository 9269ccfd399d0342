/** Looking at volumes: where voxels lie on planes, what is asked of the engine, what is measured. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { wordsOf } from '../../www/canvas/measure.js';
import { Turns } from '../../www/canvas/turns.js';
import { inImage, onCanvas, turned } from '../../www/canvas/viewport.js';
import { extent, maskOn, onPlane, under, upright } from '../../www/pictures/planes.js';
import { stepOf } from '../../www/session/picture.js';
import { after } from '../../www/session/volume/cine.js';
import { angleOf, lengthOf } from '../../www/session/volume/measures.js';
import { remembered } from '../../www/session/volume/memory.js';
import * as space from '../../www/session/volume/space.js';
import { volume as initial } from '../../www/session/volume/state.js';

const geometry = {
  letters: [
    ['R', 'L'],
    ['A', 'P'],
    ['I', 'S'],
  ],
  tilt: 0,
};
/** A scan of 6 columns, 5 rows, 10 depths. @param {object} [other] @returns {import('../../www/insitu.js').Scan} */
const scan = (other = {}) =>
  /** @type {any} */ ({
    width: 6,
    height: 5,
    slices: 10,
    channels: 1,
    planes: { channels: [''], slices: 10, depths: 10, times: 1 },
    spacing: { x: 0.5, y: 0.5, z: 2 },
    geometry,
    ...other,
  });
const coronal = { width: 6, height: 10, across: { axis: 0, reversed: false }, down: { axis: 2, reversed: true } };

test('a point of a plane is the voxel that is drawn there, and beside the picture the nearest', () => {
  const voxel = /** @type {import('../../www/pictures/planes.js').Voxel} */ ([1, 3, 9]);
  assert.deepEqual(onPlane(coronal, voxel), { x: 1.5, y: 0.5 });
  assert.deepEqual(under(coronal, { x: 1.9, y: 0.1 }, [0, 3, 0]), voxel);
  assert.deepEqual(under(coronal, { x: -5, y: 99 }, voxel), [0, 3, 0]);
  const mirrored = { ...coronal, across: { axis: 0, reversed: true } };
  for (let x = 0; x < 6; x++) {
    const there = under(mirrored, onPlane(mirrored, [x, 3, 4]), [0, 3, 0]);
    assert.deepEqual(there, [x, 3, 4]);
  }
  assert.deepEqual(extent({ ...coronal, spacing: { x: 0.5, y: 2, z: null } }), { width: 3, height: 20 });
  assert.deepEqual(extent({ ...coronal, spacing: null }), { width: 6, height: 10 });
});

test('a plane of slices lies as the slices do, however it was turned', () => {
  // Two columns, three rows, numbered.
  const words = Uint32Array.of(0, 1, 2, 3, 4, 5);
  const lie = (/** @type {number} */ axis, across = false, down = false) => ({
    across: { axis, reversed: across },
    down: { axis: 1 - axis, reversed: down },
  });
  const back = (/** @type {number[]} */ seen, /** @type {any} */ how) => {
    const pixels = new Uint8ClampedArray(Uint32Array.from(seen).buffer);
    const [width, height] = how.across.axis === 0 ? [2, 3] : [3, 2];
    return [...new Uint32Array(upright({ width, height, pixels, ...how }).buffer)];
  };
  assert.deepEqual(back([...words], lie(0)), [...words]);
  assert.deepEqual(back([1, 0, 3, 2, 5, 4], lie(0, true)), [...words]);
  assert.deepEqual(back([4, 5, 2, 3, 0, 1], lie(0, false, true)), [...words]);
  assert.deepEqual(back([0, 2, 4, 1, 3, 5], lie(1)), [...words]);
  assert.deepEqual(back([5, 3, 1, 4, 2, 0], lie(1, true, true)), [...words]);
});

test('a mask of all slices lies on a plane across them as its picture does', () => {
  // Two columns, two rows, three slices; a voxel of class 1 at the second column, first row, last slice.
  const slices = [0, 0, 1].map((label) => ({ labels: Uint8Array.of(0, label, 0, 0), width: 2 }));
  const colours = Uint32Array.of(0, 7);
  const lie = { width: 2, height: 3, across: { axis: 0, reversed: false }, down: { axis: 2, reversed: true } };
  const words = (/** @type {number} */ row, how = lie) => [
    ...new Uint32Array(maskOn(how, row, slices, colours).buffer),
  ];
  assert.deepEqual(words(0), [0, 7, 0, 0, 0, 0]);
  assert.deepEqual(words(1), [0, 0, 0, 0, 0, 0]);
  assert.deepEqual(words(0, { ...lie, across: { axis: 0, reversed: true } }), [7, 0, 0, 0, 0, 0]);
});

test('three views are shown of scans that know the patient, are deep enough and have room, or as a person said', () => {
  const wide = { ...initial, roomy: true };
  assert.ok(space.threeViews(scan(), wide));
  assert.ok(!space.threeViews(scan(), initial));
  assert.ok(!space.threeViews(scan({ geometry: null }), wide));
  assert.ok(!space.threeViews(scan({ planes: { channels: [''], slices: 7, depths: 7, times: 1 } }), wide));
  assert.ok(!space.threeViews(scan({ planes: { channels: [''], slices: 1, depths: 1, times: 1 } }), wide));
  const asked = { ...wide, views: { patient: false, other: true } };
  assert.ok(!space.threeViews(scan(), asked));
  assert.ok(space.threeViews(scan({ geometry: null }), asked));
});

test('left and right change places only where columns run between them', () => {
  const neurological = { ...initial, radiological: false };
  assert.ok(!space.mirrored(scan(), initial));
  assert.ok(space.mirrored(scan(), neurological));
  assert.deepEqual(space.lettersOf(scan(), neurological), { left: 'L', right: 'R', top: 'A', bottom: 'P' });
  const sagittal = scan({
    geometry: {
      letters: [
        ['A', 'P'],
        ['S', 'I'],
        ['L', 'R'],
      ],
      tilt: 0,
    },
  });
  assert.ok(!space.mirrored(sagittal, neurological));
  assert.equal(space.lettersOf(scan({ geometry: null }), initial), null);
  assert.deepEqual(
    [0, 1, 2].map((axis) => space.planeName(scan(), axis)),
    ['sagittal', 'coronal', 'axial'],
  );
  assert.deepEqual(
    [0, 1, 2].map((axis) => space.planeName(sagittal, axis)),
    ['coronal', 'axial', 'sagittal'],
  );
});

test('a slab is as thick as asked along each axis, and single slices are shown as they are', () => {
  const thick = { ...initial, slab: 10 };
  assert.deepEqual(
    [0, 1, 2].map((axis) => space.either(scan(), axis, 10)),
    [6, 5, 3],
  );
  assert.equal(space.lookOf(scan(), initial), undefined);
  assert.deepEqual(space.lookOf(scan(), thick), { inverted: false, slab: 3, projection: 'maximum' });
  assert.equal(space.lookOf(scan({ channels: 3 }), { ...initial, inverted: true }), undefined);
  // Without distances, and of a microscope, it is counted in slices.
  assert.equal(space.either(scan({ spacing: null }), 2, 4), 2);
  assert.equal(space.either(scan({ spacing: { x: 0.0001, y: 0.0001, z: 0.001 } }), 2, 4), 2);
  assert.ok(space.projected(scan(), thick));
  assert.ok(!space.projected(scan(), { ...initial, slab: 1 }), 'thinner than a slice');
});

test('what is asked of a small view follows the crosshair, not the depth of the slice', () => {
  const looks = { window: { center: 1, width: 2 }, windowByHand: true, mix: null };
  const item = { id: 1, scan: scan(), slice: 3, ...looks };
  const crossed = { ...initial, crosses: { 1: { x: 2, y: 4 } } };
  assert.deepEqual(space.voxelOf(item, initial), [3, 2, 3]);
  assert.equal(space.requestOf(item, 0, crossed).index, 2);
  assert.deepEqual(space.requestOf(item, 1, crossed), space.requestOf({ ...item, slice: 7 }, 1, crossed));
  // Of several channels and times, the ones that are shown.
  const planes = { channels: ['a', 'b'], slices: 6, depths: 3, times: 2 };
  const many = { ...item, scan: scan({ planes, slices: 12 }), slice: 11 };
  assert.equal(space.requestOf(many, 1, crossed).slice, 7);
  assert.deepEqual(space.voxelOf(many, crossed), [2, 4, 2]);
});

test('lengths and angles are those of the patient, where pixels are not square, too', () => {
  const spacing = { x: 1.5, y: 2 };
  assert.equal(lengthOf({ x: 0, y: 0 }, { x: 2, y: 2 }, spacing), 5);
  const at = (/** @type {number} */ x, /** @type {number} */ y) => ({ x, y });
  assert.ok(Math.abs(angleOf([at(1, 0), at(0, 0), at(0, 7)], spacing) - 90) < 1e-9);
  assert.ok(Math.abs(angleOf([at(4, 0), at(0, 0), at(4, 3)], spacing) - 45) < 1e-9);
  assert.ok(Math.abs(angleOf([at(-1, -0.001), at(0, 0), at(-1, 0.001)], { x: 1, y: 1 }) - 0.1146) < 1e-3);
  const ruler = { kind: /** @type {const} */ ('ruler'), points: [at(0, 0), at(10, 0)] };
  assert.equal(wordsOf(ruler, { x: 0.7, y: 0.7 }), '7.0 mm');
  assert.equal(wordsOf(ruler, { x: 0.00065, y: 0.00065 }), '6.5 µm');
  assert.equal(wordsOf(ruler, null), '10.0 px');
  assert.equal(wordsOf({ kind: 'angle', points: [at(1, 0), at(0, 0), at(0, 1)] }, null), '90.0°');
});

test('a notch of a mouse is a slice, and the fine movements of a touchpad add up', () => {
  const turns = new Turns();
  const wheel = (/** @type {number} */ deltaY, deltaMode = 0) => turns.steps({ deltaY, deltaMode });
  assert.deepEqual([wheel(100), wheel(-120), wheel(3, 1), wheel(360)], [1, -1, 1, 4]);
  assert.deepEqual(
    [10, 10, 10, 10, 10].map((turn) => wheel(turn)),
    [0, 0, 1, 0, 1],
  );
  assert.deepEqual([wheel(-20), wheel(-20)], [0, -1]);
});

test('a mirrored canvas is turned over and nothing else', () => {
  const size = { width: 100, height: 50 };
  const view = { scale: 2, x: 7, y: 9 };
  assert.deepEqual(turned({ x: 30, y: 4 }, size, true), { x: 70, y: 4 });
  assert.deepEqual(turned(turned({ x: 30, y: 4 }, size, true), size, true), { x: 30, y: 4 });
  assert.deepEqual(turned({ x: 30, y: 4 }, size, false), { x: 30, y: 4 });
  assert.deepEqual(inImage(view, onCanvas(view, { x: 3.25, y: 8 })), { x: 3.25, y: 8 });
});

test('a film goes through depths at one time, or through times at one depth, and begins again', () => {
  const planes = { channels: ['a'], slices: 6, depths: 3, times: 2 };
  const both = scan({ planes });
  assert.deepEqual(
    [0, 1, 2, 5].map((at) => after(both, at, 'depths')),
    [1, 2, 0, 3],
  );
  assert.deepEqual(
    [0, 1, 4].map((at) => after(both, at, 'times')),
    [3, 4, 1],
  );
  assert.equal(after(scan(), 9, 'times'), 0);
  assert.deepEqual(
    [1, -5, 3, -3].map((move) => stepOf(both, move)),
    [1, -1, 3, -3],
  );
  const dyes = scan({ planes: { ...planes, channels: ['a', 'b'] } });
  assert.deepEqual(
    [2, -4, 6, 1].map((move) => stepOf(dyes, move)),
    [2, -2, 6, 0],
  );
});

test('only what makes sense is remembered', () => {
  assert.deepEqual(remembered(null), {});
  assert.deepEqual(remembered('nonsense'), {});
  assert.deepEqual(remembered('{"views":{"patient":false,"other":7},"radiological":false,"rate":900}'), {
    views: { patient: false, other: null },
    radiological: false,
    rate: 30,
  });
});
