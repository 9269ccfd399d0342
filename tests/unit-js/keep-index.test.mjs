/** The list of what is kept of a session: what can be understood of it, and what is said of it. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Shelf } from '../../www/keep/shelf.js';
import { indexBytes, indexOf, lastingId, modelKey, readIndex } from '../../www/session/keeping/index.js';
import { initial } from '../../www/session/state.js';
import { described, when } from '../../www/views/keep.js';
import { bytes, folder, open, session, text } from './fake-keeping.mjs';
import { there } from './there.mjs';

/** @typedef {import('../../www/api.d.ts').Point} Point */

test('an index that is damaged is no index, one of a later version is refused, and entries that make no sense are left out', () => {
  for (const bad of ['', '{', 'null', '[]', '{"version":0}']) assert.equal(readIndex(bytes(bad)), null);
  assert.throws(() => readIndex(bytes('{"version":2}')), { code: 'newer' });
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

test('a session from before models were chosen for files that look alike is opened all the same', async () => {
  const shelf = new Shelf(folder());
  const first = session(shelf);
  await first.keeping.start();
  first.store.set({ alike: { nuclei: 'em-membrane' }, codes: { spot: 'neoplasm' } });
  open(first, 'one.png');
  await first.keeping.flush();
  const index = JSON.parse(there(text(await shelf.get('session'))));
  assert.deepEqual(index.alike, { nuclei: 'em-membrane' });
  const second = session(shelf);
  await second.keeping.start();
  await second.keeping.continue();
  assert.deepEqual(second.state.alike, { nuclei: 'em-membrane' });
  assert.deepEqual(second.state.codes, { spot: 'neoplasm' }, 'what classes are comes back, too');

  delete index.alike;
  delete index.codes;
  await shelf.put('session', bytes(JSON.stringify({ ...index, preferred: 'nuclei' })));
  const third = session(shelf);
  await third.keeping.start();
  await third.keeping.continue();
  assert.deepEqual([third.state.items.length, third.state.alike, third.state.preferred], [1, {}, null]);
});

test('how channels are shown comes back, and what makes no sense of it is as the file says', async () => {
  const shelf = new Shelf(folder());
  const first = session(shelf);
  await first.keeping.start();
  const look = { shown: true, colour: '#00ff7f', window: { center: 5, width: 2 } };
  const mix = { looks: [look, { ...look, shown: false, window: null }], chosen: 1 };
  open(first, 'one.tif', { mix });
  await first.keeping.flush();
  const index = JSON.parse(there(text(await shelf.get('session'))));
  assert.deepEqual(there(readIndex(bytes(JSON.stringify(index)))).items[0].mix, mix);
  for (const wrong of [
    { ...mix, chosen: -1 },
    { looks: [], chosen: 0 },
    { ...mix, looks: [{ ...look, colour: 'red' }] },
  ]) {
    index.items[0].mix = wrong;
    assert.equal(there(readIndex(bytes(JSON.stringify(index)))).items[0].mix, null);
  }
});

test('a scale that was typed in comes back, and one that makes no sense is none', async () => {
  const shelf = new Shelf(folder());
  const first = session(shelf);
  await first.keeping.start();
  open(first, 'one.png', { micrometres: 0.25 });
  open(first, 'two.png', { micrometres: null });
  await first.keeping.flush();
  const second = session(shelf);
  await second.keeping.start();
  await second.keeping.continue();
  assert.deepEqual(
    second.state.items.map(({ micrometres }) => micrometres),
    [0.25, null],
  );
  const item = { id: 1, name: 'a.png', slice: 0, window: { center: 1, width: 2 } };
  for (const micrometres of [-1, 0, '3', null, undefined]) {
    const { items } = there(readIndex(bytes(JSON.stringify({ version: 1, items: [{ ...item, micrometres }] }))));
    assert.equal(items[0].micrometres, null);
  }
});

test('objects corrected by hand come back, and what is no correction is left out', async () => {
  const shelf = new Shelf(folder());
  const first = session(shelf);
  await first.keeping.start();
  /** @type {import('../../pkg/insitu.js').ObjectEdit} */
  const edit = { deed: 'split', points: [1, 2, 3.5, 4], class: 1 };
  open(first, 'one.png', { corrections: { '0/nuclei': [edit] } });
  await first.keeping.flush();
  const second = session(shelf);
  await second.keeping.start();
  await second.keeping.continue();
  assert.deepEqual(second.state.items[0].corrections, { '0/nuclei': [edit] });
  const item = { id: 1, name: 'a.png', slice: 0, window: { center: 1, width: 2 } };
  for (const bad of [{ ...edit, deed: 'burn' }, { ...edit, points: ['1'] }, { ...edit, class: -1 }, null, 7]) {
    const corrections = { '0/nuclei': [bad], '1/nuclei': [edit, bad] };
    const { items } = there(readIndex(bytes(JSON.stringify({ version: 1, items: [{ ...item, corrections }] }))));
    assert.deepEqual(items[0].corrections, { '1/nuclei': [edit] });
  }
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

test('an index holds what was found and not yet continued', () => {
  const nothing = { earlier: null, training: null, models: new Map(), stamp: 'a' };
  const earlier = there(readIndex(indexBytes(indexOf({ ...initial }, [], nothing))));
  assert.deepEqual([earlier.items, earlier.models, earlier.training], [[], [], null]);
});

test('what is known of an image in several files comes back with it, and what makes no sense of that does not', async () => {
  const shelf = new Shelf(folder());
  const first = session(shelf);
  await first.keeping.start();
  const series = { files: 3, slices: 3, modality: 'CT', date: '2021-03-04', notes: ['A slice is missing.'] };
  open(first, 'T2', { series });
  open(first, 'a.png', { series: null });
  await first.keeping.flush();
  const second = session(shelf);
  await second.keeping.start();
  await second.keeping.continue();
  assert.deepEqual(
    second.state.items.map((item) => item.series),
    [series, null],
  );
  const item = { id: 1, name: 'T2', slice: 0, window: { center: 1, width: 2 } };
  const read = (/** @type {unknown} */ given) =>
    there(readIndex(bytes(JSON.stringify({ version: 1, items: [{ ...item, series: given }] })))).items[0].series;
  for (const bad of [undefined, 5, { files: -1, slices: 2 }, { files: 2 }]) assert.equal(read(bad), null);
  assert.deepEqual(read({ files: 2, slices: 2, modality: 5, notes: [1, 'a'] }), {
    ...{ files: 2, slices: 2, modality: null, date: null, notes: ['a'] },
  });
});
