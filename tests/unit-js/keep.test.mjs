/** What is kept in the browser: whole after every failure, and no more than what a person wants. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { checksum, Shelf } from '../../www/keep/shelf.js';
import { KeepError } from '../../www/keep/store.js';
import { indexBytes, indexOf, lastingId, modelKey, readIndex } from '../../www/session/keeping/index.js';
import { Keeping } from '../../www/session/keeping/keeping.js';
import { initial } from '../../www/session/state.js';
import { Store } from '../../www/store.js';
import { described, when } from '../../www/views/keep.js';
import { there } from './there.mjs';

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
const text = (/** @type {Uint8Array | null} */ found) => found && new TextDecoder().decode(found);

/** @typedef {import('../../www/keep/shelf.js').Folder} Folder */

/** A folder in memory. @param {{ room?: number }} [options] bytes */
function folder({ room = Infinity } = {}) {
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
  const files = new Map();
  const it = {
    files,
    room,
    /** Bytes of the next write after which the tab is gone. @type {number | null} */
    cutAt: null,
    names: async () => [...files.keys()],
    read: async (/** @type {string} */ name) => there(files.get(name)),
    size: async (/** @type {string} */ name) => there(files.get(name)).length,
    remove: async (/** @type {string} */ name) => void files.delete(name),
    async write(/** @type {string} */ name, /** @type {Uint8Array[]} */ parts) {
      const all = Uint8Array.from(parts.flatMap((part) => [...part]));
      if (it.cutAt !== null) {
        files.set(name, all.slice(0, it.cutAt));
        await new Promise(() => {});
      }
      const used = [...files.values()].reduce((sum, file) => sum + file.length, 0);
      if (used + all.length > it.room) throw new DOMException('full', 'QuotaExceededError');
      files.set(name, all);
    },
  };
  return it;
}

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

test('an index that is damaged or of another version is no index, and entries that make no sense are left out', () => {
  for (const bad of ['', '{', 'null', '[]', '{"version":2}']) assert.equal(readIndex(bytes(bad)), null);
  const item = { id: 3, name: 'a.png', slice: 1, window: { center: 1, width: 2 } };
  const read = there(
    readIndex(
      bytes(
        JSON.stringify({
          version: 1,
          items: [item, { ...item, id: -1 }, { ...item, window: null }, 5],
          models: [{ id: 'm' }],
          training: { step: 'x' },
        }),
      ),
    ),
  );
  assert.deepEqual([read.items.map(({ id }) => id), read.models, read.training, read.preferred], [[3], [], null, null]);
});

test('models of one session are not taken for those of another', () => {
  assert.equal(lastingId('nuclei', 'k1'), 'nuclei');
  assert.equal(lastingId('file-1', 'k1'), 'kept-k1-file-1');
  assert.equal(lastingId(lastingId('taught-2', 'k1'), 'k2'), 'kept-k1-taught-2');
  assert.match(modelKey('kept-k1-File 1'), /^[a-z0-9-]+$/);
});

test('an offer says what there is, and when it was', () => {
  const now = new Date(2026, 4, 12, 9, 0).getTime();
  assert.equal(when(new Date(2026, 4, 11, 14, 2).getTime(), now), 'yesterday, 14:02');
  assert.equal(when(new Date(2026, 4, 12, 8, 5).getTime(), now), 'today, 08:05');
  const offer = described({
    files: 2,
    models: 3,
    slices: 14,
    training: { step: 120, steps: 200, over: false },
    saved: Date.now(),
  });
  assert.match(
    offer,
    /^Continue where you were: 2 files, 14 labelled slices, a training at step 120 of 200 \(today, \d\d:\d\d\)\.$/,
  );
});

/** @typedef {import('../../www/api.d.ts').Point} Point */

