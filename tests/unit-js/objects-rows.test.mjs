import assert from 'node:assert/strict';
import test from 'node:test';
import { inSight, moved, scrolledTo } from '../../www/views/objects/rows.js';
import { clamped, keyed, limits, remembered, SIDES } from '../../www/views/resize.js';

test('only rows in sight are drawn, with a few on either side', () => {
  assert.deepEqual(inSight(0, 100, 26, 10_000, 2), { from: 0, to: 6 });
  assert.deepEqual(inSight(26 * 500, 26 * 4, 26, 10_000, 2), { from: 498, to: 506 });
  assert.deepEqual(inSight(26 * 500 + 1, 26 * 4, 26, 10_000, 0), { from: 500, to: 505 });
  assert.deepEqual(inSight(26 * 9_996, 26 * 4, 26, 10_000, 2), { from: 9_994, to: 10_000 });
  assert.deepEqual(inSight(5_000, 100, 26, 3, 2), { from: 3, to: 3 }, 'fewer rows than before');
  assert.deepEqual(inSight(0, 100, 26, 0, 2), { from: 0, to: 0 });
});

test('a row is brought into sight by the shortest way', () => {
  assert.equal(scrolledTo(100, 260, 26, 5), 100, 'it is there');
  assert.equal(scrolledTo(100, 260, 26, 1), 26, 'above');
  assert.equal(scrolledTo(100, 260, 26, 20), 21 * 26 - 260, 'below');
  assert.equal(scrolledTo(0, 10, 26, 4), 104, 'a row that is higher than the window shows its beginning');
});

test('keys move within the table', () => {
  assert.equal(moved('ArrowDown', null, 5, 3), 0);
  assert.deepEqual(
    ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'a'].map((key) => moved(key, 1, 5, 3)),
    [2, 0, 4, 0, 0, 4, null],
  );
  assert.equal(moved('End', null, 0, 3), null);
});

const room = { width: 1440, height: 900 };

test('borders leave the image its room', () => {
  for (const side of Object.values(SIDES)) {
    assert.equal(clamped(side, 0, room), side.min);
    assert.equal(clamped(side, side.initial, room), side.initial);
    assert.ok(clamped(side, 1e6, room) <= side.max);
  }
  for (const width of [901, 1024, 1440, 2560]) {
    const most = ['files', 'panel'].map((name) => limits(SIDES[/** @type {'files'} */ (name)], { ...room, width }).max);
    assert.ok(width - most[0] - most[1] >= 0.3 * width - 1, `${width}: ${most}`);
  }
});

test('arrow keys move a border the way they point', () => {
  assert.equal(keyed(SIDES.files, 'ArrowRight', 200, room), 216);
  assert.equal(keyed(SIDES.panel, 'ArrowRight', 300, room), 284);
  assert.equal(keyed(SIDES.drawer, 'ArrowUp', 300, room), 316);
  assert.equal(keyed(SIDES.drawer, 'ArrowRight', 300, room), null);
  assert.equal(keyed(SIDES.files, 'Home', 200, room), SIDES.files.min);
  assert.equal(keyed(SIDES.files, 'Enter', 400, room), SIDES.files.initial);
});

test('sizes that make no sense are not remembered', () => {
  assert.deepEqual(remembered('{"files":200,"panel":"wide","other":3}'), { files: 200 });
  for (const text of [null, '', 'null', '[1', '7']) assert.deepEqual(remembered(text), {}, String(text));
});
