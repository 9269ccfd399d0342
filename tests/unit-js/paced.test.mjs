/** Progress is told now and then, and never stays behind. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { PAUSE, paced } from '../../www/wire/paced.js';

/** What is told, with a clock that stands until it is moved. @param {import('node:test').TestContext} t */
function listened(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const told = /** @type {string[]} */ ([]);
  const progress = paced((done, total) => told.push(`${done}/${total}`));
  const pass = (/** @type {number} */ ms) => {
    now += ms;
    t.mock.timers.tick(ms);
  };
  return { told, progress, pass };
}

test('of a burst the first word is told at once and the last when the pause is over, though nothing follows', (t) => {
  const { told, progress, pass } = listened(t);
  for (const done of [1, 2, 3]) progress.say(done, 10);
  assert.deepEqual(told, ['1/10']);
  pass(PAUSE - 1);
  assert.deepEqual(told, ['1/10']);
  pass(1);
  assert.deepEqual(told, ['1/10', '3/10']);
  pass(10 * PAUSE);
  assert.deepEqual(told, ['1/10', '3/10']);
});

test('words that come without an end are told once in a pause, each as it is then', (t) => {
  const { told, progress, pass } = listened(t);
  for (let done = 0; done < 10 * PAUSE; done++) {
    progress.say(done, 0);
    pass(1);
  }
  assert.equal(told.length, 11);
  assert.equal(told.at(-1), `${10 * PAUSE - 1}/0`);
});

test('that all is done is told at once, and once', (t) => {
  const { told, progress, pass } = listened(t);
  for (const done of [1, 2, 3, 3]) progress.say(done, 3);
  pass(PAUSE);
  progress.say(3, 3);
  assert.deepEqual(told, ['1/3', '3/3']);
});

test('after the end nothing is told', (t) => {
  const { told, progress, pass } = listened(t);
  progress.say(1, 3);
  progress.say(2, 3);
  progress.end();
  pass(PAUSE);
  assert.deepEqual(told, ['1/3']);
});
