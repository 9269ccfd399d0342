/** All files one after the other: it rests when asked, tells how long it takes, and says at the end what was done. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { allowed, archive, folder, isOfFolder } from '../../www/session/destinations.js';
import { told } from '../../www/session/outcome.js';
import { Queue } from '../../www/session/queue.js';
import { unzipped } from '../../www/session/archive.js';

/** @typedef {import('../../www/session/queue.js').Progress} Progress */

const turn = () => new Promise((resolve) => setTimeout(resolve));

test('a pause lets what was begun end, takes no time, and more may come meanwhile', async () => {
  let now = 0;
  /** @type {Progress[]} */
  const heard = [];
  const last = () => /** @type {Progress} */ (heard.at(-1));
  const queue = new Queue(
    [1, 2, 3],
    (progress) => heard.push(progress),
    () => now,
  );
  /** @type {number[]} */
  const done = [];
  const over = queue.run(async (one) => {
    await turn();
    now += 1000;
    done.push(one);
    if (one === 1) queue.pause();
  });
  await turn();
  assert.equal(last().secondsLeft, null, 'nobody knows before the first is done');
  await turn();
  await turn();
  assert.deepEqual([done, last().paused, last().halted, last().done], [[1], true, true, 1]);
  now += 60_000;
  queue.add([4]);
  await turn();
  assert.deepEqual([done, last().total], [[1], 4]);
  queue.goOn();
  await turn();
  assert.deepEqual([last().halted, last().secondsLeft], [false, 3]);
  await over;
  assert.deepEqual(done, [1, 2, 3, 4]);
});

test('a cancel ends a pause and all that follows; what is thrown for another reason is passed on', async () => {
  const queue = new Queue([1, 2], () => {});
  /** @type {number[]} */
  const done = [];
  queue.pause();
  const over = queue.run(async (one) => void done.push(one));
  await turn();
  queue.cancel();
  await over;
  assert.deepEqual([done, queue.signal.aborted], [[], true]);
  await assert.rejects(
    new Queue([1], () => {}).run(async () => {
      throw new Error('broken');
    }),
    /broken/,
  );
});

test('of one with parts the time that is left goes by its parts', async () => {
  let now = 0;
  /** @type {import('../../www/session/queue.js').Progress[]} */
  const heard = [];
  const queue = new Queue(
    [1],
    (progress) => heard.push(progress),
    () => now,
  );
  await queue.run(async () => {
    queue.part(0, 4);
    now = 1000;
    queue.part(1, 4);
  });
  assert.deepEqual(
    heard.map(({ part, secondsLeft }) => [part?.done ?? null, secondsLeft]),
    [
      [null, null],
      [0, null],
      [1, 3],
    ],
  );
});

/** @type {import('../../www/session/outcome.js').Outcome} */
const good = {
  blob: null,
  total: 7,
  done: 7,
  troubles: [],
  folder: null,
  saved: false,
  ended: 'all',
  lost: null,
  before: 0,
  slices: null,
  name: null,
};

test('the end is told in one sentence, with what went wrong in a list', () => {
  assert.deepEqual(told(good), { text: '7 files are segmented.', list: [] });
  assert.equal(told({ ...good, saved: true }).text, '7 files are in the archive.');
  assert.equal(told({ ...good, saved: true, folder: 'out' }).text, 'The results of 7 files are in the folder “out”.');
  assert.equal(
    told({ ...good, done: 3, saved: true, folder: 'out', ended: 'stopped' }).text,
    'Stopped after 3 of 7 files. Their results are in the folder “out”.',
  );
  const slices = { done: 3, total: 6 };
  assert.equal(told({ ...good, total: 1, slices }).text, '6 slices are segmented.');
  assert.equal(told({ ...good, total: 1, slices, ended: 'stopped' }).text, 'Stopped after 3 of 6 slices.');
  assert.equal(told({ ...good, total: 1, saved: true, name: 'a.seg.dcm' }).text, 'a.seg.dcm saved');
  const troubles = Array.from({ length: 6 }, (_, i) => ({ name: `${i}.png`, message: 'It is broken.' }));
  const { text, list } = told({ ...good, done: 1, troubles });
  assert.match(text, /^1 of 7 files were done\. 0\.png: It is broken\..* 1 more could not be done\.$/);
  assert.equal(list.length, 6);
  assert.deepEqual(told({ ...good, done: 6, troubles: troubles.slice(0, 1) }).list, []);
});

