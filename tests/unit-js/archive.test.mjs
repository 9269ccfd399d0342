/** Archives of several files are opened as the folder that they are. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { entriesOf, expanded } from '../../www/session/archive.js';
import { pathOf } from '../../www/session/dropped.js';
import { zip } from '../e2e/support/zip.mjs';

const files = [
  { name: 'scan/', bytes: Buffer.from('') },
  { name: 'scan/IM1', bytes: Buffer.from('one') },
  { name: 'scan/IM2', bytes: Buffer.from('two '.repeat(90)), packed: true },
  { name: '__MACOSX/scan/._IM1', bytes: Buffer.from('x') },
  { name: 'scan/.DS_Store', bytes: Buffer.from('x') },
];

test('the files of an archive come with their paths, unpacked, without what systems put beside them', async () => {
  const archive = new File([zip(files, 'a comment')], 'scan.zip');
  const found = await expanded([new File(['p'], 'a.png'), archive]);
  assert.deepEqual(
    found.map(({ name }) => name),
    ['a.png', 'IM1', 'IM2'],
  );
  assert.deepEqual(found.slice(1).map(pathOf), ['scan/IM1', 'scan/IM2']);
  assert.deepEqual(await Promise.all(found.slice(1).map((file) => file.text())), ['one', 'two '.repeat(90)]);
});

test('an archive of one file, of labels, and what is none stay as they are', async () => {
  const one = new File([zip([{ name: 'a.nii', bytes: Buffer.from('x') }])], 'a.zip');
  const labels = new File(
    [
      zip([
        { name: 'a.png', bytes: Buffer.from('x') },
        { name: 'classes.json', bytes: Buffer.from('{}') },
      ]),
    ],
    'labels.zip',
  );
  const none = new File(['no archive'], 'none.zip');
  assert.deepEqual(await expanded([one, labels, none]), [one, labels, none]);
});

test('an archive that is cut off is no folder, whatever is left of it', async () => {
  const bytes = zip(files);
  for (let length = 0; length < bytes.length; length++)
    await assert.rejects(entriesOf(new Blob([bytes.subarray(0, length)])), (error) => error instanceof Error);
});
