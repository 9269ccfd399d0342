/** What is kept of a session: no more than what a person wants, and all of it comes back. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Shelf } from '../../www/keep/shelf.js';
import { KeepError } from '../../www/keep/store.js';
import { readIndex } from '../../www/session/keeping/index.js';
import { Keeping } from '../../www/session/keeping/keeping.js';
import { described } from '../../www/views/keep.js';
import { InsituError } from '../../www/wire/error.js';
import { bytes, folder, mine, open, session, text } from './fake-keeping.mjs';
import { there } from './there.mjs';

/** @typedef {import('../../www/api.d.ts').Point} Point */

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
    const keeping = new Keeping(it, async () => Promise.reject(new KeepError(code)));
    await keeping.start();
    assert.equal(it.state.keeping.phase, code);
    await keeping.flush();
  }
});

test('a session that a later version left is said to be there, and stays as it is', async () => {
  const shelf = new Shelf(folder());
  const later = bytes('{"version":2,"items":[]}');
  await shelf.put('session', later);
  await shelf.put('file-1', bytes('pixels'));
  const it = session(shelf);
  await it.keeping.start();
  assert.equal(it.state.keeping.phase, 'newer');
  assert.match(it.said.join(), /A later version of Insitu has kept a session/);
  open(it, 'a.png');
  await it.keeping.flush();
  assert.deepEqual([await shelf.get('session'), text(await shelf.get('file-1'))], [later, 'pixels']);
});

test('a point that is gone is no loss, what else keeps it away is noted once', async () => {
  const it = session(new Shelf(folder()));
  await it.keeping.start();
  open(it, 'a.png');
  const told = { step: 30, steps: 50, state: bytes('state'), points: [0, 10, 20], options: {} };
  it.keeping.training({
    ...told,
    point: async () => Promise.reject(new InsituError('train.point', 'invalid', 'Gone.')),
  });
  await it.keeping.flush();
  assert.deepEqual(it.noted, []);
  it.keeping.training({
    ...told,
    point: async (at) => (at === 0 ? bytes('point') : Promise.reject(new Error('broken'))),
  });
  await it.keeping.flush();
  assert.equal(it.noted.length, 1);
  assert.match(it.noted[0], /broken/);
  const { training } = there(readIndex(there(await it.kept.get('session'))));
  assert.deepEqual(training?.points, [0], 'the others are kept all the same');
});

test('a file that was moved since it was opened is left out, and the others are kept', async () => {
  const shelf = new Shelf(folder());
  const first = session(shelf);
  await first.keeping.start();
  const gone = new File(['x'], 'gone.png');
  gone.slice = () => {
    throw new DOMException('gone', 'NotReadableError');
  };
  open(first, 'gone.png', { file: gone });
  open(first, 'here.png');
  await first.keeping.flush();
  const index = there(readIndex(await shelf.get('session')));
  assert.deepEqual(
    index.items.map(({ name }) => name),
    ['here.png'],
  );
  assert.equal(first.state.keeping.phase, 'on');
});

test('what a tab left half stored, and the list does not name, is deleted at the next start', async () => {
  const place = folder();
  const first = session(new Shelf(place));
  await first.keeping.start();
  open(first, 'a.png');
  await first.keeping.flush();
  place.files.set('file-2~1', Uint8Array.from(bytes('half')));
  place.files.set('train-point-5~1', Uint8Array.from(bytes('half')));
  const second = session(new Shelf(place));
  await second.keeping.start();
  assert.deepEqual([...new Set([...place.files.keys()].map((name) => name.replace(/~.*/, '')))].sort(), [
    'file-1',
    'session',
  ]);
  assert.equal(second.state.keeping.files, 1);
});

test('what was deleted by others while it was open is kept again, and that is said', async () => {
  const place = folder();
  const shelf = new Shelf(place);
  const it = session(shelf);
  await it.keeping.start();
  const id = open(it, 'a.png');
  it.labels.set(id, bytes('labels'));
  it.store.set({ labelling: { ...it.state.labelling, labelled: [/** @type {any} */ ({ itemId: id, slice: 0 })] } });
  it.keeping.training({
    ...{ step: 30, steps: 50, state: bytes('state'), points: [0, 30], options: {} },
    point: async (at) => bytes(`point ${at}`),
  });
  it.labelling.changed([id]);
  await it.keeping.flush();
  const all = [...place.files.keys()].map((name) => name.replace(/~.*/, '')).sort();
  assert.deepEqual(all, ['file-1', 'labels-1', 'order', 'session', 'train-point-0', 'train-state']);
  place.files.clear();
  await it.keeping.flush();
  assert.deepEqual([...place.files.keys()].map((name) => name.replace(/~.*/, '')).sort(), all);
  assert.match(it.said.join(), /^What this browser kept of this page was deleted/);
  assert.equal(it.state.keeping.phase, 'on');
  assert.equal(it.keeping.losesWork, false);
});
