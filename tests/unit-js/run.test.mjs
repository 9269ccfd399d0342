import assert from 'node:assert/strict';
import test from 'node:test';
import { InsituError } from '../../www/wire/error.js';
import { Run } from '../../www/training/run.js';
import { there } from './there.mjs';

/** @typedef {import('../../www/training/run.js').Engine} Engine */

/** An engine that takes steps at once, and writes down what it was asked. */
function engine({
  dice = /** @type {(step: number) => number} */ (() => 0.5),
  fails = /** @type {(taken: number) => InsituError | null} */ (() => null),
} = {}) {
  const state = {
    step: 0,
    taken: 0,
    best: -1,
    asked: /** @type {unknown[][]} */ ([]),
    kept: /** @type {number[]} */ ([]),
  };
  const note = (/** @type {unknown[]} */ ...what) => state.asked.push(what);
  const tooLarge = async () => Promise.reject(new InsituError('train.state', 'invalid', 'Too large to be kept.'));
  /** @type {Engine} */
  const asked = {
    look: async () => assert.fail('nothing is shown here'),
    async begin(wish) {
      note('begin', wish);
      Object.assign(state, { step: 0, best: -1, kept: [] });
      return {
        steps: wish.steps ?? 200,
        batch: wish.batch ?? 4,
        patch: wish.patch ?? 64,
        learningRate: 1e-3,
        keepStatistics: false,
        held: { kind: 'images', count: 1 },
        pixels: [1, 1],
        parameters: 0,
        every: 5,
        mostCovered: 0.5,
      };
    },
    async trainStep() {
      const error = fails(state.taken++);
      if (error) throw error;
      state.kept = state.kept.filter((kept) => kept <= state.step);
      await new Promise((next) => setImmediate(next));
      return { step: ++state.step, loss: 1 / state.step, learningRate: 1e-3 };
    },
    async trainValidate() {
      const value = dice(state.step);
      const best = value > state.best;
      if (best) state.best = value;
      return { step: state.step, dice: value, pixelError: 1 - value, best };
    },
    async trainKeep() {
      state.kept.push(state.step);
      return [...new Set(state.kept)];
    },
    async trainGoBack(step) {
      state.step = there(state.kept.filter((kept) => kept <= step).at(-1));
      note('back', state.step);
      return state.step;
    },
    async use(best) {
      note('use', best);
    },
    async trainEnd() {
      note('end');
    },
    async hold() {},
    trainState: tooLarge,
    restore: tooLarge,
    trainPoint: tooLarge,
    trainAddPoint: tooLarge,
  };
  return Object.assign(asked, { seen: state });
}

const wish = { classes: [{ name: 'a', colour: '#000000' }], steps: 40 };
const last = (/** @type {ReturnType<typeof engine>} */ e) => e.seen.asked.slice(-2);

