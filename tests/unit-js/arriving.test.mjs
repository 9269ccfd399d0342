/** How much of a file has come over a slow line, and of how much. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { arrival, counted } from '../../www/wire/arriving.js';
import { Shipped } from '../../www/wire/shipped.js';
import { arrivedText } from '../../www/strings/format.js';

const SIZE = { raw: 14_000_000, packed: 3_800_000 };
const UNKNOWN = { raw: 0, packed: 0 };
const after = (/** @type {Record<string, string>} */ headers, size = SIZE, bytes = 7_000_000) =>
  arrival(new Headers(headers), size)(bytes);

test('of a file that comes as it is, its length counts', () => {
  assert.deepEqual(after({ 'content-length': '14000000' }, UNKNOWN), { done: 7_000_000, total: 14_000_000 });
  assert.deepEqual(after({ 'content-length': '14000000', 'content-encoding': 'identity' }, UNKNOWN).total, 14_000_000);
  assert.deepEqual(after({}), { done: 7_000_000, total: 14_000_000 }, 'or what the release knows');
});

test('of one that comes packed, the packed bytes count, by the part of the unpacked ones that is there', () => {
  const gzip = { 'content-encoding': 'gzip' };
  assert.deepEqual(after({ ...gzip, 'content-length': '3900000' }), { done: 1_950_000, total: 3_900_000 });
  assert.deepEqual(after(gzip), { done: 1_900_000, total: 3_800_000 }, 'where no length is sent');
  assert.deepEqual(after(gzip, { raw: 14_000_000, packed: 0 }), { done: 7_000_000, total: 14_000_000 });
});

test('where nobody knows the whole, only what has come is told', () => {
  assert.deepEqual(after({}, UNKNOWN), { done: 7_000_000, total: 0 });
  assert.deepEqual(after({ 'content-encoding': 'br', 'content-length': '3000000' }, UNKNOWN), {
    done: 7_000_000,
    total: 0,
  });
  assert.deepEqual(after({ 'content-length': '5000000' }, UNKNOWN).total, 0, 'and never more than the whole');
});

/** An answer in pieces. @param {number[]} lengths @param {HeadersInit} [headers] @param {number} [status] */
const answer = (lengths, headers, status) => {
  const pieces = lengths.map((length) => new Uint8Array(length).fill(length));
  const body = new ReadableStream({
    pull: (stream) => (pieces.length > 0 ? stream.enqueue(pieces.shift()) : stream.close()),
  });
  return new Response(body, { headers, status });
};

test('an answer that is counted has the same bytes and the same type, and each piece is told', async () => {
  const told = /** @type {number[]} */ ([]);
  const headers = { 'content-type': 'application/wasm', 'content-length': '60' };
  const same = counted(answer([10, 20, 30], headers), UNKNOWN, ({ done, total }) => told.push(done, total));
  assert.equal(same.headers.get('content-type'), 'application/wasm');
  assert.deepEqual(
    [...new Uint8Array(await same.arrayBuffer())],
    [10, 20, 30].flatMap((n) => Array(n).fill(n)),
  );
  assert.deepEqual(told, [0, 60, 10, 60, 30, 60, 60, 60]);
});

test('of an answer that says no, nothing is told', () => {
  const refused = answer([5], {}, 404);
  assert.equal(
    counted(refused, SIZE, () => assert.fail()),
    refused,
  );
});

test('who waits for a model hears of all its bytes, also when somebody else asked for it first', async () => {
  const list = [{ id: 'nuclei', file: 'nuclei.safetensors', sizeBytes: 60 }];
  const shipped = new Shipped(async (name) => (name === 'index.json' ? Response.json(list) : answer([10, 20, 30])));
  const first = shipped.bytes('nuclei');
  const told = /** @type {string[]} */ ([]);
  await shipped.bytes('nuclei', ({ done, total }) => told.push(`${done}/${total}`));
  assert.deepEqual(told, ['0/60', '10/60', '30/60', '60/60']);
  await first;
  await shipped.bytes('nuclei', () => assert.fail('it is here'));
});

test('bytes are told in MB with one digit, so that the words keep their width', () => {
  assert.equal(arrivedText({ done: 1_230_000, total: 3_900_000 }), '1.2 of 3.9 MB');
  assert.equal(arrivedText({ done: 2_000_000, total: 0 }), '2.0 MB');
});
