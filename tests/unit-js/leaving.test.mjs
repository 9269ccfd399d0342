/** Before a tab is closed one is asked if that loses work, and only then. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Shelf } from '../../www/keep/shelf.js';
import { losesWork } from '../../www/session/keeping/leaving.js';
import { initial } from '../../www/session/state.js';
import { bytes, folder, mine, open, session } from './fake-keeping.mjs';

const stored = { writing: false, changed: 0, files: new Set([1]), models: new Map(), training: false };
const labelling = { ...initial.labelling, labelled: [{ itemId: 1, slice: 0, counts: [3] }] };
const running = /** @type {const} */ ({ ...initial.training, phase: 'running' });

test('where nothing is kept, labels, a training and what came out of one would be lost', () => {
  for (const phase of /** @type {const} */ (['off', 'unavailable', 'elsewhere', 'unknown'])) {
    const state = { ...initial, keeping: { ...initial.keeping, phase } };
    assert.equal(losesWork(state, stored), false, phase);
    assert.equal(losesWork({ ...state, labelling }, stored), true, phase);
    assert.equal(losesWork({ ...state, training: running }, stored), true, phase);
    assert.equal(losesWork({ ...state, models: [mine('taught-1')] }, stored), true, phase);
    assert.equal(losesWork({ ...state, models: [mine('file-1')] }, stored), false, 'it lies in a file somewhere');
  }
});

test('what is kept is not asked about', () => {
  const state = { ...initial, keeping: { ...initial.keeping, phase: /** @type {const} */ ('on') }, labelling };
  assert.equal(losesWork(state, stored), false);
  assert.equal(losesWork(state, { ...stored, changed: 1 }), true, 'a stroke that is not stored yet');
  assert.equal(losesWork(state, { ...stored, files: new Set() }), true, 'labels of a file that is not stored yet');
  assert.equal(losesWork({ ...state, training: running }, stored), true);
  assert.equal(losesWork({ ...state, training: running }, { ...stored, training: true }), false);
  const model = mine('kept-x-taught-2');
  assert.equal(losesWork({ ...state, models: [model] }, stored), true);
  assert.equal(
    losesWork({ ...state, models: [model] }, { ...stored, models: new Map([[model.id, model.file]]) }),
    false,
  );
});

test('from a stroke until it is stored there is something to lose', async () => {
  const it = session(new Shelf(folder()));
  await it.keeping.start();
  const one = open(it, 'one.png');
  await it.keeping.flush();
  assert.equal(it.keeping.losesWork, false);
  it.labels.set(one, bytes('painted'));
  it.store.set({ labelling: { ...it.state.labelling, labelled: [{ itemId: one, slice: 0, counts: [1] }] } });
  it.labelling.changed([one]);
  assert.equal(it.keeping.losesWork, true);
  const stored = it.keeping.flush();
  await null;
  assert.equal(it.keeping.losesWork, true);
  await stored;
  assert.equal(it.keeping.losesWork, false);
});
