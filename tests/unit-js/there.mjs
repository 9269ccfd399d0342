import assert from 'node:assert/strict';

/** What a test takes for granted. @template T @param {T} value @returns {NonNullable<T>} */
export function there(value) {
  assert.ok(value !== null && value !== undefined, 'it is not there');
  return value;
}
