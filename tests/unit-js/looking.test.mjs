import assert from 'node:assert/strict';
import test from 'node:test';
import { Looking } from '../../www/session/training/look.js';
import { initial } from '../../www/session/state.js';
import { Store } from '../../www/store.js';

/** A session whose clock stands still but for what is done; a picture takes as long as `milliseconds` says of its pixels. */
function session({ pixels = 512 * 512, milliseconds = (/** @type {number} */ n) => n / 1000 } = {}) {
  const store = new Store({ ...initial });
  const clock = { now: 1000 };
  const done = /** @type {string[]} */ ([]);
  const pieces = /** @type {{ at: number, most: number, turn: number }[]} */ ([]);
  const it = {
    store,
    done,
    clock,
    pieces,
    get state() {
      return store.state;
    },
    segmenting: {
      renew: async () => void done.push('whole'),
      glance: async (/** @type {unknown} */ _, /** @type {number} */ most, /** @type {number} */ turn) => {
        const seen = Math.min(most, pixels);
        clock.now += milliseconds(seen);
        pieces.push({ at: clock.now, most, turn });
        return { pixels: seen, milliseconds: milliseconds(seen) };
      },
    },
    fail: () => done.push('failed'),
  };
  return { it, looking: new Looking(/** @type {any} */ (it)) };
}

/** A training: steps and validations of so many ms. @param {ReturnType<typeof session>} given @param {number} steps @param {{ step: number, validation: number }} takes @param {import('node:test').TestContext} context */
async function taught({ it, looking }, steps, takes, context) {
  context.mock.method(performance, 'now', () => it.clock.now);
  const run = /** @type {any} */ ({ at: 0, begun: { every: 20, steps } });
  looking.anew();
  while (run.at < steps) {
    it.clock.now += takes.step;
    run.at += 1;
    if (run.at % 20 === 0) it.clock.now += takes.validation;
    await looking.chance(run, () => true);
  }
  return it.pieces;
}

/** The longest time without a picture, ms. @param {{ at: number }[]} pieces */
const longest = (pieces) => Math.max(...pieces.slice(1).map(({ at }, i) => at - pieces[i].at));

for (const [what, step, validation] of /** @type {const} */ ([
  ['quick steps', 20, 100],
  ['steps of a page', 270, 900],
  ['slow steps', 700, 1500],
])) {
  test(`what is seen is never older than three seconds: ${what}`, async (context) => {
    const pieces = await taught(session(), 100, { step, validation }, context);
    // Until the first validation nobody knows how long one takes.
    assert.ok(longest(pieces.slice(20 * step < 3000 ? 2 : 8)) <= 3000, `${longest(pieces)} ms`);
    assert.equal(pieces[0].at < 1000 + step + 300, true, 'the first picture comes at once');
  });
}

test('pictures take at most a quarter of the time: of large images a piece after the other', async (context) => {
  const given = session({ pixels: 1e9, milliseconds: (n) => n / 200 });
  const pieces = await taught(given, 200, { step: 270, validation: 900 }, context);
  assert.equal(pieces[0].most, 512 * 512);
  for (const { most } of pieces.slice(1)) assert.ok(Math.abs(most / 200 - 525) < 1, `${most} pixels`);
  assert.deepEqual(
    pieces.slice(0, 4).map(({ turn }) => turn),
    [0, 1, 2, 3],
  );
});

test('a person who does not want to see it has no pictures', async (context) => {
  const given = session();
  given.it.store.set({ training: { ...given.it.state.training, live: false } });
  assert.deepEqual(await taught(given, 40, { step: 500, validation: 500 }, context), []);
});

const { signal } = new AbortController();

test('where a training stands still, the network is put in use before it is shown', async () => {
  const { it, looking } = session();
  await looking.now(signal, /** @type {any} */ ({ show: async () => void it.done.push('show') }));
  assert.deepEqual(it.done, ['show', 'whole']);
  assert.equal(it.state.training.looking, false);
});

test('a training that is over meanwhile, or was stopped, is not shown so', async () => {
  const { it, looking } = session();
  await looking.now(signal, /** @type {any} */ ({ show: () => Promise.reject(new Error('over')) }));
  const stop = new AbortController();
  stop.abort();
  await looking.now(stop.signal, /** @type {any} */ ({ show: async () => {} }));
  await looking.now(signal, null);
  assert.deepEqual(it.done, []);
});
