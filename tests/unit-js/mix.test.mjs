/** Channels of a microscope: what is drawn, whose window is changed, and what the model sees. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  chosenWindow,
  drawnAt,
  followed,
  inChannel,
  mixOf,
  shownOf,
  windowed,
  withLook,
  withShown,
} from '../../www/session/channels/mix.js';
import { there } from './there.mjs';

const own = [0, 1, 2].map((channel) => ({ center: 100 * channel, width: 10 + channel }));
/** Three channels, two depths. */
const scan = /** @type {import('../../www/insitu.js').Scan} */ (
  /** @type {unknown} */ ({
    channels: 1,
    slices: 6,
    window: own[0],
    windows: [...own, ...own],
    planes: {
      channels: ['DAPI', '', 'BF'],
      looks: [
        { colour: [0, 0, 255], shown: true },
        { colour: [0, 200, 15], shown: true },
        { colour: [255, 255, 255], shown: false },
      ],
      slices: 2,
      depths: 2,
      times: 1,
    },
  })
);
const first = there(mixOf(scan, 3));
const item = { scan, slice: 3, window: own[0], windowByHand: false, mix: first };

test('the channels that the engine proposes are mixed in its colours, each through its own window', () => {
  const mix = [
    { channel: 0, colour: [0, 0, 255], ...own[0] },
    { channel: 1, colour: [0, 200, 15], ...own[1] },
  ];
  assert.deepEqual(drawnAt(item), { slice: 3, window: own[0], mix });
  assert.deepEqual(drawnAt(item, 1).slice, 0, 'whichever channel the model sees');
  assert.equal(mixOf({ ...scan, channels: 3 }, 0), null);
});

test('a channel alone is drawn as it is, and none as nothing', () => {
  const only = (/** @type {number[]} */ shown) => ({
    ...item,
    mix: withShown(first, (channel) => shown.includes(channel)),
  });
  assert.deepEqual(drawnAt(only([2])), { slice: 5, window: own[2] });
  assert.deepEqual(drawnAt(only([])).mix, []);
});

test('a window is that of the chosen channel, for all its slices, until it is as the file says again', () => {
  const chosen = { ...item, mix: { ...first, chosen: 1 } };
  assert.deepEqual(chosenWindow(chosen), own[1]);
  const wide = { center: 5, width: 50 };
  const changed = { ...chosen, ...windowed(chosen, wide) };
  assert.deepEqual(changed.window, own[0], 'the channel that the model sees keeps its own');
  for (const slice of [0, 3]) assert.deepEqual(there(drawnAt(changed, slice).mix)[1].center, 5);
  assert.deepEqual(chosenWindow({ ...changed, ...windowed(changed, null) }), own[1]);
  // Without channels a window is that of all slices.
  const plain = { ...item, mix: null };
  assert.deepEqual(windowed(plain, wide), { window: wide, windowByHand: true });
  assert.deepEqual(windowed(plain, null), { window: own[0], windowByHand: false });
});

test('where the model sees the only channel that is shown, both change together; in a mixed picture only what it sees', () => {
  const alone = { ...item, mix: withShown(first, (channel) => channel === 0) };
  const next = inChannel(scan, item.slice, 2);
  const after = there(followed(alone, next));
  assert.deepEqual([shownOf(after), after.chosen], [[2], 2]);
  const mixed = there(followed(item, next));
  assert.deepEqual([shownOf(mixed), mixed.chosen], [[0, 1], 2]);
  assert.equal(followed(item, 0), first, 'another depth changes nothing');
});

test('what was kept of a file comes back if it has as many channels', () => {
  const kept = withLook({ ...first, chosen: 2 }, 1, { colour: '#ff0000' });
  assert.equal(mixOf(scan, 0, kept), kept);
  assert.deepEqual(mixOf(scan, 0, { ...kept, looks: kept.looks.slice(1) })?.looks, first.looks);
  assert.deepEqual(mixOf(scan, 1, null)?.chosen, 1);
});
