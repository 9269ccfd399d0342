import assert from 'node:assert/strict';
import test from 'node:test';
import { InsituError } from '../../www/wire/error.js';
import { learns, obstacle } from '../../www/session/training/state.js';
import { fileOf, model, session, until } from './fake-training.mjs';

test('a training begins with what was chosen, and its model joins the list under its name', async () => {
  const it = session();
  it.training.choose({ steps: 20, name: 'Axons of mice', loss: 'dice', balance: false });
  await it.training.start();
  const { phase, current } = it.state.training;
  assert.deepEqual([phase, current?.ended, current?.loss.length, current?.at], ['over', 'done', 20, 20]);
  assert.deepEqual(
    current?.validations.map((v) => v.step),
    [0, 5, 10, 15, 20],
    'the model is validated before it learns, too',
  );
  assert.deepEqual(
    [it.engine.request.loss, it.engine.request.balance, it.engine.request.preset, it.engine.request.batch],
    ['dice', false, undefined, undefined],
  );
  assert.deepEqual(
    it.engine.request.classes.map((/** @type {{ name: string }} */ c) => c.name),
    ['axon'],
  );
  const made = it.models.byId(current?.modelId ?? '');
  assert.deepEqual(
    [made?.title, fileOf(made).name, fileOf(made).size],
    ['Axons of mice', 'Axons-of-mice.safetensors', 7],
  );
  assert.equal(it.state.preferred, current?.modelId);
  assert.deepEqual([it.held[0], it.held.at(-1)], ['nuclei', null], 'no other model gets in between');
  assert.ok(it.segmenting.renewed > 0);
});

test('without a name the model is called after its base and the image, and does not grow longer each time', async () => {
  const it = session();
  assert.equal(it.training.suggestedName(), 'Nuclei, taught on brain');
  it.models.trained(model({ id: 'nuclei', title: 'Nuclei, taught on liver', file: '' }));
  assert.equal(it.training.suggestedName(), 'Nuclei, taught on brain');
  it.training.choose({ preset: 'small' });
  assert.equal(it.training.suggestedName(), 'New network, taught on brain');
});

test('it stands still when paused or turned back, and another way is taken from there', async () => {
  const it = session();
  it.training.choose({ steps: 2000, earlyStop: false });
  const over = it.training.start();
  await until(() => (it.state.training.current?.at ?? 0) > 30);
  it.training.pause();
  await new Promise((wait) => setTimeout(wait, 20));
  const { taken } = it.engine;
  await new Promise((wait) => setTimeout(wait, 20));
  assert.equal(it.engine.taken, taken);
  await it.training.rollback(12);
  assert.deepEqual([it.state.training.phase, it.state.training.current?.at], ['paused', 10]);
  assert.ok((it.state.training.current?.loss.length ?? 0) > 30, 'what came after can still be gone to');
  await it.training.rollback(20);
  assert.equal(it.state.training.current?.at, 20);
  it.training.resume();
  await until(() => (it.state.training.current?.at ?? 0) > 21);
  it.training.cancel();
  await over;
  assert.equal(it.state.training.current?.ended, 'cancelled');
});

test('stopping at a point that was gone back to keeps that point, not the best', async () => {
  const it = session();
  it.training.choose({ steps: 2000, earlyStop: false });
  const over = it.training.start();
  await until(() => (it.state.training.current?.at ?? 0) > 20);
  await it.training.rollback(10);
  it.training.cancel();
  await over;
  assert.deepEqual([it.state.training.phase, it.state.training.current?.at, it.engine.step], ['over', 10, 10]);
});

test('after its end a training is turned back, goes on, and is given up for another', async () => {
  const it = session({ dice: (step) => (step === 10 ? 0.9 : step / 100) });
  it.training.choose({ steps: 20, name: 'A' });
  await it.training.start();
  assert.deepEqual([it.state.training.current?.at, it.state.training.current?.best], [10, 10], 'the best is in use');
  await it.training.rollback(15);
  assert.deepEqual([it.state.training.phase, it.state.training.current?.at], ['over', 15]);
  await it.training.more(10);
  assert.deepEqual([it.state.training.current?.loss.length, it.state.training.current?.ended], [25, 'done']);
  await it.training.rename('B');
  assert.equal(it.models.byId(it.state.training.current?.modelId ?? '')?.title, 'B');
  assert.equal(it.engine.ended, 0);
  const first = it.state.training.current?.modelId;
  await it.training.close();
  assert.deepEqual([it.state.training.phase, it.engine.ended], ['idle', 1]);
  assert.ok(it.models.byId(first ?? ''), 'its model stays');
});

