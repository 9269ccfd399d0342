/** Which model is used for which image. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Models } from '../../www/session/models.js';
import { current, initial } from '../../www/session/state.js';
import { Store } from '../../www/store.js';

/** @typedef {import('../../www/session/state.js').Item} Item */
/** @typedef {import('../../www/session/state.js').Model} Model */

const shipped = (/** @type {string} */ id) =>
  /** @type {Model} */ (/** @type {unknown} */ ({ id, title: id, file: id }));
const own = /** @type {Model} */ (/** @type {unknown} */ ({ id: 'file-1', title: 'mine', file: new File([], 'm') }));

/** Files with the model that fits each, and what was run on which. @param {(string | null)[]} fits */
function session(...fits) {
  const items = fits.map(
    (id, i) =>
      /** @type {Item} */ (
        /** @type {unknown} */ ({
          id: i,
          scan: {},
          modelId: null,
          suggestion: {
            id,
            kind: id,
            others: [],
            other: 'nuclei',
            reason: id ? 'looks' : 'modality',
            modality: id ? null : 'MR',
          },
        })
      ),
  );
  const store = new Store({ ...initial, items, currentId: 0, models: [shipped('nuclei'), shipped('em'), own] });
  const ran = /** @type {unknown[]} */ ([]);
  const it = {
    store,
    get state() {
      return store.state;
    },
    get current() {
      return current(store.state);
    },
    change: (/** @type {number} */ id, /** @type {Partial<Item>} */ patch) =>
      store.set({ items: store.state.items.map((item) => (item.id === id ? { ...item, ...patch } : item)) }),
    segmenting: { wanted: (/** @type {Item} */ item) => ran.push(item.id) },
  };
  const models = new Models(/** @type {any} */ (it));
  return { models, ran, store, used: () => store.state.items.map((item) => models.for(item)) };
}

test('an image that no model was made for gets none unasked, and one on request that holds for it alone', () => {
  const { models, ran, used } = session(null, null, 'em');
  assert.deepEqual(used(), [null, null, 'em']);
  assert.equal(models.unsuited()?.modality, 'MR');
  models.tryOn('nuclei');
  assert.deepEqual([used(), ran], [['nuclei', null, 'em'], [0]]);
  assert.equal(models.unsuited(), null);
});

test('choosing a shipped model from the list on such an image is no choice for the others', () => {
  const { models, used, store } = session(null, 'em', null);
  models.prefer('nuclei');
  assert.deepEqual([used(), store.state.preferred], [['nuclei', 'em', null], null]);
});

test('a choice for all files leaves those alone that no model was made for, unless it is a model of a person’s own', () => {
  const { models, used } = session('em', null);
  models.preferForAll('nuclei');
  assert.deepEqual(used(), ['nuclei', null]);
  models.preferForAll('file-1');
  assert.deepEqual(used(), ['file-1', 'file-1']);
});

test('nothing is chosen before it is known what an image looks like', () => {
  const { models, store, used } = session('em');
  store.set({ items: store.state.items.map((item) => ({ ...item, suggestion: null })) });
  assert.deepEqual([used(), models.unsuited()], [[null], null]);
});

test('a shipped model that is chosen from the list holds for files that look alike, those to come too, and for no others', () => {
  const { models, used, store } = session('nuclei', 'nuclei', 'em', null);
  models.prefer('em');
  assert.deepEqual(used(), ['em', 'em', 'em', null]);
  const [first] = store.state.items;
  store.set({ items: [...store.state.items, { ...first, id: 9 }], currentId: 2 });
  assert.equal(used()[4], 'em');
  models.prefer('nuclei');
  assert.deepEqual(used(), ['em', 'em', 'nuclei', null, 'em']);
  models.prefer(null);
  assert.deepEqual(used(), ['em', 'em', 'em', null, 'em'], 'automatic again, for images of this kind');
  assert.deepEqual(
    store.state.items.map((item) => models.byHand(item)),
    ['em', 'em', null, null, 'em'],
  );
});

test('a model of a person’s own holds for all, until another is chosen for files of one kind', () => {
  const { models, used } = session('nuclei', 'em', null);
  models.prefer('em');
  models.prefer('file-1');
  assert.deepEqual(used(), ['file-1', 'file-1', 'file-1']);
  models.prefer('nuclei');
  assert.deepEqual(used(), ['nuclei', 'file-1', 'file-1']);
});

test('a shipped model applied to all is applied to what is in the list, not to files that are dropped later', () => {
  const { models, used, store } = session('nuclei', 'em', null);
  models.preferForAll('em');
  assert.deepEqual(used(), ['em', 'em', null]);
  assert.deepEqual(
    store.state.items.map((item) => models.reaches('em', item)),
    [true, true, false],
  );
  store.set({ items: [...store.state.items, { ...store.state.items[0], id: 9, modelId: null }] });
  assert.equal(used()[3], 'nuclei');
});

test('what was chosen by hand can be put back', () => {
  const { models, used } = session('nuclei', 'em', null);
  models.tryOn('em');
  const before = models.choices();
  models.preferForAll('file-1');
  assert.deepEqual(used(), ['file-1', 'file-1', 'file-1']);
  models.putBack(before);
  assert.deepEqual(used(), ['em', 'em', null]);
});

/** Files that may be of one of two kinds, beside those of `fits`. @param {ReturnType<typeof session>} it @param {number} count */
function unsure({ store }, count) {
  const [first] = store.state.items;
  const suggestion = /** @type {const} */ ({ reason: 'unsure', id: null, kind: null, other: 'em', modality: null });
  const asked = Array.from({ length: count }, (_, i) => ({
    ...first,
    id: 10 + i,
    suggestion: { ...suggestion, others: ['nuclei', 'em'] },
  }));
  store.set({ items: [...store.state.items, ...asked], currentId: 10 });
}

test('which of two kinds an image is, is asked once for all that look alike, and the answer is not doubted', () => {
  const it = session('em');
  unsure(it, 2);
  assert.deepEqual([it.used(), it.models.unsuited()?.reason], [['em', null, null], 'unsure']);
  it.models.prefer('em');
  assert.deepEqual([it.used(), it.models.doubt(), it.models.unsuited()], [['em', 'em', 'em'], null, null]);
});

test('an image that is of none of the kinds asked about gets no mask, and one that is run all the same is doubted', () => {
  const it = session('em');
  unsure(it, 2);
  it.models.noneOf();
  assert.deepEqual([it.used(), it.models.unsuited()?.reason], [['em', null, null], 'unlike']);
  it.models.tryOn('em');
  assert.equal(it.models.doubt()?.reason, 'unlike');
});

test('a choice for all files reaches those that may be of its kind', () => {
  const it = session('nuclei');
  unsure(it, 1);
  it.models.preferForAll('em');
  assert.deepEqual(it.used(), ['em', 'em']);
});
