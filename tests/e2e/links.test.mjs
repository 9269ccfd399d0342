/** Links that open the page with a sample, a model and a panel. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { masked, visit } from './support/browser.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
const address = (/** @type {string} */ hash) => `${site.server.url}?device=cpu${hash}`;

test('a link opens a sample with a model and a panel, or inside the network; a later one another', async () => {
  const { page, done } = await visit(site.browser, address('#sample=em-membranes&model=nuclei&panel=label'));
  await masked(page);
  await page.getByRole('tabpanel', { name: 'Label' }).waitFor();
  assert.match(await page.title(), /^em-membranes\.png/);
  await page.getByRole('tab', { name: 'View' }).click();
  assert.equal(await page.getByRole('combobox', { name: 'Model' }).inputValue(), 'nuclei');

  await page.evaluate(() => (location.hash = '#sample=nuclei-fluorescence&panel=inside'));
  await page.getByRole('dialog', { name: /^Inside the network “Nuclei”: nuclei-fluorescence/ }).waitFor();
  await page.keyboard.press('Escape');
  await masked(page);
  assert.equal(await page.locator('ul.files > li').count(), 2, 'what was open stays open');
  await page.evaluate(() => (location.hash = '#model=em-membrane'));
  await page.waitForFunction(
    () => /** @type {HTMLSelectElement} */ (document.querySelector('#panel select')).value === 'em-membrane',
  );
  await done();
});

test('a link that asks for what there is not says so, and opens the rest', async () => {
  const { page, done } = await visit(site.browser, address('#sample=nuclei-stained&model=livers&panel=levers'));
  const notice = page.locator('.notice');
  await notice.getByText('This link asks for the panel “levers”').waitFor();
  await notice.getByRole('button', { name: /^Show all/ }).click();
  await page.getByRole('dialog').getByText('This link asks for the model “livers”').waitFor();
  await page.keyboard.press('Escape');
  await masked(page);
  await page.evaluate(() => (location.hash = '#sample=liver'));
  await notice
    .getByText(/“liver”.*There are: fundus, nuclei-cells, nuclei-fluorescence, nuclei-stained, em-membranes\.$/)
    .waitFor();
  await done();
  const empty = await visit(site.browser, address('#panel=inside'));
  await empty.page.locator('.notice').getByText('This link asks for something that needs an image').waitFor();
  await empty.page.getByRole('button', { name: 'Choose files' }).waitFor();
  await empty.done();
});
