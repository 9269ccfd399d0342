import assert from 'node:assert/strict';
import test from 'node:test';
import { Display } from '../../www/session/display.js';
import { Labelling } from '../../www/session/labelling/labelling.js';
import { beside, proposal } from '../../www/session/labelling/sources.js';
import { current, initial } from '../../www/session/state.js';
import { Store } from '../../www/store.js';
import { openLabels } from './fake-labels.mjs';
import { there } from './there.mjs';

/** @typedef {import('../../www/session/state.js').Item} Item */
/** @typedef {import('../../www/session/state.js').Model} Model */

/** As much of an item as labelling asks for. @param {number} id @param {string} name @param {number} [slices] @returns {any} */
const item = (id, name, slices = 1) => ({
  id,
  name,
  slice: 0,
  state: 'done',
  window: { center: 128, width: 256 },
  scan: {
    id,
    name,
    width: 40,
    height: 30,
    slices,
    channels: 1,
    spacing: null,
    planes: { channels: [''], slices, depths: slices, times: 1 },
  },
});
/** @param {string} id @param {Model['classes']} classes @returns {Model} */
const model = (id, classes) => ({
  id,
  classes,
  title: id,
  file: '',
  sizeBytes: 0,
  licence: '',
  inputChannels: 1,
  summary: '',
  card: null,
});
const rest = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A session with two files, of which the first is shown. */
async function session() {
  const store = new Store(initial);
  store.set({
    items: [item(1, 'a.png', 3), item(2, 'b.png')],
    currentId: 1,
    models: [
      model('m', [{ name: 'nucleus', colour: '#e69f00' }]),
      model('n', [
        { name: 'wall', colour: '#009e73' },
        { name: 'pore', colour: '#56b4e9' },
      ]),
    ],
    modelId: 'm',
  });
  const said = /** @type {string[]} */ ([]);
  const failed = /** @type {unknown[]} */ ([]);
  const opened = /** @type {Awaited<ReturnType<typeof openLabels>>[]} */ ([]);
  const session = {
    store,
    get state() {
      return store.state;
    },
    get current() {
      return current(store.state);
    },
    change: (/** @type {number} */ id, /** @type {Partial<Item>} */ patch) =>
      store.set({ items: store.state.items.map((one) => (one.id === id ? { ...one, ...patch } : one)) }),
    picture: { toSlice: (/** @type {number} */ slice) => session.change(there(store.state.currentId), { slice }) },
    files: { show: (/** @type {number} */ id) => store.set({ currentId: id }) },
    models: {
      doubt: () => null,
      byId: (/** @type {string} */ id) => store.state.models.find((model) => model.id === id) ?? null,
    },
    say: (/** @type {string} */ text) => said.push(text),
    announce() {},
    fail: (/** @type {unknown} */ error) => failed.push(error),
    app: Promise.resolve({}),
    labelling: /** @type {Labelling} */ (/** @type {unknown} */ (null)),
  };
  session.labelling = new Labelling(/** @type {any} */ (session), async (options) => {
    const labels = await openLabels(options);
    opened.push(labels);
    return labels;
  });
  const drawn = /** @type {unknown[]} */ ([]);
  session.labelling.desk.layer = {
    reset: () => void (drawn.length = 0),
    put: (/** @type {unknown} */ piece) => void drawn.push(piece),
    at: () => 255,
  };
  await rest();
  const stroke = (y = 10, value = 1) => {
    session.labelling.desk.beginStroke();
    session.labelling.desk.brush({ x: 5, y, radius: 2 }, { x: 20, y, radius: 2 }, value);
    session.labelling.desk.endStroke();
  };
  return {
    session,
    display: new Display(/** @type {any} */ (session)),
    labelling: session.labelling,
    stroke,
    drawn,
    said,
    failed,
    opened,
    state: () => store.state.labelling,
  };
}

test('the worker is opened when it is first needed, and strokes made before it is there are kept in their order', async () => {
  const { display, stroke, opened, state } = await session();
  assert.equal(opened.length, 0);
  assert.deepEqual(state().classes, [{ name: 'nucleus', colour: '#e69f00' }]);
  display.use('brush');
  stroke(10);
  stroke(20, 0);
  await rest();
  assert.equal(opened.length, 1);
  assert.deepEqual(
    opened[0].calls.map(([name]) => name).filter((name) => !/store|pieces/i.test(name)),
    ['setClasses', 'add', 'begin', 'brush', 'end', 'begin', 'brush', 'end'],
  );
  assert.equal(state().steps.undo, 2);
  assert.ok(state().counts[0] > 0 && state().counts[1] > 0);
  assert.deepEqual(
    state().labelled.map(({ itemId, slice }) => [itemId, slice]),
    [[1, 0]],
  );
});

test('the classes follow the model until something is labelled', async () => {
  const {
    session: { store },
    stroke,
    state,
  } = await session();
  store.set({ modelId: 'n' });
  await rest();
  assert.deepEqual(
    state().classes.map(({ name }) => name),
    ['wall', 'pore'],
  );
  stroke();
  await rest();
  store.set({ modelId: 'm' });
  await rest();
  assert.deepEqual(
    state().classes.map(({ name }) => name),
    ['wall', 'pore'],
  );
});

test('undo goes back over files and shows where it happened', async () => {
  const {
    session: { store },
    labelling,
    stroke,
    state,
  } = await session();
  stroke();
  await rest();
  store.set({ currentId: 2 });
  await rest();
  stroke();
  await rest();
  await labelling.undo();
  assert.equal(store.state.currentId, 2);
  await labelling.undo();
  assert.equal(store.state.currentId, 1);
  assert.deepEqual(state().labelled, []);
  await labelling.redo();
  await labelling.redo();
  assert.equal(store.state.currentId, 2);
  assert.equal(state().labelled.length, 2);
});

