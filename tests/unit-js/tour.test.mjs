/** When each step of the tour was done. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { initial } from '../../www/session/state.js';
import { STEPS } from '../../www/tour/steps.js';

/** @typedef {import('../../www/session/state.js').State} State */

const step = (/** @type {string} */ id) =>
  /** @type {import('../../www/tour/steps.js').Step} */ (STEPS.find((one) => one.id === id));

/** The phases that a step comes through as the state changes. @param {string} id @param {object[]} patches each over all before it */
function phases(id, ...patches) {
  /** @type {import('../../www/tour/steps.js').Course} */
  const course = { passed: new Map(), item: 7 };
  let state = /** @type {State} */ (
    /** @type {unknown} */ ({ ...initial, items: [{ id: 7, scan: {} }], currentId: 7, mask: {} })
  );
  return patches.map((patch) => {
    state = { ...state, ...patch };
    const phase = step(id).phase(state, course);
    if (!course.passed.has(phase)) course.passed.set(phase, state);
    return phase;
  });
}

const labelling = (/** @type {number} */ undo, /** @type {number[]} */ counts) => ({
  labelling: { ...initial.labelling, steps: { undo, redo: 0 }, labelled: [{ itemId: 7, slice: 0, counts }] },
});
const training = (/** @type {string} */ phase) => ({ training: { ...initial.training, phase } });
const inside = (/** @type {object} */ patch) => ({ inside: { ...initial.inside, ...patch } });

test('the mask was compared when it was switched off and on again', () => {
  assert.deepEqual(phases('mask', { mask: null }, { mask: {} }, { maskShown: false }, { maskShown: true }), [
    'wait',
    'hide',
    'show',
    'done',
  ]);
});

test('the threshold was moved when it is a good piece from where it was, either way', () => {
  const moves = [{ threshold: 0.55 }, { threshold: 0.5 }, { threshold: 0.45 }];
  assert.deepEqual(phases('threshold', ...moves), ['move', 'move', 'done']);
  assert.deepEqual(phases('threshold', { threshold: 0.3 }, { threshold: 0.7 }), ['move', 'done']);
});

test('steps inside the network lead there, to their tab, and are done when it shows what they are about', () => {
  const [closed, network, tiles] = [inside({}), inside({ part: 'network' }), inside({ part: 'tiles', tiles: 1 })];
  assert.deepEqual(phases('tiles', closed, network, tiles, inside({ part: 'tiles', tiles: 9 })), [
    'open',
    'tab',
    'size',
    'done',
  ]);
  assert.deepEqual(phases('skip', tiles, network, inside({ part: 'network', block: 'up' })), ['tab', 'block', 'done']);
  assert.deepEqual(phases('borders', closed, inside({ part: 'borders' }), inside({ part: 'borders', objects: 70 })), [
    'open',
    'look',
    'done',
  ]);
});

test('learning takes five strokes of both kinds, and a training that ended', () => {
  const brush = { tool: /** @type {const} */ ('brush'), panel: /** @type {const} */ ('label') };
  assert.deepEqual(
    phases(
      'learn',
      inside({ part: 'borders' }),
      { ...inside({}), ...labelling(3, []) },
      brush,
      labelling(7, [0, 40]),
      labelling(8, [0, 50]),
      labelling(9, [10, 50]),
      { panel: 'train' },
      training('running'),
      training('ending'),
      training('over'),
    ),
    ['close', 'brush', 'paint', 'paint', 'both', 'train', 'start', 'watch', 'watch', 'done'],
  );
});

test('labels and a training of a person’s own are no part of the tour', () => {
  const before = { ...labelling(30, [500, 500]), ...training('over'), tool: 'brush' };
  assert.deepEqual(phases('learn', before, labelling(35, [600, 600]), { panel: 'train' }, training('idle')), [
    'paint',
    'train',
    'again',
    'start',
  ]);
});