/** A session as far as keeping knows it. @param {Shelf} shelf */
function session(shelf) {
  const store = new Store({ ...initial });
  const said = /** @type {string[]} */ ([]);
  const labels = new Map();
  const it = {
    store,
    said,
    labels,
    get state() {
      return store.state;
    },
    journal: { hide() {}, note() {} },
    say: (/** @type {string} */ words) => said.push(words),
    announce() {},
    fail(/** @type {unknown} */ error) {
      throw error;
    },
    app: Promise.resolve({}),
    models: {
      list: async () => {},
      byId: (/** @type {string} */ id) => store.state.models.find((model) => model.id === id) ?? null,
    },
    files: {
      next: 1,
      startAfter(/** @type {number} */ id) {
        it.files.next = Math.max(it.files.next, id + 1);
      },
      restore(/** @type {any[]} */ kept, /** @type {number | null} */ current) {
        store.set({
          items: [
            ...kept.map((one) => ({ ...one, name: one.file.name, state: 'open', scan: {} })),
            ...store.state.items,
          ],
          currentId: current,
        });
      },
    },
    labelling: {
      changed: (/** @type {number[]} */ _ids) => {},
      store: async (/** @type {number} */ id) => labels.get(id) ?? null,
      restore: async (/** @type {number} */ id, /** @type {Uint8Array} */ found) => void labels.set(id, found),
      storeOrder: async () => bytes('order'),
      restoreOrder: async (/** @type {Uint8Array} */ found) => void labels.set('order', found),
    },
    training: {
      came: /** @type {any} */ (null),
      restoreTraining: async (/** @type {any} */ given) => void (it.training.came = given),
    },
  };
  const keeping = new Keeping(
    /** @type {any} */ (it),
    async () =>
      /** @type {any} */ ({
        put: (/** @type {string} */ name, /** @type {Uint8Array<ArrayBuffer>} */ content) =>
          shelf.put(name, content).catch((error) => Promise.reject(new KeepError('full', error))),
        get: (/** @type {string} */ name) => shelf.get(name),
        list: () => shelf.list(),
        remove: (/** @type {string} */ name) => shelf.remove(name),
        clear: () => shelf.clear(),
      }),
  );
  return Object.assign(it, { keeping });
}

/** @param {ReturnType<typeof session>} it @param {string} name @param {Partial<import('../../www/session/state.js').Item>} [more] */
function open(it, name, more = {}) {
  const id = it.files.next++;
  const item = /** @type {any} */ ({
    id,
    file: new File([name], name, { type: 'image/png' }),
    name,
    state: 'open',
    scan: {},
    slice: 0,
    window: { center: 1, width: 2 },
    modelId: null,
    ...more,
  });
  it.store.set({ items: [...it.state.items, item], currentId: id });
  return id;
}

/** A model of one's own. @param {string} id @returns {any} */
const mine = (id) => ({
  id,
  file: new File(['weights'], 'mine.safetensors'),
  title: 'Mine',
  licence: '',
  classes: [{ name: 'a', colour: '#E69F00' }],
  summary: '',
});

test('a session comes back: files, places, labels, own models and the training', async () => {
  const shelf = new Shelf(folder());
  const first = session(shelf);
  await first.keeping.start();
  assert.equal(first.state.keeping.offer, null);
  first.store.set({ models: [mine('file-1')] });
  open(first, 'one.png', { slice: 4, modelId: 'file-1' });
  const two = open(first, 'two.png');
  first.labels.set(two, bytes('painted'));
  first.store.set({ labelling: { ...first.state.labelling, labelled: [{ itemId: two, slice: 0, counts: [1] }] } });
  first.labelling.changed([two]);
  first.keeping.training({
    step: 20,
    steps: 50,
    state: bytes('state'),
    points: [0, 10, 20],
    point: async (step) => bytes(`point ${step}`),
    options: { seed: 5 },
  });
  await first.keeping.flush();

  const second = session(shelf);
  await second.keeping.start();
  assert.deepEqual(
    { ...second.state.keeping.offer, saved: 0 },
    { files: 2, models: 1, slices: 1, training: { step: 20, steps: 50, over: false }, saved: 0 },
  );
  // A file that is opened before the answer is kept beside them.
  assert.equal(open(second, 'three.png'), 3);
  await second.keeping.flush();
  await second.keeping.continue();
  assert.deepEqual(
    second.state.items.map(({ id, name, slice }) => [id, name, slice]),
    [
      [1, 'one.png', 4],
      [2, 'two.png', 0],
      [3, 'three.png', 0],
    ],
  );
  assert.equal(await second.state.items[0].file.text(), 'one.png');
  const [model] = second.state.models;
  assert.deepEqual([model.title, await /** @type {File} */ (model.file).text()], ['Mine', 'weights']);
  assert.equal(second.state.items[0].modelId, model.id);
  assert.deepEqual([text(second.labels.get(2)), text(second.labels.get('order'))], ['painted', 'order']);
  const came = second.training.came;
  assert.deepEqual(
    [
      text(came.state),
      came.points.map((/** @type {Point} */ { step, bytes: found }) => [step, text(found)]),
      came.options,
    ],
    [
      'state',
      [
        [0, 'point 0'],
        [10, 'point 10'],
      ],
      { seed: 5 },
    ],
  );
  assert.equal(second.state.keeping.offer, null);

  // And a third time, with what the second added.
  await second.keeping.flush();
  const third = session(shelf);
  await third.keeping.start();
  assert.equal(third.state.keeping.offer?.files, 3);
});

