/** Folders of Zarr are known by the names of their files. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { expanded } from '../../www/session/archive.js';
import { filesIn, pathOf, place } from '../../www/session/dropped.js';
import { bundle, pathIn, unbundled } from '../../www/wire/bundle.js';
import { chunksAmong, describesZarr, isHidden } from '../../www/wire/zarr.js';
import { zip } from '../e2e/support/zip.mjs';

test('what describes a folder is not hidden, whatever its name begins with', () => {
  for (const name of ['.zattrs', 'a/.zarray', 'a.zarr/.zgroup', 'a/zarr.json'])
    assert.deepEqual([describesZarr(name), isHidden(name)], [true, false], name);
  for (const name of ['.DS_Store', 'a/.git/.zattrs', '.zattrs/x', '.zmetadata']) assert.ok(isHidden(name), name);
  assert.ok(!describesZarr('a/my.zattrs') && !describesZarr('zarr.json.txt'));
});

test('chunks are those that lie below what describes a folder', () => {
  const names = ['/in/a.zarr/.zattrs', '/in/a.zarr/0/0.0', '/in/a.zarr/labels/x/1/2', '/in/b.dcm', '/in/a.zarr.txt'];
  assert.deepEqual(chunksAmong(names), [false, true, true, false, false]);
  assert.deepEqual(chunksAmong(['a', 'b/c']), [false, false]);
  assert.deepEqual(chunksAmong(['zarr.json', 'c/0/0', 'x']), [false, true, true]);
});

test('a folder that is chosen keeps its hidden descriptions and no other hidden file', () => {
  const files = ['a.zarr/.zattrs', 'a.zarr/.DS_Store', 'a.zarr/0/0'].map((path) =>
    place(new File(['x'], path.slice(path.lastIndexOf('/') + 1)), path),
  );
  assert.deepEqual(filesIn(files).map(pathOf).sort(), ['a.zarr/.zattrs', 'a.zarr/0/0']);
});

test('an archive of Zarr without a folder is laid in one of its own name', async () => {
  const inside = [
    { name: '.zattrs', bytes: Buffer.from('{}') },
    { name: '0/0.0', bytes: Buffer.from('x') },
  ];
  const found = await expanded([new File([zip(inside)], 'cells.zip')]);
  assert.deepEqual(found.map(pathOf), ['cells/.zattrs', 'cells/0/0.0']);
});

test('a bundle keeps where its files lay', async () => {
  const files = [place(new File(['a'], '0'), '/a.zarr/0'), new File(['bc'], 'x')];
  const parts = await unbundled(bundle('a.zarr', files, pathOf));
  assert.deepEqual(parts?.map(pathIn), ['/a.zarr/0', 'x']);
  assert.deepEqual(
    parts?.map(({ name, size }) => [name, size]),
    [
      ['0', 1],
      ['x', 2],
    ],
  );
});
