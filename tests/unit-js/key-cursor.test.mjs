import assert from 'node:assert/strict';
import test from 'node:test';
import { KeyCursor, stepped } from '../../www/canvas/key-cursor.js';
import { there } from './there.mjs';

/** @typedef {{ x: number, y: number }} Point */

/** A cursor over an image of 100 by 80 pixels on a canvas of the same size, and what it does. @param {{ tool?: string, scale?: number, mirrored?: boolean, takes?: boolean }} [how] */
function cursor({ tool = 'brush', scale = 1, mirrored = false, takes = true } = {}) {
  const done = /** @type {string[]} */ ([]);
  const state = { keyCursor: true, tool, corners: 0, shown: /** @type {Point | null} */ (null), down: false };
  const note = (/** @type {string} */ what, /** @type {Point} */ { x, y }, more = '') =>
    done.push(`${what} ${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}${more}`);
  /** @type {any} */
  const session = {
    state,
    store: { on: () => {} },
    announce: () => {},
    display: { steer: (/** @type {boolean} */ on) => done.push(`steer ${on}`) },
  };
  /** @type {any} */
  const place = {
    view: () => ({ scale, x: 0, y: 0 }),
    image: () => ({ width: 100, height: 80 }),
    size: () => ({ width: 100, height: 80 }),
    mirrored: () => mirrored,
  };
  const hand = {
    press: (/** @type {PointerEvent} */ event, /** @type {Point} */ at) => {
      if (takes) note('press', at, event.shiftKey ? ' shift' : '');
      return takes;
    },
    move: (/** @type {unknown} */ _event, /** @type {Point} */ at) => note('move', at),
    release: (/** @type {unknown} */ _event, /** @type {Point} */ at) => {
      note('release', at);
      if (tool === 'polygon') state.corners += 1;
    },
    giveUp: () => done.push('give up'),
  };
  const made = new KeyCursor(session, place, {
    hands: [hand],
    show: (at, down) => Object.assign(state, { shown: at, down }),
    reveal: () => {},
    rest: () => {},
    tap: (at) => note('tap', at),
    work: (key) => {
      const works = state.corners > 0;
      if (works) done.push(key);
      state.corners = 0;
      return works;
    },
    corners: () => state.corners,
  });
  made.focus(true);
  const press = (/** @type {string[]} */ ...keys) =>
    keys.map((name) => {
      const shiftKey = name.startsWith('Shift+');
      const key = shiftKey ? name.slice(6) : name;
      return made.key({ key, shiftKey, altKey: false, ctrlKey: false, metaKey: false });
    });
  return { cursor: made, state, done, press };
}

test('a step is a pixel of the image, or of the screen where that is larger, and never leaves the image', () => {
  const image = { width: 100, height: 80 };
  assert.deepEqual(stepped({ x: 10.5, y: 10.5 }, [1, 0], 8, image), { x: 11.5, y: 10.5 });
  assert.deepEqual(stepped({ x: 10.5, y: 10.5 }, [0, -2], 0.5, image), { x: 10.5, y: 6.5 });
  assert.deepEqual(stepped({ x: 99.5, y: 0.5 }, [10, -10], 1, image), { x: 99.5, y: 0.5 });
});

test('the brush is set down, goes with the arrows, and is lifted', () => {
  const { press, done, state } = cursor();
  assert.deepEqual(state.shown, { x: 50.5, y: 40.5 }, 'it begins in the middle');
  press('ArrowLeft', ' ', 'Shift+ArrowRight', 'ArrowDown');
  assert.equal(state.down, true);
  press('Enter', 'ArrowDown');
  assert.equal(state.down, false);
  assert.deepEqual(done, ['press 49.5 40.5', 'move 59.5 40.5', 'move 59.5 41.5', 'release 59.5 41.5']);
});

test('with Shift the brush takes labels away', () => {
  const { press, done } = cursor();
  press('Shift+Enter');
  assert.deepEqual(done, ['press 50.5 40.5 shift']);
});

test('Escape takes the stroke back, then leaves', () => {
  const { press, done } = cursor();
  press(' ', 'ArrowUp', 'Escape', 'Escape');
  assert.deepEqual(done.slice(-2), ['give up', 'steer false']);
  assert.ok(!done.some((one) => one.startsWith('release')));
});

test('another key, or the focus going elsewhere, lifts the brush first', () => {
  const { press, done, cursor: one } = cursor();
  assert.deepEqual(press(' ', 'Shift', '[', 'e'), [true, false, false, false], 'they keep their meaning');
  assert.equal(done.filter((what) => what.startsWith('release')).length, 1);
  press(' ');
  one.focus(false);
  assert.equal(done.filter((what) => what.startsWith('release')).length, 2);
});

test('Enter sets the corners of an outline, and closes it where the last one is', () => {
  const { press, done } = cursor({ tool: 'polygon' });
  press('Enter', 'Enter', 'ArrowRight', 'Enter', 'ArrowDown', 'Enter');
  assert.equal(done.filter((what) => what.startsWith('press')).length, 3, 'two corners cannot be closed');
  press('Enter');
  assert.equal(done.at(-1), 'Enter');
});

test('a tool that clicks presses and lets go at once; without a tool the object is pointed at', () => {
  const flood = cursor({ tool: 'flood' });
  flood.press(' ', 'ArrowRight');
  assert.deepEqual(flood.done, ['press 50.5 40.5', 'release 50.5 40.5']);
  const pan = cursor({ tool: 'pan', takes: false });
  pan.press('Enter');
  assert.deepEqual(pan.done, ['tap 50.5 40.5']);
});

test('on a mirrored image right is right', () => {
  const { press, state } = cursor({ mirrored: true });
  press('ArrowRight');
  assert.equal(there(state.shown).x, 49.5, 'which is drawn turned over');
});

test('without the cursor no key means anything', () => {
  const { press, state } = cursor();
  state.keyCursor = false;
  assert.deepEqual(press('ArrowLeft', ' ', 'Enter', 'Escape'), [false, false, false, false]);
});
