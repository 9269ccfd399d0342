/** What the engine tells of itself stands on the page, and nothing else in its place. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { coloursOf } from '../../www/session/colours.js';
import { initial } from '../../www/session/state.js';
import { requestOf, settled } from '../../www/session/training/state.js';
import { rateSentence } from '../../www/views/train/settings.js';
import { constants } from './constants.mjs';

const other = {
  ...constants,
  training: { ...constants.training, steps: 70, seed: 8, loss: /** @type {const} */ ('dice') },
  learningRate: 2.5e-3,
  touchUp: 4e-5,
};

test('the sentence about the learning rate has the numbers of the engine', () => {
  assert.match(rateSentence('small', constants), /^Empty: 0\.001\. /);
  assert.match(rateSentence(null, constants), /^Empty: 0\.001, or 0\.0001 for a model/);
  assert.match(rateSentence('small', other), /^Empty: 0\.0025\. /);
  assert.match(rateSentence(null, other), /^Empty: 0\.0025, or 0\.00004 for a model/);
});

test('what nobody chose is what the engine takes by itself', () => {
  const { settings } = initial.training;
  const asked = requestOf(settled({ ...settings, seed: 0, augment: false }, other));
  assert.deepEqual([settled(settings, other).steps, asked.seed, asked.augment], [70, 0, false]);
  assert.deepEqual([asked.loss, asked.learn, asked.balance, asked.learningRate], ['dice', 'all', true, undefined]);
});

test('classes without a colour of their own have those of the engine, one after the other', () => {
  const model = {
    classes: [
      { name: 'a', colour: '#123456' },
      { name: 'b', colour: 'red' },
    ],
  };
  assert.deepEqual(coloursOf({ constants }, model, 4), ['#123456', '#56b4e9', '#009e73', '#e69f00']);
  assert.deepEqual(coloursOf({ constants: null }, null, 1), ['#808080'], 'before the engine is there');
});
test('a colour that is chosen counts, and one that the image looks like gives way', () => {
  const constants = /** @type {any} */ ({ colours: ['#e69f00', '#56b4e9', '#0072b2'] });
  const model = { id: 'vessels', classes: [{ name: 'vessel', colour: '#e69f00' }] };
  const items = /** @type {any} */ ([
    { id: 1, tone: [200, 120, 40] },
    { id: 2, tone: [20, 20, 20] },
  ]);
  assert.deepEqual(coloursOf({ constants, items, currentId: 2 }, model, 1), ['#e69f00']);
  assert.notEqual(coloursOf({ constants, items, currentId: 1 }, model, 1)[0], '#e69f00');
  const colours = { vessels: { 1: '#ffffff' } };
  assert.deepEqual(coloursOf({ constants, items, currentId: 1, colours }, model, 1), ['#ffffff']);
});
