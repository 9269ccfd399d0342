/** What is kept in the browser is whole after every failure. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { checksum, Shelf } from '../../www/keep/shelf.js';
import { bytes, folder, text } from './fake-keeping.mjs';
import { there } from './there.mjs';

test('the checksum is that of PNG', () => {
  assert.equal(checksum(bytes('123456789')), 0xcbf43926);
});

test('what is put can be read, replaced, listed and removed', async () => {
  const shelf = new Shelf(folder());
  await shelf.put('a', bytes('one'));
  await shelf.put('a-b', bytes('other'));
  await shelf.put('a', bytes('two'));
  assert.equal(text(await shelf.get('a')), 'two');
  assert.deepEqual((await shelf.list()).map(({ name }) => name).sort(), ['a', 'a-b']);
  await shelf.remove('a');
  assert.equal(await shelf.get('a'), null);
  assert.equal(text(await shelf.get('a-b')), 'other');
  await shelf.clear();
  assert.deepEqual(await shelf.list(), []);
  await assert.rejects(shelf.put('../a', bytes('')), TypeError);
});

test('a tab that is closed at any byte of a write leaves what was there before', async () => {
  const length = bytes('a longer second content').length + 12;
  for (let cut = 0; cut < length; cut++) {
    const disk = folder();
    await new Shelf(disk).put('labels-1', bytes('first'));
    disk.cutAt = cut;
    void new Shelf(disk).put('labels-1', bytes('a longer second content'));
    await new Promise((wait) => setImmediate(wait));
    disk.cutAt = null;
    const later = new Shelf(disk);
    assert.equal(text(await later.get('labels-1')), 'first', `cut at ${cut}`);
    await later.put('labels-1', bytes('third'));
    assert.equal(text(await later.get('labels-1')), 'third');
    assert.equal(disk.files.size, 1);
  }
});

test('where the removal of the old writing was cut off, the new one counts, and a flipped bit gives the old one', async () => {
  const disk = folder();
  const shelf = new Shelf(disk);
  await shelf.put('x', bytes('old'));
  const [old] = [...disk.files];
  await shelf.put('x', bytes('new'));
  disk.files.set(...old);
  assert.equal(text(await shelf.get('x')), 'new');
  there(disk.files.get('x~2'))[1] ^= 4;
  assert.equal(text(await shelf.get('x')), 'old');
});

test('without room nothing that was there is lost', async () => {
  const disk = folder({ room: 60 });
  const shelf = new Shelf(disk);
  await shelf.put('x', bytes('old'));
  await assert.rejects(shelf.put('x', new Uint8Array(80)), { name: 'QuotaExceededError' });
  assert.equal(text(await shelf.get('x')), 'old');
  assert.equal(disk.files.size, 1);
});

test('a file is stored piece by piece, and is whole; one that cannot be read leaves nothing behind', async () => {
  const disk = folder();
  const shelf = new Shelf(disk);
  await shelf.put('file-1', new Blob(['a file ', 'of two parts']));
  assert.equal(text(await shelf.get('file-1')), 'a file of two parts');
  await shelf.put('file-2', new Blob([]));
  assert.equal(text(await shelf.get('file-2')), '');
  assert.equal(checksum(bytes('6789'), checksum(bytes('12345'))), checksum(bytes('123456789')));
  const gone = new Blob(['x']);
  gone.slice = () => {
    throw new DOMException('gone', 'NotReadableError');
  };
  await assert.rejects(shelf.put('file-3', gone), { name: 'UnreadableError' });
  assert.deepEqual([...disk.files.keys()].sort(), ['file-1~1', 'file-2~1']);
});
