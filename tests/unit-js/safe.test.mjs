/** A training that outlasts failures, reloads and other tabs. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { InsituError } from '../../www/wire/error.js';
import { Curve } from '../../www/training/curve.js';
import { Run } from '../../www/training/run.js';

/**
 * @typedef {import('../../www/api.d.ts').Again} Again
 * @typedef {import('../../www/training/run.js').Begun} Begun
 * @typedef {import('../../www/training/run.js').Engine} Engine
 */

const wish = { classes: [{ name: 'a', colour: '#000000' }], steps: 40 };
const lost = () => new InsituError('engine.died', 'device', 'Gone.', 'device.lost');
const full = () => new InsituError('engine.died', 'device', 'Gone.', 'device.memory The memory was too small.');

/**
 * An engine whose loss depends on every step before: on the path that it took.
 * @param {{ fails?: (taken: number) => InsituError | null, dice?: (step: number) => number }} [options]
 */
function engine({ fails = () => null, dice = (step) => step / 100 } = {}) {
  const it = {
    step: 0,
    sum: 0,
    best: -1,
    batch: 4,
    steps: 0,
    taken: 0,
    points: /** @type {Map<number, any>} */ (new Map()),
    asked: /** @type {any[]} */ ([]),
  };
  /** @returns {Begun} */
  const begun = () => ({
    steps: it.steps,
    batch: it.batch,
    patch: 64,
    learningRate: 1e-3,
    keepStatistics: false,
    held: { kind: 'nothing' },
    pixels: [1, 1],
    parameters: 10,
    every: 5,
    mostCovered: 0.5,
  });
  const kept = () => ({ step: it.step, sum: it.sum, best: it.best, steps: it.steps, batch: it.batch });
  /** @type {Engine} */
  const device = {
    look: async () => assert.fail('nothing is shown here'),
    async begin(asked) {
      it.asked.push(['begin', asked]);
      Object.assign(it, {
        step: 0,
        sum: 0,
        best: -1,
        points: new Map(),
        steps: asked.steps ?? 200,
        batch: (asked.batch ?? 4) / (asked.halved ? 2 : 1),
      });
      return begun();
    },
    async trainStep() {
      const error = fails(it.taken++);
      if (error?.code === 'train.unlabelled') it.step += 1;
      if (error) throw error;
      await new Promise((next) => setImmediate(next));
      it.step += 1;
      it.sum = (it.sum * 31 + it.step) % 1009;
      return { step: it.step, loss: it.sum, learningRate: 1e-3 };
    },
    async trainValidate() {
      const value = dice(it.step);
      const best = value > it.best;
      if (best) it.best = value;
      return { step: it.step, dice: value, pixelError: 1 - value, best };
    },
    async trainKeep() {
      it.points.set(it.step, kept());
      return [...it.points.keys()].sort((a, b) => a - b);
    },
    async trainGoBack(step) {
      const at = [...it.points.keys()].filter((key) => key <= step).at(-1);
      if (at === undefined) throw new InsituError('train.point', 'invalid', 'None.');
      Object.assign(it, it.points.get(at));
      return at;
    },
    async use(best) {
      it.asked.push(['use', best, it.step]);
    },
    async hold() {},
    async trainEnd() {
      it.asked.push(['end']);
    },
    async trainState(note) {
      return new TextEncoder().encode(JSON.stringify({ ...kept(), note }));
    },
    async restore(state, changes) {
      it.asked.push(['restore', changes]);
      const { note, ...rest } = JSON.parse(new TextDecoder().decode(state));
      Object.assign(it, rest, { points: new Map() });
      it.steps = changes.steps ?? it.steps;
      it.batch = (changes.batch ?? it.batch) / (changes.halved ? 2 : 1);
      return { begun: begun(), done: it.step, note, same: true };
    },
    async trainPoint(step) {
      if (!it.points.has(step)) throw new InsituError('train.point', 'invalid', 'None.');
      return new Uint8Array([step]);
    },
    async trainAddPoint(step, bytes) {
      it.points.set(step, { ...kept(), step, sum: bytes[0] });
    },
  };
  return Object.assign(device, { it });
}

const straight = async () => (await new Run(engine(), wish, { every: 10 }).finished).loss;

