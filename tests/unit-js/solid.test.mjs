/** Work on all slices of a volume: what is taken over of masks, and in what volumes are told. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { unsure } from '../../www/session/labelling/sources.js';
import { volumeUnit } from '../../www/session/volume/space.js';

test('of a mask only what is as sure as wanted is taken over, of the background what all classes leave', () => {
  const given = {
    labels: Uint8Array.from([0, 0, 1, 2, 255]),
    probability: Float32Array.from([0.1, 0.3, 0.6, 0.2, 0.9, 0.1, 0.3, 0.3, 0.75, 0]),
    classes: 2,
  };
  assert.equal(unsure(given, 0), given.labels);
  assert.deepEqual([...unsure(given, 0.7)], [0, 255, 255, 2, 255]);
});

test('volumes are in ml in a patient, in mm³ elsewhere, and in voxels of a microscope or where the file gives no distances', () => {
  const scan = (/** @type {object | null} */ spacing, /** @type {object | null} */ geometry = null) =>
    /** @type {any} */ ({ spacing, geometry });
  assert.equal(volumeUnit(scan({ x: 0.7, y: 0.7, z: 3 }, {})), 'ml');
  assert.equal(volumeUnit(scan({ x: 0.7, y: 0.7, z: 3 })), 'mm3');
  assert.equal(volumeUnit(scan({ x: 0.0002, y: 0.0002, z: 0.001 })), 'voxels');
  assert.equal(volumeUnit(scan({ x: 0.7, y: 0.7, z: null }, {})), 'voxels');
  assert.equal(volumeUnit(scan(null)), 'voxels');
});
