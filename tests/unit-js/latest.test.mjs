import assert from 'node:assert/strict';
import test from 'node:test';
import { latest } from '../../www/session/latest.js';

test('wishes during a run collect into one more run, which sees the last state', async () => {
  let state = 0,
    running = 0;
  const seen = /** @type {number[]} */ ([]);
  const refresh = latest(async () => {
    assert.equal(++running, 1, 'one at a time');
    const now = state;
    await new Promise((resolve) => setTimeout(resolve, 5));
    seen.push(now);
    running--;
  });
  const first = refresh();
  for (state = 1; state < 5; state++) void refresh();
  await first;
  assert.deepEqual(seen, [0, 5]);
});

test('a run that fails says so and does not stop later ones', async () => {
  let runs = 0;
  const refresh = latest(async () => {
    if (++runs === 1) throw new Error('once');
  });
  await assert.rejects(refresh, /once/);
  await refresh();
  assert.equal(runs, 2);
});
