import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { KINDS, WEIGHTS } from '../../www/pictures/kinds-weights.js';
import { looks } from '../../www/pictures/looks.js';
import { likelihoods, suggest } from '../../www/pictures/suggestion.js';
import { discs } from '../e2e/support/images.mjs';
import { pixels } from './pixels.mjs';

const root = new URL('../../', import.meta.url);
/** @typedef {{ rgba: Uint8ClampedArray, width: number, height: number }} Drawn */
/** @typedef {(x: number, y: number) => number[]} Colour */

/** @param {number} side @param {Colour} colour @returns {Drawn} */
const drawn = (side, colour) => {
  const rgba = new Uint8ClampedArray(side * side * 4);
  for (let y = 0, at = 0; y < side; y++)
    for (let x = 0; x < side; x++, at += 4) {
      const [red, green, blue] = colour(x, y);
      rgba[at] = red;
      rgba[at + 1] = green;
      rgba[at + 2] = blue;
      rgba[at + 3] = 255;
    }
  return { rgba, width: side, height: side };
};
/** Bright discs on a dark ground. @param {number} side */
const bright = (side) => {
  const grey = discs(side, side);
  return drawn(side, (x, y) => {
    const v = grey[y * side + x];
    return [v, v, v];
  });
};
const example = (/** @type {string} */ kind) =>
  pixels(readFileSync(new URL(`tests/reference/models/${kind}/images/drawn.png`, root)));
const sample = (/** @type {string} */ name) => pixels(readFileSync(new URL(`www/samples/${name}.png`, root)));

/** @param {Drawn} image @param {import('../../www/pictures/suggestion.js').Facts} [facts] @param {string[]} [known] */
const suggested = ({ rgba, width, height }, facts = {}, known = KINDS) => suggest(rgba, width, height, facts, known);

test('an image of each kind gets the model of that kind', () => {
  for (const kind of KINDS) {
    const modality = ['brain-mr', 'left-ventricle'].includes(kind) ? 'MR' : null;
    const { id, reason } = suggested(example(kind), { modality });
    assert.deepEqual([id, reason], [kind, 'looks']);
  }
});

test('the samples of the page, and discs of any size, get their model', () => {
  for (const [name, kind] of [
    ['nuclei-fluorescence', 'nuclei'],
    ['nuclei-stained', 'nuclei'],
    ['em-membranes', 'em-membrane'],
  ])
    assert.equal(suggested(sample(name)).id, kind);
  for (const side of [32, 48, 64, 96, 128, 192, 640]) assert.equal(suggested(bright(side)).id, 'nuclei', `${side}`);
});

test('what looks like a kind that no model is here for gets none, and is called by its name', () => {
  const known = ['nuclei', 'em-membrane'];
  const found = suggested(example('skin-lesion'), {}, known);
  assert.deepEqual(found, {
    id: null,
    kind: 'skin-lesion',
    others: [],
    other: 'nuclei',
    reason: 'without',
    modality: null,
  });
  assert.deepEqual(suggested(bright(96), {}, []), { ...found, kind: 'nuclei', other: '' });
});

test('a kind that is not here is never asked about, and never tried', () => {
  for (const known of [[], ['nuclei'], ['fetal-head', 'brain-mr']])
    for (const kind of ['nuclei', 'brain-mr', 'polyp'])
      for (const modality of [null, 'CT', 'MR']) {
        const { id, others, other } = suggested(example(kind), { modality }, known);
        assert.ok([id, ...others, other].every((one) => !one || known.includes(one)));
        assert.ok(id === null || others.length === 0, 'nobody is asked where it is sure');
      }
});

test('noise, a gradient, stripes and a flat image get no mask', () => {
  const random = () => 255 * Math.random();
  /** @type {Record<string, Drawn>} */
  const images = {
    noise: drawn(128, () => [random(), random(), random()]),
    gradient: drawn(128, (x, y) => Array(3).fill(x + y)),
    stripes: drawn(128, (x) => Array(3).fill(x % 16 < 8 ? 30 : 220)),
    flat: drawn(128, () => [7, 7, 7]),
  };
  for (const [name, image] of Object.entries(images)) assert.equal(suggested(image).id, null, name);
});

