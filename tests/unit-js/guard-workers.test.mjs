import assert from 'node:assert/strict';
import test from 'node:test';

/** What workers were started with, and what they say. */
class Started extends EventTarget {
  /** @type {Started[]} */
  static all = [];
  ended = false;
  /** @type {{ guardTry: object }[]} */
  asked = [];

  /** @param {string} address @param {{ type: string, name: string }} options */
  constructor(address, options) {
    super();
    this.address = address;
    this.options = options;
    Started.all.push(this);
  }

  /** @param {any} message @param {MessagePort[]} [ports] */
  postMessage(message, ports) {
    this.asked.push(message);
    ports?.[0]?.postMessage({ tried: [{ door: 'fetch-get', by: 'policy', detail: 'connect-src' }], below: [] });
  }

  terminate() {
    this.ended = true;
  }

  /** @param {unknown} data */
  says(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

let policy = '';
const scope = /** @type {any} */ (globalThis);
Object.assign(scope, {
  Worker: Started,
  document: { querySelector: () => (policy ? { content: policy } : null), baseURI: 'http://a.example/' },
  location: { href: 'http://a.example/', origin: 'http://a.example' },
});
const { isBootstrap, startWorker, tryWorkers } = await import('../../www/guard/workers.js');
const { soFar } = await import('../../www/guard/watch.js');

const FILE = new URL('http://a.example/www/wire/engine-worker.js');
const last = () => /** @type {Started} */ (Started.all.at(-1));

test('where the page has no policy to inherit, a worker is what its file is', () => {
  for (policy of ['', "default-src 'self'", "worker-src 'self'; img-src blob:"]) {
    startWorker(FILE, 'insitu');
    assert.equal(last().address, FILE.href);
  }
});

test('where it has one, a worker begins with one line in the page’s memory, the same for each of its kind', async () => {
  policy = "default-src 'none'; worker-src 'self' blob:";
  startWorker(FILE, 'insitu');
  const [line, file] = last().address.split('#');
  assert.match(line, /^blob:/);
  assert.equal(file, '/www/wire/engine-worker.js');
  assert.equal(await (await fetch(line)).text(), 'import "http://a.example/www/wire/engine-worker.js";');
  assert.deepEqual(last().options, { type: 'module', name: 'insitu' });
  startWorker(FILE, 'insitu');
  assert.equal(last().address.split('#')[0], line);
  assert.ok(isBootstrap(line) && !isBootstrap('blob:http://a.example/other'));
});

test('what a worker tells of its requests is counted and goes no further', () => {
  const worker = startWorker(FILE, 'insitu');
  /** @type {unknown[]} */
  const heard = [];
  worker.onmessage = null;
  worker.addEventListener('message', ({ data }) => heard.push(data));
  const requests = [{ address: 'http://a.example/pkg/x.wasm', bytes: 5, where: '' }];
  last().says({ guardRequests: requests, guardRefused: [] });
  last().says({ id: 1, result: null });
  assert.deepEqual(heard, [{ id: 1, result: null }]);
  const { own, bytes, list } = soFar();
  assert.deepEqual([own, bytes, list[0].where], [1, 5, ['wire/engine-worker.js']]);
});

test('only workers that run are asked to try their doors', async () => {
  for (const worker of Started.all) worker.terminate();
  startWorker(FILE, 'insitu');
  const answers = await tryWorkers({ target: 'https://leak.invalid/', mark: 'm' });
  assert.equal(answers.length, 1);
  assert.equal(answers[0].worker, 'wire/engine-worker.js');
  assert.equal(answers[0].tried?.[0].by, 'policy');
});

test('a browser that starts no worker from memory gets the next one from its file', () => {
  startWorker(FILE, 'insitu');
  last().dispatchEvent(new Event('error'));
  startWorker(FILE, 'insitu');
  assert.equal(last().address, FILE.href);
});
