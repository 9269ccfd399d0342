/** Models are loaded ahead of their use, while nothing else is going on. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Ahead } from '../../www/session/ahead.js';
import { initial } from '../../www/session/state.js';
import { Store } from '../../www/store.js';

const models = /** @type {any[]} */ (['nuclei', 'em', 'cells'].map((id) => ({ id, title: id, file: id })));

function session() {
  const own = { id: 'file-1', title: 'mine', file: new File([], 'm') };
  const store = new Store({ ...initial, models: [...models, own], modelsHere: ['nuclei'] });
  const asked = /** @type {string[]} */ ([]);
  const noted = /** @type {string[]} */ ([]);
  const it = {
    store,
    asked,
    noted,
    fails: '',
    get state() {
      return store.state;
    },
    app: Promise.resolve(
      /** @type {any} */ ({
        fetchModel: async (/** @type {string} */ id) => {
          asked.push(id);
          if (it.fails === id) throw new Error('offline');
        },
      }),
    ),
    segmenting: { idle: async () => {} },
    journal: { note: (/** @type {string} */ line) => void noted.push(line) },
  };
  return Object.assign(it, { ahead: new Ahead(it, 1) });
}

test('what is missing is loaded once, and what fails is noted, not said to be here, and tried again', async () => {
  const it = session();
  it.fails = 'em';
  await it.ahead.load();
  assert.deepEqual(
    [it.asked, it.state.modelsHere],
    [
      ['em', 'cells'],
      ['nuclei', 'cells'],
    ],
  );
  assert.equal(it.noted.length, 1);
  it.fails = '';
  await it.ahead.load();
  assert.deepEqual(
    [it.asked, it.state.modelsHere],
    [
      ['em', 'cells', 'em'],
      ['nuclei', 'cells', 'em'],
    ],
  );
});

test('nothing is loaded while a network learns', async () => {
  const it = session();
  it.store.set({ training: { ...it.state.training, phase: 'running' } });
  const loading = it.ahead.load();
  await new Promise((next) => setTimeout(next, 30));
  assert.deepEqual(it.asked, []);
  it.store.set({ training: { ...it.state.training, phase: 'over' } });
  await loading;
  assert.deepEqual(it.asked, ['em', 'cells']);
});
