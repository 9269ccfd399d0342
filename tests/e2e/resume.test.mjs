/** A training that outlasts the tab, the engine and the graphics card, and that the command line does alike. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { visit } from './support/browser.mjs';
import { discs, picture, png } from './support/images.mjs';
import { own, suite } from './support/suite.mjs';

/** @typedef {ReturnType<typeof suite>} Site */

/** A blank page of the same origin, with `start`. @param {Site} site @param {RegExp[]} [expect] */
function blank(site, expect = []) {
  const body = '<!doctype html><title>Another page</title>';
  return visit(site.browser, `${site.server.url}blank.html`, {
    expect,
    before: async (page) => {
      await page.addInitScript(`globalThis.start = ${START}`);
      await page.route('**/{blank.html,favicon.ico}', (route) => route.fulfill({ contentType: 'text/html', body }));
    },
  });
}

const base64 = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('base64');
const mean = (/** @type {number[]} */ values) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** In the page: an app with an image whose bright discs are labelled, and what a training of it takes. */
const START = `async (given, device, more) => {
  const { open, InsituError } = await import(location.origin + '/www/insitu.js');
  const heard = [];
  const app = await open({ device, onStatus: (status) => heard.push(status) });
  const unpack = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const pack = (bytes) => { let text = ''; for (const byte of bytes) text += String.fromCharCode(byte); return btoa(text); };
  const scan = await app.openScan(new File([unpack(given)], 'discs.png'));
  const { data } = await app.render(scan);
  const labels = new Uint8Array(scan.width * scan.height).map((_, i) => (data[4 * i] > 110 ? 1 : 0));
  const until = (is) => new Promise((done, failed) => { const end = Date.now() + (device === 'cpu' ? 60e3 : 1500e3); const look = () => (is() ? done() : Date.now() > end ? failed(new Error('too late: ' + is)) : setTimeout(look, 5)); look(); });
  const options = { samples: [{ scan, labels }], preset: 'small', width: 4, batch: 2, patch: 32, seed: 3, learningRate: 1e-2, earlyStop: false, ...more };
  return { app, scan, labels, options, until, pack, unpack, heard, InsituError };
}`;

const cpu = suite();

/** Trains, takes the state at step `at`, and goes on from it in a page that was loaded again. @param {Site} site @param {string} device @param {{ side: number, steps: number, at: number, every: number }} how */
async function broken(site, device, { side, steps, at, every }) {
  const { page, done } = await blank(site);
  const given = base64(picture('', side).bytes);
  const first = await page.evaluate(
    async ({ given, device, steps, at, every }) => {
      const { app, options, until, pack } = await globalThis.start(given, device, { steps, every });
      const run = app.train({ ...options, onProgress: ({ step }) => step === at && run.pause() });
      await Promise.race([until(() => run.at === at), run.finished]);
      const state = pack(await run.state());
      run.resume();
      const { loss, validations } = await run.finished;
      return { kind: app.device.kind, straight: loss, validations, state };
    },
    { given, device, steps, at, every },
  );
  await page.reload();
  const second = await page.evaluate(
    async ({ given, device, state, every }) => {
      const { app, options, unpack } = await globalThis.start(given, device, { every, steps: undefined });
      const { preset, width, batch, patch, seed, learningRate, ...rest } = options;
      const told = /** @type {number[][]} */ ([]);
      const result = await app.train({
        ...rest,
        resume: new Blob([unpack(state)]),
        onProgress: ({ step, steps }) => told.push([step, steps]),
      }).finished;
      await app.close();
      return { loss: result.loss, validations: result.validations, ended: result.ended, told };
    },
    { given, device, state: first.state, every },
  );
  await done();
  return { first, second };
}

test('on the CPU a training that is broken off by a reload goes on with the same steps', async () => {
  const { first, second } = await broken(cpu, 'cpu', { side: 64, steps: 14, at: 7, every: 5 });
  assert.equal(first.kind, 'cpu');
  assert.deepEqual(second.loss, first.straight);
  assert.deepEqual(second.validations, first.validations);
  assert.deepEqual([second.told[0], second.ended], [[8, 14], 'done']);
});

test('a state that is damaged, or none, is refused in words and leaves the engine as it was', async () => {
  const { page, done } = await blank(cpu);
  const codes = await page.evaluate(
    async ({ given }) => {
      const { app, options, unpack, InsituError } = await globalThis.start(given, 'cpu', { steps: 3, every: 1 });
      const run = app.train(options);
      await run.finished;
      const state = await run.state();
      const model = new Uint8Array(await (await app.saveModel()).arrayBuffer());
      const flipped = state.slice();
      flipped[20] ^= 255;
      const tried = async (/** @type {Uint8Array} */ bytes) =>
        app
          .train({ ...options, resume: bytes })
          .finished.catch((error) => (error instanceof InsituError ? error.code : String(error)));
      const codes = [];
      for (const bytes of [new Uint8Array(), unpack('AAAA'), model, state.slice(0, -1), flipped])
        codes.push(await tried(bytes));
      const again = await app.train({ ...options, steps: 4, resume: state }).finished;
      await app.close();
      return { codes, steps: again.steps };
    },
    { given: base64(picture('', 48).bytes) },
  );
  assert.deepEqual(codes, { codes: Array(5).fill('train.checkpoint'), steps: 4 });
  await done();
});