test('after a lost device the same steps follow as without the failure', async () => {
  const again = /** @type {Again[]} */ ([]);
  const it = engine({ fails: (taken) => (taken === 25 || taken === 31 ? lost() : null) });
  const result = await new Run(it, { ...wish, preset: 'small' }, { every: 10, onAgain: (what) => again.push(what) })
    .finished;
  assert.deepEqual(result.loss, await straight());
  assert.deepEqual(
    result.validations.map((v) => [v.step, v.best]),
    [
      [10, true],
      [20, true],
      [30, true],
      [40, true],
    ],
  );
  assert.deepEqual(
    again.map(({ step, exact, smaller }) => [step, exact, smaller]),
    [
      [20, true, false],
      [20, true, false],
    ],
  );
  assert.equal(it.it.asked.filter(([what]) => what === 'begin').length, 1);
});

test('an engine that was started anew during a pause has no training any more, which is then taken up again', async () => {
  const it = engine({ fails: (taken) => (taken === 15 ? new InsituError('train.none', 'invalid', 'None.') : null) });
  assert.deepEqual((await new Run(it, wish, { every: 10 }).finished).loss, await straight());
});

test('where memory was too small it goes on from the state with half of the patches, and says so', async () => {
  const again = /** @type {Again[]} */ ([]);
  const it = engine({ fails: (taken) => (taken === 15 || taken === 17 ? full() : null) });
  await new Run(it, wish, { every: 10, onAgain: (what) => again.push(what) }).finished;
  assert.deepEqual(
    again.map(({ step, batch, smaller }) => [step, batch, smaller]),
    [
      [10, 2, true],
      [10, 1, true],
    ],
  );
});

test('an engine that dies again and again at the same step gets smaller patches for the last try', async () => {
  const again = /** @type {Again[]} */ ([]);
  const it = engine({ fails: (taken) => ([15, 21, 27].includes(taken) ? lost() : null) });
  await new Run(it, wish, { every: 10, onAgain: (what) => again.push(what) }).finished;
  assert.deepEqual(
    again.map(({ step, batch, smaller }) => [step, batch, smaller]),
    [
      [10, 4, false],
      [10, 4, false],
      [10, 2, true],
    ],
  );
});

test('what fails before the first step is tried again too, after a lack of memory with smaller patches', async () => {
  const it = engine();
  const { begin } = it;
  const asked = /** @type {boolean[]} */ ([]);
  it.begin = async (what) => {
    asked.push(what.halved ?? false);
    if (asked.length === 1) throw full();
    return begin(what);
  };
  const result = await new Run(it, wish, { every: 10, baseline: true }).finished;
  assert.deepEqual([result.ended, result.steps, asked], ['done', wish.steps, [false, true]]);
});

test('a long training may meet more failures than one step may', async () => {
  const it = engine({ fails: (taken) => (taken % 15 === 14 ? lost() : null) });
  const result = await new Run(it, { ...wish, steps: 60 }, { every: 10 }).finished;
  assert.deepEqual([result.ended, result.steps], ['done', 60]);
});

test('a failure while it is taken up again is one more failure and no end', async () => {
  const it = engine({ fails: (taken) => (taken === 15 ? lost() : null) });
  const { restore } = it;
  let tried = 0;
  it.restore = async (...given) => {
    if (++tried === 1) throw lost();
    return restore(...given);
  };
  assert.deepEqual((await new Run(it, wish, { every: 10 }).finished).loss, await straight());
  assert.equal(tried, 2);
});

test('a state goes on in another run as it would have here, with its curve', async () => {
  const first = new Run(engine(), wish, { every: 10, onProgress: ({ step }) => step === 23 && first.pause() });
  await until(() => first.at === 23);
  const state = await first.state();
  const it = engine();
  const told = /** @type {number[][]} */ ([]);
  const second = new Run(it, /** @type {import('../../www/training/run.js').Request} */ ({ classes: wish.classes }), {
    every: 10,
    resume: new Blob([Uint8Array.from(state)]),
    onProgress: ({ step, steps }) => told.push([step, steps]),
  });
  const result = await second.finished;
  assert.deepEqual(result.loss, await straight());
  assert.deepEqual(told[0], [24, 40]);
  assert.deepEqual(
    result.validations.map((v) => v.step),
    [10, 20, 30, 40],
  );
  assert.deepEqual(it.it.asked[1], ['use', false, 23]);
});

