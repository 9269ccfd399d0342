/** `www/insitu.js` in a page that is not ours, and the same masks through every door. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { blank } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { root } from './support/server.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

const base64 = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('base64');

test('every network of the literature loads in the page, runs, and is the same after saving', async () => {
  const { page, done } = await blank(site);
  const presets = ['ronneberger2015', 'ronneberger2015-bn', 'keras', 'small-bn', 'retina', 'unet++', 'small'];
  const files = await Promise.all(
    presets.map((name) => readFile(join(root, `tests/reference/networks/${name}.safetensors`))),
  );
  const answers = await page.evaluate(
    async ({ image, models }) => {
      const { open } = await import(`${location.origin}/www/insitu.js`);
      const bytes = (/** @type {string} */ text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const app = await open({ device: 'cpu' });
      const scan = await app.openScan(new File([bytes(image)], 'discs.png'));
      const answers = [];
      for (const model of models) {
        const card = await app.loadModel(new File([bytes(model)], 'weights.safetensors'));
        const first = await app.segment(scan);
        const saved = await app.saveModel();
        await app.loadModel('nuclei');
        const again = await app.loadModel(saved);
        const second = await app.segment(scan);
        const once = new Uint8Array(await saved.arrayBuffer());
        const twice = new Uint8Array(await (await app.saveModel()).arrayBuffer());
        answers.push({
          preset: card.preset,
          again: again.preset,
          probabilities: first.probability.length,
          sound: first.probability.every((p) => p >= 0 && p <= 1.00001),
          sameMask: first.probability.every((p, i) => p === second.probability[i]),
          sameFile: once.length === twice.length && once.every((byte, i) => byte === twice[i]),
        });
      }
      await app.close();
      return answers;
    },
    { image: base64(picture('', 96, 80).bytes), models: files.map(base64) },
  );
  assert.deepEqual(
    answers,
    presets.map((preset) => ({
      preset,
      again: preset,
      probabilities: 96 * 80,
      sound: true,
      sameMask: true,
      sameFile: true,
    })),
  );
  await done();
});

test('a blank page opens the engine, segments, saves and closes', async () => {
  const { page, done } = await blank(site);
  const answer = await page.evaluate(
    async (given) => {
      const { open, InsituError } = await import(`${location.origin}/www/insitu.js`);
      const file = new File([Uint8Array.from(atob(given), (c) => c.charCodeAt(0))], 'discs.png');
      const app = await open({ device: 'cpu' });
      const models = await app.models();
      const card = await app.loadModel('nuclei');
      const scan = await app.openScan(file);
      const steps = [];
      const mask = await app.segment(scan, { threshold: 0.5, onProgress: (step) => steps.push(step) });
      const surer = await app.segment(scan, { threshold: 0.9 });
      const png = await app.maskPng(mask);
      const areas = await app.areas(mask);
      const shown = await app.render(scan);
      const value = await app.valueAt(scan, 0, 3, 5);
      const model = await app.saveModel();
      const stopped = await app
        .segment(scan, { signal: AbortSignal.abort() })
        .catch((error) => [error instanceof InsituError, error.code]);
      const unknown = await app.loadModel('no-such-model').catch((error) => [error instanceof InsituError, error.code]);
      const words = await app
        .openScan(new Blob(['words']))
        .catch((error) => [error instanceof InsituError, error.code]);
      await app.closeScan(scan);
      const closed = await app.segment(scan).catch((error) => [error instanceof InsituError, error.code]);
      await app.close();
      const after = await app.openScan(file).catch((error) => [error instanceof InsituError, error.code]);
      return {
        device: app.device,
        ids: models.map((m) => m.id),
        card: typeof card,
        scan: [scan.width, scan.height, scan.slices, scan.channels],
        labels: mask.labels.length,
        foreground: mask.labels.filter((l) => l > 0).length,
        classes: mask.classes,
        probabilities: mask.probability.length,
        firstCached: mask.cached,
        cached: surer.cached,
        surer: surer.labels.filter((l) => l > 0).length,
        png: [png.type, png.size > 50],
        areas,
        shown: [shown.width, shown.height],
        value,
        model: model.size,
        steps,
        stopped,
        unknown,
        words,
        closed,
        after,
      };
    },
    base64(picture('', 128, 96).bytes),
  );
  assert.equal(answer.device.kind, 'cpu');
  assert.ok(answer.ids.includes('nuclei') && answer.ids.includes('em-membrane'), answer.ids.join());
  assert.deepEqual(answer.scan, [128, 96, 1, 1]);
  assert.equal(answer.labels, 128 * 96);
  assert.equal(answer.probabilities, 128 * 96 * answer.classes);
  assert.ok(answer.foreground > 0 && answer.foreground < 128 * 96);
  assert.equal(
    answer.areas.reduce((a, b) => a + b, 0),
    answer.foreground,
  );
  assert.deepEqual([answer.firstCached, answer.cached], [false, true], 'another threshold needs no new inference');
  assert.ok(answer.surer < answer.foreground);
  assert.deepEqual(answer.png, ['image/png', true]);
  assert.deepEqual(answer.shown, [128, 96]);
  assert.equal(answer.value.length, 1);
  assert.ok(answer.model > 10_000);
  const last = answer.steps.at(-1);
  assert.ok(last && last.done === last.total, JSON.stringify(answer.steps));
  assert.deepEqual(answer.stopped, [true, 'cancelled']);
  assert.deepEqual(answer.unknown, [true, 'model.unknown']);
  assert.deepEqual(answer.words, [true, 'scan.unsupported.format']);
  assert.deepEqual(answer.closed, [true, 'scan.closed']);
  assert.deepEqual(answer.after, [true, 'engine.closed']);
  await done();
});

