/** Masks of all slices as files, and archives that hold them. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { archive, single } from '../../www/session/destinations.js';
import { unzipped } from '../../www/session/archive.js';
import { Gathered, volumesFor } from '../../www/session/volume-files.js';
import { added, zipped } from '../../www/session/zipped.js';

const scan = (/** @type {string} */ format, /** @type {number} */ depths) =>
  /** @type {any} */ ({ format, planes: { depths } });

test('all kinds of volumes are offered of several depths, those for an archive also of one DICOM image, and none of a photograph', () => {
  assert.equal(volumesFor([scan('TIFF', 5)]).length, 7);
  assert.deepEqual(volumesFor([scan('DICOM', 1), scan('PNG', 1), null]), ['seg', 'rtstruct', 'probability-seg']);
  assert.deepEqual(volumesFor([scan('PNG', 1), undefined]), []);
  assert.deepEqual(volumesFor([{ ...scan('TIFF', 1), slices: 20 }]), ['ome-tiff'], 'of times alone a stack');
});

test('only slices with something on them are gathered, and a hand in one of them is told', async () => {
  const gathered = new Gathered();
  const result = (/** @type {number} */ slice, /** @type {number[]} */ labels) =>
    /** @type {any} */ ({ slice, labels: Uint8Array.from(labels), classes: [{ name: 'cell', colour: '#fff' }] });
  /** @type {any[]} */
  const asked = [];
  const results = {
    volume: async (/** @type {any[]} */ ...given) => (asked.push(structuredClone(given)), new Blob([])),
  };
  gathered.add(result(0, [0, 0]), false);
  gathered.add(result(1, [0, 1]), false);
  await gathered.file(results, scan('DICOM', 2), 'seg', 'Cells');
  gathered.add(result(2, [1, 0]), true);
  await gathered.file(results, scan('DICOM', 2), 'seg', 'Cells');
  assert.deepEqual(
    asked.map(([, , , pages, made]) => [pages.map((/** @type {any} */ page) => page.slice), made.by]),
    [
      [[1], 'automatic'],
      [[1, 2], 'semiautomatic'],
    ],
  );
  const made = { by: 'automatic', model: 'Cells', description: 'Cells', codes: [], pseudonym: '' };
  assert.deepEqual(asked[0][4], made);
  await gathered.file(results, scan('DICOM', 2), 'seg', 'Cells', [], 'image-1');
  assert.equal(asked[2][4].pseudonym, 'image-1');
});

test('probabilities are gathered in steps of 1/255 where there are any, as the model gave them, up to what a page can hold', async () => {
  const gathered = new Gathered(3);
  const result = (/** @type {number} */ slice, /** @type {Float32Array} */ probability) =>
    /** @type {any} */ ({ slice, probability, labels: new Uint8Array(2), classes: [{ name: 'cell', colour: '#fff' }] });
  /** @type {any[]} */
  const asked = [];
  const results = {
    volume: async (/** @type {any[]} */ ...given) => (asked.push(structuredClone(given)), new Blob([])),
  };
  gathered.add(result(0, Float32Array.of(0, 0.001)), false);
  gathered.add(result(1, Float32Array.of(0.5, 1)), true);
  await gathered.file(results, scan('DICOM', 2), 'probability-seg', 'Cells', ['cell']);
  await gathered.file(results, scan('DICOM', 2), 'seg', 'Cells', ['cell']);
  const [chances, labels] = asked;
  assert.deepEqual(chances[3], [{ slice: 1, values: Uint8Array.of(128, 255) }]);
  assert.deepEqual(
    [chances[4].by, chances[4].codes, labels[3], labels[4].by],
    ['automatic', ['cell'], [], 'semiautomatic'],
  );
  gathered.add(result(2, Float32Array.of(1, 1)), false);
  await assert.rejects(gathered.file(results, scan('DICOM', 2), 'probability-nifti', 'Cells'), {
    code: 'save.chances',
  });
  await gathered.file(results, scan('DICOM', 2), 'nifti', 'Cells');
});

/** @param {Blob} blob */
const texts = async (blob) =>
  Promise.all((await unzipped(blob)).map(async ({ name, file }) => `${name}: ${await file.text()}`));

test('files are put into an archive behind those that are there, once more too, and also into one without any', async () => {
  const first = await zipped([], null, [await added('a.txt', new Blob(['first']))]);
  assert.deepEqual(await texts(first), ['a.txt: first']);
  const parts = [first.slice(0, 20), first.slice(20)];
  const second = await zipped(parts.slice(0, 1), parts[1], [
    await added('ä/b.txt', new Blob(['second'])),
    await added('c.txt', new Blob([])),
  ]);
  assert.deepEqual(await texts(second), ['a.txt: first', 'ä/b.txt: second', 'c.txt: ']);
});

test('an archive of files of all slices alone asks the engine for none, and one file needs no archive', async () => {
  const results = /** @type {any} */ ({ begin: () => assert.fail(), end: () => assert.fail() });
  const all = await archive(results, ['nifti', 'seg']);
  await all.put('a.nii.gz', new Blob(['x']));
  assert.deepEqual([all.kinds, all.volumes], [[], ['nifti', 'seg']]);
  assert.deepEqual(await texts(/** @type {Blob} */ (await all.end())), ['a.nii.gz: x']);
  const one = single('seg');
  assert.deepEqual([await one.end(), one.name()], [null, null]);
  await one.put('a.seg.dcm', new Blob(['y']));
  assert.deepEqual([await (await one.end())?.text(), one.name()], ['y', 'a.seg.dcm']);
});
