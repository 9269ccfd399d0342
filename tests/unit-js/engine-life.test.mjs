/** The engine's end of the page, with a scripted worker in the browser's place. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { there } from './there.mjs';

/** @typedef {{ id: number, method: string, args: any[] }} Call */

/** @type {ScriptedWorker[]} */
const workers = [];

/** Answers at once, except `segment`, which waits to be told. */
class ScriptedWorker {
  scans = new Map();
  /** @type {(Call | { abort: number })[]} */
  sent = [];
  terminated = false;
  memory = 1e8;
  /** The bridge sets these. @type {(event: { data: unknown }) => void} */
  onmessage = () => {};
  /** @type {(event: { preventDefault(): void, message: string }) => void} */
  onerror = () => {};

  constructor() {
    workers.push(this);
  }

  addEventListener() {}

  /** @param {Call | { abort: number }} message */
  postMessage(message) {
    this.sent.push(message);
    if ('abort' in message || message.method === 'segment') return;
    queueMicrotask(() => this.answer(message));
  }

  /** @param {Call} call */
  answer({ id, method, args }) {
    if (this.terminated) return;
    const scan = (/** @type {string} */ name) => ({
      id: this.scans.size + 1,
      name,
      width: 2,
      height: 1,
      slices: 1,
      channels: 1,
      sample: 'uint8',
    });
    /** @type {Record<string, () => unknown>} */
    const results = {
      create: () => ({ device: { kind: 'webgpu', name: 'card', reason: 'It passed.' }, facts: {} }),
      openScan: () => {
        const record = scan(args[1]);
        this.scans.set(record.id, args[1]);
        return record;
      },
      diagnostics: () => ({ memory: this.memory, holds: false }),
      valueAt: () => [this.scans.get(args[0])],
      loadModel: () => ({ title: new TextDecoder().decode(args[0]), classes: [], threshold: 0.5 }),
    };
    this.onmessage({ data: { id, result: results[method]?.() ?? null } });
  }

  /** The calls among what was sent. */
  get calls() {
    return this.sent.flatMap((message) => ('abort' in message ? [] : [message]));
  }

  /** @param {unknown} result of the last `segment` */
  finish(result) {
    const { id } = there(this.calls.findLast(({ method }) => method === 'segment'));
    this.onmessage({ data: { id, result } });
  }

  /** @param {string} name */
  count(name) {
    return this.calls.filter(({ method }) => method === name).length;
  }

  terminate() {
    this.terminated = true;
  }
}
Object.assign(globalThis, { Worker: ScriptedWorker });
const { open } = await import('../../www/insitu.js');

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const mask = (key = 1) => ({
  width: 2,
  height: 1,
  labels: new Uint8Array(2),
  probability: new Float32Array(2),
  classes: 1,
  milliseconds: 1,
  cached: false,
  areas: [0],
  key,
});

const newest = () => there(workers.at(-1));

async function started() {
  const heard = /** @type {string[]} */ ([]);
  const app = await open({ onStatus: ({ code }) => heard.push(code) });
  const scan = await app.openScan(new File(['x'], 'first'));
  return { app, scan, heard, worker: newest() };
}

test('a cancel rejects at once, tells the worker, and leaves it alive', async () => {
  const { app, scan, worker } = await started();
  const stop = new AbortController();
  const running = app.segment(scan, { signal: stop.signal });
  await settled();
  stop.abort();
  await assert.rejects(running, { name: 'InsituError', code: 'cancelled' });
  const segment = there(worker.calls.find(({ method }) => method === 'segment'));
  assert.deepEqual(worker.sent.at(-1), { abort: segment.id });
  assert.equal(worker.terminated, false);
  assert.deepEqual(await app.valueAt(scan, 0, 0, 0), ['first']);
});

test('an answer that nobody waits for any more gives its bitmaps back', async () => {
  const { app, scan, worker } = await started();
  const stop = new AbortController();
  const running = app.segment(scan, { signal: stop.signal });
  await settled();
  stop.abort();
  await assert.rejects(running);
  let closed = 0;
  const bitmap = { close: () => closed++ };
  worker.finish({ width: 1, height: 1, levels: [{ tiles: [{ bitmap }, { bitmap }] }] });
  assert.equal(closed, 2);
});

