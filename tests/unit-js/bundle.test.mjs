/** Several files as one. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { bundle, unbundled } from '../../www/wire/bundle.js';
import { there } from './there.mjs';

const files = () => [
  new File(['first'], 'IM 1.dcm', { lastModified: 5 }),
  new File([], 'empty', { lastModified: 1 }),
  new File([Uint8Array.of(0, 255, 13, 10)], 'Aufnahme größer.dcm', { lastModified: 9 }),
];
/** @param {Blob} file */
const bytes = async (file) => [...new Uint8Array(await file.arrayBuffer())];

test('what was put together comes apart again: names, order and every byte', async () => {
  const one = bundle('T2 FLAIR', files());
  assert.deepEqual([one.name, one.lastModified], ['T2 FLAIR', 9]);
  const parts = there(await unbundled(one));
  assert.deepEqual(
    parts.map(({ name }) => name),
    files().map(({ name }) => name),
  );
  assert.deepEqual(await Promise.all(parts.map(bytes)), await Promise.all(files().map(bytes)));
});

test('it is the same after its bytes were stored and read', async () => {
  const stored = new Uint8Array(await bundle('T2', files()).arrayBuffer());
  const parts = there(await unbundled(new File([stored], 'T2')));
  assert.equal(await parts[0].text(), 'first');
});

test('a part of a bundle can be bundled again', async () => {
  const parts = there(await unbundled(bundle('T2', files())));
  const again = there(await unbundled(bundle('less', [parts[2]])));
  assert.deepEqual(await bytes(again[0]), [0, 255, 13, 10]);
});

test('other files are none, however short', async () => {
  for (const content of ['', 'i', 'insitu files', 'a file with more than enough bytes for the start of one'])
    assert.equal(await unbundled(new Blob([content])), null);
});

test('one that was cut off anywhere says so instead of showing fewer slices', async () => {
  const whole = bundle('T2', files());
  const start = 20;
  for (let size = start; size < whole.size; size++)
    await assert.rejects(unbundled(whole.slice(0, size)), { code: 'bundle.cut' }, `${size} bytes`);
  await assert.rejects(unbundled(new Blob([whole, 'more'])), { code: 'bundle.cut' });
});
