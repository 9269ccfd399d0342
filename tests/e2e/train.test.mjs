/** Training a network in the tab, through `www/insitu.js` in a page that is not ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { suite } from './support/suite.mjs';

/** A blank page of the same origin, with `start`. @param {ReturnType<typeof suite>} site */
function blank(site) {
  const body = '<!doctype html><title>Another page</title>';
  return visit(site.browser, `${site.server.url}blank.html`, {
    before: async (page) => {
      await page.addInitScript(`globalThis.start = ${START}`);
      await page.route('**/{blank.html,favicon.ico}', (route) => route.fulfill({ contentType: 'text/html', body }));
    },
  });
}

const base64 = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('base64');

/** In the page: an app with an image whose bright discs are labelled, and a training of it. */
const START = `async (given, device, more) => {
  const { open, InsituError } = await import(location.origin + '/www/insitu.js');
  const app = await open({ device });
  const bytes = Uint8Array.from(atob(given), (c) => c.charCodeAt(0));
  const scan = await app.openScan(new File([bytes], 'discs.png'));
  const { data } = await app.render(scan);
  const labels = new Uint8Array(scan.width * scan.height).map((_, i) => (data[4 * i] > 110 ? 1 : 0));
  const progress = [];
  const options = { samples: [{ scan, labels }], preset: 'small', width: 4, batch: 2, patch: 32, seed: 3, augment: false, onProgress: (p) => progress.push(p), ...more };
  return { app, scan, labels, progress, options, InsituError };
}`;

const cpu = suite();

test('on the CPU a new network learns the labels, can be paused, turned back and kept', async () => {
  const { page, done } = await blank(cpu);
  const answer = await page.evaluate(
    async ({ given }) => {
      const { app, scan, progress, options, InsituError } = await globalThis.start(given, 'cpu', {
        steps: 60,
        every: 10,
        learningRate: 1e-2,
        earlyStop: false,
      });
      const run = app.train(options);
      const until = (/** @type {() => boolean} */ is) =>
        new Promise((done) => {
          const look = () => (is() ? done(null) : setTimeout(look, 20));
          look();
        });
      await until(() => progress.length >= 25);
      run.pause();
      await new Promise((wait) => setTimeout(wait, 1500));
      const paused = progress.length;
      await new Promise((wait) => setTimeout(wait, 1500));
      const still = progress.length;
      const back = await run.rollback(23);
      run.resume();
      const result = await run.finished;
      const over = await run.rollback(0).catch((error) => [error instanceof InsituError, error.code]);
      const mask = await app.segment(scan, { threshold: 0.5 });
      const saved = await app.saveModel();
      const card = await app.loadModel(saved);
      const again = await app.segment(scan, { threshold: 0.5 });
      await app.close();
      return {
        paused,
        still,
        back,
        over,
        result,
        last: progress.at(-1),
        card,
        same: mask.labels.every((label, i) => label === again.labels[i]),
        foreground: mask.labels.filter((l) => l === 1).length,
      };
    },
    { given: base64(picture('', 96).bytes) },
  );
  assert.ok(answer.still === answer.paused, 'no step while paused');
  assert.equal(answer.back, 20);
  assert.equal(answer.result.ended, 'done');
  assert.equal(answer.result.loss.length, 60);
  const mean = (/** @type {number[]} */ part) => part.reduce((sum, v) => sum + v, 0) / part.length;
  assert.ok(
    mean(answer.result.loss.slice(50)) < 0.6 * mean(answer.result.loss.slice(0, 5)),
    answer.result.loss.join(' '),
  );
  assert.deepEqual(
    answer.result.validations.map((v) => v.step),
    [10, 20, 30, 40, 50, 60],
  );
  assert.ok(answer.result.validation.dice > 0.7, JSON.stringify(answer.result.validation));
  assert.equal(answer.last.settings.held.kind, 'blocks');
  assert.deepEqual(answer.over, [true, 'train.over']);
  assert.ok(answer.same && answer.foreground > 0);
  assert.ok(answer.card.training.steps > 0 && answer.card.training.steps <= 60);
  await done();
});