test('a loss that is no number goes back to the best, says so, and sets a lower rate for the next try', async () => {
  const it = session({
    fails: (taken) => (taken === 12 ? new InsituError('train.diverged', 'invalid', 'Astray.') : null),
  });
  await it.training.start();
  const { phase, current, settings } = it.state.training;
  assert.deepEqual([phase, current?.ended, current?.at, settings.learningRate], ['over', 'diverged', 10, 3e-4]);
  assert.equal(it.failures.length, 0, 'the panel says it');
  assert.ok(fileOf(it.models.byId(current?.modelId ?? '')).size > 0);
});

test('a lost device and short memory are said, and the training goes on', async () => {
  /** @type {Record<number, string>} */
  const codes = { 12: 'device.lost', 14: 'device.memory' };
  const it = session({ fails: (taken) => (codes[taken] ? new InsituError(codes[taken], 'device', 'Gone.') : null) });
  it.training.choose({ steps: 20 });
  await it.training.start();
  const { current } = it.state.training;
  assert.deepEqual(
    current?.notes.map(({ key, values }) => [key, values.step]),
    [
      ['train.note.lost', 10],
      ['train.note.smaller', 10],
    ],
  );
  assert.deepEqual([current?.ended, current?.loss.length], ['done', 20]);
  assert.deepEqual(current?.points, [10, 15, 20], 'points of the lost engine are gone');
});

test('a training is kept at its validations until it is over, and comes back paused with its curve, points and settings', async () => {
  const first = session();
  first.training.choose({ steps: 20, seed: 9, name: 'Mine' });
  const begun = first.training.start();
  await until(() => first.keeping.told.length >= 3);
  const kept = first.keeping.told[2];
  assert.deepEqual([kept.step, kept.steps, kept.points, kept.options.settings.seed], [10, 20, [0, 5, 10], 9]);
  const points = [{ step: 5, bytes: await kept.point(5) }];
  await begun;

  const second = session();
  await second.training.restoreTraining({ ...kept, points });
  await until(() => second.state.training.phase === 'paused' && second.state.training.current?.points.length === 2);
  const { current, settings } = second.state.training;
  assert.deepEqual(
    [current?.at, current?.steps, current?.loss.length, current?.points, settings.seed, settings.name],
    [10, 20, 10, [5, 10], 9, 'Mine'],
  );
  assert.equal(second.engine.step, 10, 'no step is taken before a person wants it');
  second.training.resume();
  await until(() => second.state.training.phase === 'over');
  assert.deepEqual([second.state.training.current?.loss.length, second.state.training.current?.ended], [20, 'done']);
});

for (const chosen of [false, true]) {
  test(`a training that was over is over again in the next session, ${chosen ? 'at the point that was chosen' : 'at its best point'}`, async () => {
    const dice = (/** @type {number} */ step) => (step === 10 ? 0.9 : step / 100);
    const first = session({ dice });
    first.training.choose({ steps: 20, name: 'Mine' });
    await first.training.start();
    const modelId = first.state.training.current?.modelId;
    assert.deepEqual(first.keeping.over, { ended: 'done', modelId, at: null });
    if (chosen) await first.training.rollback(15);
    const kept = first.keeping.told.at(-1);
    const { over } = first.keeping;
    assert.deepEqual([over.at, kept.step], [chosen ? 15 : null, 20], 'the end of the curve stays');
    const points = await Promise.all(
      kept.points
        .filter((/** @type {number} */ at) => at < kept.step)
        .map(async (/** @type {number} */ step) => ({ step, bytes: await kept.point(step) })),
    );

    const second = session({ dice });
    const file = new File(['weights'], 'mine.safetensors');
    second.models.trained(model({ id: 'kept-x', title: 'Renamed', file }));
    second.store.set({ preferred: 'nuclei' });
    await second.training.restoreTraining({ ...kept, points, over: { ...over, modelId: 'kept-x' } });
    await until(
      () => second.state.training.phase === 'over' && second.state.training.current?.at === (chosen ? 15 : 10),
    );
    const { current, settings } = second.state.training;
    assert.deepEqual(
      [current?.modelId, current?.ended, current?.best, settings.name],
      ['kept-x', 'done', 10, 'Renamed'],
    );
    assert.equal(current?.loss.length, 20);
    assert.deepEqual(
      [second.state.preferred, second.models.byId('kept-x')?.title, second.said],
      ['nuclei', 'Renamed', []],
    );
    assert.equal(second.engine.taken, 0, 'no step is taken');
    await until(() => second.state.training.phase === 'over' && second.held.at(-1) === null);
    await second.training.more(5);
    assert.equal(second.state.training.current?.ended, 'done');
    assert.ok((second.state.training.current?.loss.length ?? 0) > (chosen ? 15 : 10));
  });
}

