/** Labels of volumes: filled in between painted slices, saved for other programs, and laid over their images again. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { counted, counts, hand, labelPanel } from './support/labelling.mjs';
import { dicomSeries } from './support/series.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
const cpu = () => `${site.server.url}?device=cpu`;

/** @typedef {import('playwright-core').Page} Page */

/** A series whose first and fifth slice are painted, and the slices between them filled in. */
async function painted() {
  const { page, done } = await visit(site.browser, cpu());
  await drop(page, dicomSeries());
  await page.locator('ul.files').getByText('6 slices').waitFor();
  await page.getByRole('img', { name: /48 by 48 pixels/ }).waitFor();
  await labelPanel(page);
  const on = async (/** @type {string} */ slice, /** @type {[number, number][]} */ stroke) => {
    await page.locator('#slice').fill(slice);
    await page.waitForTimeout(400);
    await (await hand(page, 48)).stroke(...stroke);
  };
  await on('1', [
    [10, 12],
    [22, 12],
  ]);
  await counted(page, ([, one]) => one > 0, 'the first slice');
  const [, first] = await counts(page);
  await on('5', [
    [12, 16],
    [28, 18],
  ]);
  await counted(page, ([, one]) => one > first, 'the fifth slice');
  await page.getByRole('button', { name: 'Fill the slices between' }).click();
  await page.getByText('3 slices were filled in.').first().waitFor();
  await page.locator('ul.labelled li').nth(4).waitFor();
  return { page, done };
}

/** What is labelled where, as the panel says. @param {Page} page */
const labelled = (page) => page.locator('ul.labelled li .count').allTextContents();

/** @param {Page} page @param {string} kind */
async function saved(page, kind) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('combobox', { name: 'Save all slices as …' }).selectOption(kind),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('what a painted class is can be chosen, is still so under another name, and stands in the file', async () => {
  const { page, done } = await painted();
  await page.getByText('Save and load labels').click();
  await page.getByText('What the classes are').click();
  const choice = page.getByRole('combobox', { name: /^What .* is$/ }).first();
  await page.waitForFunction(() => document.querySelector('.code-rows select')?.value === 'tissue');
  await choice.selectOption('Lung');
  await page.getByText('Names, colours, order').click();
  const field = page.locator('.class-rows input[type=text]').first();
  await field.fill('right one');
  await field.press('Enter');
  await page.getByRole('combobox', { name: 'What right one is' }).waitFor();
  assert.equal(await page.getByRole('combobox', { name: 'What right one is' }).inputValue(), 'lung');
  for (const kind of ['seg', 'rtstruct', 'nrrd']) assert.ok((await saved(page, kind)).bytes.includes('39607008'), kind);
  await done();
});

test('slices between painted ones are filled in, saved as files of four kinds, and each of them comes back as the same labels when dropped', async () => {
  const { page, done } = await painted();
  const [, painted1] = await counts(page);
  assert.equal((await labelled(page)).length, 5);
  await page.getByText('Save and load labels').click();
  const ends = { seg: '.seg.dcm', rtstruct: '.rtstruct.dcm', nifti: '.nii.gz', nrrd: '.seg.nrrd' };
  for (const [kind, end] of Object.entries(ends)) {
    const file = await saved(page, kind);
    assert.ok(file.name.endsWith(end), file.name);
    await page.getByRole('button', { name: 'Clear all labels' }).click();
    await counted(page, ([, one]) => one === 0, 'cleared');
    await drop(page, [file]);
    await page.getByText(`${file.name}: labels of 5 slices were laid over T2 FLAIR axial.`).first().waitFor();
    await page.locator('ul.labelled li').nth(4).waitFor();
    assert.deepEqual((await counts(page)).slice(1), [painted1], kind);
    assert.equal(await page.locator('ul.files button.file').count(), 1, `${kind} is no image of its own`);
  }
  await done();
});

test('labels are copied to the next slice, and labels of other images are refused in a sentence', async () => {
  const { page, done } = await painted();
  await page.getByText('Save and load labels').click();
  const file = await saved(page, 'seg');
  await page.getByRole('button', { name: 'Copy to the next slice' }).click();
  await page.getByText('6 of 6').first().waitFor();
  await page.locator('ul.labelled li').nth(5).waitFor();
  await done();

  // Another series of the same patient, in the same coordinates: labels lie where they lie in the patient.
  const other = await visit(site.browser, cpu());
  await drop(other.page, dicomSeries({ number: 9, description: 'Other', slices: 4 }));
  await other.page.locator('ul.files').getByText('4 slices').waitFor();
  await drop(other.page, [file]);
  await other.page.locator('.notice').getByText('labels of 4 slices were laid over Other').waitFor();
  await other.page
    .locator('.notice')
    .getByRole('button', { name: /^Show all/ })
    .click();
  await other.page.getByText(/drawn on another series of this patient/).waitFor();
  await other.done();

  const picturePage = await visit(site.browser, cpu());
  await drop(picturePage.page, [picture('discs.png', 64)]);
  await masked(picturePage.page);
  await drop(picturePage.page, [file]);
  await picturePage.page.getByText('These labels belong to none of the images that are open.').waitFor();
  assert.equal(await picturePage.page.locator('ul.files button.file').count(), 1);
  await picturePage.done();
});