test('a learning rate far too high ends with a sentence at the best network so far, and from there it goes on', async () => {
  const { page, done } = await blank(cpu);
  const answer = await page.evaluate(
    async ({ given }) => {
      const { app, scan, options } = await globalThis.start(given, 'cpu', { steps: 30, every: 2, augment: false });
      const before = await app.train({ ...options, steps: 4 }).finished;
      const good = await app.segment(scan);
      const { preset, width, ...rest } = options;
      const run = app.train({ ...rest, learningRate: 1e38 });
      const error = await run.finished.catch((thrown) => thrown);
      const after = await app.segment(scan);
      const next = await app.train({
        samples: options.samples,
        resume: await run.state(),
        learningRate: 1e-3,
        steps: run.at + 3,
      }).finished;
      await app.close();
      return {
        before: before.steps,
        code: error.code,
        message: error.message,
        at: run.at,
        next: next.loss,
        same: good.labels.every((label, i) => label === after.labels[i]),
        finite: after.probability.every(Number.isFinite),
      };
    },
    { given: base64(picture('', 48).bytes) },
  );
  assert.equal(answer.code, 'train.diverged');
  assert.match(answer.message, /lower learning rate/);
  assert.ok(answer.finite && answer.next.every(Number.isFinite), JSON.stringify(answer));
  assert.equal(answer.next.length, answer.at + 3);
  await done();
});

test('points of a training are taken along, and it goes back to them', async () => {
  const { page, done } = await blank(cpu);
  const answer = await page.evaluate(
    async ({ given }) => {
      const { app, options, until } = await globalThis.start(given, 'cpu', { steps: 12, every: 4 });
      const run = app.train({ ...options, stay: true });
      await run.finished;
      const points = [];
      for (const step of run.points.slice(0, 2)) points.push({ step, bytes: await run.point(step) });
      const card = await app.loadModel(new Blob([points[1].bytes]));
      // It ended at its best validation.
      await run.rollback(12);
      const state = await run.state();
      await run.close();
      const later = app.train({ samples: options.samples, resume: state, points, steps: 12, stay: true });
      later.pause();
      await Promise.race([until(() => later.points.length === 3), later.finished]);
      const at = [await later.rollback(5), await later.rollback(1)];
      later.resume();
      const { loss } = await later.finished;
      const gone = await later.point(7).catch((error) => error.code);
      await app.close();
      return { points: run.points, title: card.title, at, loss, gone };
    },
    { given: base64(picture('', 48).bytes) },
  );
  assert.deepEqual([answer.at, answer.loss.length, answer.gone], [[4, 0], 12, 'train.point']);
  await done();
});