test('starting anew drops the earlier session and keeps this one', async () => {
  const shelf = new Shelf(folder());
  const first = session(shelf);
  await first.keeping.start();
  open(first, 'old.png');
  await first.keeping.flush();
  const second = session(shelf);
  await second.keeping.start();
  open(second, 'new.png');
  await second.keeping.anew();
  await second.keeping.flush();
  const index = readIndex(await shelf.get('session'));
  assert.deepEqual(
    index?.items.map(({ name }) => name),
    ['new.png'],
  );
  assert.deepEqual((await shelf.list()).map(({ name }) => name).sort(), ['file-2', 'session']);
});

test('what is on its way back stays kept, also if its file cannot be opened this time', async () => {
  const shelf = new Shelf(folder());
  const first = session(shelf);
  await first.keeping.start();
  const id = open(first, 'large.nii');
  open(first, 'small.png');
  first.labels.set(id, bytes('painted'));
  first.labelling.changed([id]);
  await first.keeping.flush();

  const second = session(shelf);
  const { restore } = second.files;
  // Neither is open yet, and one never will be.
  second.files.restore = (items, current) => {
    restore(items, current);
    second.store.set({
      items: second.state.items.map((item) => ({
        ...item,
        scan: null,
        state: item.name === 'large.nii' ? 'failed' : 'reading',
      })),
    });
  };
  await second.keeping.start();
  void second.keeping.continue();
  await new Promise((wait) => setTimeout(wait, 20));
  await second.keeping.flush();
  const third = session(shelf);
  await third.keeping.start();
  assert.equal(third.state.keeping.offer?.files, 2);
  assert.equal(text(await shelf.get(`labels-${id}`)), 'painted');
});