test('another slice ends the stroke, which stays where it was painted', async () => {
  const {
    session: { picture },
    labelling,
    state,
  } = await session();
  labelling.desk.beginStroke();
  labelling.desk.brush({ x: 5, y: 5, radius: 2 }, { x: 9, y: 5, radius: 2 }, 1);
  picture.toSlice(2);
  await rest();
  assert.equal(labelling.desk.stroking, false);
  labelling.desk.brush({ x: 5, y: 5, radius: 2 }, { x: 9, y: 5, radius: 2 }, 1);
  await rest();
  assert.deepEqual(
    state().labelled.map(({ slice }) => slice),
    [0],
  );
  assert.equal(state().steps.undo, 1);
});

test('only the slice that is shown is drawn', async () => {
  const {
    session: { picture },
    stroke,
    drawn,
  } = await session();
  stroke();
  await rest();
  assert.ok(drawn.length > 0);
  picture.toSlice(1);
  await rest();
  assert.deepEqual(drawn, []);
  picture.toSlice(0);
  await rest();
  assert.equal(drawn.length, 1);
});

test('a worker that dies is started again with what was painted, and the person is told', async () => {
  const { labelling, stroke, opened, said, failed, state } = await session();
  const heard = /** @type {number[]} */ ([]);
  labelling.onChange((ids) => heard.push(...ids));
  stroke();
  await rest();
  await rest();
  assert.deepEqual(heard, [1]);
  const before = (await labelling.samples())[0].labels;
  opened[0].die('tests');
  await rest();
  assert.equal(opened.length, 2);
  assert.equal(said.length, 1);
  assert.equal(failed.length, 0);
  assert.deepEqual((await labelling.samples())[0].labels, before);
  assert.equal(state().phase, 'ready');
});

test('a worker that keeps dying is given up, and can be started again', async () => {
  const { labelling, stroke, opened, failed, state } = await session();
  stroke();
  await rest();
  for (let n = 0; n < 4; n++) {
    there(opened.at(-1)).die('tests');
    await rest();
  }
  assert.equal(state().phase, 'failed');
  assert.equal(failed.length, 1);
  labelling.again();
  await rest();
  assert.equal(state().phase, 'ready');
  assert.equal((await labelling.samples()).length, 1);
});

test('the panel brings the brush, and leaving it the hand', async () => {
  const {
    session: { store },
    display,
  } = await session();
  store.set({ panel: 'label' });
  await rest();
  assert.equal(store.state.tool, 'brush');
  display.use('polygon');
  await rest();
  store.set({ panel: 'view' });
  await rest();
  assert.equal(store.state.tool, 'pan');
  store.set({ panel: 'label' });
  await rest();
  assert.equal(store.state.tool, 'polygon');
});

test('the brush grows by a part of its size, and stays within bounds', async () => {
  const { labelling, state } = await session();
  labelling.resize(100);
  labelling.grow(1);
  assert.equal(state().size, 115);
  labelling.resize(1);
  labelling.grow(-1);
  assert.equal(state().size, 1);
  labelling.grow(1);
  assert.equal(state().size, 2);
  labelling.resize(1e9);
  assert.equal(state().size, 400);
});

test('documents are stored and restored', async () => {
  const first = await session();
  first.stroke();
  await rest();
  const bytes = there(await first.labelling.store(1));
  const order = there(await first.labelling.storeOrder());
  assert.equal(await first.labelling.store(2), null);
  const second = await session();
  await second.labelling.restore(1, bytes);
  await second.labelling.restoreOrder(order);
  assert.deepEqual(second.state().labelled, first.state().labelled);
});

test('a prediction is taken over by the names of its classes', () => {
  const mask = { labels: Uint8Array.of(0, 1, 2), probability: Float32Array.of(0.1, 0.9, 0.2, 0, 0.1, 0.8), classes: 2 };
  const predicted = [
    { name: 'wall', colour: '' },
    { name: 'pore', colour: '' },
  ];
  assert.equal(proposal(mask, predicted, predicted).labels, mask.labels);
  const turned = proposal(mask, predicted, [predicted[1], predicted[0]]);
  assert.deepEqual([...turned.labels], [0, 2, 1]);
  assert.deepEqual(
    [...turned.probability].map((p) => Number(p.toFixed(1))),
    [0, 0.1, 0.8, 0.1, 0.9, 0.2],
  );
  assert.deepEqual(
    [...proposal(mask, predicted, [predicted[1]]).labels],
    [0, 255, 1],
    'a class that is not there says nothing',
  );
  assert.deepEqual(
    [
      ...proposal({ ...mask, labels: Uint8Array.of(0, 1), classes: 1 }, [predicted[0]], [{ name: 'cell', colour: '' }])
        .labels,
    ],
    [0, 1],
    'a class that was renamed',
  );
});

test('a prediction is not taken over where a person painted', () => {
  assert.deepEqual([...beside(Uint8Array.of(0, 1, 1, 2), Uint8Array.of(255, 255, 0, 1))], [0, 1, 255, 255]);
});

test('everyone who wants to hear of changes does, whoever comes later', async () => {
  const { labelling, stroke } = await session();
  const heard = /** @type {string[]} */ ([]);
  labelling.onChange((ids) => heard.push(`first ${ids}`));
  labelling.onChange((ids) => heard.push(`second ${ids}`));
  stroke();
  await rest();
  assert.deepEqual(heard, ['first 1', 'second 1']);
});
