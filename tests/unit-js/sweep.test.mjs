import assert from 'node:assert/strict';
import test from 'node:test';
import { InsituError } from '../../www/wire/error.js';
import { Sweeping } from '../../www/session/training/sweep.js';
import { initial } from '../../www/session/state.js';
import { Store } from '../../www/store.js';

/** @typedef {import('../../www/session/state.js').Item} Item */

/** Files of so many slices; of each the model is as unsure as `unsure` says. */
function session(
  /** @type {number[]} */ slices,
  { unsure = /** @type {(id: number, slice: number) => number} */ (() => 0) } = {},
) {
  const items = slices.map(
    (count, i) =>
      /** @type {Item} */ (
        /** @type {unknown} */ ({
          id: i + 1,
          name: `${i + 1}.tif`,
          state: 'open',
          slice: 0,
          modelId: 'other',
          scan:
            count > 0 ? { slices: count, planes: { channels: [''], slices: count, depths: count, times: 1 } } : null,
          error: null,
        })
      ),
  );
  const store = new Store({ ...initial, items, currentId: 1, mask: /** @type {any} */ ({}) });
  const it = {
    store,
    asked: /** @type {string[]} */ ([]),
    said: /** @type {string[]} */ ([]),
    get state() {
      return store.state;
    },
    get current() {
      return store.state.items[0];
    },
    models: {
      for: () => 'taught-1',
      reaches: () => true,
      preferForAll: (/** @type {string} */ id) =>
        store.set({ preferred: id, items: store.state.items.map((item) => ({ ...item, modelId: null })) }),
    },
    segmenting: {
      idle: async () => {},
      wanted: async () => {},
      /** @param {Item} item @param {number} slice @param {string} modelId @param {AbortSignal} signal */
      async maskOf(item, slice, modelId, signal) {
        await new Promise((next) => setImmediate(next));
        if (signal.aborted) throw InsituError.cancelled();
        it.asked.push(`${item.id}/${slice}/${modelId}`);
        const share = unsure(item.id, slice);
        if (share < 0) throw new InsituError('scan.slice', 'invalid', 'Broken.');
        return {
          width: 100,
          height: 1,
          classes: 1,
          probability: new Float32Array(100).map((_, i) => (i < 100 * share ? 0.5 : 0)),
        };
      },
    },
    journal: { note() {} },
    change: (/** @type {number} */ id, /** @type {Partial<Item>} */ patch) =>
      store.set({ items: store.state.items.map((item) => (item.id === id ? { ...item, ...patch } : item)) }),
    announce: (/** @type {string} */ text) => it.said.push(text),
    fail: (/** @type {unknown} */ error) => assert.ok(InsituError.from(error).isCancelled, String(error)),
  };
  return Object.assign(it, { sweep: new Sweeping(/** @type {any} */ (it)) });
}

test('all slices of all open files are segmented with one model, and the least sure come first', async () => {
  const it = session([2, 0, 3], { unsure: (id, slice) => (id * 10 + slice) / 100 });
  await it.sweep.run();
  const { sweep } = it.state.training;
  assert.deepEqual(it.asked, ['1/0/taught-1', '1/1/taught-1', '3/0/taught-1', '3/1/taught-1', '3/2/taught-1']);
  assert.deepEqual([sweep.phase, sweep.done, sweep.total], ['done', 5, 5]);
  assert.deepEqual(
    sweep.unsure.map(({ itemId, slice }) => [itemId, slice]),
    [
      [3, 2],
      [3, 1],
      [3, 0],
      [1, 1],
      [1, 0],
    ],
  );
  assert.deepEqual(
    it.state.items.map((item) => [item.state, item.modelId]),
    [
      ['done', null],
      ['open', null],
      ['done', null],
    ],
  );
  assert.equal(it.said.length, 1);
});

test('it can be stopped, and keeps what it found until the weights change', async () => {
  const it = session([50]);
  const over = it.sweep.run();
  while (it.state.training.sweep.done < 3) await new Promise((next) => setImmediate(next));
  it.sweep.cancel();
  await over;
  const { sweep } = it.state.training;
  assert.equal(sweep.phase, 'stopped');
  assert.ok(sweep.done >= 3 && sweep.done < 50 && sweep.unsure.length === sweep.done);
  it.sweep.forget();
  assert.deepEqual([it.state.training.sweep.phase, it.state.training.sweep.unsure], ['idle', []]);
});

test('a slice that cannot be read, or a file that was closed, holds up nobody', async () => {
  const it = session([1, 2, 1], { unsure: (id, slice) => (id === 2 && slice === 0 ? -1 : 0.1) });
  const over = it.sweep.run();
  it.store.set({ items: it.state.items.filter((item) => item.id !== 3) });
  await over;
  const { sweep } = it.state.training;
  assert.deepEqual(
    [sweep.phase, sweep.unsure.map(({ itemId, slice }) => `${itemId}/${slice}`)],
    ['done', ['1/0', '2/1']],
  );
  assert.equal(it.state.items[1].error?.code, 'scan.slice');
});
