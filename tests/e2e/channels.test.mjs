/** Channels of a microscope: mixed in their colours, each with its window, and one of them for the model. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { root } from './support/server.mjs';
import { suite } from './support/suite.mjs';
import { until } from './support/until.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();

/** The mean red, green and blue of what is drawn. @param {Page} page @returns {Promise<number[]>} */
const colours = (page) =>
  page.evaluate(async () => {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('canvas.image'));
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    // The middle of a picture that is small even when it is enlarged.
    const [x, y] = [canvas.width, canvas.height].map((side) => Math.floor(side / 2) - 8);
    const { data } = context.getImageData(x, y, 16, 16);
    const sums = [0, 0, 0];
    for (let i = 0; i < data.length; i++) if (i % 4 < 3) sums[i % 4] += data[i];
    return sums.map((sum) => Math.round(sum / 256));
  });

/** The colours once they are as wanted. @param {Page} page @param {(found: number[]) => boolean} wanted @param {string} what */
const drawn = (page, wanted, what) => until(() => colours(page), wanted, what);

/** A hyperstack of ImageJ with three channels that have lookup tables: blue, green and orange. */
async function looking() {
  const visited = await visit(site.browser, `${site.server.url}?device=cpu`);
  const bytes = await readFile(join(root, 'tests/reference/mixes/tables.tif'));
  await drop(visited.page, [{ name: 'tables.tif', bytes }]);
  await visited.page.getByRole('checkbox', { name: 'Show Channel 3' }).waitFor();
  await masked(visited.page);
  await visited.page.getByRole('checkbox', { name: 'Show the mask' }).uncheck();
  return visited;
}

test('channels are mixed in the colours of their file, and one that is switched off takes its light with it', async () => {
  const { page, done } = await looking();
  const box = (/** @type {number} */ number) => page.getByRole('checkbox', { name: `Show Channel ${number}` });
  assert.deepEqual(await Promise.all([1, 2, 3].map((number) => box(number).isChecked())), [true, true, true]);
  assert.equal(await page.getByLabel('Colour of Channel 1').inputValue(), '#0000ff');
  const all = await drawn(page, ([red, , blue]) => red > 0 && blue > 0, 'mixed');
  await box(1).uncheck();
  const warm = await drawn(page, (now) => now[2] < all[2] - 20, 'without blue');
  assert.deepEqual([warm[0], warm[1]], [all[0], all[1]], 'blue has neither red nor green');
  // In another colour it comes back.
  await box(1).check();
  await page.getByLabel('Colour of Channel 1').fill('#ff0000');
  await drawn(page, (now) => now[0] > all[0] && now[2] === warm[2], 'red for blue');
  // Alone in grey, and mixed again.
  await page.getByRole('button', { name: 'Only Channel 2' }).click();
  await page.getByText('One channel alone is shown in grey.').waitFor();
  await drawn(page, ([red, green, blue]) => red === green && green === blue && red > 0, 'grey');
  await page.getByRole('button', { name: 'Only Channel 2' }).click();
  await drawn(page, ([red, green]) => red !== green, 'mixed again');
  // None is black.
  for (const number of [1, 2, 3]) await box(number).uncheck();
  await drawn(page, (now) => now.every((value) => value === 0), 'black');
  await done();
});

test('each channel has its own window, and values under the pointer are those of the channels that are shown', async () => {
  const { page, done } = await looking();
  const all = await colours(page);
  await page.getByRole('button', { name: 'Channel 3', exact: true }).click();
  await page.getByRole('heading', { name: 'Window of Channel 3' }).waitFor();
  // Far above all values: this channel is black.
  const own = await page.locator('#window-center').inputValue();
  await page.locator('#window-center').fill('100000');
  await page.keyboard.press('Enter');
  await drawn(page, (now) => now[0] === 0 && now[2] === all[2], 'without orange');
  await page.getByRole('button', { name: 'Channel 1', exact: true }).click();
  await page.getByRole('heading', { name: 'Window of Channel 1' }).waitFor();
  assert.notEqual(await page.locator('#window-center').inputValue(), '100000');
  await page.getByRole('button', { name: 'Channel 3', exact: true }).click();
  await page.getByRole('button', { name: 'Reset' }).click();
  await drawn(page, (now) => now.join() === all.join(), 'as at first');
  assert.equal(await page.locator('#window-center').inputValue(), own);
  await page.getByRole('checkbox', { name: 'Show Channel 2' }).uncheck();
  await page.locator('canvas.image').hover();
  await page.getByText(/x \d, y \d +Channel 1 \d+ +Channel 3 \d+/).waitFor();
  await done();
});

test('the channel that the model sees is told and chosen beside the others, and the picture stays', async () => {
  const { page, done } = await looking();
  const seen = page.getByRole('combobox', { name: 'The model sees' });
  assert.equal(await seen.inputValue(), 'Channel 1');
  const all = await colours(page);
  await seen.selectOption('Channel 2');
  await page.getByRole('heading', { name: 'Window of Channel 2' }).waitFor();
  assert.equal(await page.getByRole('combobox', { name: 'Channel', exact: true }).inputValue(), 'Channel 2');
  await masked(page);
  assert.deepEqual(await colours(page), all);
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.getByRole('tabpanel', { name: 'Results' }).getByText('Channel 2').waitFor();
  await done();
});

test('the files of one OME-TIFF image become one image when they come together, and one alone says what is elsewhere', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  const part = async (/** @type {number} */ number) => {
    const name = `channels-${number}.ome.tif`;
    return { name, bytes: await readFile(join(root, 'tests/reference/sets', name)) };
  };
  await drop(page, [await part(1), await part(0)]);
  await page.getByRole('checkbox', { name: 'Show GFP' }).waitFor();
  assert.equal(await page.locator('#files li[data-id]').count(), 1);
  await page.getByText('depth 1 of 3, time 2 of 2').first().waitFor();
  await drop(page, [await part(1)]);
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.getByText('This file is one of the 2 of an OME-TIFF image of 12 planes. It holds 6 of them').waitFor();
  assert.equal(await page.locator('#files li[data-id]').count(), 2);
  await done();
});
