/** The guard in a worker that begins in the page's memory. */
import assert from 'node:assert/strict';
import test from 'node:test';

/** @type {string[]} */
const made = [];
const recorded = (/** @type {string} */ kind) =>
  class {
    /** @param {string} address */
    constructor(address) {
      made.push(`${kind} ${address}`);
    }
  };
const scope = /** @type {any} */ (globalThis);
Object.assign(scope, {
  location: new URL('blob:http://a.example/0-1'),
  addEventListener() {},
  postMessage() {},
  fetch: async (/** @type {string} */ address) => void made.push(`fetch ${address}`),
  EventSource: recorded('EventSource'),
  WebTransport: recorded('WebTransport'),
  WebSocket: recorded('WebSocket'),
  Worker: recorded('Worker'),
});
await import('../../www/guard/guard.js');

test('a worker asks no other address, whether or not its browser holds it to the policy of the page', () => {
  for (const attempt of [
    () => new scope.EventSource('http://other.example/x'),
    () => new scope.WebTransport('https://a.example:8443/x'),
    () => new scope.WebSocket('wss://other.example/x'),
    () => scope.fetch('http://other.example/x'),
    () => scope.fetch(new Request('http://other.example/x')),
    () => new scope.Worker('http://other.example/x.js'),
    () => new scope.Worker('data:text/javascript,fetch("http://other.example/x")'),
    () => new scope.Worker('blob:http://a.example/not-a-line-of-the-page'),
  ])
    assert.throws(attempt, { name: 'Refused' }, String(attempt));
  assert.deepEqual(made, []);
});

test('a worker asks where the page came from', async () => {
  new scope.EventSource('http://a.example/events');
  new scope.WebSocket('ws://a.example/socket');
  await scope.fetch('http://a.example/model.safetensors');
  new scope.Worker('http://a.example/www/wire/helper-worker.js');
  assert.deepEqual(made, [
    'EventSource http://a.example/events',
    'WebSocket ws://a.example/socket',
    'fetch http://a.example/model.safetensors',
    'Worker http://a.example/www/wire/helper-worker.js',
  ]);
});