test('an image of a few pixels, which shows nothing, is told to fit no model', () => {
  const { id, others, reason } = suggested(drawn(1, () => [255, 255, 255]));
  assert.deepEqual([id, others, reason], [null, [], 'unlike']);
});

test('a modality that no model knows gets none, whatever the image looks like', () => {
  const found = suggested(bright(96), { modality: 'CT' });
  assert.deepEqual([found.id, found.reason, found.modality, found.other], [null, 'modality', 'CT', 'nuclei']);
});

test('ultrasound is a fetal head, or nothing that is known; the model can be tried', () => {
  assert.equal(suggested(example('fetal-head'), { modality: 'US' }).id, 'fetal-head');
  const found = suggested(bright(96), { modality: 'US' });
  assert.deepEqual([found.id, found.reason, found.other], [null, 'ultrasound', 'fetal-head']);
  assert.equal(suggested(example('nuclei'), { modality: 'US' }, ['nuclei']).reason, 'modality');
});

test('an MR is of the head or the heart by its looks, and a radiograph of the chest, or nothing', () => {
  for (const kind of ['brain-mr', 'left-ventricle'])
    assert.equal(suggested(example(kind), { modality: 'MR' }).id, kind);
  const found = suggested(bright(96), { modality: 'MR' });
  assert.deepEqual([found.id, found.reason], [null, 'unlike']);
  assert.equal(suggested(bright(96), { modality: 'MR' }, ['nuclei']).reason, 'modality');
  assert.equal(suggested(example('chest-lungs'), { modality: 'DX' }).id, 'chest-lungs');
  assert.equal(suggested(example('brain-mr'), { modality: 'CR' }).id, null);
});

test('a NIfTI volume of a body scanner is not taken for microscopy, and one of a microscope is', () => {
  const nifti = (/** @type {number} */ x) => ({ format: 'NIfTI-1', spacing: { x } });
  assert.equal(suggested(bright(96), nifti(2)).reason, 'unlike');
  assert.equal(suggested(bright(96), nifti(2), ['nuclei']).reason, 'coarse');
  assert.equal(suggested(bright(96), nifti(0.0004)).id, 'nuclei');
  assert.equal(suggested(bright(96), { format: 'PNG', spacing: { x: 0.35 } }).id, 'nuclei');
  assert.equal(suggested(example('brain-mr'), nifti(0.9)).id, 'brain-mr');
});

test('several channels of a microscope are taken for dyes, however few pixels they have', () => {
  const { id, reason } = suggested(
    drawn(8, (x) => Array(3).fill(x)),
    { planes: { channels: [{}, {}] } },
  );
  assert.deepEqual([id, reason], ['nuclei', 'channels']);
});

test('a film that is upside down is not marked unasked', () => {
  const { rgba, width, height } = example('chest-lungs');
  const turned = drawn(width, (x, y) => {
    const at = 4 * ((height - 1 - y) * width + (width - 1 - x));
    return [...rgba.subarray(at, at + 3)];
  });
  assert.equal(suggested(turned).id, null);
});

test('the weights are those of a network for these numbers and kinds', () => {
  const x = looks(new Uint8ClampedArray(4 * 32 * 32), 32, 32);
  const outs = KINDS.length + 1;
  assert.equal((WEIGHTS.length - 2 * x.length - outs) % (x.length + 1 + outs), 0);
  const sum = likelihoods(x).reduce((all, v) => all + v, 0);
  assert.ok(Math.abs(sum - 1) < 1e-9);
});

const data = new URL('../shared/data/clinical/', root);
test(
  'of real images nearly none gets a wrong model unasked, and most get theirs',
  { skip: existsSync(data) ? false : 'the images are not here' },
  () => {
    for (const kind of ['chest-lungs', 'fetal-head', 'skin-lesion', 'polyp']) {
      const names = readdirSync(new URL(`${kind}/images/`, data)).filter((_, i) => i % 20 === 0);
      const found = names.map((name) => suggested(pixels(readFileSync(new URL(`${kind}/images/${name}`, data)))).id);
      const right = found.filter((id) => id === kind).length;
      const wrong = found.filter((id) => id && id !== kind).length;
      assert.ok(right >= 0.8 * names.length, `${kind}: ${right} of ${names.length}`);
      assert.ok(wrong <= 1, `${kind}: ${wrong} wrong`);
    }
  },
);
