/** Which files are models. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { mayBelong, sorted } from '../../www/session/model-files.js';

const file = (/** @type {string} */ name, /** @type {BlobPart} */ content = '') => new File([content], name);
const names = (/** @type {File[]} */ files) => files.map(({ name }) => name);
const none = async () => /** @type {string[]} */ ([]);

test('a ZIP of the folder of a StarDist model is a model, and another archive is an image', async () => {
  const bytes = await readFile(new URL('../reference/stardist/folder.zip', import.meta.url));
  const files = [
    file('fluo.zip', new Uint8Array(bytes)),
    file('cells.ZIP', 'PK cells.tif'),
    file('a.png'),
    file('net.h5'),
  ];
  assert(mayBelong(files.slice(0, 1)) && !mayBelong(files.slice(2)));
  const { models, rest } = await sorted(files, none);
  assert.deepEqual(models.map(names), [['fluo.zip'], ['net.h5']]);
  assert.deepEqual(names(rest), ['cells.ZIP', 'a.png']);
});

test('an ONNX file takes the file with its weights along', async () => {
  const files = [file('a.onnx'), file('a.onnx.data'), file('b.png')];
  const { models, rest } = await sorted(files, async () => ['a.onnx.data']);
  assert.deepEqual(models.map(names), [['a.onnx', 'a.onnx.data']]);
  assert.deepEqual(names(rest), ['b.png']);
});