test('the command line and the page give the same masks', async () => {
  const cli = process.env.INSITU_CLI;
  const run = (/** @type {string[]} */ args) =>
    cli
      ? execFileSync(cli, args, { cwd: root })
      : execFileSync('cargo', ['run', '--release', '--quiet', '-p', 'insitu-cli', '--', ...args], { cwd: root });
  const folder = await mkdtemp(join(tmpdir(), 'insitu-'));
  const { page, done } = await blank(site);
  try {
    const drawn = picture('drawn.png', 150, 110);
    await writeFile(join(folder, drawn.name), drawn.bytes);
    const files = [
      join(folder, drawn.name),
      ...['nuclei-fluorescence', 'nuclei-stained'].map((name) => join(root, `www/samples/${name}.png`)),
    ];
    run(['predict', '--model', 'nuclei', '--device', 'cpu', '--out', folder, ...files.slice(1)]);
    run(['predict', '--model', 'nuclei', '--device', 'cpu', '--out', join(folder, 'drawn'), files[0]]);
    const masks = [
      join(folder, 'drawn/drawn.png'),
      ...files.slice(1).map((file) => join(folder, file.split(/[\\/]/).at(-1) ?? '')),
    ];
    for (const [i, file] of files.entries()) {
      const answer = await page.evaluate(
        async ([image, mask]) => {
          const blob = (/** @type {string} */ text) =>
            new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], { type: 'image/png' });
          const { open } = await import(`${location.origin}/www/insitu.js`);
          const app = await open({ device: 'cpu' });
          await app.loadModel('nuclei');
          const { labels, width, height } = await app.segment(await app.openScan(blob(image)));
          // Without premultiplied or converted colours, a grey PNG's values are what the canvas gives back.
          const bitmap = await createImageBitmap(blob(mask), {
            colorSpaceConversion: 'none',
            premultiplyAlpha: 'none',
          });
          const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
            new OffscreenCanvas(width, height).getContext('2d')
          );
          context.drawImage(bitmap, 0, 0);
          const { data } = context.getImageData(0, 0, width, height);
          let unlike = 0,
            foreground = 0;
          for (let i = 0; i < labels.length; i++) {
            if (labels[i] !== data[4 * i]) unlike++;
            if (labels[i] > 0) foreground++;
          }
          await app.close();
          return { unlike, foreground, all: width * height, same: bitmap.width === width && bitmap.height === height };
        },
        [base64(await readFile(file)), base64(await readFile(masks[i]))],
      );
      assert.ok(answer.same && answer.foreground > 0, `${file}: ${JSON.stringify(answer)}`);
      assert.ok(answer.unlike <= answer.all / 1000, `${file}: ${answer.unlike} of ${answer.all} pixels differ`);
    }
    await done();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
