/** Files that come together: what is one image becomes one file of the list. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { dateOf, factsOf, notesOf } from '../../www/session/about.js';
import { Files } from '../../www/session/files.js';
import { MAX_BYTES, everyOf, mayBeParts, thinned } from '../../www/session/gathering.js';
import { Journal } from '../../www/session/journal.js';
import { stemOf } from '../../www/session/saving.js';
import { current, initial } from '../../www/session/state.js';
import { Store } from '../../www/store.js';
import { InsituError } from '../../www/wire/error.js';
import { unbundled } from '../../www/wire/bundle.js';
import { there } from './there.mjs';

// Colours of pictures are not looked at here.
Object.assign(globalThis, {
  OffscreenCanvas: class {
    getContext() {
      return null;
    }
  },
});
const settled = () => new Promise((resolve) => setTimeout(resolve, 10));
const file = (/** @type {string} */ name) => new File([name], name);
const names = (/** @type {{ name: string }[]} */ list) => list.map(({ name }) => name);

/** A series of the files whose names begin so. @param {File[]} files @param {string} start @param {object} [more] */
const series = (files, start, more = {}) => {
  const own = files.filter(({ name }) => name.startsWith(start)).sort((a, b) => a.name.localeCompare(b.name));
  return {
    files: own,
    name: start,
    modality: 'MR',
    date: '2021-03-04',
    slices: own.length,
    notes: [],
    beside: [],
    ...more,
  };
};

/** @param {(files: File[], options: any) => any} group what the engine says */
function session(group) {
  const store = new Store({ ...initial });
  const asked = /** @type {any[]} */ ([]);
  const opened = /** @type {{ name: string, options: any }[]} */ ([]);
  const app = {
    series: async (/** @type {File[]} */ files, /** @type {any} */ options) => {
      asked.push({ files, options });
      return group(files, options);
    },
    /** Whether a scan is open at once. */
    waits: false,
    openScan: async (/** @type {File} */ given, /** @type {any} */ options) => {
      opened.push({ name: given.name, options });
      options.onProgress?.({ done: 1, total: 3 });
      if (app.waits)
        await new Promise((_, reject) =>
          options.signal.addEventListener('abort', () => reject(InsituError.cancelled())),
        );
      return {
        middle: 0,
        slices: 1,
        window: { center: 1, width: 2 },
        windows: [],
        planes: { slices: 1, channels: [''] },
        notes: [],
      };
    },
    closeScan: async () => {},
    thumbnail: async () => null,
    suggestModel: async () => null,
  };
  const nothing = () => {};
  const it = /** @type {any} */ ({
    store,
    asked,
    opened,
    engine: app,
    said: /** @type {string[]} */ ([]),
    app: Promise.resolve(app),
    get state() {
      return store.state;
    },
    get current() {
      return current(store.state);
    },
    journal: new Journal(),
    announce: nothing,
    say: (/** @type {string} */ text) => it.said.push(text),
    fail: (/** @type {any} */ error) => it.said.push(error.message),
    change: (/** @type {number} */ id, /** @type {object} */ patch) =>
      store.set({ items: store.state.items.map((item) => (item.id === id ? { ...item, ...patch } : item)) }),
    models: { incomplete: null, add: nothing, list: async () => {} },
    scores: {
      given: /** @type {string[] | null} */ (null),
      add: (/** @type {File[]} */ files) => (it.scores.given = names(files)),
    },
    segmenting: { clear: nothing, forget: nothing, wanted: nothing },
    labelling: { forget: nothing },
    seen: { forget: nothing },
    picture: { clear: nothing, refresh: nothing },
  });
  it.files = new Files(it);
  return it;
}