test('the command line takes the same steps from the same model, labels and seed, and either goes on from the other', async (t) => {
  const cli = process.env.INSITU_CLI;
  if (!cli) return t.skip('no command line built');
  const dir = mkdtempSync(join(tmpdir(), 'insitu-training-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const side = 48;
  for (const part of ['images', 'labels']) mkdirSync(join(dir, 'data', part), { recursive: true });
  const files = [4, 6].map((count, i) => {
    const grey = discs(side, side, count);
    // A frame that nobody labelled.
    const labels = grey.map((v, at) => (at % side < 6 ? 255 : v > 110 ? 1 : 0));
    const [image, label] = [grey, labels].map((values) => png(values, side, side));
    writeFileSync(join(dir, 'data', 'images', `${i}.png`), image);
    writeFileSync(join(dir, 'data', 'labels', `${i}.png`), label);
    return { image: base64(image), labels: base64(labels) };
  });
  const train = (/** @type {string[]} */ ...more) =>
    execFileSync(
      cli,
      ['train', '--by-hand', '--device', 'cpu', '--data', join(dir, 'data'), '--batch', '2', '--patch', '32', ...more],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
  train('--width', '4', '--steps', '2', '--out', join(dir, 'begin.safetensors'));
  const begin = readFileSync(join(dir, 'begin.safetensors'));

  const { page, done } = await blank(cpu);
  const inTab = await page.evaluate(
    async ({ files, begin }) => {
      const { app, pack, unpack } = await globalThis.start(files[0].image, 'cpu', {});
      const samples = [];
      for (const { image, labels } of files)
        samples.push({ scan: await app.openScan(new File([unpack(image)], 'x.png')), labels: unpack(labels) });
      await app.loadModel(new Blob([unpack(begin)]));
      const { loss, validations } = await app.train({
        samples,
        steps: 20,
        seed: 5,
        batch: 2,
        patch: 32,
        every: 10,
        earlyStop: false,
      }).finished;
      const file = new Uint8Array(await (await app.saveModel()).arrayBuffer());
      await app.close();
      return { loss, dice: validations.map((v) => v.dice), file: pack(file) };
    },
    { files, begin: base64(begin) },
  );

  train(
    '--init',
    join(dir, 'begin.safetensors'),
    '--seed',
    '5',
    '--steps',
    '20',
    '--every',
    '10',
    '--out',
    join(dir, 'same.safetensors'),
  );
  const rows = readFileSync(join(dir, 'same.safetensors.log.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(','));
  const losses = rows.map((row) => Number(row[1]));
  assert.equal(losses.length, 20);
  // The vectors of the two differ, and so do roundings; Adam divides gradients that are nothing else by their own size.
  losses.forEach((loss, i) =>
    assert.ok(
      Math.abs(loss - inTab.loss[i]) < (i < 2 ? 1e-4 : 0.03) * loss,
      `step ${i + 1}: ${loss} and ${inTab.loss[i]} in the tab`,
    ),
  );
  assert.ok(mean(losses.slice(15)) < mean(losses.slice(0, 5)));
  [rows[9], rows[19]].forEach((row, i) =>
    assert.ok(Math.abs(Number(row[3]) - Number(inTab.dice[i])) < 0.02, `${row[3]} and ${inTab.dice[i]}`),
  );

  // The model of the tab goes on in the terminal, and that of the terminal in the tab.
  writeFileSync(join(dir, 'tab.safetensors'), Buffer.from(inTab.file, 'base64'));
  train('--init', join(dir, 'tab.safetensors'), '--steps', '2', '--out', join(dir, 'on.safetensors'));
  const on = await page.evaluate(
    async ({ files, model }) => {
      const { app, options, unpack } = await globalThis.start(files[0].image, 'cpu', {});
      const card = await app.loadModel(new Blob([unpack(model)]));
      const { preset, width, ...rest } = options;
      const { loss } = await app.train({ ...rest, steps: 2 }).finished;
      await app.close();
      return { steps: card.training.steps, loss };
    },
    { files, model: base64(readFileSync(join(dir, 'on.safetensors'))) },
  );
  assert.ok(on.steps > 2 && on.loss.every((loss) => Number.isFinite(loss) && loss < 3), JSON.stringify(on));
  await done();
});

test('on WebGPU a training learns, is broken off by a reload, and goes on with the same steps', async (t) => {
  const site = await own(t, { gpu: true });
  const { first, second } = await broken(site, 'webgpu', { side: 32, steps: 5, at: 4, every: 5 });
  assert.equal(first.kind, 'webgpu');
  assert.ok(mean(first.straight.slice(3)) < mean(first.straight.slice(0, 2)), first.straight.join(' '));
  second.loss.forEach((loss, i) =>
    assert.ok(Math.abs(loss - first.straight[i]) < 1e-3, `step ${i + 1}: ${loss} and ${first.straight[i]}`),
  );
});

test('a training whose engine stops takes the same steps again, and after a lack of memory smaller ones, and says so', async () => {
  const { page, done } = await blank(cpu, [/the engine is made to stop/]);
  await page.exposeFunction('lackMemory', () =>
    page
      .workers()[0]
      .evaluate(() => postMessage({ status: { code: 'device.memory', message: 'The memory is too small.' } })),
  );
  const straight = await page.evaluate(
    async ({ given }) => {
      const all = await globalThis.start(given, 'cpu', { steps: 40, every: 4 });
      const { app, options } = all;
      const { loss } = await app.train({ ...options, steps: 12 }).finished;
      const again = /** @type {any[]} */ ([]);
      const kept = /** @type {number[]} */ ([]);
      const run = app.train({
        ...options,
        onState: (/** @type {any} */ { step }) => kept.push(step),
        onAgain: (/** @type {any} */ what) => again.push(what),
        onProgress: ({ step }) => {
          if (step === 6 && again.length === 0) run.pause();
          if (step === 12 && again.length === 1) void (/** @type {any} */ (globalThis).lackMemory());
        },
      });
      Object.assign(globalThis, { all, run, again });
      // A pause keeps the training as it is then.
      await all.until(() => run.paused && kept.includes(6));
      return loss;
    },
    { given: base64(picture('', 48).bytes) },
  );
  await page.workers()[0].evaluate(() => {
    setTimeout(() => {
      throw new Error('the engine is made to stop');
    });
  });
  const { loss, again, heard } = await page.evaluate(async () => {
    const { all, run, again } = /** @type {any} */ (globalThis);
    await all.until(() => all.heard.some(({ code }) => code === 'engine.restarted'));
    run.resume();
    const { loss } = await run.finished;
    await all.app.close();
    return { loss, again, heard: all.heard.filter(({ code }) => code.startsWith('train.')) };
  });
  assert.deepEqual([again[0].step, again[0].exact, again[0].smaller], [6, true, false]);
  assert.deepEqual(loss.slice(0, 12), straight);
  assert.equal(loss.length, 40);
  assert.ok(again[1].step >= 12 && again[1].step % 4 === 0 && again[1].exact, JSON.stringify(again));
  assert.deepEqual([again[1].batch, again[1].smaller], [1, true]);
  assert.deepEqual(
    heard.map(({ code }) => code),
    ['train.continued', 'train.smaller'],
  );
  assert.equal(heard[0].message, 'The engine was started again. The training goes on exactly from step 6.');
  await done();
});
