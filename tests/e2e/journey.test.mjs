/**
 * The whole way on either device, by hand: three strokes, a training, its curve, the tab loaded again in the middle, the model
 * in another page.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { area, drop, masked, visit } from './support/browser.mjs';
import { picture, strokes } from './support/images.mjs';
import { kept } from './support/keeping.mjs';
import { counted, counts, hand, labelPanel, trainingSettings } from './support/labelling.mjs';
import { own } from './support/suite.mjs';

/** @typedef {import('playwright-core').Page} Page */

const SIDE = 64;
const WAIT = { timeout: 600_000 };
const tab = (/** @type {Page} */ page, /** @type {string} */ name) =>
  page.getByRole('tab', { name, exact: true }).click();
const button = (/** @type {Page} */ page, /** @type {string | RegExp} */ name) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

/** Few and small steps. @param {Page} page @param {number} steps */
async function small(page, steps) {
  await page.getByRole('combobox', { name: 'Start from' }).selectOption('preset:small');
  await page.getByRole('checkbox', { name: /^Vary the images/ }).uncheck();
  await trainingSettings(page, {
    Steps: String(steps),
    'Learning rate': '0.005',
    'Patches a step': '2',
    'Patch size': '32',
    Channels: '4',
  });
}

/** @param {import('node:test').TestContext} t @param {'cpu' | 'webgpu'} device @param {number} steps */
async function journey(t, device, steps) {
  const site = await own(t, { gpu: device === 'webgpu' });
  const url = `${site.server.url}?device=${device}`;
  const { page, done } = await visit(site.browser, url);
  await drop(page, [picture('discs.png', SIDE)]);
  await masked(page, WAIT.timeout);
  const before = await area(page);

  await labelPanel(page);
  const paint = await hand(page, SIDE);
  await page.getByRole('slider', { name: 'Brush size' }).fill('2.2');
  await page.keyboard.press('1');
  const on = strokes(SIDE, true);
  await paint.stroke(...on[0]);
  await paint.stroke(...on[1]);
  await page.keyboard.press('0');
  await paint.stroke(...strokes(SIDE, false)[0]);
  const painted = await counted(page, ([ground, one]) => ground > 100 && one > 60, 'three strokes');

  await tab(page, 'Train');
  await small(page, steps);
  await button(page, 'Train').click();
  await page.getByText(/^Step [1-9]\d* of/).waitFor(WAIT);
  await button(page, 'Pause').click();
  await page.getByText(/^Paused at step/).waitFor(WAIT);
  const at = Number((await page.getByText(/^Paused at step/).innerText()).match(/\d+/)?.[0]);
  assert.ok(at > 0 && at < steps, `paused at ${at}`);
  // Reading the network back from a graphics card that is none takes its time.
  await kept(page, /^train-state~/, 300_000);

  await page.reload();
  await button(page, 'Continue').first().click(WAIT);
  await tab(page, 'Train');
  await button(page, /^Go on/).click(WAIT);
  await button(page, 'Save model').waitFor(WAIT);
  const curve = (await page.locator('.curve svg').getAttribute('aria-label')) ?? '';
  const [, first, last] = curve.match(/Loss from ([\d.]+) to ([\d.]+)/) ?? [];
  assert.ok(Number(last) < Number(first), curve);

  const points = page.locator('.curve svg').getByRole('button');
  assert.ok((await points.count()) >= 2, 'points to go back to');
  await page
    .getByRole('button', { name: /^Step \d+.*Go back to it/ })
    .first()
    .click();
  await page.getByText(/^In use: step/).waitFor(WAIT);
  await settled(page);
  const trained = await area(page);
  assert.notEqual(trained, before, 'the mask has changed');

  await tab(page, 'Label');
  assert.deepEqual(await counts(page), painted, 'the strokes are back');
  await page.getByRole('tabpanel', { name: 'Label' }).getByRole('button', { name: 'Undo' }).click();
  await counted(page, ([ground, one]) => ground === 0 && one === painted[1], 'the last stroke is taken back');
  await tab(page, 'Train');
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save model').click()]);
  const bytes = await readFile(await download.path());
  await done();

  const fresh = await visit(site.browser, url);
  await drop(fresh.page, [{ name: 'kept.safetensors', bytes }, picture('discs.png', SIDE)]);
  await masked(fresh.page, WAIT.timeout);
  await settled(fresh.page);
  assert.equal(await area(fresh.page), trained, 'the same mask in another page');
  await fresh.done();
}

/** Until the area that the results tell stays the same for a while. @param {Page} page */
async function settled(page) {
  await page
    .locator('#status')
    .getByText(/segmented in/i)
    .waitFor(WAIT);
  await page.locator('.looking').waitFor({ state: 'hidden', ...WAIT });
  for (let same = 0, last = -1; same < 4; await page.waitForTimeout(500)) {
    const now = await area(page);
    same = now === last ? same + 1 : 0;
    last = now;
  }
}

test('on the CPU: painted, trained, turned back, loaded again, undone, saved and opened elsewhere', (t) =>
  journey(t, 'cpu', 80));
test('on WebGPU: painted, trained, turned back, loaded again, undone, saved and opened elsewhere', (t) =>
  journey(t, 'webgpu', 8));
