/** The page in other languages: chosen by the browser, changed without loss, and no word cut off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coloured, drop, visit } from './support/browser.mjs';
import { picture, stack } from './support/images.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
const address = () => `${site.server.url}?device=cpu`;

/** In any language: the button that saves the mask can be pressed. @param {import('playwright-core').Page} page */
const ready = (page) => page.locator('.panel-foot .primary:not(:disabled)').waitFor();

/** What does not fit where it stands. @returns {string[]} */
function tooLong() {
  const what = 'button, [role=tab], label, summary, h1, h2, h3, p, dt, dd, th, legend';
  const rooms = '#header, [role=tablist], #panel, .toolbar, #status, .empty';
  return [...document.querySelectorAll(what)].flatMap((one) => {
    const box = one.getBoundingClientRect();
    if (!one.checkVisibility() || box.width === 0 || one.closest('.unseen')) return [];
    const { display, textOverflow } = getComputedStyle(one);
    const cut = display !== 'inline' && textOverflow !== 'ellipsis' && one.scrollWidth > one.clientWidth + 1;
    const around = one.closest('#files') ? null : one.closest(rooms);
    const room = around?.getBoundingClientRect();
    // A toolbar that scrolls in one row, as in a narrow window, has room for all of it.
    const scrolls = around && around !== one && getComputedStyle(around).overflowX === 'auto';
    const out = room && !scrolls && (box.right > room.right + 1 || box.left < room.left - 1);
    return cut || out ? [`${cut ? 'cut off' : 'outside'}: ${one.textContent}`] : [];
  });
}

test('the browser’s language is spoken, and the address may ask for another', async () => {
  for (const [locale, search, lang, words] of [
    ['de-AT', '', 'de', 'Dateien wählen'],
    ['zh-CN', '', 'zh-Hans', '选择文件'],
    ['fr-FR', '', 'en', 'Choose files'],
    ['en-GB', '#lang=de', 'de', 'Dateien wählen'],
  ]) {
    const { page, done } = await visit(site.browser, address() + search, { context: { locale } });
    await page.getByRole('button', { name: words, exact: true }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
    await done();
  }
});

test('another language changes the words and leaves image, mask and what was set', async () => {
  const { page, requests, done } = await visit(site.browser, address(), { context: { locale: 'en-GB' } });
  await drop(page, [picture('discs.png', 96)]);
  await ready(page);
  assert.ok(!requests.some((url) => url.includes('/strings/de')), 'words of other languages are not fetched');
  await page.getByLabel('Threshold, from 0.01 to 0.99').fill('0.3');
  await page.getByLabel('Threshold, from 0.01 to 0.99').press('Enter');
  // The mask of the new threshold is drawn a moment later.
  let before = -1;
  for (let now = await coloured(page); now !== before; now = await coloured(page)) {
    before = now;
    await page.waitForTimeout(300);
  }
  assert.ok(before > 0);
  await page.locator('canvas.image').evaluate((canvas) => (canvas.dataset.same = 'yes'));
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await page.getByRole('tab', { name: 'Ansicht' }).waitFor();
  assert.equal(await page.getByLabel('Schwellenwert, von 0,01 bis 0,99').inputValue(), '0.3');
  assert.equal(await page.locator('canvas.image').getAttribute('data-same'), 'yes', 'the same canvas');
  assert.match((await page.locator('canvas.image').getAttribute('aria-label')) ?? '', /^Bild discs\.png, 96 mal 96/);
  assert.equal(await coloured(page), before);
  await page.getByRole('tab', { name: 'Ergebnis' }).click();
  await page.getByText('Fläche des Vordergrunds').waitFor();
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('简体中文');
  await page.getByText('前景面积').waitFor();
  assert.equal(await coloured(page), before);
  // Views of before are gone: nothing answers twice.
  await page.locator('canvas.image').press('m');
  assert.equal(await coloured(page), 0);
  await page.reload();
  await page.getByRole('button', { name: '选择文件', exact: true }).waitFor();
  await done();
});

for (const locale of ['en-GB', 'de-DE', 'zh-CN'])
  test(`in ${locale} every word has room`, async () => {
    for (const [width, height] of [
      [1280, 800],
      [390, 844],
    ]) {
      const { page, done } = await visit(site.browser, address(), { context: { locale, viewport: { width, height } } });
      await page.locator('.empty').waitFor();
      assert.deepEqual(await page.evaluate(tooLong), [], `empty, ${width}`);
      await drop(page, [picture('discs.png', 96), stack('stack.nii', 64, 3)]);
      await ready(page);
      for (const tab of ['view', 'label', 'train', 'results']) {
        await page.locator(`#tab-${tab}`).click();
        await page.locator(`#panel-${tab}`).waitFor();
        await page.waitForTimeout(300);
        assert.deepEqual(await page.evaluate(tooLong), [], `${tab}, ${width}`);
      }
      await done();
    }
  });
