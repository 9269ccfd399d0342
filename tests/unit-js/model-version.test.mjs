import assert from 'node:assert/strict';
import test from 'node:test';
import { Inside } from '../../www/session/inside.js';
import { Models } from '../../www/session/models.js';
import { current, initial } from '../../www/session/state.js';
import { Training } from '../../www/session/training/training.js';
import { Store } from '../../www/store.js';
import { constants } from './constants.mjs';
import { model, until } from './fake-training.mjs';

/** @typedef {(card: unknown) => void} OnUse */

const waiting = { signal: new AbortController().signal, onProgress() {} };
const card = { title: 'Nuclei', threshold: 0.5, heads: 1, classes: [], outputs: [] };

/** A session with two models and an engine that tells what it was asked for. */
function session() {
  const item = /** @type {import('../../www/session/state.js').Item} */ (
    /** @type {unknown} */ ({
      id: 7,
      name: 'a.png',
      state: 'done',
      scan: { width: 8, height: 8 },
      suggestion: { id: 'one', kind: 'one', others: [], other: 'two', reason: 'looks', modality: null },
      slice: 0,
      modelId: null,
    })
  );
  /** @type {import('../../www/session/state.js').State} */
  const state = {
    ...initial,
    engine: 'ready',
    constants,
    items: [item],
    currentId: 7,
    models: ['one', 'two'].map((id) => model({ id, title: id, file: id })),
    labelling: { ...initial.labelling, classes: [{ name: 'a', colour: '#009e73' }], counts: [5, 4] },
  };
  const store = new Store(state);
  const asked = /** @type {{ maps: number, onUse: OnUse | null }} */ ({ maps: 0, onUse: null });
  const app = {
    loadModel: async () => card,
    featureMaps: async () => (asked.maps++, { planes: new Uint8Array(10) }),
    /** @param {{ onUse: OnUse }} options */
    train({ onUse }) {
      asked.onUse = onUse;
      return { finished: new Promise(() => {}), points: [], loss: [], validations: [], paused: false };
    },
  };
  const it = {
    store,
    asked,
    app: Promise.resolve(app),
    get state() {
      return store.state;
    },
    get current() {
      return current(store.state);
    },
    labelling: { samples: async () => [] },
    segmenting: { idle: async () => {}, wanted: async () => {} },
    ahead: { here() {} },
    keeping: { training() {} },
    change: (/** @type {number} */ _id, /** @type {object} */ patch) => store.set({ items: [{ ...item, ...patch }] }),
    fail(/** @type {unknown} */ error) {
      throw error;
    },
    announce() {},
  };
  const fake = /** @type {any} */ (it);
  fake.models = new Models(fake);
  return Object.assign(it, {
    models: /** @type {Models} */ (fake.models),
    inside: new Inside(fake),
    training: new Training(fake),
  });
}

test('feature maps are kept while the same network is in use', async () => {
  const { asked, inside, models } = session();
  await inside.featureMaps(3, waiting);
  await inside.featureMaps(3, waiting);
  assert.equal(asked.maps, 1);
  await inside.featureMaps(4, waiting);
  assert.equal(asked.maps, 2, 'another block');
  models.prefer('two');
  await inside.featureMaps(3, waiting);
  assert.equal(asked.maps, 3, 'another model');
});

test('a training that puts its network in use makes feature maps be asked for anew', async () => {
  const { asked, inside, state, training } = session();
  void training.start();
  await until(() => asked.onUse !== null);
  asked.onUse?.(card);
  await inside.featureMaps(3, waiting);
  await inside.featureMaps(3, waiting);
  assert.equal(asked.maps, 1);
  const { modelVersion } = state;
  asked.onUse?.(card);
  assert.ok(state.modelVersion !== modelVersion);
  await inside.featureMaps(3, waiting);
  assert.equal(asked.maps, 2, 'the network has learnt since');
});
