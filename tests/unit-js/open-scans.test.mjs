import assert from 'node:assert/strict';
import test from 'node:test';
import { Open } from '../../www/wire/open-scans.js';

/** @param {number} pixels of each image */
function engine(pixels) {
  const held = new Map();
  let next = 1;
  const call = async (/** @type {string} */ method, /** @type {any[]} */ args) => {
    if (method === 'closeScan') return void held.delete(args[0]);
    const record = { id: next++, name: args[1], width: pixels, height: 1, slices: 1, channels: 1, sample: 'uint8' };
    held.set(record.id, args[1]);
    return record;
  };
  return { held, open: new Open(/** @type {any} */ (call)) };
}

test('when the engine holds too much, the scan unused for longest is put down, and read again when it is wanted', async () => {
  const { held, open } = engine(400e6);
  const [a, b] = [await open.add([new File([], 'a')]), await open.add([new File([], 'b')])];
  await open.number(a);
  await open.add([new File([], 'c')]);
  assert.deepEqual([...held.values()].sort(), ['a', 'c']);
  assert.equal(held.get(await open.number(b)), 'b');
  assert.equal(held.size, 2);
});

test('one scan stays open however large it is', async () => {
  const { held, open } = engine(5e9);
  await open.add([new File([], 'a')]);
  assert.equal(held.size, 1);
});

test('two calls at once read a file once', async () => {
  const { held, open } = engine(1);
  const scan = await open.add([new File([], 'a')]);
  open.forget();
  held.clear();
  const [x, y] = await Promise.all([open.number(scan), open.number(scan)]);
  assert.equal(x, y);
  assert.equal(held.size, 1);
});

test('an image in several files is opened from all of them, also again in a new engine, and named as they say', async () => {
  /** @type {any[][]} */
  const asked = [];
  const record = { id: 7, name: 'T2', width: 1, height: 1, slices: 2, channels: 1, sample: 'int16' };
  const open = new Open(
    /** @type {any} */ (
      async (/** @type {string} */ method, /** @type {any[]} */ args, /** @type {object} */ options) => {
        asked.push([method, ...args, options]);
        return record;
      }
    ),
  );
  const files = [new File(['a'], '1.dcm'), new File(['b'], '2.dcm')];
  const options = { signal: new AbortController().signal };
  const scan = await open.add(files, options);
  const names = ['1.dcm', '2.dcm'];
  assert.deepEqual(asked, [['openScan', files, null, names, options]]);
  open.forget();
  assert.equal(await open.number(scan), 7);
  assert.deepEqual(asked[1], ['openScan', files, null, names, undefined]);
});

test('an image over which the engine stopped twice is left alone, and others are not', async () => {
  const { open } = engine(1);
  const [deadly, other] = [await open.add([new File([], 'a')]), await open.add([new File([], 'b')])];
  await open.number(deadly);
  open.forget(true);
  // A restart that had another reason says nothing of an image.
  await open.number(deadly);
  open.forget(false);
  await open.number(deadly);
  open.forget(true);
  await assert.rejects(open.number(deadly), /leaves it alone/);
  assert.ok((await open.number(other)) > 0);
});

test('when an image is refused or closed, the engine is told what is still in use', async () => {
  /** @type {number[]} */
  const told = [];
  const record = { id: 7, name: 'a', width: 4, height: 2, slices: 1, channels: 1, sample: 'uint16' };
  let refuse = false;
  const call = async () => {
    if (refuse) throw new Error('too large');
    return record;
  };
  const open = new Open(/** @type {any} */ (call), (used) => told.push(used));
  const scan = await open.add([new File([], 'a')]);
  refuse = true;
  await assert.rejects(open.add([new File([], 'bomb')]));
  refuse = false;
  await open.remove(scan);
  assert.deepEqual(told, [16, 0]);
});
