import assert from 'node:assert/strict';
import test from 'node:test';
import { Display } from '../../www/session/display.js';
import { current, initial } from '../../www/session/state.js';
import { Store } from '../../www/store.js';

/** A session that shows one image. @param {number} channels */
function session(channels = 1) {
  const item = /** @type {import('../../www/session/state.js').Item} */ (
    /** @type {unknown} */ ({ id: 1, name: 'a.png', scan: { channels } })
  );
  const store = new Store({ ...initial, items: [item], currentId: 1 });
  const it = {
    store,
    get state() {
      return store.state;
    },
    get current() {
      return current(store.state);
    },
  };
  return { store, display: new Display(/** @type {any} */ (it)) };
}

test('a tool that paints brings its panel along, another leaves the panel', () => {
  const { store, display } = session();
  display.use('brush');
  assert.deepEqual([store.state.tool, store.state.panel], ['brush', 'label']);
  display.open('train');
  display.use('window');
  assert.deepEqual([store.state.tool, store.state.panel], ['window', 'train']);
});

test('a colour image has no window', async () => {
  const { store, display } = session(3);
  display.use('window');
  await Promise.resolve();
  assert.equal(store.state.tool, 'pan');
});

test('the mask and its classes are hidden and shown again, a side folds, the fill fades within bounds', () => {
  const { store, display } = session();
  display.showMask();
  display.showClass(2, false);
  display.showClass(2, false);
  display.showClass(1, false);
  display.fold('filesFolded');
  display.fade(3);
  display.fade(NaN);
  const { maskShown, hidden, filesFolded, opacity } = store.state;
  assert.deepEqual([maskShown, hidden, filesFolded, opacity], [false, [2, 1], true, 1]);
  display.showMask();
  display.showClass(2, true);
  display.fold('filesFolded');
  assert.deepEqual([store.state.maskShown, store.state.hidden, store.state.filesFolded], [true, [1], false]);
});
