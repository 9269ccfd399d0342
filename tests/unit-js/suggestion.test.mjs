import assert from 'node:assert/strict';
import test from 'node:test';
import { looks, suggest } from '../../www/pictures/suggestion.js';

const SIDE = 64;
/** @typedef {(x: number, y: number) => number} Grey */

/** @param {(x: number, y: number) => number[]} value */
const drawn = (value) => {
  const rgba = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let y = 0, at = 0; y < SIDE; y++) for (let x = 0; x < SIDE; x++, at += 4) rgba.set([...value(x, y), 255], at);
  return rgba;
};
const grey = (/** @type {Grey} */ value) => drawn((x, y) => Array(3).fill(value(x, y)));
const disc = (/** @type {number} */ x, /** @type {number} */ y) => Math.hypot(x - 32, y - 32) < 12;
/** @param {Uint8ClampedArray} rgba @param {string | null} [modality] */
const chosen = (rgba, modality = null) => suggest(rgba, SIDE, SIDE, { modality });

test('bright discs on black are taken for fluorescence', () => {
  assert.deepEqual(chosen(grey((x, y) => (disc(x, y) ? 220 : 8))), {
    id: 'nuclei',
    other: 'em-membrane',
    reason: 'dark',
    modality: null,
  });
});

test('dark discs on white are taken for bright field', () => {
  assert.equal(chosen(grey((x, y) => (disc(x, y) ? 60 : 230))).reason, 'bright');
});

test('colour is taken for stained tissue, whatever its texture', () => {
  assert.equal(chosen(drawn((x, y) => (((x >> 2) + (y >> 2)) % 2 ? [230, 120, 200] : [60, 30, 120]))).reason, 'colour');
});

test('orange is taken for the retina, on a black ground or not', () => {
  const fundus = drawn((x, y) => (Math.hypot(x - 32, y - 32) < 28 ? [200, 90, 25] : [2, 1, 1]));
  assert.deepEqual(chosen(fundus), { id: 'retina-vessels', other: 'nuclei', reason: 'orange', modality: null });
  assert.equal(chosen(drawn(() => [180, 70, 20])).id, 'retina-vessels');
});

test('cells brighter and darker than a medium grey ground are taken for phase contrast', () => {
  const cells = grey((x, y) => (disc(x, y) ? 40 : Math.hypot(x - 32, y - 32) < 14 ? 250 : 120));
  assert.deepEqual(chosen(cells), { id: 'cells-phase', other: 'nuclei', reason: 'middle', modality: null });
});

test('edges everywhere are taken for electron microscopy', () => {
  assert.deepEqual(chosen(grey((x, y) => 128 + 90 * Math.sin(x / 2.4) * Math.cos(y / 2.9))).id, 'em-membrane');
});

test('a radiology image is not passed off as something a model was made for', () => {
  assert.deepEqual(
    chosen(
      grey((x, y) => (disc(x, y) ? 220 : 8)),
      'CT',
    ),
    { id: null, other: 'nuclei', reason: 'modality', modality: 'CT' },
  );
});
test('of ultrasound the model of fetal heads is offered, and not run unasked', () => {
  const found = suggest(new Uint8ClampedArray(4 * SIDE * SIDE), SIDE, SIDE, { modality: 'US' });
  assert.deepEqual(found, { id: null, other: 'fetal-head', reason: 'ultrasound', modality: 'US' });
});

test('a NIfTI volume of a body scanner is not taken for microscopy, and one of a microscope is', () => {
  const edges = grey((x, y) => 128 + 90 * Math.sin(x / 2.4) * Math.cos(y / 2.9));
  assert.equal(suggest(edges, SIDE, SIDE, { format: 'NIfTI', spacing: { x: 2 } }).reason, 'coarse');
  assert.equal(suggest(edges, SIDE, SIDE, { format: 'NIfTI', spacing: { x: 0.0004 } }).reason, 'texture');
  assert.equal(suggest(edges, SIDE, SIDE, { format: 'PNG', spacing: { x: 0.35 } }).reason, 'texture');
});

test('images that are flat, or smaller than the neighbourhood, do not fail', () => {
  assert.equal(suggest(new Uint8ClampedArray(4).fill(255), 1, 1, {}).id, 'nuclei');
  assert.deepEqual(
    looks(
      grey(() => 7),
      SIDE,
      SIDE,
    ).edges,
    0,
  );
});
