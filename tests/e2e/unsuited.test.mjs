/** Images that no shipped model was made for: nothing is run unasked, and the ways on are there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coloured, drop, masked, visit } from './support/browser.mjs';
import { dicom, picture } from './support/images.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
/** Of discs that say they are an MR, whether models for MR are here or not. */
const NOTHING =
  /(No model here was made for MR images|This looks like nothing that a model here was made for), so nothing was marked\./;

test('a CT image is shown without a mask, and gets one on request, for itself alone, with the warning', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [dicom('head.dcm', 'CT', 96)]);
  const ways = page.getByRole('region', { name: 'No model for this image' });
  await ways.getByText('No model here was made for CT images').waitFor();
  await page.getByRole('img', { name: /head\.dcm/ }).waitFor();
  // Time enough for a mask that nobody asked for.
  await page.waitForTimeout(1500);
  assert.equal(await coloured(page), 0);
  assert.equal(await page.getByRole('img', { name: /the mask covers/ }).count(), 0);

  await ways.getByRole('button', { name: 'Try Nuclei anyway' }).click();
  await masked(page);
  assert.ok((await coloured(page)) > 0);
  assert.ok(await ways.isHidden());
  await page.getByText('No model here was made for CT images: do not rely on this mask.').first().waitFor();

  // The warning stands beside the number, too, and what is marked is called nothing that it is not.
  const results = page.getByRole('tabpanel', { name: 'Results' });
  await page.getByRole('tab', { name: 'Results' }).click();
  await results.getByText('No model here was made for CT images: do not rely on this mask.').waitFor();
  await page.locator('canvas.image').hover();
  await page.getByText(/x \d+, y \d+ .*marked, probability/).waitFor();
  assert.doesNotMatch((await page.locator('#status').textContent()) ?? '', /nucleus/);

  // Another one of the kind is not masked because of that; an image that a model was made for is.
  await drop(page, [dicom('chest.dcm', 'MR', 64)]);
  await results.getByText(NOTHING).waitFor();
  await ways.getByText(NOTHING).waitFor();
  assert.equal(await coloured(page), 0);
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  assert.ok(await ways.isHidden());
  await results.getByText('of the image').first().waitFor();
  assert.equal(await results.getByText('do not rely on this mask').count(), 0);
  await done();
});

test('such an image can be taught with strokes at once', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [dicom('head.dcm', 'CT', 96)]);
  const ways = page.getByRole('region', { name: 'No model for this image' });
  const [picker] = await Promise.all([
    page.waitForEvent('filechooser'),
    ways.getByRole('button', { name: 'Use a model of your own' }).click(),
  ]);
  assert.ok(picker.isMultiple());
  await ways.getByRole('button', { name: 'Teach one with a few strokes' }).click();
  await page.getByRole('tab', { name: 'Label', selected: true }).waitFor();
  assert.ok(await ways.isHidden());
  await done();
});

test('what was applied to all files does not speak for an MR that is dropped afterwards', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [picture('a.png', 64), picture('b.png', 64)]);
  await masked(page);
  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByRole('button', { name: 'Apply to all 2' }).click();
  await page.locator('.sweep').getByText('All 2 are segmented.').waitFor();
  await drop(page, [dicom('head.dcm', 'MR', 64)]);
  const ways = page.getByRole('region', { name: 'No model for this image' });
  await ways.getByText(NOTHING).waitFor();
  await page.waitForTimeout(1000);
  assert.equal(await coloured(page), 0);
  await page.getByRole('tab', { name: 'View' }).click();
  await page.getByText('No model is in use: none here was made for such images.').waitFor();
  await done();
});
