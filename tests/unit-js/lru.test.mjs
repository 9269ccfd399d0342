import assert from 'node:assert/strict';
import test from 'node:test';
import { Lru } from '../../www/lru.js';

/** Words, a byte a letter, of which eight letters are kept. @returns {Lru<number, string>} */
const words = () => new Lru(8, (word) => word.length);

test('the longest unused goes first', () => {
  const kept = words();
  kept.put(1, 'abc');
  kept.put(2, 'def');
  assert.equal(kept.get(1), 'abc');
  kept.put(3, 'ghi');
  assert.deepEqual([kept.get(1), kept.get(2), kept.get(3), kept.bytes], ['abc', undefined, 'ghi', 6]);
});

test('as many go as have to', () => {
  const kept = words();
  for (const key of [1, 2, 3, 4]) kept.put(key, 'ab');
  kept.put(5, 'abcde');
  assert.deepEqual([kept.keys, kept.bytes], [[4, 5], 7]);
});

test('the newest is kept even if it alone is too large, until another comes', () => {
  const kept = words();
  kept.put(1, 'a');
  kept.put(2, 'abcdefghij');
  assert.deepEqual([kept.keys, kept.bytes], [[2], 10]);
  kept.put(3, 'a');
  assert.deepEqual([kept.keys, kept.bytes], [[3], 1]);
});

test('another value under the same key takes its place, and bytes are counted once', () => {
  const kept = words();
  kept.put(1, 'abcd');
  kept.put(1, 'xy');
  assert.deepEqual([kept.get(1), kept.bytes], ['xy', 2]);
  kept.delete(1);
  kept.delete(1);
  assert.deepEqual([kept.get(1), kept.bytes], [undefined, 0]);
});

test('cleared, nothing is left', () => {
  const kept = words();
  kept.put(1, 'abcd');
  kept.clear();
  assert.deepEqual([kept.keys, kept.bytes, kept.get(1)], [[], 0, undefined]);
});

test('who asks is told of each that goes, and looks at one without a use of it', () => {
  const gone = /** @type {string[]} */ ([]);
  /** @type {Lru<number, string>} */
  const kept = new Lru(
    4,
    (word) => word.length,
    (word) => gone.push(word),
  );
  kept.put(1, 'ab');
  kept.put(2, 'cd');
  kept.put(2, 'ef');
  assert.deepEqual([kept.peek(1), kept.peek(3), gone], ['ab', undefined, ['cd']]);
  kept.put(3, 'gh');
  kept.clear();
  assert.deepEqual([gone, kept.bytes], [['cd', 'ab', 'ef', 'gh'], 0]);
});
