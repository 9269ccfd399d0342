/** Masks of all slices: segmented in one go, saved as files of a whole image, and read back. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { drop, masked, visit } from './support/browser.mjs';
import { stack } from './support/images.mjs';
import { PATIENT, dicomSeries } from './support/series.mjs';
import { suite } from './support/suite.mjs';
import { unzip } from './support/zip.mjs';

const site = suite();

/** @typedef {import('playwright-core').Page} Page */

const KINDS = [
  'DICOM SEG',
  'DICOM RTSTRUCT',
  'NIfTI',
  '3D Slicer',
  'OME-TIFF',
  'Probability volume (NIfTI)',
  'Probability volume (DICOM SEG)',
];

/** A series with the mask of one slice, by a model that was chosen by hand. */
async function series() {
  const visited = await visit(site.browser, `${site.server.url}?device=cpu`);
  const { page } = visited;
  await drop(page, dicomSeries());
  await page.locator('ul.files').getByText('6 slices').waitFor();
  await page.getByRole('region', { name: 'No model for this image' }).waitFor();
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Nuclei' });
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
  for (const kind of kinds)
    await dialog.getByRole('checkbox', { name: new RegExp(`^${kind.replace(/[()]/g, '.')}`) }).check();
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

test('all kinds come in one archive beside files of single slices, and those of labels fit the series', async () => {
  const { page, done } = await series();
  const { name, bytes } = await save(page, ['Mask', ...KINDS]);
  assert.equal(name, 'T2 FLAIR axial.zip');
  const files = unzip(bytes);
  const stem = 'T2 FLAIR axial';
  const ends = ['nii.gz', 'ome.tif', 'prob.dcm', 'prob.nii.gz', 'rtstruct.dcm', 'seg.dcm', 'seg.nrrd'];
  const slices = Array.from({ length: 6 }, (_, i) => `${stem}_s000${i}.png`);
  assert.deepEqual([...files.keys()].sort(), [...ends.map((end) => `${stem}.${end}`), ...slices].sort());
  for (const end of ends.filter((end) => !['ome.tif', 'prob.nii.gz'].includes(end))) {
    const own = `${stem}.${end}`;
    await drop(page, [{ name: own, bytes: /** @type {Buffer} */ (files.get(own)) }]);
    await page.getByText(`${own}: labels of 6 slices were laid over ${stem}.`).first().waitFor();
  }
  await done();
});

test('the probabilities of all slices are one volume from 0 to 1, as sure where the mask is as the threshold asks', async () => {
  const { page, done } = await series();
  const file = await save(page, ['Probability volume (NIfTI)']);
  assert.equal(file.name, 'T2 FLAIR axial.prob.nii.gz');
  const volume = gunzipSync(file.bytes);
  const masks = gunzipSync((await save(page, ['NIfTI'])).bytes);
  assert.deepEqual(
    [0, 1, 2, 3].map((i) => volume.readInt16LE(40 + 2 * i)),
    [3, 48, 48, 6],
  );
  assert.ok(Math.abs(volume.readFloatLE(112) * 255 - 1) < 1e-6, 'steps of 1/255');
  assert.deepEqual(volume.subarray(280, 328), masks.subarray(280, 328), 'the same affine');
  const inside = [...masks.subarray(352)].flatMap((label, i) => (label ? [volume[352 + i]] : []));
  assert.ok(inside.length > 100 && inside.every((step) => step >= 100), `${Math.min(...inside)}`);
  assert.ok(
    volume.subarray(352).some((step) => step > 0 && step < 100),
    'not a mask',
  );
  await done();
});

test('what a class is stands in the DICOM file as its name says, or as a person chooses, and is remembered', async () => {
  const { page, done } = await series();
  const file = await save(page, ['DICOM SEG']);
  assert.ok(file.bytes.includes('84640000'), 'a nucleus by its name');
  const open = async () => {
    await page.getByRole('button', { name: 'Save as …' }).click();
    return page.locator('dialog').getByRole('combobox', { name: /^What .* is$/ });
  };
  const choice = await open();
  await page.waitForFunction(() => document.querySelector('dialog .code-rows select')?.value === 'nucleus');
  await choice.selectOption('Neoplasm');
  await page.keyboard.press('Escape');
  const other = await save(page, ['DICOM SEG']);
  assert.ok(other.bytes.includes('108369006') && !other.bytes.includes('84640000'));
  assert.equal(await (await open()).inputValue(), 'neoplasm');
  await page
    .locator('dialog')
    .getByRole('checkbox', { name: /^DICOM SEG/ })
    .uncheck();
  assert.ok(await page.getByRole('group', { name: 'What the classes are' }).isHidden(), 'no file asks for it');
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
  const { bytes } = await save(page, ['NIfTI', '3D Slicer', 'OME-TIFF', 'Probability volume (NIfTI)'], 'all');
  assert.deepEqual([...unzip(bytes).keys()], ['film.nii.gz', 'film.ome.tif', 'film.prob.nii.gz']);
  await page.locator('.notice').getByText('film.seg.nrrd: This image has several channels or times').waitFor();
  await done();
});

test('all slices of an image are segmented with one press, told slice by slice, and stopped with another', async () => {
  const { page, done } = await series();
  await page.getByRole('button', { name: 'Segment all slices' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(/^Paused, \d of 6 slices done$/).waitFor();
  await page.locator('#status').getByRole('button', { name: 'Cancel' }).click();
  await page
    .locator('.notice')
    .getByText(/^Stopped after \d of 6 slices/)
    .waitFor();
  await page.getByRole('button', { name: 'Segment all slices' }).click();
  await page.locator('.notice').getByText('6 slices are segmented.').waitFor();
  await done();
});
