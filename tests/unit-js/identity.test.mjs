import assert from 'node:assert/strict';
import test from 'node:test';
import { Identity } from '../../www/session/identity.js';
import { suggestedName } from '../../www/session/training/names.js';

/** A session of two images. */
function session() {
  /** @type {any} */
  const state = {
    items: [
      { id: 7, name: 'Doe^Jane.nii.gz' },
      { id: 9, name: 'Roe^Richard.dcm' },
    ],
    withoutIdentity: false,
  };
  return { state, store: { set: (/** @type {object} */ patch) => Object.assign(state, patch) } };
}

test('files are named after their images unless a person wants them without identity', () => {
  const it = /** @type {any} */ (session());
  const identity = new Identity(it);
  const [first] = it.state.items;
  assert.deepEqual(
    [identity.stem(first), identity.name(first), identity.pseudonym(first)],
    ['Doe^Jane', 'Doe^Jane.nii.gz', ''],
  );
  identity.choose(true);
  assert.deepEqual(
    [identity.stem(first), identity.name(first), identity.pseudonym(first)],
    ['image-1', 'image-1', 'image-1'],
  );
});

test('numbers follow the list, and stay with their images when the list changes', () => {
  const it = /** @type {any} */ (session());
  const identity = new Identity(it);
  identity.choose(true);
  const [first, second] = it.state.items;
  assert.equal(identity.stem(second), 'image-2');
  it.state.items = [{ id: 11, name: 'c.png' }, second, first];
  assert.deepEqual(
    it.state.items.map((/** @type {any} */ item) => identity.stem(item)),
    ['image-3', 'image-2', 'image-1'],
  );
  assert.equal(identity.key(), 'image-3\tc.png\nimage-2\tRoe^Richard.dcm\nimage-1\tDoe^Jane.nii.gz');
});

test('an image that was taken off the list keeps its number', () => {
  const it = /** @type {any} */ (session());
  const identity = new Identity(it);
  identity.choose(true);
  const [first, second] = it.state.items;
  assert.equal(identity.stem(first), 'image-1');
  it.state.items = [second];
  assert.equal(identity.stem(first), 'image-1');
});

test('a model that was trained on an image is not called after it', () => {
  const it = /** @type {any} */ (session());
  const identity = new Identity(it);
  const own = /** @type {any} */ ({ title: 'Nuclei, taught on Doe^Jane', file: new File([], 'm.safetensors') });
  const shipped = /** @type {any} */ ({ title: 'Nuclei', file: 'nuclei.safetensors' });
  assert.equal(identity.model(own), own.title);
  identity.choose(true);
  assert.deepEqual([identity.model(own), identity.model(shipped)], ['a model trained with Insitu', 'Nuclei']);
  Object.assign(it, { current: it.state.items[0], models: { for: () => 'n', byId: () => shipped } });
  assert.equal(suggestedName(it, false), 'Nuclei, taught on images');
  it.state.withoutIdentity = false;
  assert.equal(suggestedName(it, false), 'Nuclei, taught on Doe^Jane');
});
