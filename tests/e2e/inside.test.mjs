/** The view “Inside the network”: what shows a network to people. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { discs, picture, png } from './support/images.mjs';
import { root } from './support/server.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

/** How many different greys or colours the canvases of a place show, each. @param {import('playwright-core').Locator} canvases @returns {Promise<number[]>} */
const shades = (canvases) =>
  canvases.evaluateAll((all) =>
    all.map((canvas) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
      const context = /** @type {CanvasRenderingContext2D} */ (
        /** @type {HTMLCanvasElement} */ (canvas).getContext('2d')
      );
      return new Set(new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)).size;
    }),
  );

test('a sample is seen from inside the network: blocks, feature maps, tiles, border weights, augmented copies', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).click();
  await masked(page);
  await page.getByRole('button', { name: 'Look inside the network' }).click();
  const view = page.getByRole('dialog', { name: /^Inside the network/ });

  // The first block is shown at once.
  const maps = view.getByRole('list', { name: /^Feature maps of/ });
  await maps.waitFor();
  assert.equal(await maps.getByRole('listitem').count(), 16);
  await view.getByRole('button', { name: /^256 maps 36 × 36: Bottom, level 5/ }).click();
  await view.getByRole('list', { name: 'Feature maps of: Bottom, level 5' }).waitFor();
  assert.equal(await maps.getByRole('listitem').count(), 32);
  const seen = await shades(maps.locator('canvas'));
  assert.ok(seen.filter((count) => count > 20).length > 8, `shades of the maps: ${seen}`);
  await view.getByRole('button', { name: 'Show 32 more of 256' }).click();
  await maps.getByRole('listitem').nth(63).waitFor();

  await view.getByText('The receptive field on the image').click();
  await view.getByText(/inside the square, 200 pixels wide/).waitFor();
  await view.getByRole('slider', { name: 'Across' }).fill('10');
  assert.equal(await view.locator('.reach rect').getAttribute('x'), '-89.5');

  await view.getByRole('tab', { name: 'Tiles' }).click();
  await view.getByText(/fits into one tile/).waitFor();
  await view.getByRole('combobox', { name: 'Size of the tiles' }).selectOption('256');
  await view.getByText(/This image takes \d+ tiles/).waitFor();
  const tiles = view.getByRole('button', { name: /^Tile \d+ of \d+/ });
  assert.ok((await tiles.count()) > 4);
  await tiles.nth(1).click();
  await view.getByText(/^Tile 2 of/).waitFor();

  await view.getByRole('tab', { name: 'Border weights' }).click();
  const weighed = view.getByRole('img', { name: /^Border weights in the gaps/ });
  await weighed.waitFor();
  assert.ok((await shades(weighed))[0] > 300, 'colours lie over the grey image');

  await view.getByRole('tab', { name: 'Augmentation' }).click();
  const copies = view.getByRole('img', { name: /^Copy \d/ });
  await copies.nth(3).waitFor();
  assert.equal(await copies.count(), 4);
  const pixels = () =>
    copies.evaluateAll((all) => all.map((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL()));
  const before = await pixels();
  assert.equal(new Set(before).size, 4, 'no two are the same');
  await view.getByRole('button', { name: 'New copies' }).click();
  await view.getByText(/^Seed 2/).waitFor();
  await page.waitForFunction(
    (old) =>
      document.querySelectorAll('.five canvas').length === 5 &&
      /** @type {HTMLCanvasElement} */ (document.querySelectorAll('.five canvas')[1]).toDataURL() !== old,
    before[0],
  );

  await page.keyboard.press('Escape');
  await view.waitFor({ state: 'detached' });
  await done();
});

test('a map of border weights that is empty says why', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [{ name: 'one.png', type: 'image/png', bytes: png(discs(96, 96, 1), 96, 96) }]);
  await masked(page);
  await page.getByRole('button', { name: 'Look inside the network' }).click();
  await page.getByRole('tab', { name: 'Border weights' }).click();
  await page.getByText('The model found fewer than two objects here').waitFor();
  await done();
});