test('models of one’s own are kept when no file is open any more', async () => {
  const shelf = new Shelf(folder());
  const first = session(shelf);
  await first.keeping.start();
  open(first, 'a.png');
  first.store.set({ models: [mine('taught-1')] });
  await first.keeping.flush();
  first.store.set({ items: [] });
  await first.keeping.flush();
  const second = session(shelf);
  await second.keeping.start();
  assert.match(described(there(second.state.keeping.offer)), /^Continue where you were: 1 model of your own \(/);
  await second.keeping.continue();
  assert.equal(second.state.models[0].title, 'Mine');
});

test('a training that is over comes back as such with its points, beside the model that came out of it', async () => {
  const shelf = new Shelf(folder());
  const first = session(shelf);
  await first.keeping.start();
  open(first, 'a.png');
  first.store.set({ models: [mine('taught-1')] });
  const told = {
    step: 20,
    steps: 20,
    state: bytes('state'),
    points: [0, 10, 20],
    point: async (/** @type {number} */ step) => bytes(`point ${step}`),
    options: {},
  };
  first.keeping.training(told);
  const over = { ended: /** @type {const} */ ('early'), modelId: 'taught-1', at: null };
  first.keeping.trainingOver(over);
  await first.keeping.flush();
  // Also of one that is stored already.
  first.keeping.trainingOver({ ...over, at: 10 });
  await first.keeping.flush();

  const second = session(shelf);
  await second.keeping.start();
  assert.match(described(there(second.state.keeping.offer)), /1 file, a finished training with its curve \(/);
  await second.keeping.continue();
  const { came } = second.training;
  assert.deepEqual([came.over.ended, came.over.at, came.points.length], ['early', 10, 2]);
  assert.equal(came.over.modelId, second.state.models[0].id);
  // The next training begins with a clean slate, whose points may have the same numbers.
  second.keeping.training(null);
  second.keeping.training({ ...told, step: 5, points: [0, 5], point: async () => bytes('another') });
  await second.keeping.flush();
  const third = session(shelf);
  await third.keeping.start();
  await third.keeping.continue();
  assert.deepEqual(
    [third.training.came.over, third.training.came.points.map((/** @type {Point} */ { bytes: found }) => text(found))],
    [null, ['another']],
  );
});

test('a training that is not wanted any more is kept no longer', async () => {
  const shelf = new Shelf(folder());
  const it = session(shelf);
  await it.keeping.start();
  open(it, 'a.png');
  it.keeping.training({
    step: 10,
    steps: 10,
    state: bytes('state'),
    points: [0, 10],
    point: async () => bytes('point'),
    options: {},
  });
  await it.keeping.flush();
  it.keeping.training(null);
  await it.keeping.flush();
  assert.deepEqual((await shelf.list()).map(({ name }) => name).sort(), ['file-1', 'session']);
  assert.equal(there(readIndex(await shelf.get('session'))).training, null);
});

test('deleting leaves nothing, nothing is kept from then on, until a person wants it again', async () => {
  const shelf = new Shelf(folder());
  const it = session(shelf);
  await it.keeping.start();
  open(it, 'a.png');
  await it.keeping.flush();
  assert.ok(it.state.keeping.bytes > 0);
  await it.keeping.stop();
  assert.deepEqual([await shelf.list(), it.state.keeping.phase, it.state.keeping.bytes], [[], 'off', 0]);
  open(it, 'b.png');
  await it.keeping.flush();
  assert.deepEqual(await shelf.list(), []);
  await it.keeping.again();
  await it.keeping.flush();
  assert.equal(it.state.keeping.files, 2);
});

test('a file that was taken off the list is removed', async () => {
  const shelf = new Shelf(folder());
  const it = session(shelf);
  await it.keeping.start();
  const [one] = [open(it, 'a.png'), open(it, 'b.png')];
  await it.keeping.flush();
  it.store.set({ items: it.state.items.filter(({ id }) => id !== one) });
  await it.keeping.flush();
  assert.deepEqual((await shelf.list()).map(({ name }) => name).sort(), ['file-2', 'session']);
});

test('where there is no room the oldest points of the training go first, then it is said once and labels stay', async () => {
  const disk = folder();
  const shelf = new Shelf(disk);
  const it = session(shelf);
  await it.keeping.start();
  const one = open(it, 'a.png');
  it.keeping.training({
    step: 30,
    steps: 50,
    state: bytes('state'),
    points: [0, 10, 20, 30],
    point: async () => new Uint8Array(2000),
    options: {},
  });
  await it.keeping.flush();
  const used = it.state.keeping.bytes;
  disk.room = used + 1000;
  it.labels.set(one, new Uint8Array(1800).fill(7));
  it.labelling.changed([one]);
  await it.keeping.flush();
  assert.equal((await shelf.get('labels-1'))?.length, 1800);
  assert.deepEqual(
    [
      (await shelf.list()).some(({ name }) => name === 'train-point-0'),
      readIndex(await shelf.get('session'))?.training?.points,
    ],
    [false, [10, 20]],
  );
  disk.room = 0;
  open(it, 'large.png');
  await it.keeping.flush();
  open(it, 'larger.png');
  await it.keeping.flush();
  assert.deepEqual([it.said.length, it.state.keeping.full], [1, true]);
  assert.equal((await shelf.get('labels-1'))?.length, 1800);
});

test('a tab beside one that keeps its session, and a browser that cannot keep, say so', async () => {
  for (const code of /** @type {const} */ (['elsewhere', 'unavailable'])) {
    const it = session(new Shelf(folder()));
    const keeping = new Keeping(/** @type {any} */ (it), async () => Promise.reject(new KeepError(code)));
    await keeping.start();
    assert.equal(it.state.keeping.phase, code);
    await keeping.flush();
  }
});

test('an index holds what was found and not yet continued', () => {
  const nothing = { earlier: null, training: null, models: new Map(), stamp: 'a' };
  const earlier = there(readIndex(indexBytes(indexOf({ ...initial }, [], nothing))));
  assert.deepEqual([earlier.items, earlier.models, earlier.training], [[], [], null]);
});
