/** The guided tour, done by hand from the empty page to its end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { focused } from './support/access.mjs';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { hand, trainingSettings } from './support/labelling.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
const address = (/** @type {string} */ hash) => `${site.server.url}?device=cpu${hash}`;

/** @param {import('playwright-core').Page} page @param {string} title */
const step = (page, title) => page.getByRole('region', { name: title }).waitFor();

test('the tour is taken by doing: mask, threshold, tiles, skip connections, border weights, five strokes', async () => {
  const { page, requests, done } = await visit(site.browser, address(''));
  await page.getByRole('button', { name: 'Take the tour' }).waitFor();
  assert.ok(!requests.some((url) => url.includes('/tour/')), 'it is loaded when somebody takes it');
  await page.getByRole('button', { name: 'Take the tour' }).click();
  await step(page, 'The mask');
  assert.match(await focused(page), /^h2 The mask/);
  const shown = page.getByRole('checkbox', { name: 'Show the mask' });
  await page.locator('[data-tour-spot]').waitFor();
  await page.getByText('1 of 6', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Show me where' }).click();
  await page.waitForFunction(() => document.activeElement?.id === 'mask-shown');
  await shown.uncheck();
  await page.locator('.tour').getByText('Now tick it again.').waitFor();
  await shown.check();

  await step(page, 'The threshold');
  await page.getByRole('slider', { name: 'Threshold' }).fill('0.8');
  await step(page, 'Overlap-tile');
  await page
    .locator('#live')
    .getByText(/^Guided tour, 3 of 6: Overlap-tile\./)
    .waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Look inside the network' }).click();
  const view = page.getByRole('dialog', { name: /^Inside the network/ });
  await view.locator('.tour').getByText('Choose “Tiles”.').waitFor();
  await view.getByRole('tab', { name: 'Tiles' }).click();
  await view.getByRole('combobox', { name: 'Size of the tiles' }).selectOption('256');
  await step(page, 'Skip connections');
  await view.getByRole('tab', { name: 'The network' }).click();
  await view.getByRole('button', { name: /: Way up, level 1/ }).click();
  await step(page, 'Border weights');
  await view.getByRole('tab', { name: 'Border weights' }).click();
  await step(page, 'Learning from five strokes');
  await page.keyboard.press('Escape');

  await page.locator('.tour').getByText('0 of 5 so far').waitFor();
  assert.match(await page.title(), /^em-membranes\.png/);
  const { stroke } = await hand(page, 512);
  for (const y of [100, 180, 260]) await stroke([200, y], [260, y + 4]);
  await page.locator('.tour').getByText('3 of 5 so far').waitFor();
  await page.getByRole('button', { name: /^Background/ }).click();
  for (const y of [340, 420]) await stroke([200, y], [260, y + 4]);
  await page.locator('.tour').getByText('Open the panel “Train”.').waitFor();
  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByRole('combobox', { name: 'Start from' }).selectOption('preset:small');
  await trainingSettings(page, {
    Steps: '4',
    'Patches a step': '1',
    'Patch size': '32',
    Channels: '4',
  });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await step(page, 'That was the tour');
  await page.getByRole('button', { name: 'Take the samples off the list' }).click();
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  assert.equal(await page.locator('.tour').count(), 0);
  // What the samples taught is not for images to come.
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  await page.getByRole('tab', { name: 'View' }).click();
  assert.equal(await page.getByRole('combobox', { name: 'Model' }).inputValue(), '', 'the model that fits');
  await done();
});

test('a link or the sheet of keys begins the tour, beside what is open; steps are skipped, and it can be ended', async () => {
  const { page, done } = await visit(site.browser, address('#lang=de'));
  await page.getByRole('button', { name: 'Rundgang machen' }).waitFor();
  await drop(page, [picture('discs.png', 96)]);
  await page.locator('.panel-foot .primary:not(:disabled)').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByRole('button', { name: 'Rundgang machen' }).click();
  await step(page, 'Die Maske');
  await page.waitForFunction(() => document.querySelectorAll('ul.files > li').length === 2);
  for (const title of ['Der Schwellenwert', 'Überlappende Kacheln', 'Skip-Verbindungen']) {
    await page.getByRole('button', { name: 'Überspringen' }).press('Enter');
    await step(page, title);
    assert.match(await focused(page), /^button Überspringen/);
  }
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('English');
  await step(page, 'Skip connections');
  await page.getByRole('button', { name: 'End the tour' }).click();
  assert.equal(await page.locator('.tour, [data-tour-spot]').count(), 0);
  await page.evaluate(() => (location.hash = '#tour'));
  await step(page, 'The mask');
  await done();
});
