/** The list of files: several that come together, and which of them is shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { dicom, picture } from './support/images.mjs';
import { counted, hand, labelPanel } from './support/labelling.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
const words = (/** @type {string} */ name) => ({
  name,
  bytes: new TextEncoder().encode('These are words, and no picture at all.\n'.repeat(20)),
});
/** @param {import('playwright-core').Page} page @param {string} name */
const row = (page, name) => page.getByRole('navigation', { name: 'Files' }).locator('li', { hasText: name });

test('of files that come together the first good one is shown, and what is wrong stands at the others', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [words('a.png'), words('b.png'), picture('c.png', 64), words('d.png')]);
  await page.getByRole('img', { name: /c\.png, 64 by 64 pixels; the mask covers/ }).waitFor();
  for (const name of ['a.png', 'b.png', 'd.png'])
    await row(page, name)
      .getByText(/^Failed\. [“A-Z].{15,}/)
      .waitFor();
  assert.equal(await page.locator('.notice').isVisible(), false, 'nothing lies over the good image');
  // Whoever looks at the broken one is told at length, and only then.
  await row(page, 'a.png').getByRole('button').first().click();
  await page.locator('.notice.error').waitFor();
  await row(page, 'c.png').getByRole('button').first().click();
  await masked(page);
  assert.equal(await page.locator('.notice').isVisible(), false);
  await done();
});

test('the list follows the file that is shown', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(
    page,
    Array.from({ length: 16 }, (_, i) => picture(`n${i + 1}.png`, 32)),
  );
  await masked(page);
  await page.locator('canvas.image').focus();
  for (let i = 1; i < 16; i++) await page.keyboard.press('PageDown');
  const last = row(page, 'n16.png');
  await last.locator('[aria-current=true]').waitFor();
  const [list, box] = [await page.locator('#files').boundingBox(), await last.boundingBox()];
  assert.ok(list && box && box.y >= list.y && box.y + box.height <= list.y + list.height + 1, 'it is in sight');
  await done();
});

test('undo that changes another file shows it and says which', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [picture('first.png', 64), picture('second.png', 64)]);
  await masked(page);
  await labelPanel(page);
  await (await hand(page, 64)).stroke([10, 10], [40, 40]);
  await counted(page, ([, cells]) => cells > 0, 'a stroke');
  await row(page, 'second.png').getByRole('button').first().click();
  await page.getByRole('img', { name: /second\.png.*the mask covers/ }).waitFor();
  await page.keyboard.press('Control+z');
  await page.locator('.notice').getByText('Undone in first.png.').waitFor();
  await row(page, 'first.png').locator('[aria-current=true]').waitFor();
  await counted(page, ([, cells]) => cells === 0, 'the stroke is undone');
  await done();
});

test('a DICOM segmentation is called one and not shown as an image', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [dicom('labels.dcm', 'SEG', 64)]);
  await page
    .locator('.notice')
    .getByText(/This is a DICOM segmentation \(SEG\), .* and not an image\. Insitu cannot read it yet/)
    .waitFor();
  await row(page, 'labels.dcm').getByText('Failed. This is a DICOM segmentation').waitFor();
  await drop(page, [dicom('contours.dcm', 'RTSTRUCT', 64)]);
  await page
    .locator('.notice')
    .getByText(/This is a set of radiotherapy contours \(RTSTRUCT\), and not an image/)
    .waitFor();
  await drop(page, [dicom('more.dcm', 'SEG', 64), picture('good.png', 64)]);
  await page.getByRole('img', { name: /good\.png.*the mask covers/ }).waitFor();
  await done();
});

test('the keyboard is on the image after a sample is chosen', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await page.getByRole('button', { name: /^Nuclei, fluorescence/ }).click();
  await page.waitForFunction(() => document.activeElement?.matches('canvas.image'));
  await masked(page);
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'image');
  await done();
});

test('several files are chosen with the mouse, the keys or a filter, and are taken off the list together', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  const names = Array.from({ length: 9 }, (_, i) => `${i < 4 ? 'left' : 'right'}${i}.png`);
  await drop(
    page,
    names.map((name) => picture(name, 32)),
  );
  await masked(page);
  const chosen = page.locator('ul.files li.chosen');
  const listed = () => page.locator('ul.files .name').allTextContents();
  const press = async (/** @type {string} */ name, /** @type {('Control' | 'Shift')[]} */ modifiers = []) =>
    row(page, name).getByRole('button').first().click({ modifiers });
  await press('left1.png', ['Control']);
  await press('left3.png', ['Shift']);
  await page.getByText('3 files chosen').waitFor();
  assert.equal(await chosen.count(), 3);
  await press('left2.png', ['Control']);
  assert.equal(await chosen.count(), 2);
  await page.locator('.chosen-files').getByRole('button', { name: 'Remove' }).click();
  assert.deepEqual(await listed(), names.toSpliced(3, 1).toSpliced(1, 1));

  await press('right5.png');
  await row(page, 'right5.png').locator('[aria-current=true]').waitFor();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('3 files chosen').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await chosen.count(), 0);
  // Of the one that is shown and the next; what follows them is shown.
  await press('right5.png');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Delete');
  assert.deepEqual(await listed(), ['left0.png', 'left2.png', 'right4.png', 'right7.png', 'right8.png']);
  await row(page, 'right7.png').locator('[aria-current=true]').waitFor();
  await drop(
    page,
    Array.from({ length: 4 }, (_, i) => picture(`more${i}.png`, 32)),
  );
  await page.getByRole('searchbox', { name: 'Filter by name' }).fill('right');
  await page.getByRole('button', { name: 'Choose these 3' }).click();
  await page.locator('.chosen-files').getByRole('button', { name: 'Remove' }).click();
  // So few need no filter.
  assert.deepEqual(await listed(), ['left0.png', 'left2.png', ...[0, 1, 2, 3].map((i) => `more${i}.png`)]);
  await done();
});