/** A folder in memory, as browsers have it. @param {string} name @param {{ full?: () => boolean }} [options] */
function memory(name, { full = () => false } = {}) {
  /** @type {Map<string, any>} */
  const there = new Map();
  return {
    name,
    there,
    async *keys() {
      yield* there.keys();
    },
    async getDirectoryHandle(/** @type {string} */ inner) {
      there.set(inner, there.get(inner) ?? memory(inner, { full }));
      return there.get(inner);
    },
    getFileHandle: async (/** @type {string} */ file) => ({
      createWritable: async () => ({
        async write(/** @type {Blob} */ blob) {
          if (full()) throw new DOMException('full', 'QuotaExceededError');
          there.set(file, await blob.text());
        },
        async abort() {},
        async close() {},
      }),
    }),
  };
}

/** An archive of one file, as the engine packs it: sizes stand behind the file. @param {string} name @param {string} text */
function packed(name, text) {
  const data = deflateRawSync(text);
  const local = Buffer.alloc(30 + name.length);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  local.write(name, 30);
  const entry = Buffer.alloc(46 + name.length);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(data.length, 20);
  entry.writeUInt16LE(name.length, 28);
  entry.write(name, 46);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length + data.length + 16, 16);
  return new Blob([local, data, Buffer.alloc(16), entry, end]);
}

/** An engine that makes files of words. */
function fake() {
  /** @type {string[][]} */
  const begun = [];
  return {
    begun,
    begin: async (/** @type {string[]} */ kinds) => void begun.push(kinds),
    add: async (/** @type {string} */ stem) => new Blob([`${stem};`]),
    end: async () => packed('objects.csv', 'file,object\r\n'),
    file: async (/** @type {string} */ kind) => new Blob([`a ${kind}`]),
    ending: async (/** @type {string} */ kind) => (kind === 'mask' ? 'png' : kind),
  };
}
const result = /** @type {any} */ ({});

test('an archive grows part by part, and the table of all images comes out of what the engine packs', async () => {
  const whole = await archive(fake(), ['mask']);
  await whole.add('a', result);
  await whole.add('b', result);
  assert.match(await /** @type {Blob} */ (await whole.end()).text(), /^a;b;PK/);
  const [{ name, file }] = await unzipped(packed('objects.csv', 'file,object\r\n1,2\r\n'));
  assert.deepEqual([name, await file.text()], ['objects.csv', 'file,object\r\n1,2\r\n']);
});

test('a picked folder gets each file as it comes, and what is in it is never written over', async () => {
  const empty = memory('out');
  empty.there.set('.DS_Store', '');
  const engine = fake();
  const first = await folder(engine, ['mask', 'csv'], /** @type {any} */ (empty));
  await first.add('a', result);
  assert.equal(empty.there.get('a.png'), 'a mask');
  await first.end();
  assert.deepEqual([first.folder, [...empty.there.keys()]], ['out', ['.DS_Store', 'a.png', 'objects.csv']]);
  assert.deepEqual(engine.begun, [['csv']]);
  const second = await folder(fake(), ['mask'], /** @type {any} */ (empty));
  await second.add('a', result);
  assert.equal(second.folder, 'out/insitu');
  assert.equal((await folder(fake(), ['mask'], /** @type {any} */ (empty))).folder, 'out/insitu 2');
  assert.deepEqual([...empty.there.get('insitu').there.keys()], ['a.png']);
});

test('a full disk is a failure of the folder and not of an image', async () => {
  let room = 1;
  const out = await folder(fake(), ['mask'], /** @type {any} */ (memory('out', { full: () => room-- < 1 })));
  await out.add('a', result);
  await assert.rejects(out.add('b', result), (/** @type {any} */ error) => {
    assert.deepEqual([error.code, isOfFolder(error)], ['folder.full', true]);
    assert.match(error.message, /no room/);
    return true;
  });
});

test('names that a system may refuse are changed, others are not', () => {
  assert.equal(allowed('Zelle 3 (2).png'), 'Zelle 3 (2).png');
  assert.equal(allowed('a:b?.png'), 'a_b_.png');
  assert.equal(allowed('.hidden.'), '_hidden_');
});
