/** No screen of the page has a fault that axe-core knows: names, roles, contrast, landmarks, order of headings; in light and in dark, in every language; dialogs are looked at beside (`access-dialogs.test.mjs`). */
import { test } from 'node:test';
import { inspector } from './support/access.mjs';
import { drop, masked, visit } from './support/browser.mjs';
import { dicom, discs, picture, png } from './support/images.mjs';
import { trainingSettings } from './support/labelling.mjs';
import { labelled } from './support/labels.mjs';
import { objectsTold } from './support/objects.mjs';
import { dicomSeries } from './support/series.mjs';
import { suite } from './support/suite.mjs';
import { nifti } from './support/volumes.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();

/** The page on the CPU, and what looks for faults. @param {import('playwright-core').BrowserContextOptions} [context] */
async function opened(context) {
  const visited = await visit(site.browser, `${site.server.url}?device=cpu`, { context });
  return { ...visited, seen: inspector(visited.page) };
}

const tab = (/** @type {Page} */ page, /** @type {string} */ name) =>
  page.getByRole('tab', { name, exact: true }).click();
const button = (/** @type {Page} */ page, /** @type {string | RegExp} */ name) =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).first();

/** Everything that folds is open. @param {Page} page */
const unfold = (page) =>
  page.evaluate(() => document.querySelectorAll('details').forEach((one) => one.setAttribute('open', '')));

for (const [what, context] of /** @type {const} */ ([
  ['a screen of a desk', {}],
  ['a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
]))
  test(`on ${what} the empty page, an image with its mask and every panel are without faults`, async () => {
    const { page, seen, done } = await opened(context);
    await button(page, 'Choose files').waitFor();
    await seen.look('empty page');
    await drop(page, [picture('discs.png', 128), picture('more.png', 96)]);
    await masked(page);
    await seen.look('mask');
    for (const name of ['View', 'Label', 'Train', 'Results']) {
      await tab(page, name);
      await unfold(page);
      await seen.look(name);
    }
    await tab(page, 'Label');
    for (const tool of ['b', 'e', 'p', 'g', 'v', 'a', 'k']) {
      await page.keyboard.press(tool);
      await seen.look(`tool ${tool}`);
    }
    seen.done();
    await done();
  });

test('objects and scores are without faults', async () => {
  const { page, seen, done } = await opened();
  const grey = discs(128, 128, 12);
  const truth = grey.map((value) => Number(value > 110));
  await drop(page, [
    { name: 'cells.png', bytes: png(grey, 128, 128) },
    { name: 'cells_mask.png', bytes: png(truth, 128, 128) },
    picture('discs.png', 96),
  ]);
  await masked(page);
  await tab(page, 'Results');
  await objectsTold(page);
  await page.getByText(/^mean of/).waitFor();
  await unfold(page);
  await seen.look('scores');
  await button(page, 'Show the table').click();
  await page.locator('#drawer [role=row]').nth(2).click();
  await seen.look('table of objects');
  for (const name of ['Histogram', 'Scatter plot', 'Files'])
    if (await page.locator('#drawer').getByRole('tab', { name }).count()) {
      await page.locator('#drawer').getByRole('tab', { name }).click();
      await seen.look(name);
    }
  seen.done();
  await done();
});

test('a training is without faults, under way and over', async () => {
  const { page, seen, done } = await opened();
  await drop(page, [picture('discs.png', 128)]);
  await masked(page);
  await labelled(page);
  await tab(page, 'Train');
  await page.getByRole('combobox', { name: 'Start from' }).selectOption('preset:small');
  await trainingSettings(page, {
    Steps: '30',
    'Patches a step': '1',
    'Patch size': '32',
    Channels: '4',
  });
  await button(page, 'Train').click();
  await page.getByText(/^Step [1-9]\d? of 30/).waitFor();
  await button(page, 'Pause').click();
  await page.getByText(/^Paused at step/).waitFor();
  await seen.look('training under way');
  await button(page, 'Go on').click();
  await button(page, 'Save model').waitFor();
  await unfold(page);
  await seen.look('training over');
  seen.done();
  await done();
});

test('a volume with three views, a series with its codes and an image without a model are without faults', async () => {
  const { page, seen, done } = await opened();
  await drop(page, [nifti('body.nii', [80, 60, 24], [1.5, 2, 4])]);
  await page.getByRole('slider', { name: 'Coronal' }).waitFor();
  await seen.look('volume');
  await unfold(page);
  await seen.look('volume, View');
  await drop(page, [dicom('head.dcm', 'CT', 96)]);
  await page.getByRole('region', { name: 'No model for this image' }).waitFor();
  await seen.look('no model');
  await drop(page, dicomSeries());
  await page.locator('ul.files').getByText('6 slices').waitFor();
  await page.getByRole('region', { name: 'No model for this image' }).waitFor();
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Nuclei' });
  await masked(page);
  await button(page, 'Save as …').click();
  await page.getByRole('checkbox', { name: /^DICOM SEG/ }).check();
  await seen.look('codes');
  seen.done();
  await done();
});
