/** Several workers compute one image on the CPU: the same bits as one, and a first mask before the others. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { coloured, drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { root } from './support/server.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
const SIDE = 380;

/** A blank page of the same origin. @param {string} [broken] what a helper consists of, if not of what it should */
function blank(broken) {
  return visit(site.browser, `${site.server.url}blank.html`, {
    before: async (page) => {
      const body = '<!doctype html><title>Another page</title>';
      await page.route('**/{blank.html,favicon.ico}', (route) => route.fulfill({ contentType: 'text/html', body }));
      if (broken === undefined) return;
      // What a worker of a worker loads cannot be caught; that it loads something else can.
      const source = await readFile(join(root, 'www/wire/helpers.js'), 'utf8');
      const url = "new URL('./helper-worker.js', import.meta.url)";
      assert.ok(source.includes(url), 'helpers.js starts its workers otherwise');
      const script = JSON.stringify(broken);
      const other = source.replace(
        url,
        `new URL(URL.createObjectURL(new Blob([${script}], { type: 'text/javascript' })))`,
      );
      await page
        .context()
        .route('**/wire/helpers.js', (route) => route.fulfill({ contentType: 'text/javascript', body: other }));
    },
  });
}

/** What the model of nuclei says of discs, and of the first round. @param {import('playwright-core').Page} page @param {number} cores */
function segmented(page, cores) {
  const image = Buffer.from(picture('discs.png', SIDE).bytes).toString('base64');
  return page.evaluate(
    async ({ image, cores }) => {
      const { open } = await import(`${location.origin}/www/insitu.js`);
      const bytes = Uint8Array.from(atob(image), (c) => c.charCodeAt(0));
      const app = await open({ device: 'cpu', cores });
      await app.loadModel('nuclei');
      const scan = await app.openScan(new File([bytes], 'discs.png'));
      /** @type {any[]} */
      const first = [];
      let answered = false;
      const told = (/** @type {any} */ mask) => first.push({ labels: mask.labels.length, early: !answered });
      /** @type {{ done: number, total: number, at: number }[]} */
      const steps = [];
      const onProgress = (/** @type {any} */ step) => steps.push({ ...step, at: performance.now() });
      const mask = await app.segment(scan, { onFirst: told, onProgress });
      answered = true;
      const { helpers } = await app.diagnostics();
      const digest = await crypto.subtle.digest('SHA-256', mask.probability);
      await app.close();
      return { first, steps, area: mask.areas[0], helpers, bits: [...new Uint8Array(digest)].join() };
    },
    { image, cores },
  );
}

test('an image has the same bits on one core, two and four, and a first mask before the answer', async () => {
  const { page, done } = await blank();
  const most = await page.evaluate(() => navigator.hardwareConcurrency);
  const found = [];
  for (const cores of [1, 2, 4]) {
    const answer = await segmented(page, cores);
    assert.deepEqual(answer.first, [{ labels: SIDE * SIDE, early: true }]);
    assert.ok(answer.area > 1000, 'nothing was found');
    assert.equal(answer.helpers, Math.min(cores, most) - 1);
    const [begin, end] = [answer.steps[0], answer.steps[answer.steps.length - 1]];
    assert.ok(begin.done === 0 && end.done === end.total, 'the progress was not told from the beginning to the end');
    const told = answer.steps.length;
    assert.ok(told <= 2 + (end.at - begin.at) / 90, `the page was told ${told} times of its progress`);
    found.push(answer.bits);
  }
  await done();
  assert.equal(new Set(found).size, 1, 'other bits on other machines');
});

test('a helper that does not start, or stops at once, is done without', async () => {
  const { page: whole, done: end } = await blank();
  const wanted = await segmented(whole, 1);
  await end();
  for (const broken of ['throw new Error("none today")', 'self.close()', 'this is no script']) {
    const { page, done } = await blank(broken);
    assert.equal((await segmented(page, 4)).bits, wanted.bits, broken);
    await done();
  }
});

test('in the page a mask is seen before it is refined, and nothing is said of it yet', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [picture('discs.png', 900)]);
  const finished = () => page.getByRole('img', { name: /the mask covers/ }).isVisible();
  while ((await coloured(page)) === 0) assert.ok(!(await finished()), 'the mask came without a first one');
  assert.ok(!(await finished()), 'the first mask passed for the whole');
  await masked(page);
  assert.ok((await coloured(page)) > 0);
  await done();
});