for (const [what, counts] of /** @type {const} */ ([
  ['only one class is labelled still', [0, 4]],
  ['nothing is labelled any more', [0, 0]],
]))
  test(`a training is taken up again where ${what}`, async () => {
    const first = session();
    first.training.choose({ steps: 20, name: 'Mine' });
    await first.training.start();
    const over = first.keeping.over;
    const kept = first.keeping.told.at(-1);

    const second = session();
    const file = new File(['weights'], 'mine.safetensors');
    second.models.trained(model({ id: over.modelId, title: 'Mine', file }));
    // A person took strokes back before the training was there again.
    const { labelling } = second.state;
    second.store.set({ labelling: { ...labelling, counts: [...counts] } });
    if (counts.every((count) => count === 0)) second.labelling.samples = async () => [];
    await second.training.restoreTraining({ ...kept, points: [], over });
    await until(() => second.state.training.phase === 'over');
    assert.deepEqual([second.state.training.current?.loss.length, second.failures], [20, []]);
    const [sample, ...others] = second.engine.samples;
    assert.deepEqual([others.length, sample.scan.id, sample.labels.length], [0, 1, 64]);
    if (counts.every((count) => count === 0)) assert.ok(sample.labels.every((label) => label === 255));
  });

test('a training that failed for good leaves the model of the last validation, and can go on from it', async () => {
  const it = session({
    fails: (taken) => (taken >= 12 && taken < 16 ? new InsituError('engine.died', 'device', 'Gone.') : null),
  });
  it.training.choose({ steps: 20 });
  await it.training.start();
  const { phase, current } = it.state.training;
  assert.deepEqual(
    [phase, current?.ended, current?.points, it.failures.map(({ code }) => code)],
    ['over', 'failed', [], ['engine.died']],
  );
  await until(() => fileOf(it.models.byId(current?.modelId ?? '')).size > 0);
  assert.ok(it.training.rescuable);
  const { modelId } = /** @type {any} */ (current);
  await it.training.more(10);
  const now = it.state.training.current;
  assert.deepEqual(
    [it.state.training.phase, now?.ended, now?.modelId, now?.loss.length],
    ['over', 'done', modelId, 20],
  );
});

test('a finished training that cannot be taken up again is left out without a word', async () => {
  const it = session();
  it.labelling.samples = async () => Promise.reject(new InsituError('labels.gone', 'io', 'Gone.'));
  await it.training.restoreTraining({
    state: new Uint8Array(3),
    points: [],
    step: 5,
    steps: 5,
    options: {},
    over: { ended: 'done', modelId: 'gone', at: null },
  });
  await until(() => it.held.length > 0);
  assert.deepEqual([it.state.training.phase, it.state.training.current, it.failures], ['idle', null, []]);
});

test('a training that cannot begin leaves the settings as they were, and says why', async () => {
  const it = session();
  it.labelling.samples = async () => Promise.reject(new InsituError('labels.gone', 'io', 'Gone.'));
  await it.training.start();
  assert.deepEqual(
    [it.state.training.phase, it.state.training.current, it.failures[0].code, it.held.at(-1)],
    ['idle', null, 'labels.gone', null],
  );
});

test('what keeps a training from beginning is named', () => {
  const { state } = session();
  const labels = (/** @type {number[]} */ ...counts) =>
    obstacle({ ...state, labelling: { ...state.labelling, counts } });
  assert.deepEqual(
    [labels(), labels(0, 0), labels(5, 0), labels(0, 5), labels(5, 5), labels(0, 5, 5)],
    ['labels', 'labels', 'classes', 'background', null, null],
  );
  assert.equal(obstacle({ ...state, items: [] }), 'image');
  assert.equal(obstacle({ ...state, engine: 'restarting' }), 'engine');
  assert.equal(learns({ ...state.training, phase: 'paused' }), true);
});