test('a run takes its steps, judges on the way, and leaves the best network in use', async () => {
  const it = engine({ dice: (step) => (step === 20 ? 0.9 : step / 100) });
  const told = /** @type {import('../../www/api.d.ts').TrainingProgress[]} */ ([]);
  const result = await new Run(it, wish, { every: 10, onProgress: (p) => told.push(p) }).finished;
  assert.deepEqual([result.ended, result.steps, result.loss.length], ['done', 40, 40]);
  assert.deepEqual(
    result.validations.map((v) => v.step),
    [10, 20, 30, 40],
  );
  assert.equal(result.validation?.step, 20);
  assert.deepEqual(
    told.map((p) => p.step),
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  assert.deepEqual(last(it), [['use', true], ['end']]);
});

test('it ends by itself when validations get no better, unless told to go on', async () => {
  const early = await new Run(
    engine({ dice: (step) => (step <= 2 ? 0.8 : 0.1) }),
    { ...wish, steps: 100 },
    { every: 2 },
  ).finished;
  assert.deepEqual([early.ended, early.steps], ['early', 18]);
  const all = await new Run(engine({ dice: () => 0.1 }), { ...wish, steps: 100 }, { every: 2, earlyStop: false })
    .finished;
  assert.deepEqual([all.ended, all.steps], ['done', 100]);
});

test('a paused run takes no step until it is resumed', async () => {
  const it = engine();
  const run = new Run(it, wish, {});
  run.pause();
  await new Promise((wait) => setTimeout(wait, 20));
  const before = it.seen.taken;
  await new Promise((wait) => setTimeout(wait, 20));
  assert.equal(it.seen.taken, before);
  run.resume();
  assert.equal((await run.finished).steps, 40);
});

test('going back forgets what came after, curve and validations', async () => {
  const it = engine({ dice: (step) => step / 100 });
  let back = /** @type {Promise<number> | null} */ (null);
  const run = new Run(it, wish, {
    every: 10,
    onProgress: ({ step }) => {
      if (step === 35 && !back) back = run.rollback(29);
    },
  });
  const result = await run.finished;
  assert.equal(await back, 20);
  assert.equal(it.seen.taken, 35 + 20);
  assert.deepEqual([result.steps, result.loss.length], [40, 40]);
  assert.deepEqual(
    result.validations.map((v) => v.step),
    [10, 20, 30, 40],
  );
  await assert.rejects(run.rollback(3), { code: 'train.over' });
});

test('a cancelled run leaves the best network so far in use', async () => {
  const it = engine();
  const stop = new AbortController();
  const result = await new Run(it, wish, { signal: stop.signal, onProgress: ({ step }) => step === 7 && stop.abort() })
    .finished;
  assert.deepEqual([result.ended, result.steps], ['cancelled', 7]);
  assert.deepEqual(last(it), [['use', true], ['end']]);
  await assert.rejects(new Run(engine(), wish, { signal: AbortSignal.abort() }).finished, { code: 'cancelled' });
});

test('a loss that is no number ends the run with that error, and the best network stays in use', async () => {
  const it = engine({
    fails: (taken) => (taken === 12 ? new InsituError('train.diverged', 'invalid', 'Astray.') : null),
  });
  await assert.rejects(new Run(it, wish, {}).finished, { code: 'train.diverged' });
  assert.deepEqual(last(it), [['use', true], ['end']]);
});

test('after a lost device it goes on from the last validation, and with smaller batches if memory was short', async () => {
  const lost = new InsituError('device.lost', 'device', 'Gone.');
  const it = engine({ fails: (taken) => (taken === 25 ? lost : null) });
  const result = await new Run(it, { ...wish, preset: 'small' }, { every: 10 }).finished;
  assert.deepEqual([result.steps, result.loss.length], [40, 40]);
  const begun = (/** @type {typeof it} */ e) => e.seen.asked.filter(([what]) => what === 'begin');
  const again = /** @type {import('../../www/training/run.js').Request} */ (begun(it)[1][1]);
  assert.deepEqual([again.preset, again.batch], [undefined, 4]);

  const memory = new InsituError('device.memory', 'device', 'Full.');
  const small = engine({ fails: (taken) => (taken === 3 ? memory : null) });
  await new Run(small, { ...wish, preset: 'small' }, { every: 10 }).finished;
  const halved = /** @type {import('../../www/training/run.js').Request} */ (begun(small)[1][1]);
  assert.deepEqual([halved.preset, halved.batch, halved.patch, halved.halved], ['small', 4, 64, true]);

  await assert.rejects(new Run(engine({ fails: () => lost }), wish, {}).finished, { code: 'device.lost' });
});

test('with a baseline the network is judged before its first step, and a training that makes it no better keeps it', async () => {
  const it = engine({ dice: (step) => 0.9 - step / 100 });
  const run = new Run(it, wish, { every: 10, baseline: true, stay: true });
  const result = await run.finished;
  assert.deepEqual(
    result.validations.map((v) => v.step),
    [0, 10, 20, 30, 40],
  );
  assert.deepEqual([result.validation?.step, run.at, it.seen.step], [0, 0, 0]);
});

test('a run that stays can be turned back and forth after its end, goes on from there, and is over when closed', async () => {
  const it = engine({ dice: (step) => step / 100 });
  const run = new Run(it, wish, { every: 10, stay: true });
  await run.finished;
  assert.deepEqual([run.points, run.at, last(it)[1]], [[0, 10, 20, 30, 40], 40, ['use', true]]);
  assert.equal(await run.rollback(12), 10);
  assert.deepEqual([run.at, run.loss.length, run.points.length], [10, 40, 5], 'nothing is forgotten yet');
  const result = await run.more(20);
  assert.deepEqual(
    [result.steps, run.points, result.validations.map((v) => v.step)],
    [30, [0, 10, 20, 30], [10, 20, 30]],
  );
  await run.close();
  assert.deepEqual(last(it)[1], ['end']);
  await assert.rejects(run.rollback(3), { code: 'train.over' });
  await assert.rejects(run.more(3), { code: 'train.over' });
});

test('a run that ended early goes on when told to, for eight validations at least', async () => {
  const it = engine({ dice: (step) => (step <= 2 ? 0.8 : 0.1) });
  const run = new Run(it, { ...wish, steps: 100 }, { every: 2, stay: true });
  assert.deepEqual([(await run.finished).ended, run.at], ['early', 2], 'the best is in use');
  await run.rollback(18);
  assert.deepEqual([(await run.more(10)).ended, run.loss.length], ['done', 28]);
});

test('an option that is given as undefined is as one that is not given', async () => {
  const run = new Run(engine(), { ...wish, steps: 400 }, { every: 5, earlyStop: undefined, stay: undefined });
  assert.equal((await run.finished).ended, 'early');
});

test('the points to go back to are those that the engine had room for', async () => {
  const it = engine({ dice: (step) => (step === 5 ? 0.9 : 0.1) });
  it.trainKeep = async () => {
    it.seen.kept.push(it.seen.step);
    it.seen.kept = it.seen.kept.filter((kept) => [0, 5, it.seen.step].includes(kept));
    return it.seen.kept;
  };
  const run = new Run(it, wish, { every: 5, stay: true });
  await run.finished;
  assert.deepEqual(run.points, [0, 5, 40]);
});

test('where nothing judges, a lost device costs only the steps since the last point', async () => {
  const it = engine({ fails: (taken) => (taken === 25 ? new InsituError('device.lost', 'device', 'Gone.') : null) });
  it.trainValidate = async () => undefined;
  const told = /** @type {import('../../www/api.d.ts').Again[]} */ ([]);
  const result = await new Run(it, { ...wish, preset: 'small' }, { every: 10, onAgain: (again) => told.push(again) })
    .finished;
  assert.deepEqual([result.steps, it.seen.taken], [40, 26 + 20]);
  assert.deepEqual(told, [{ code: 'device.lost', step: 20, batch: 4, patch: 64, smaller: false, exact: false }]);
});

test('a point that is no longer there fails the going back, not the training', async () => {
  const it = engine();
  it.trainGoBack = async () => Promise.reject(new InsituError('train.point', 'invalid', 'Gone.'));
  let back = /** @type {Promise<void> | null} */ (null);
  const run = new Run(it, wish, {
    every: 10,
    onProgress: ({ step }) => {
      if (step === 15) back = assert.rejects(run.rollback(3), { code: 'train.point' });
    },
  });
  assert.equal((await run.finished).steps, 40);
  await back;
});
