import assert from 'node:assert/strict';
import test from 'node:test';
import { Store } from '../../www/store.js';

test('a listener hears once of many changes to its parts, and not of others', async () => {
  const store = new Store({ a: 1, b: 1, c: 1 });
  const heard = /** @type {string[]} */ ([]);
  store.on(['a', 'b'], (state) => heard.push(`${state.a}${state.b}`));
  store.set({ a: 2 });
  store.set({ b: 3 });
  store.set({ c: 4 });
  await Promise.resolve();
  assert.deepEqual(heard, ['11', '23']);
  store.set({ c: 5 });
  await Promise.resolve();
  assert.equal(heard.length, 2);
});

test('setting what is already there tells nobody', async () => {
  const store = new Store({ a: 1 });
  let told = 0;
  store.on(['a'], () => told++);
  store.set({ a: 1 });
  await Promise.resolve();
  assert.equal(told, 1);
});

test('a listener may change the state again', async () => {
  const store = new Store({ a: 0, doubled: 0 });
  store.on(['a'], ({ a }) => store.set({ doubled: 2 * a }));
  const heard = /** @type {number[]} */ ([]);
  store.on(['doubled'], ({ doubled }) => heard.push(doubled));
  store.set({ a: 4 });
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(heard.at(-1), 8);
});

test('what began to listen within a piece of work can be ended, and the rest goes on', async () => {
  const store = new Store({ a: 1 });
  const heard = /** @type {string[]} */ ([]);
  store.on(['a'], () => heard.push('kept'));
  const end = store.within(() => store.on(['a'], () => heard.push('gone')));
  end();
  store.set({ a: 2 });
  await Promise.resolve();
  assert.deepEqual(heard, ['kept', 'gone', 'kept']);
});