test('an engine that dies in the middle of a call is replaced, with its model and its scans, and the call made again', async () => {
  const { app, scan, heard, worker } = await started();
  await app.loadModel(new Blob(['mine']));
  const running = app.segment(scan);
  await settled();
  worker.onmessage({ data: { died: 'RuntimeError: unreachable' } });
  await settled();
  const next = newest();
  assert.notEqual(next, worker);
  assert.equal(worker.terminated, true);
  assert.deepEqual(
    [next.count('create'), next.count('loadModel'), next.count('openScan'), next.count('segment')],
    [1, 1, 1, 1],
  );
  next.finish(mask());
  assert.equal((await running).width, 2);
  assert.deepEqual(heard, ['engine.loading', 'engine.died', 'engine.restarting', 'engine.loading', 'engine.restarted']);
});

test('scans keep their identity over a restart, whatever numbers the new engine gives', async () => {
  const { app, scan, worker } = await started();
  const second = await app.openScan(new File(['x'], 'second'));
  worker.onmessage({ data: { died: 'test' } });
  await settled();
  assert.deepEqual(await app.valueAt(second, 0, 0, 0), ['second']);
  assert.deepEqual(await app.valueAt(scan, 0, 0, 0), ['first']);
});

test('a lost GPU is replaced once by a GPU and then by the CPU', async () => {
  const { app, worker } = await started();
  worker.onmessage({ data: { status: { code: 'device.lost', message: '' } } });
  await settled();
  assert.equal(newest().calls[0].args[0], 'auto');
  newest().onmessage({ data: { status: { code: 'device.memory', message: '' } } });
  await settled();
  assert.equal(newest().calls[0].args[0], 'cpu');
  assert.match(app.device.reason, /failed twice/);
});

test('an engine that keeps dying is given up with a sentence, and can be started again', async () => {
  const { app, scan, heard } = await started();
  for (let i = 0; i < 6; i++) {
    newest().onmessage({ data: { died: 'test' } });
    await settled();
  }
  assert.equal(heard.at(-1), 'engine.failed');
  await assert.rejects(app.valueAt(scan, 0, 0, 0), { code: 'engine.failed' });
  await app.start();
  assert.deepEqual(await app.valueAt(scan, 0, 0, 0), ['first']);
});

test('a worker that cannot be loaded fails the start with its own code', async () => {
  const broken = open();
  newest().onerror({ preventDefault() {}, message: '' });
  await assert.rejects(broken, { name: 'InsituError', code: 'engine.start' });
});

test('a call with a signal that has already fired never reaches the worker', async () => {
  const { app, scan, worker } = await started();
  await assert.rejects(app.segment(scan, { signal: AbortSignal.abort() }), { code: 'cancelled' });
  assert.equal(worker.count('segment'), 0);
});

test('after closing, a scan and then the app refuse politely', async () => {
  const { app, scan, worker } = await started();
  await app.closeScan(scan);
  await assert.rejects(app.render(scan), { code: 'scan.closed' });
  await app.close();
  assert.equal(worker.terminated, true);
  await assert.rejects(app.saveModel(), { code: 'engine.closed' });
});

test('an engine that holds much more than is in use gives way to another one, without a word and without loss', async () => {
  const { app, scan, heard, worker } = await started();
  await app.loadModel(new Blob(['mine']));
  const other = await app.openScan(new File(['y'], 'other'));
  worker.memory = 2e9;
  const told = heard.length;
  const running = app.segment(scan);
  await app.closeScan(other);
  await settled();
  assert.equal(worker.terminated, false, 'somebody waits for it');
  worker.finish(mask());
  await running;
  const third = await app.openScan(new File(['z'], 'third'));
  await app.closeScan(third);
  await settled();
  assert.equal(worker.terminated, true);
  assert.equal(newest().count('loadModel'), 1);
  assert.deepEqual(await app.valueAt(scan, 0, 0, 0), ['first']);
  assert.equal(heard.length, told);
});
