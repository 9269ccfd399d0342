/** Names of controls hold the words that one sees on them, and no table has a heading without words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { discs, png } from './support/images.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

/** Controls whose name lacks a word that is to be seen on them, and headings without words. @param {import('playwright-core').Page} page */
const faults = (page) =>
  page.evaluate(() => {
    const plain = (/** @type {string | null} */ words) => (words ?? '').replace(/\s+/g, ' ').trim().toLowerCase();
    const given = (/** @type {Element} */ control) =>
      control.getAttribute('aria-label') ?? control.querySelector(':scope > title')?.textContent ?? null;
    const controls = [...document.querySelectorAll(':is(button, a, [role=button], [role=tab])')];
    const unlike = controls.filter((control) => {
      if (given(control) === null) return false;
      const name = plain(given(control));
      const parts = control instanceof SVGElement ? [...control.querySelectorAll('text')] : [control];
      // A sign such as × or – is no word.
      const seen = parts.map((part) => plain(part.textContent)).filter((words) => /[\p{L}\p{N}]/u.test(words));
      return control.checkVisibility() && seen.some((words) => !name.includes(words));
    });
    const empty = [...document.querySelectorAll('th')].filter((head) => plain(head.textContent) === '');
    return [...unlike, ...empty].map((element) => element.outerHTML.slice(0, 200));
  });

test('names of controls and headings of tables hold up on the page, in the card and inside the network', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await page.getByRole('button', { name: /^Membranes/ }).click();
  await masked(page);
  assert.deepEqual(await faults(page), []);
  await page.getByRole('button', { name: /^About this model/ }).click();
  await page.getByRole('dialog').getByRole('rowheader', { name: 'licence' }).waitFor();
  assert.deepEqual(await faults(page), []);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Look inside the network' }).click();
  await page.locator('.u-drawing').waitFor();
  assert.deepEqual(await faults(page), []);
  await done();
});

test('as many pixels as the words say lie between what a tile sees and what is kept of it', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await page.getByRole('button', { name: /^Membranes/ }).click();
  await masked(page);
  await page.getByRole('button', { name: 'Look inside the network' }).click();
  await page.getByRole('tab', { name: /tiles/i }).click();
  await page.locator('g.tile').first().waitFor();
  const before = await page.locator('g.tile').count();
  await page.getByRole('combobox', { name: 'Size of the tiles' }).selectOption('256');
  // Words and drawing are of the same plan once the new one is there.
  await page.waitForFunction((count) => document.querySelectorAll('g.tile').length !== count, before);
  const words = page.getByText(/So a tile sees [\d,]+( to [\d,]+)? pixels more on each side than are kept\./);
  await words.waitFor();
  const [least, most = least] = [...(await words.innerText()).matchAll(/sees ([\d,]+)(?: to ([\d,]+))? pixels/g)]
    .flatMap(([, from, to]) => [from, to])
    .flatMap((text) => (text ? [Number(text.replace(/\D/g, ''))] : []));
  const drawn = new Set();
  for (const tile of await page.locator('g.tile').all()) {
    await tile.click();
    for (const margin of await page.evaluate(() => {
      const box = (/** @type {string} */ selector) => {
        const one = /** @type {SVGRectElement} */ (document.querySelector(selector));
        const [x, y, w, h] = ['x', 'y', 'width', 'height'].map((key) => Number(one.getAttribute(key)));
        return { x, y, right: x + w, bottom: y + h };
      };
      const [seen, kept] = [box('.tiles rect.seen'), box('g.tile[aria-pressed=true] rect.kept')];
      return [kept.x - seen.x, kept.y - seen.y, seen.right - kept.right, seen.bottom - kept.bottom];
    }))
      drawn.add(margin);
  }
  assert.deepEqual([Math.min(...drawn), Math.max(...drawn)], [least, most]);
  await done();
});

for (const [count, reason] of /** @type {const} */ ([
  [0, /^The model found no object here/],
  [1, /^The model found fewer than two objects here/],
]))
  test(`where the model finds ${count} objects the map of border weights says why it is empty`, async () => {
    const { page, done } = await visit(site.browser, site.server.url);
    await drop(page, [{ name: 'few.png', bytes: png(discs(64, 64, count), 64, 64) }]);
    // Of an empty image nobody can say what it is of.
    await page.getByRole('combobox', { name: 'Model' }).selectOption('nuclei');
    await masked(page);
    await page.getByRole('button', { name: 'Look inside the network' }).click();
    await page.getByRole('tab', { name: 'Border weights' }).click();
    await page.locator('figcaption').getByText(reason).waitFor();
    await done();
  });
