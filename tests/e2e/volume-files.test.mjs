/** Masks of all slices: segmented in one go, saved as files of a whole image, and read back. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { stack } from './support/images.mjs';
import { PATIENT, dicomSeries } from './support/series.mjs';
import { suite } from './support/suite.mjs';
import { unzip } from './support/zip.mjs';

const site = suite();

/** @typedef {import('playwright-core').Page} Page */

const KINDS = ['DICOM SEG', 'DICOM RTSTRUCT', 'NIfTI', '3D Slicer'];

/** A series with the mask of one slice, by a model that was chosen by hand. */
async function series() {
  const visited = await visit(site.browser, `${site.server.url}?device=cpu`);
  const { page } = visited;
  await drop(page, dicomSeries());
  await page.locator('ul.files').getByText('6 slices').waitFor({ timeout: 20_000 });
  await page
    .getByRole('region', { name: 'No model for this image' })
    .getByRole('button', { name: /Nuclei/ })
    .click();
  await masked(page);
  return visited;
}

/** Opens the dialog and saves. @param {Page} page @param {string[]} kinds @param {'this' | 'all'} [where] */
async function save(page, kinds, where = 'this') {
  await page.getByRole('button', { name: 'Save as …' }).click();
  const dialog = page.locator('dialog');
  await dialog.locator(`input[value=${where}]`).check();
  for (const box of await dialog.locator('input[type=checkbox]').all())
    if (await box.isVisible()) await box.setChecked(false);
  for (const kind of kinds) await dialog.getByRole('checkbox', { name: new RegExp(`^${kind}`) }).check();
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 120_000 }),
    dialog.getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('the masks of all slices of a series become a DICOM SEG with its patient, which is laid over the series again when dropped', async () => {
  const { page, done } = await series();
  await page.getByRole('button', { name: 'Save as …' }).click();
  await page.locator('dialog').getByText('The DICOM files hold the patient’s name and number').waitFor();
  await page.keyboard.press('Escape');
  const file = await save(page, ['DICOM SEG']);
  assert.equal(file.name, 'T2 FLAIR axial.seg.dcm');
  assert.ok(file.bytes.includes(PATIENT), 'an archive files it with its images');
  assert.ok(file.bytes.includes('AUTOMATIC'));
  await page.getByText(`${file.name} saved`).first().waitFor();
  // The discs are on every slice.
  await drop(page, [file]);
  await page.getByText(`${file.name}: labels of 6 slices were laid over T2 FLAIR axial.`).first().waitFor();
  await page.locator('ul.labelled li').nth(5).waitFor();
  await done();
});

test('all four kinds come in one archive beside files of single slices, each of which fits the series', async () => {
  const { page, done } = await series();
  const { name, bytes } = await save(page, ['Mask', ...KINDS]);
  assert.equal(name, 'T2 FLAIR axial.zip');
  const files = unzip(bytes);
  const stem = 'T2 FLAIR axial';
  const ends = ['nii.gz', 'rtstruct.dcm', 'seg.dcm', 'seg.nrrd'];
  const slices = Array.from({ length: 6 }, (_, i) => `${stem}_s000${i}.png`);
  assert.deepEqual([...files.keys()].sort(), [...ends.map((end) => `${stem}.${end}`), ...slices].sort());
  for (const end of ends) {
    const own = `${stem}.${end}`;
    await drop(page, [{ name: own, bytes: /** @type {Buffer} */ (files.get(own)) }]);
    await page.getByText(`${own}: labels of 6 slices were laid over ${stem}.`).first().waitFor();
  }
  await done();
});

test('what one kind cannot hold is told in a sentence, and the others are saved', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  const film = stack('film.nii', 64, 4);
  // Two depths at two times.
  [4, 64, 64, 2, 2].forEach((side, i) =>
    Buffer.from(film.bytes.buffer, film.bytes.byteOffset).writeInt16LE(side, 40 + 2 * i),
  );
  await drop(page, [film]);
  await masked(page);
  await page.getByRole('button', { name: 'Save as …' }).click();
  assert.ok(await page.locator('dialog').getByText('The DICOM files hold').isHidden(), 'no patient is there');
  await page.keyboard.press('Escape');
  const { bytes } = await save(page, ['NIfTI', '3D Slicer'], 'all');
  assert.deepEqual([...unzip(bytes).keys()], ['film.nii.gz']);
  await page.locator('.notice').getByText('film.seg.nrrd: This image has several channels or times').waitFor();
  await done();
});

test('all slices of an image are segmented with one press, told slice by slice, and stopped with another', async () => {
  const { page, done } = await series();
  await page.getByRole('button', { name: 'Segment all slices' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(/^Paused, \d of 6 slices done$/).waitFor({ timeout: 60_000 });
  await page.locator('#status').getByRole('button', { name: 'Cancel' }).click();
  await page
    .locator('.notice')
    .getByText(/^Stopped after \d of 6 slices/)
    .waitFor();
  await page.getByRole('button', { name: 'Segment all slices' }).click();
  await page.locator('.notice').getByText('6 slices are segmented.').waitFor({ timeout: 60_000 });
  await done();
});
