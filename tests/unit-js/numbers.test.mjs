/** Objects that were taken over as labels keep their numbers beside these. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Numbers, numbersOf, runsOf, together } from '../../www/session/labelling/numbers.js';

const numbers = Uint32Array.from([0, 0, 7, 7, 7, 70_000, 0]);

test('runs of numbers are the numbers again, and of another size they are none', () => {
  assert.deepEqual([...runsOf(numbers)], [0, 2, 7, 3, 70_000, 1, 0, 1]);
  assert.deepEqual(numbersOf(runsOf(numbers), 7), numbers);
  for (const pixels of [0, 6, 8]) assert.equal(numbersOf(runsOf(numbers), pixels), null);
});

test('numbers are stored beside the labels of their file, and labels without any as they are', () => {
  const first = new Numbers();
  const labels = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(first.beside(1, labels), labels);
  first.put(1, 0, numbers);
  first.put(1, 4, Uint32Array.from([9]));
  const bytes = first.beside(1, labels);
  const second = new Numbers();
  assert.deepEqual(second.parted(5, bytes), labels);
  assert.deepEqual([second.get(5, 0, 7), second.get(5, 4, 1)], [numbers, Uint32Array.from([9])]);
  assert.deepEqual([second.get(5, 1, 7), second.any([{ itemId: 5, slice: 4 }])], [null, true]);
  second.forget(5);
  assert.equal(second.any([{ itemId: 5, slice: 4 }]), false);
  // Bytes that were cut off, or hold labels alone, harm nothing.
  for (const length of [0, 3, 8, 12, 20, bytes.length - 1]) new Numbers().parted(1, bytes.slice(0, length));
  assert.equal(new Numbers().parted(1, labels), labels);
});

test('objects taken over later stand beside those of before, and in the place of those that they cover', () => {
  const before = Uint32Array.from([4, 4, 4, 0, 9, 9, 0, 0]);
  const later = Uint32Array.from([0, 0, 1, 1, 2, 2, 0, 3]);
  assert.deepEqual([...together(before, later)], [4, 4, 4, 1, 2, 2, 0, 3]);
  const both = new Numbers();
  both.put(1, 0, before);
  both.put(1, 0, later);
  assert.deepEqual([...(both.get(1, 0, 8) ?? [])], [4, 4, 4, 1, 2, 2, 0, 3]);
});
