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
  const [a, b] = [await open.add(new File([], 'a')), await open.add(new File([], 'b'))];
  await open.number(a);
  await open.add(new File([], 'c'));
  assert.deepEqual([...held.values()].sort(), ['a', 'c']);
  assert.equal(held.get(await open.number(b)), 'b');
  assert.equal(held.size, 2);
});

test('one scan stays open however large it is', async () => {
  const { held, open } = engine(5e9);
  await open.add(new File([], 'a'));
  assert.equal(held.size, 1);
});

test('two calls at once read a file once', async () => {
  const { held, open } = engine(1);
  const scan = await open.add(new File([], 'a'));
  open.forget();
  held.clear();
  const [x, y] = await Promise.all([open.number(scan), open.number(scan)]);
  assert.equal(x, y);
  assert.equal(held.size, 1);
});

test('a file that can no longer be read says so', async () => {
  const { open } = engine(1);
  const gone = new File([], 'a');
  gone.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
  await assert.rejects(open.add(gone), { code: 'file.unreadable', kind: 'io' });
});
