/** When the session is stored. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Turns } from '../../www/session/keeping/turns.js';

/** Turns whose storing waits until it is let go. */
function turns() {
  const told = /** @type {boolean[]} */ ([]);
  const waiting = /** @type {(() => void)[]} */ ([]);
  const save = () => new Promise((/** @type {(value: void) => void} */ go) => waiting.push(go));
  return { told, waiting, it: new Turns(save, (pending) => told.push(pending)) };
}

test('changes that come soon after each other are stored in one go, and what is still to be stored is told', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { told, waiting, it } = turns();
  it.soon();
  it.soon();
  assert.deepEqual(told, [true]);
  t.mock.timers.tick(1000);
  await Promise.resolve();
  assert.deepEqual([waiting.length, told], [1, [true]]);
  waiting[0]();
  await it.take(async () => {});
  assert.deepEqual(told, [true, false]);
});

test('a change while something is stored is stored after it, and nothing is done beside something else', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { told, waiting, it } = turns();
  const first = it.now();
  await Promise.resolve();
  it.soon();
  const second = it.now();
  await Promise.resolve();
  assert.equal(waiting.length, 1);
  waiting[0]();
  await first;
  await Promise.resolve();
  assert.deepEqual([waiting.length, told], [2, [true]]);
  waiting[1]();
  await second;
  t.mock.timers.tick(1000);
  assert.deepEqual(
    [waiting.length, told],
    [2, [true, false]],
    'the change that was stored at once is not stored again',
  );
});
