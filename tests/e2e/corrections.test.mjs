/** Objects corrected by hand: deleted, merged, split, drawn, taken back, kept. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { objectsTold, onObject } from './support/objects.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

/** @typedef {import('playwright-core').Page} Page */

/** The page with an image of discs, and how many are told. */
async function opened() {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [picture('discs.png', 192)]);
  await masked(page);
  await page.getByRole('tab', { name: 'Results' }).click();
  return { page, done, count: await objectsTold(page) };
}

/** @param {Page} page @param {[number, number][]} points */
async function drag(page, points) {
  const [first, ...rest] = points;
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 6 });
  await page.mouse.up();
}

test('objects are deleted, split, merged and drawn by hand, and every step can be taken back', async () => {
  const { page, done, count } = await opened();
  const { x, y } = await onObject(page);
  const box = await page.locator('canvas.image').boundingBox();
  assert.ok(box);
  const tool = (/** @type {string} */ name) => page.locator('.corrections').getByRole('button', { name }).click();

  await tool('Delete');
  await page.mouse.click(x, y);
  assert.equal(await objectsTold(page, count), count - 1);
  await page.keyboard.press('z');
  assert.equal(await objectsTold(page, count - 1), count);
  await page.keyboard.press('Shift+Z');
  assert.equal(await objectsTold(page, count), count - 1);
  await page.getByText('1 correction on this image').waitFor();
  await page.keyboard.press('z');
  await objectsTold(page, count - 1);

  // Down through the whole image, until a line goes through the middle of some object.
  let split = count;
  let across = box.x;
  await tool('Split');
  while (split === count && across < box.x + box.width - 40) {
    across += 30;
    await drag(page, [
      [across, box.y + 4],
      [across, box.y + box.height - 4],
    ]);
    await page.waitForTimeout(400);
    split = await objectsTold(page);
  }
  assert.ok(split > count, `${split} after ${count}`);
  await tool('Merge');
  await drag(page, [
    [across - 8, box.y + 4],
    [across - 8, box.y + box.height - 4],
    [across + 8, box.y + box.height - 4],
    [across + 8, box.y + 4],
  ]);
  const merged = await objectsTold(page, split);
  assert.ok(merged < split, `${merged} after ${split}`);

  // A click meets one object alone: it says why it does nothing, and leaves nothing to be undone.
  await page.mouse.click(x, y);
  await page.getByText('fewer than two objects').waitFor();
  await page.getByText('2 corrections on this image').waitFor();

  await tool('Draw');
  const corner = /** @type {[number, number][]} */ ([
    [box.x + box.width / 2 - 20, box.y + box.height / 2 - 20],
    [box.x + box.width / 2 + 20, box.y + box.height / 2 - 20],
    [box.x + box.width / 2 + 20, box.y + box.height / 2 + 20],
    [box.x + box.width / 2 - 20, box.y + box.height / 2 + 20],
  ]);
  await page.keyboard.press('z');
  assert.equal(await objectsTold(page, merged), split);
  await page.keyboard.press('z');
  assert.equal(await objectsTold(page, split), count);
  // Where everything was deleted there is room for one.
  await tool('Delete');
  for (let row = 2; row < 30; row++) {
    const at = box.y + (box.height * row) / 31;
    if ((await page.locator('.objects .figure').textContent()) === '0 objects') break;
    await drag(page, [
      [box.x + 14, at],
      [box.x + box.width - 14, at],
    ]);
  }
  await tool('Draw');
  await drag(page, [...corner, corner[0]]);
  await page.locator('.objects .figure').getByText('1 object', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Save as' }).click();
  for (const check of await page.locator('dialog input[type=checkbox]').all()) await check.setChecked(false);
  await page
    .locator('dialog')
    .getByRole('checkbox', { name: /^Table/ })
    .check();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('dialog').getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  const lines = (await readFile(await download.path())).toString().trim().split('\r\n');
  assert.equal(lines.length, 2, 'the saved table has the drawn object alone');
  await done();
});

test('the chosen object goes with the Delete key', async () => {
  const { page, done, count } = await opened();
  const { x, y } = await onObject(page);
  await page.mouse.click(x, y);
  await page.keyboard.press('Delete');
  assert.equal(await objectsTold(page, count), count - 1);
  await done();
});
