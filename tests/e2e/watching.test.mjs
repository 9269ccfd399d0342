/** Watching a network learn, on the CPU: how fresh the mask on the image is, and what is said of one that floods it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { discs, picture } from './support/images.mjs';
import { hand, labelPanel, trainingSettings } from './support/labelling.mjs';
import { labelled } from './support/labels.mjs';
import { suite } from './support/suite.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();

const start = (/** @type {Page} */ page) => page.getByRole('button', { name: 'Train', exact: true });

/** Notes when a bitmap is drawn for the first time on the image's canvas, and when the panel told of a step. */
function watched() {
  const seen = new WeakSet();
  const times = { drawn: /** @type {number[]} */ ([]), told: /** @type {number[]} */ ([]) };
  Object.assign(globalThis, { times });
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (/** @type {any[]} */ ...args) {
    const [image] = args;
    if (this.canvas.className === 'image' && !seen.has(image)) {
      seen.add(image);
      times.drawn.push(performance.now());
    }
    return /** @type {any} */ (draw).apply(this, args);
  };
  let phase = '';
  const look = () => {
    const now = document.querySelector('.progress .phase')?.textContent ?? '';
    if (now !== phase) times.told.push(performance.now());
    phase = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** The times from one to the next, ms; what came within a tenth of a second came at once. @param {number[]} times */
function gaps(times) {
  const apart = times.filter((time, i) => i === 0 || time - times[i - 1] > 100);
  return apart.slice(1).map((time, i) => time - apart[i]);
}

for (const side of [512, 1024]) {
  test(`while a network learns, the mask of ${side} x ${side} pixels is seen anew every few seconds`, async () => {
    const visited = await visit(site.browser, site.server.url, { before: (page) => page.addInitScript(watched) });
    const { page, done } = visited;
    await drop(page, [picture('discs.png', side)]);
    await masked(page, 300_000);
    await labelled(page);
    await page.getByRole('tab', { name: 'Train' }).click();
    await trainingSettings(page, { Steps: '400', 'Learning rate': '0.001' });
    await start(page).click();
    await page.getByText(/^Step [1-9]\d* of 400/).waitFor({ timeout: 300_000 });
    const from = await page.evaluate(() => performance.now());
    await page.waitForTimeout(25_000);
    const times = await page.evaluate(() => /** @type {any} */ (globalThis).times);
    const [drawn, told] = [times.drawn, times.told].map((all) =>
      gaps(all.filter((/** @type {number} */ t) => t > from)),
    );
    const longest = (/** @type {number[]} */ all) => Math.max(...all) / 1000;
    if (process.env.PICTURES) console.log(`${side}: ${drawn.map((gap) => (gap / 1000).toFixed(1)).join(' ')} s`);
    // Three seconds are wanted. A picture comes between two steps, and this machine may have other things to do.
    assert.ok(drawn.length > 1 && longest(drawn) < 3.2 + 2 * longest(told), `${drawn}; steps: ${told}`);
    await page.getByRole('button', { name: 'Stop, keep the best' }).click();
    await page.getByRole('button', { name: 'Save model' }).waitFor({ timeout: 300_000 });
    await done();
  });
}

test('of a mask that floods the image the panel says what to do, until it no longer does', async () => {
  const side = 160;
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [picture('discs.png', side)]);
  await masked(page);
  await labelPanel(page);
  const paint = await hand(page, side);
  // A person who takes the dark ground for what is to be found.
  const grey = discs(side, side);
  const bright = (/** @type {number} */ x, /** @type {number} */ y) => grey[y * side + x] > 150;
  await page.getByRole('slider', { name: 'Brush size' }).fill('4');
  await page.keyboard.press('1');
  for (const y of [3, 156]) await paint.stroke([4, y], [80, y], [156, y]);
  await page.keyboard.press('0');
  let dabs = 0;
  for (let y = 12; y < side - 12; y += 8) {
    for (let x = 12; x < side - 12; x += 8) {
      if (bright(x, y) && bright(x - 3, y) && bright(x + 3, y) && dabs++ < 6)
        await paint.stroke([x - 2, y], [x + 2, y]);
    }
  }
  await page.getByRole('tab', { name: 'Train' }).click();
  await trainingSettings(page, { Steps: '60', 'Learning rate': '0.005', 'Patches a step': '2', 'Patch size': '64' });
  await start(page).click();
  await page.getByRole('button', { name: 'Save model' }).waitFor({ timeout: 180_000 });
  const flood = page.locator('.flood');
  const said = flood.getByText(/The mask covers \d\d % of the image, more than your strokes suggest\./);
  await said.waitFor();
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/flood.png` });

  await flood.getByRole('button', { name: 'Paint background' }).click();
  await page.getByRole('tabpanel', { name: 'Label' }).waitFor();
  await page.locator('.inks [aria-pressed=true]').getByText('Background').waitFor();
  await page.getByRole('tab', { name: 'Train' }).click();

  // Back at the model as it was, the mask is as it was.
  await flood.getByRole('button', { name: 'Undo this training' }).click();
  await said.waitFor({ state: 'hidden', timeout: 120_000 });
  await page.getByRole('button', { name: /the best.*Go back to it/ }).click();
  await said.waitFor();
  await flood.getByRole('button', { name: 'Dismiss this message' }).click();
  await said.waitFor({ state: 'hidden' });
  await done();
});
