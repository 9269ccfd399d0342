import assert from 'node:assert/strict';
import test from 'node:test';
import { flooded } from '../../www/session/training/flood.js';
import { newTraining, training } from '../../www/session/training/state.js';

/** @param {object} [changes] @param {object} [current] @returns {any} */
const state = (changes, current) => ({
  modelId: 'taught-1',
  mask: { width: 10, height: 10, areas: [70] },
  training: {
    ...training,
    phase: 'over',
    current: { ...newTraining('taught-1', false, 200, ''), at: 200, begun: { mostCovered: 0.5 }, ...current },
  },
  ...changes,
});

test('a mask that covers more than the engine expects of the labels floods', () => {
  assert.equal(flooded(state()), 0.7);
  assert.equal(flooded(state({}, { begun: { mostCovered: 0.7 } })), null);
});

test('of another model, of the network before the training, and while it learns, nothing is said', () => {
  assert.equal(flooded(state({ modelId: 'nuclei' })), null);
  assert.equal(flooded(state({ mask: null })), null);
  assert.equal(flooded(state({}, { at: 0 })), null);
  const { training: over } = state();
  assert.equal(flooded(state({ training: { ...over, phase: 'running' } })), null);
  assert.equal(flooded(state({ training: { ...over, phase: 'paused' } })), 0.7);
});