test('a folder of slices becomes an item for each series, named by what the scanner calls it, and says what was left out', async () => {
  const it = session((files) => ({
    series: [
      series(files, 'T10', { notes: ['One slice is missing.'] }),
      series(files, 'T2'),
      { ...series(files, 'scout'), slices: 1 },
    ],
    leftOut: [{ file: files.find(({ name }) => name === 'DICOMDIR'), why: 'It lists other files.' }],
  }));
  const given = ['T2-3', 'T10-1', 'DICOMDIR', 'T2-1', 'scout', 'T10-2', 'T2-2'].map(file);
  it.files.add(given);
  await settled();
  assert.deepEqual(names(it.state.items), ['T2', 'T10', 'scout']);
  const parts = there(await unbundled(it.state.items[0].file));
  assert.deepEqual(names(parts), ['T2-1', 'T2-2', 'T2-3']);
  assert.deepEqual(it.state.items[0].series, {
    ...{ files: 3, slices: 3, modality: 'MR', date: '2021-03-04', notes: [] },
  });
  assert.equal(it.state.items[2].series, null);
  const { kind, text, list } = it.state.notice;
  assert.equal(text, '7 files are 2 series and 1 single image; 1 file is no image: DICOMDIR.');
  assert.deepEqual([kind, list], ['info', ['T10: One slice is missing.', 'DICOMDIR: It lists other files.']]);
  assert.equal(it.journal.without('T2-3 is damaged'), '… is damaged');
});

test('pictures are not looked at, and a file that comes alone is not either', async () => {
  const it = session(() => assert.fail('looked'));
  it.files.add([file('a.png'), file('b.JPG'), file('c.tif')]);
  it.files.add([file('scan.nii.gz')]);
  assert.deepEqual(names(it.state.items), ['a.png', 'b.JPG', 'c.tif', 'scan.nii.gz']);
  assert.equal(mayBeParts([file('DICOMDIR')]), true);
});

test('files that are an image each stay as they came', async () => {
  const it = session((files) => ({ series: files.map((one) => series([one], one.name)), leftOut: [] }));
  it.files.add([file('b.nii'), file('a.nii')]);
  await settled();
  assert.deepEqual(names(it.state.items), ['b.nii', 'a.nii']);
  assert.equal(it.state.notice, null);
});

test('two series of one name are told apart, and no name is one that a system refuses', async () => {
  const it = session((files) => ({
    series: [
      series(files, 'a', { name: 'AX T2/FLAIR' }),
      series(files, 'b', { name: 'AX T2/FLAIR' }),
      series(files, 'c', { name: '' }),
    ],
    leftOut: [],
  }));
  it.files.add(['a1', 'a2', 'b1', 'b2', 'c1', 'c2'].map(file));
  await settled();
  assert.deepEqual(names(it.state.items), ['Series', 'AX T2 FLAIR', 'AX T2 FLAIR (2)']);
});

test('files in which nothing is to be seen say so, and that stays', async () => {
  const it = session((files) => ({
    series: [],
    leftOut: files.map((one) => ({ file: one, why: 'Choose its folder.' })),
  }));
  it.files.add([file('DICOMDIR')]);
  await settled();
  assert.deepEqual(it.state.items, []);
  assert.deepEqual([it.state.notice.kind, it.state.notice.text], ['error', 'Choose its folder.']);
});

test('labels beside a series are compared once the series is in the list', async () => {
  const it = session((files) => ({ series: [series(files, 'T2')], leftOut: [] }));
  it.files.add([file('T2-1'), file('T2-2'), file('T2-1_mask.png')]);
  assert.equal(it.scores.given, null);
  await settled();
  assert.deepEqual(names(it.state.items), ['T2']);
  assert.deepEqual(it.scores.given, ['T2-1_mask.png']);
});

test('a look that takes long is told and can be stopped; then nothing is opened', async () => {
  const it = session(
    (_files, { signal, onProgress }) =>
      new Promise((_, reject) => {
        onProgress({ done: 1, total: 2 });
        signal.addEventListener('abort', () => reject(InsituError.cancelled()));
      }),
  );
  it.files.add([file('a'), file('b')]);
  await new Promise((resolve) => setTimeout(resolve, 560));
  assert.deepEqual(it.state.gathering, { done: 1, total: 2 });
  assert.equal(it.files.gathering.cancel(), true);
  await settled();
  assert.deepEqual([it.state.gathering, it.state.items], [null, []]);
  assert.match(it.said[0], /^Stopped/);
  assert.equal(it.files.gathering.cancel(), false);
});

