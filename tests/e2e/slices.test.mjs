/** Files of several slices: what each is shown with, and what of a file is not shown. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { root } from './support/server.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
/** A file of the reference tests. @param {string} folder @param {string} name */
const reference = async (folder, name) => ({
  name,
  bytes: await readFile(join(root, 'tests/reference', folder, name)),
});
/** @param {import('playwright-core').Page} page */
const windowed = (page) => ({
  /** @param {string} center @param {string} width */
  async is(center, width) {
    await page.waitForFunction(
      ([c, w]) =>
        /** @type {HTMLInputElement} */ (document.querySelector('#window-center')).value === c &&
        /** @type {HTMLInputElement} */ (document.querySelector('#window-width')).value === w,
      [center, width],
    );
  },
});

test('each frame is shown through its own window until a person chooses one, which then holds for all', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [await reference('medical', 'windows.dcm')]);
  const window = windowed(page);
  await page.getByText('2 of 3').first().waitFor();
  await window.is('200', '100');
  await page.locator('canvas.image').focus();
  await page.keyboard.press('ArrowRight');
  await window.is('300', '150');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await window.is('100', '50');
  await page.locator('#window-center').fill('120');
  await page.keyboard.press('Enter');
  await page.locator('canvas.image').focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText('2 of 3').first().waitFor();
  await window.is('120', '50');
  // Reset gives every frame its own again.
  await page.keyboard.press('r');
  await window.is('200', '100');
  await page.keyboard.press('ArrowRight');
  await window.is('300', '150');
  await page.locator('#window-width').fill('77');
  await page.keyboard.press('Enter');
  await page.keyboard.press('w');
  await page.locator('canvas.image').focus();
  await page.keyboard.press('w');
  await page.locator('canvas.image').dblclick();
  await window.is('300', '150');
  await done();
});

test('what of a file is left out stands where the facts of the image do, with and without a mask', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [await reference('tiffs', 'label-first.tif')]);
  await page.getByRole('tab', { name: 'Results' }).click();
  const results = page.getByRole('tabpanel', { name: 'Results' });
  await results.getByText('2 pages of another size or kind left out (12 x 10, 32 x 24 pixels).').waitFor();
  assert.match(await results.innerText(), /TIFF/);
  await done();
});

test('channels of a microscope are chosen by name, and each can be shown and segmented by itself', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [await reference('channels', 'xyztc.ome.tif')]);
  const chooser = page.getByRole('combobox', { name: 'Channel' });
  await chooser.waitFor();
  assert.deepEqual(await chooser.locator('option').allTextContents(), ['DAPI', 'GFP', 'Cy5']);
  const slider = page.getByRole('slider', { name: 'Slice' });
  const at = () => slider.getAttribute('aria-valuetext');
  assert.equal(await at(), 'depth 1 of 4, time 2 of 2');
  await masked(page);
  await page.getByRole('button', { name: 'Only DAPI' }).click();

  // The value under the pointer is that of the plane: 1000 + 100 time + 10 depth + channel, and a ramp.
  const value = async () => {
    const canvas = page.locator('canvas.image');
    const { width, height } = /** @type {{ width: number, height: number }} */ (await canvas.boundingBox());
    await page.mouse.move(0, 0);
    await canvas.hover({ position: { x: width / 2 - 2, y: height / 2 } });
    const [text, named] = [page.getByText(/x 1, y 1 +\w+ [\d,]+/), await chooser.inputValue()];
    await text.waitFor();
    const [, name, value] = /x 1, y 1 +(\w+) ([\d,]+)/.exec(await text.innerText()) ?? [];
    assert.equal(name, named, 'the channel that is shown');
    return Number(value.replace(',', ''));
  };
  assert.equal(await value(), 1000 + 100 + 3);
  await chooser.selectOption('Cy5');
  await masked(page);
  assert.equal(await value(), 1000 + 100 + 2 + 3);
  await page.locator('canvas.image').focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(
    () => document.querySelector('#slice')?.getAttribute('aria-valuetext') === 'depth 2 of 4, time 2 of 2',
  );
  assert.equal(await chooser.inputValue(), 'Cy5', 'the arrows stay in the channel');
  await masked(page);
  assert.equal(await value(), 1000 + 100 + 10 + 2 + 3);
  await page.getByRole('tab', { name: 'Results' }).click();
  const results = page.getByRole('tabpanel', { name: 'Results' });
  await results.getByText('Cy5').waitFor();
  // A file with one channel has nothing to choose.
  await drop(page, [await reference('channels', 'colour.ome.tif')]);
  await page.getByText('2 of 2').first().waitFor();
  assert.equal(await chooser.isVisible(), false);
  await done();
});
