/** What lies between the page and its workers. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { discard, transferables } from '../../www/wire/belongings.js';
import { remote } from '../../www/wire/remote.js';
import { Supervisor } from '../../www/wire/supervisor.js';

test('the memory of typed arrays is handed over, wherever in a record they stand, and each once', () => {
  const [labels, probability, values] = [new Uint8Array(4), new Float32Array(2), new Uint8Array(1)];
  const record = {
    labels,
    same: labels,
    mask: { probability, classes: 2 },
    pieces: [{ values }],
    list: [1, 2],
    none: null,
  };
  assert.deepEqual(transferables(record), [labels.buffer, probability.buffer, values.buffer]);
  assert.deepEqual(transferables(values), [values.buffer]);
  assert.deepEqual([undefined, null, 7, 'text', [1, 2, 3]].flatMap(transferables), []);
});

test('pictures that nobody waits for any more are closed', () => {
  let closed = 0;
  const bitmap = { close: () => closed++ };
  discard({ fill: { levels: [{ tiles: [{ bitmap }, { bitmap }] }] }, picture: bitmap, labels: new Uint8Array(1) });
  assert.equal(closed, 3);
});

test('a method of a worker is called by its name, and nobody takes its end of the page for a promise', async () => {
  const calls = /** @type {unknown[]} */ ([]);
  /** @type {import('../../www/wire/remote.js').Remote<{ add(a: number, b: number): number }> & { close(): string }} */
  const worker = remote(
    async (method, args) => {
      calls.push([method, ...args]);
      return 5;
    },
    { close: () => 'closed' },
  );
  assert.equal(await worker.add(2, 3), 5);
  assert.equal((await Promise.resolve(worker)).close(), 'closed');
  assert.deepEqual(calls, [['add', 2, 3]]);
});

/** Workers that are numbers, and what the supervisor told of them. */
function supervised(most = 2, fails = /** @type {(worker: number) => boolean} */ (() => false)) {
  const told = /** @type {string[]} */ ([]);
  let last = 0;
  /** @type {Supervisor<number>} */
  const supervisor = new Supervisor(most, {
    launch: async (known) => {
      const worker = ++last;
      known(worker);
      told.push(`launch ${worker}`);
      if (fails(worker)) throw new Error(`${worker} fails`);
    },
    onStop: (cause, times) => told.push(`stop ${cause} ${times}`),
    onGivenUp: () => (told.push('given up'), new Error('given up')),
    onRestarted: () => told.push('restarted'),
    onFailed: (error) => told.push(String(error)),
  });
  return { supervisor, told };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a worker that stops is replaced, until it stopped too often, and can then be started again', async () => {
  const { supervisor, told } = supervised();
  await supervisor.start();
  for (let i = 1; i <= 3; i++) {
    supervisor.stopped(i, 'a');
    await settled();
  }
  const starts = ['launch 1', 'stop a 1', 'launch 2', 'restarted', 'stop a 2', 'launch 3', 'restarted'];
  assert.deepEqual(told, [...starts, 'stop a 3', 'given up']);
  await assert.rejects(supervisor.ready, { message: 'given up' });
  await supervisor.start();
  assert.equal(supervisor.worker, 4);
});

test('one that is no longer in use may stop, and so may all once the page is left', async () => {
  const { supervisor, told } = supervised();
  await supervisor.start();
  supervisor.stopped(1, 'a');
  supervisor.stopped(1, 'again');
  await settled();
  supervisor.close();
  supervisor.stopped(2, 'b');
  assert.deepEqual(told, ['launch 1', 'stop a 1', 'launch 2', 'restarted']);
});

test('a first start that fails tells its caller, a later one those who listen', async () => {
  const first = supervised(2, (worker) => worker === 1);
  await assert.rejects(first.supervisor.start(), { message: '1 fails' });
  assert.deepEqual(first.told, ['launch 1']);
  const later = supervised(2, (worker) => worker === 2);
  await later.supervisor.start();
  later.supervisor.stopped(1, 'a');
  await settled();
  assert.deepEqual(later.told, ['launch 1', 'stop a 1', 'launch 2', 'Error: 2 fails']);
});