test('files that the engine cannot group are opened each by itself', async () => {
  const it = session(() => Promise.reject(new TypeError('nothing')));
  it.files.add([file('a'), file('b')]);
  await settled();
  assert.deepEqual(names(it.state.items), ['a', 'b']);
});

test('how many files are read stands in the list, and taking it off stops that', async () => {
  const it = session((files) => ({ series: [series(files, 'T2')], leftOut: [] }));
  it.engine.waits = true;
  it.files.add([file('T2-1'), file('T2-2')]);
  await settled();
  const [item] = it.state.items;
  assert.deepEqual([item.state, item.read], ['reading', { done: 1, total: 3 }]);
  it.files.removeAll([item.id]);
  await settled();
  assert.equal(it.opened[0].options.signal.aborted, true);
  assert.deepEqual([it.state.items, it.said], [[], []]);
});

/** A file that says how large it is. @param {File} file @param {number} size */
const sized = (file, size) => Object.defineProperty(file, 'size', { value: size });

test('an image that is too large is not opened unasked, and can be opened in part or all the same', async () => {
  const it = session((files) => ({ series: [series(files, 'T2')], leftOut: [] }));
  it.files.add(['T2-1', 'T2-2', 'T2-3'].map(file));
  await settled();
  const [{ id, file: whole, series: about }] = it.state.items;
  const large = { file: sized(new File([whole], 'T2'), 2.5 * MAX_BYTES), series: about };
  assert.equal(everyOf(large), 0, 'more than it has slices');
  assert.equal(everyOf({ ...large, series: { ...there(about), files: 9, slices: 9 } }), 3);
  assert.equal(everyOf({ ...large, series: { ...there(about), files: 2, slices: 9 } }), 0, 'a header and its pixels');
  assert.equal(everyOf({ ...large, series: null }), 1);

  it.change(id, { file: large.file, state: 'waiting', scan: null });
  await it.files.readWaiting();
  assert.equal(it.state.items[0].error.code, 'series.large');
  it.change(id, { file: whole });
  await it.files.openLarge(id, 2);
  const [less] = it.state.items;
  assert.deepEqual([less.state, less.name, less.error], ['open', 'T2, 1 slice in 2', null]);
  assert.deepEqual(names(there(await unbundled(less.file))), ['T2-1', 'T2-3']);
  assert.deepEqual(names(there(await unbundled(await thinned(whole, 3)))), ['T2-1']);
});

test('what is told of an image beside its name', () => {
  const about = { files: 3, slices: 240, modality: 'CT', date: '20210304', notes: ['A slice is missing.'] };
  const scan = /** @type {any} */ ({
    modality: 'CT',
    planes: { slices: 240 },
    spacing: { x: 0.7, y: 0.7, z: 1.25 },
    notes: ['A slice is missing.', 'Oblique.'],
  });
  assert.equal(factsOf({ scan: null, series: about }), 'CT · 240 slices');
  assert.equal(factsOf({ scan, series: about }), 'CT · 240 slices · 0.7 × 0.7 × 1.25 mm');
  const picture = /** @type {any} */ ({ modality: null, planes: { slices: 1 }, spacing: null, notes: [] });
  assert.equal(factsOf({ scan: picture, series: null }), '');
  assert.deepEqual(notesOf({ scan, series: about }), ['A slice is missing.', 'Oblique.']);
  assert.equal(dateOf({ scan, series: about }), 'Mar 4, 2021');
  assert.equal(dateOf({ scan, series: { ...about, date: 'spring' } }), 'spring');
  assert.equal(stemOf('AX T2 0.7 mm'), 'AX T2 0.7 mm');
  assert.equal(stemOf('brain.nii.gz'), 'brain');
});