test('it can be taken up for more steps and with another learning rate', async () => {
  const first = new Run(engine(), wish, { every: 10 });
  await first.finished;
  const it = engine();
  const result = await new Run(
    it,
    { ...wish, steps: 50, learningRate: 1e-4 },
    { every: 10, resume: await first.state() },
  ).finished;
  assert.equal(result.steps, 50);
  assert.deepEqual(it.it.asked[0], ['restore', { steps: 50, learningRate: 1e-4, batch: undefined, patch: undefined }]);
});

test('states are told at validations and after going back, and points can be taken along', async () => {
  const told = /** @type {number[]} */ ([]);
  const run = new Run(
    engine(),
    { ...wish, steps: 30 },
    { every: 10, stay: true, onState: ({ step }) => told.push(step) },
  );
  await run.finished;
  assert.deepEqual([...(await run.point(10))], [10]);
  await run.rollback(14);
  assert.deepEqual(told, [10, 20, 30, 10]);
  const state = await run.state();
  assert.deepEqual(JSON.parse(JSON.parse(new TextDecoder().decode(state)).note).loss.length, 10);
  const later = new Run(engine(), wish, {
    every: 10,
    resume: state,
    points: [
      { step: 0, bytes: new Uint8Array([7]) },
      { step: 99, bytes: new Uint8Array(1) },
    ],
    stay: true,
  });
  later.pause();
  await until(() => later.points.length === 2);
  assert.equal(await later.rollback(5), 0);
  later.resume();
  await later.finished;
  await assert.rejects(run.point(11), { code: 'train.point' });
});

test('a step in whose patches nothing is labelled is passed over, many in a row end the training with a sentence', async () => {
  const blank = new InsituError(
    'train.unlabelled',
    'invalid',
    'None of the chosen pixels is labelled; nothing was learnt.',
  );
  const skipped = /** @type {number[]} */ ([]);
  const some = engine({ fails: (taken) => (taken === 3 || taken === 4 ? blank : null) });
  const result = await new Run(some, wish, { every: 10, onProgress: (p) => p.skipped && skipped.push(p.step) })
    .finished;
  assert.deepEqual([result.steps, skipped], [40, [4, 5]]);
  assert.equal(result.loss[4], result.loss[2]);
  const none = engine({ fails: (taken) => (taken >= 12 ? blank : null) });
  await assert.rejects(new Run(none, wish, { every: 10 }).finished, { code: 'train.unlabelled' });
  assert.deepEqual(none.it.asked.slice(-2), [['use', true, 33], ['end']]);
});

test('a loss that is no number ends it at the best network so far, from which it can be taken up', async () => {
  const astray = new InsituError('train.diverged', 'invalid', 'Astray.');
  const it = engine({ fails: (taken) => (taken === 25 ? astray : null), dice: (step) => (step === 10 ? 0.9 : 0.1) });
  const run = new Run(it, wish, { every: 10 });
  await assert.rejects(run.finished, { code: 'train.diverged' });
  assert.deepEqual([run.at, run.loss.length], [10, 10]);
  assert.deepEqual(it.it.asked.slice(-2), [['use', true, 10], ['end']]);
  const next = await new Run(engine(), { ...wish, learningRate: 1e-5 }, { every: 10, resume: await run.state() })
    .finished;
  assert.equal(next.steps, 40);

  const early = engine({ fails: (taken) => (taken === 3 ? astray : null) });
  await assert.rejects(new Run(early, wish, { every: 10 }).finished, { code: 'train.diverged' });
  assert.deepEqual(early.it.asked.slice(-2), [['use', true, 0], ['end']]);
});

test('a note that is damaged is refused in words', () => {
  const good = JSON.parse(Object.assign(new Curve(), { at: 2, loss: [1, NaN] }).note(3));
  assert.ok(Number.isNaN(Curve.of(JSON.stringify(good), 2).curve.loss[1]));
  for (const bad of [
    '',
    'null',
    '[]',
    JSON.stringify({ ...good, at: 3 }),
    JSON.stringify({ ...good, validations: [{ step: 9 }] }),
    JSON.stringify({ ...good, offset: -1 }),
  ]) {
    assert.throws(() => Curve.of(bad, 2), { code: 'train.checkpoint' }, bad);
  }
  assert.throws(() => Curve.of(JSON.stringify(good), 5), { code: 'train.checkpoint' });
});

/** @param {() => boolean} is */
async function until(is) {
  while (!is()) await new Promise((wait) => setTimeout(wait, 1));
}