test('the keyboard walks through the network, and every control in it has a name', async () => {
  const { page, done } = await visit(site.browser, site.server.url, {
    context: { viewport: { width: 820, height: 1180 } },
  });
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  await page.keyboard.press('i');
  const view = page.getByRole('dialog', { name: /^Inside the network/ });
  const down = view.getByRole('button', { name: /: Way down, level 1/ });
  await down.waitFor();
  await down.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await view.getByRole('list', { name: 'Feature maps of: Way down, level 2' }).waitFor();
  for (const tab of ['The network', 'Tiles', 'Border weights', 'Augmentation']) {
    await view.getByRole('tab', { name: tab }).click();
    await page.waitForFunction(() => !document.querySelector('dialog [aria-busy]'), undefined, { timeout: 120_000 });
    const nameless = await page.evaluate(() => {
      const controls = [
        ...document.querySelectorAll('dialog :is(button, select, input, canvas, [role=button], [role=img])'),
      ];
      const name = (/** @type {any} */ c) =>
        c.getAttribute('aria-label') ||
        c.textContent?.trim() ||
        c.title ||
        [...(c.labels ?? [])].map((l) => l.textContent).join('');
      return controls.filter((c) => c.checkVisibility() && !name(c)).map((c) => c.outerHTML);
    });
    assert.deepEqual(nameless, []);
    assert.equal(
      await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
      false,
      'nothing is wider than the screen',
    );
  }
  await page.keyboard.press('Escape');
  // A closed dialog leaves the page a moment later than the tree that a screen reader sees.
  await page.waitForFunction(() => !document.querySelector('dialog'));
  await done();
});

test('what takes long can be stopped and asked for again', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [picture('discs.png', 640)]);
  await masked(page);
  await page.keyboard.press('i');
  const view = page.getByRole('dialog', { name: /^Inside the network/ });
  await view.getByRole('list', { name: /^Feature maps of/ }).waitFor();
  // It takes too little time for a hand, and on a fast machine less than the half second after which the button comes: that is
  // over at once here, and the button is pressed as soon as it is there.
  await page.evaluate(() => {
    const later = window.setTimeout.bind(window);
    const hasty = (/** @type {() => void} */ what, /** @type {number} */ ms) => later(what, ms === 500 ? 0 : ms);
    window.setTimeout = /** @type {typeof window.setTimeout} */ (hasty);
    const observer = new MutationObserver(() => {
      const stop = [...document.querySelectorAll('dialog button')].find((one) => one.textContent === 'Stop');
      if (!stop) return;
      observer.disconnect();
      /** @type {HTMLButtonElement} */ (stop).click();
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await view.getByRole('button', { name: /: Way up, level 1/ }).click();
  await view.getByText('Stopped.').waitFor();
  await view.getByRole('button', { name: 'Try again' }).click();
  await view.getByRole('list', { name: 'Feature maps of: Way up, level 1' }).waitFor();
  await done();
});

test('a nested network is drawn with all its outputs, and can be pruned to any of them', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  const depth = page.getByRole('combobox', { name: 'Depth of the network' });
  assert.equal(await depth.isVisible(), false, 'one output, nothing to choose');
  await drop(page, [
    { name: 'nested.safetensors', bytes: await readFile(join(root, 'tests/reference/networks/unet++.safetensors')) },
  ]);
  await depth.waitFor();
  assert.deepEqual(await depth.locator('option').allInnerTexts(), [
    'L4: the whole network',
    'L3: pruned',
    'L2: pruned',
    'L1: pruned the most, fastest',
  ]);
  const status = page.locator('#status').getByText(/segmented in/i);
  await status.waitFor();
  await depth.selectOption({ label: 'L1: pruned the most, fastest' });
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.getByText('L1 of 4').waitFor();
  await status.waitFor();

  await page.keyboard.press('i');
  const view = page.getByRole('dialog', { name: /^Inside the network/ });
  for (const level of [1, 2, 3, 4])
    await view.getByRole('button', { name: new RegExp(`: Output ${level} of 4 .L${level}.`) }).waitFor();
  await view.getByText('All layers as a table').click();
  assert.equal(await view.getByRole('row').count(), 1 + (await view.getByRole('rowheader').count()));
  await done();
});
