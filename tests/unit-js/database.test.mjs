/** What is kept in a database of the browser, where there is no private file system, is as whole as in files. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { database } from '../../www/keep/database.js';
import { Shelf } from '../../www/keep/shelf.js';
import { databases } from './fake-database.mjs';
import { bytes, text } from './fake-keeping.mjs';

test('what is put can be read, replaced, listed and removed', async () => {
  const { factory } = databases();
  const shelf = new Shelf(await database('kept', factory));
  await shelf.put('a', bytes('one'));
  await shelf.put('a-b', bytes('other'));
  await shelf.put('a', bytes('two'));
  assert.equal(text(await shelf.get('a')), 'two');
  const sizes = Object.fromEntries((await shelf.list()).map(({ name, bytes }) => [name, bytes]));
  assert.deepEqual(sizes, { a: 3 + 12, 'a-b': 5 + 12 });
  await shelf.remove('a');
  assert.equal(await shelf.get('a'), null);
  assert.equal(text(await shelf.get('a-b')), 'other');
  await shelf.clear();
  assert.deepEqual(await shelf.list(), []);
});

test('a file that is larger than a piece comes back whole, and takes no more room than it has bytes', async () => {
  const large = new Uint8Array((1 << 23) * 2 + 5).map((_, i) => i * 7);
  const { factory } = databases({ room: large.length + 12 });
  const shelf = new Shelf(await database('kept', factory));
  await shelf.put('file-1', large);
  assert.equal(Buffer.compare(/** @type {Uint8Array} */ (await shelf.get('file-1')), large), 0);
});

test('a tab that is closed between two pieces leaves what was there before', async () => {
  const disk = databases();
  const folder = await database('kept', disk.factory);
  await new Shelf(folder).put('labels-1', bytes('first'));
  let pieces = 0;
  const cut = new Shelf({
    ...folder,
    async write(name, parts) {
      await folder.write(
        name,
        (async function* () {
          for await (const part of parts) {
            if (pieces++ > 0) await new Promise(() => {});
            yield part;
          }
        })(),
      );
    },
  });
  void cut.put('labels-1', bytes('second'));
  await new Promise((wait) => setTimeout(wait, 30));
  disk.leave('kept');
  const later = new Shelf(await database('kept', disk.factory));
  assert.equal(text(await later.get('labels-1')), 'first');
  await later.put('labels-1', bytes('third'));
  assert.equal(text(await later.get('labels-1')), 'third');
  assert.equal((await later.list()).length, 1);
});

test('without room nothing that was there is lost', async () => {
  const { factory } = databases({ room: 60 });
  const shelf = new Shelf(await database('kept', factory));
  await shelf.put('x', bytes('old'));
  await assert.rejects(shelf.put('x', new Uint8Array(80)), { name: 'QuotaExceededError' });
  assert.equal(text(await shelf.get('x')), 'old');
  assert.equal((await shelf.list()).length, 1);
});

test('one tab has it at a time; when that has gone, another one finds what was kept', async () => {
  const disk = databases();
  await new Shelf(await database('kept', disk.factory)).put('x', bytes('mine'));
  await assert.rejects(database('kept', disk.factory), { name: 'ElsewhereError' });
  disk.leave('kept');
  // The one that came too soon does not take it later.
  const next = new Shelf(await database('kept', disk.factory));
  assert.equal(text(await next.get('x')), 'mine');
});

test('of two tabs that begin at the same time one has it', async () => {
  const disk = databases();
  const both = await Promise.allSettled([database('kept', disk.factory), database('kept', disk.factory)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
});

test('a tab that is loaded again waits for its former self to go', async () => {
  const disk = databases();
  await database('kept', disk.factory);
  setTimeout(() => disk.leave('kept'), 100);
  await database('kept', disk.factory);
});
