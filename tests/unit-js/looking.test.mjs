import assert from 'node:assert/strict';
import test from 'node:test';
import { Looking } from '../../www/session/training/look.js';
import { initial } from '../../www/session/state.js';
import { Store } from '../../www/store.js';

function session() {
  const store = new Store({ ...initial });
  const done = /** @type {string[]} */ ([]);
  const it = {
    store,
    done,
    get state() {
      return store.state;
    },
    segmenting: { renew: async () => void done.push('look') },
    fail: () => done.push('failed'),
  };
  return { it, looking: new Looking(/** @type {any} */ (it)) };
}

const { signal } = new AbortController();

test('the first validation is shown at once, a step between validations not before its time', async () => {
  const { it, looking } = session();
  looking.anew();
  const show = async () => void it.done.push('show');
  await looking.due(signal, { show });
  assert.deepEqual(it.done, []);
  await looking.due(signal);
  await looking.due(signal, { show });
  await looking.due(signal);
  assert.deepEqual(it.done, ['look'], 'pictures come no faster than every few seconds');
  assert.equal(it.state.training.looking, false);
});

test('the network is put in use before it is shown, and one at a time', async () => {
  const { it, looking } = session();
  /** @type {() => void} */
  let put = () => {};
  const show = () =>
    new Promise((/** @type {(value?: unknown) => void} */ resolve) => (put = () => resolve(it.done.push('show')))).then(
      () => {},
    );
  const first = looking.due(signal, { now: true, show });
  await looking.due(signal, { now: true, show });
  put();
  await first;
  assert.deepEqual(it.done, ['show', 'look']);
});

test('a training that is over meanwhile, or was stopped, is not shown so', async () => {
  const { it, looking } = session();
  await looking.due(signal, { now: true, show: () => Promise.reject(new Error('over')) });
  const stop = new AbortController();
  stop.abort();
  await looking.due(stop.signal, { now: true });
  assert.deepEqual(it.done, []);
});
