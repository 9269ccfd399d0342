/** Volumes in other orientations than that of their slices: painted on sagittal planes alone, learnt from, segmented in all three. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { drop, visit } from './support/browser.mjs';
import { counted, trainingSettings } from './support/labelling.mjs';
import { suite } from './support/suite.mjs';
import { nifti } from './support/volumes.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();
const SIZE = /** @type {[number, number, number]} */ ([48, 40, 16]);

/** Drags in the sagittal view, in parts of its width and height. @param {Page} page @param {[number, number]} from @param {[number, number]} to */
async function stroke(page, from, to) {
  const box = await page.getByRole('slider', { name: 'Sagittal', exact: true }).boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + from[0] * box.width, box.y + from[1] * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + to[0] * box.width, box.y + to[1] * box.height, { steps: 8 });
  await page.mouse.up();
}

/** A new narrow network that learns a little. @param {Page} page */
async function train(page) {
  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByText(/labelled pixels: .* It learns from what you painted on: 1 sagittal plane\.$/).waitFor();
  await page.getByRole('combobox', { name: 'Start from' }).selectOption('preset:small');
  await trainingSettings(page, {
    Steps: '30',
    'Learning rate': '0.01',
    'Patches a step': '2',
    'Patch size': '32',
    Channels: '4',
  });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
}

/** The voxels of the masks of all slices, as a NIfTI file has them. @param {Page} page */
async function saved(page) {
  await page.getByRole('tab', { name: 'View' }).click();
  await page.getByRole('button', { name: 'Save as …' }).click();
  const dialog = page.locator('dialog');
  for (const box of await dialog.locator('input[type=checkbox]').all())
    if (await box.isVisible()) await box.setChecked(false);
  await dialog.getByRole('checkbox', { name: /^NIfTI/ }).check();
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 120_000 }),
    dialog.getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  const bytes = gunzipSync(await readFile(await download.path()));
  return bytes.subarray(352, 352 + SIZE[0] * SIZE[1] * SIZE[2]);
}

/** Segments all slices along planes with this name, and waits for what is told. @param {Page} page @param {string} planes @param {RegExp} told */
async function segment(page, planes, told) {
  await page.getByRole('combobox', { name: 'Along' }).selectOption({ label: planes });
  await page.getByRole('button', { name: 'Segment all slices' }).click();
  await page.locator('.notice').getByText(told).waitFor();
}

test('a network learns from sagittal planes alone, and segments a volume by its slices, by sagittal planes, and by the mean of all three', async () => {
  const context = { viewport: { width: 1440, height: 900 } };
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`, { context });
  await drop(page, [nifti('body.nii', SIZE, [2, 2, 5])]);
  await page.getByRole('img', { name: /body\.nii, 48 by 40 pixels/ }).waitFor();
  await page.keyboard.press('b');
  await page.getByRole('tabpanel', { name: 'Label' }).waitFor();
  await page.waitForTimeout(500);
  // The body, and the air in front of and behind it.
  await stroke(page, [0.45, 0.35], [0.45, 0.65]);
  await stroke(page, [0.35, 0.5], [0.5, 0.5]);
  await counted(page, ([, first]) => first > 40, 'a body');
  await page.locator('.inks button').first().click();
  await stroke(page, [0.06, 0.35], [0.06, 0.65]);
  await counted(page, ([none, first]) => none > 15 && first > 40, 'air');

  await train(page);
  await page
    .getByText('It learns from planes across the slices, too, as you painted on them: 1 sagittal plane.')
    .waitFor();
  await page.getByRole('button', { name: 'Save model' }).waitFor();

  await segment(page, 'these slices', /^16 slices are segmented\.$/);
  const slices = await saved(page);
  await segment(page, 'sagittal planes', /^16 slices are segmented\. Planes: sagittal planes\.$/);
  const sagittal = await saved(page);
  await segment(page, 'all three, averaged', /^16 slices are segmented\. Planes: all three, averaged\.$/);
  const three = await saved(page);
  const marked = (/** @type {Uint8Array} */ voxels, /** @type {number} */ slice) =>
    voxels.subarray(slice * SIZE[0] * SIZE[1], (slice + 1) * SIZE[0] * SIZE[1]).filter((v) => v > 0).length;
  for (let slice = 0; slice < SIZE[2]; slice++)
    assert.ok(marked(three, slice) > 0 && marked(sagittal, slice) > 0, `a mask on slice ${slice}`);
  const off = (/** @type {Uint8Array} */ a, /** @type {Uint8Array} */ b) => a.filter((v, i) => v !== b[i]).length;
  assert.ok(off(slices, three) > 0 && off(slices, sagittal) > 0 && off(sagittal, three) > 0, 'they differ');

  // Another threshold needs no inference, and back at the slices they are as before.
  await page.getByRole('tab', { name: 'View' }).click();
  await page.getByRole('spinbutton', { name: 'Threshold' }).fill('0.9');
  await page.keyboard.press('Enter');
  const surer = await saved(page);
  assert.ok(surer.filter((v) => v > 0).length < three.filter((v) => v > 0).length, 'a surer mask is smaller');
  await page.getByRole('spinbutton', { name: 'Threshold' }).fill('0.5');
  await page.keyboard.press('Enter');
  await segment(page, 'these slices', /^16 slices are segmented\.$/);
  assert.equal(off(await saved(page), slices), 0);
  await done();
});

test('planes are told one by one, paused, stopped and gone on with', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [nifti('body.nii', [24, 20, 8], [2, 2, 4])]);
  await page.getByRole('region', { name: 'No model for this image' }).waitFor();
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Nuclei' });
  await page.getByRole('img', { name: /the mask covers/ }).waitFor();
  await page.getByRole('combobox', { name: 'Along' }).selectOption({ label: 'coronal planes' });
  await page.getByRole('button', { name: 'Segment all slices' }).click();
  await page.getByText(/^Plane \d+ of 20/).waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(/^Paused, \d+ of 20 planes done$/).waitFor();
  await page.locator('#status').getByRole('button', { name: 'Cancel' }).click();
  await page
    .locator('.notice')
    .getByText(/^Stopped after 0 of 8 slices/)
    .waitFor();
  await page.getByRole('button', { name: 'Segment all slices' }).click();
  await page.locator('.notice').getByText('8 slices are segmented. Planes: coronal planes.').waitFor();
  await done();
});