test('with more validations than there is room for points, the best stays, and more steps go on from the network that is shown', async () => {
  const { page, done } = await blank(cpu);
  const answer = await page.evaluate(
    async ({ given }) => {
      // Learns at first, and forgets it all with steps that are far too long: the best network is an early one.
      const { app, options } = await globalThis.start(given, 'cpu', { steps: 12, every: 1, learningRate: 3e-3 });
      const how = { ...options, width: 2, batch: 1, patch: 16, stay: true, earlyStop: false, points: [] };
      const first = app.train(how);
      await first.finished;
      const state = await first.state();
      await first.close();
      const run = app.train({ ...how, resume: state, steps: 50, learningRate: 3 });
      const { loss } = await run.finished;
      const weights = async () => [...new Uint8Array(await (await app.saveModel()).arrayBuffer())].slice(-4000).join();
      const { at, points } = run;
      const best = run.best.step;
      const shown = await weights();
      // The network from which more steps would go on.
      await run.show();
      const standing = await weights();
      const last = points.at(-1);
      const back = await run.rollback(last);
      const end = await weights();
      await run.rollback(best);
      const again = await weights();
      const more = await run.more(2);
      await app.close();
      return {
        steps: loss.length,
        at,
        best,
        points,
        last,
        back,
        same: [shown === standing, shown === again, shown === end],
        more: more.steps,
      };
    },
    { given: base64(picture('', 64).bytes) },
  );
  assert.equal(answer.steps, 50);
  assert.ok(answer.best < 26, `the best of 50 steps is ${answer.best}: it would be among the last points anyway`);
  assert.ok(answer.points.length <= 24 && answer.points.includes(answer.best), JSON.stringify(answer));
  assert.deepEqual([answer.at, answer.last, answer.back], [answer.best, 50, 50]);
  assert.deepEqual(answer.same, [true, true, false]);
  assert.equal(answer.more, answer.best + 2);
  await done();
});

test('a training that is cancelled leaves the best network so far, and one without labels says so', async () => {
  const { page, done } = await blank(cpu);
  const answer = await page.evaluate(
    async ({ given }) => {
      const { app, scan, labels, progress, options, InsituError } = await globalThis.start(given, 'cpu', {
        steps: 1000,
        every: 5,
      });
      const stop = new AbortController();
      const run = app.train({ ...options, signal: stop.signal });
      await new Promise((done) => {
        const look = () => (progress.length > 12 ? done(null) : setTimeout(look, 20));
        look();
      });
      stop.abort();
      const result = await run.finished;
      const mask = await app.segment(scan);
      const told = async (/** @type {object} */ changed) =>
        app.train({ ...options, ...changed }).finished.catch((error) => [error instanceof InsituError, error.code]);
      const nothing = await told({ samples: [{ scan, labels: labels.map(() => 255) }] });
      const short = await told({ samples: [{ scan, labels: labels.slice(1) }] });
      const none = await told({ samples: [] });
      const unknown = await told({ preset: 'no-such-network' });
      await app.close();
      return { ended: result.ended, steps: result.steps, labels: mask.labels.length, nothing, short, none, unknown };
    },
    { given: base64(picture('', 64).bytes) },
  );
  assert.equal(answer.ended, 'cancelled');
  assert.ok(answer.steps > 12 && answer.steps < 1000);
  assert.equal(answer.labels, 64 * 64);
  assert.deepEqual(
    [answer.nothing, answer.short, answer.none, answer.unknown],
    [
      [true, 'train.unlabelled'],
      [true, 'argument'],
      [true, 'train.empty'],
      [true, 'net.preset.unknown'],
    ],
  );
  await done();
});

test('a piece of what a network makes of an image while it learns is a part of the whole, and no other piece is given', async () => {
  const { page, done } = await blank(cpu);
  const answer = await page.evaluate(
    async ({ given }) => {
      const { app, scan, options } = await globalThis.start(given, 'cpu', { steps: 6, learningRate: 1e-2, stay: true });
      const run = app.train(options);
      const look = (/** @type {number[]} */ [x, y, width, height]) =>
        run.look(scan, 0, undefined, { x, y, width, height });
      await run.finished;
      const whole = await look([0, 0, 160, 160]);
      const piece = await look([100, 20, 60, 70]);
      let [differs, wrong] = [0, 0];
      for (let i = 0; i < piece.labels.length; i++) {
        const at = (20 + Math.floor(i / 60)) * 160 + 100 + (i % 60);
        differs = Math.max(differs, Math.abs(piece.probability[i] - whole.probability[at]));
        wrong += Number(piece.labels[i] !== Number(piece.probability[i] >= 0.5));
      }
      const refused = [];
      for (const place of [
        [0, 0, 161, 1],
        [0, 0, 0, 5],
        [-1, 0, 5, 5],
        [4e9, 0, 4e9, 1],
        [NaN, 0, 1, 1],
      ])
        refused.push(
          await look(place).then(
            () => 'given',
            (/** @type {any} */ error) => error.code,
          ),
        );
      await app.close();
      return { size: [piece.width, piece.height, piece.labels.length], differs, wrong, refused };
    },
    { given: base64(picture('', 160).bytes) },
  );
  assert.deepEqual(answer.size, [60, 70, 4200]);
  // The network sees a little less of the surroundings of a piece.
  assert.ok(answer.differs < 0.1 && answer.wrong === 0, JSON.stringify(answer));
  assert.deepEqual(answer.refused, Array(5).fill('argument'));
  await done();
});
