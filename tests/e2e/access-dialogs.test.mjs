/** No dialog has a fault that axe-core knows, in any language: what covers the page, and the tour, which goes along. */
import { test } from 'node:test';
import { NOBODY } from '../../www/session/privacy.js';
import { t } from '../../www/strings/t.js';
import { inspector } from './support/access.mjs';
import { drop, masked, visit } from './support/browser.mjs';
import { discs, picture, png } from './support/images.mjs';
import { labelled } from './support/labels.mjs';
import { dicomSeries, dicomdir } from './support/series.mjs';
import { suite } from './support/suite.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();

/** The page on the CPU, with an image and its mask. @param {{ name: string, bytes: Uint8Array }[]} files @param {Parameters<typeof visit>[2]} [options] */
async function opened(files, options) {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`, options);
  await drop(page, files);
  await masked(page);
  return { page, done, seen: inspector(page) };
}

const button = (/** @type {Page} */ page, /** @type {string} */ words) =>
  page.getByRole('button', { name: words, exact: true }).filter({ visible: true }).first();
const panel = (/** @type {Page} */ page, /** @type {string} */ key) =>
  page.getByRole('tab', { name: t(key), exact: true }).click();
/** Opens one part of the view of the network, and waits for what it draws. @param {Page} page @param {string} part @param {string} drawn */
const inside = (page, part, drawn) => async () => {
  await page.locator(`#tab-inside-${part}`).click();
  await page.locator(`#inside-${part} ${drawn}`).first().waitFor();
};

test('keys, privacy, device, card and the view of the network are without faults', async () => {
  const { page, seen, done } = await opened(
    [picture('discs.png', 128)],
    // What the browser says of attempts to send something out, all in vain.
    { expect: [/security policy/i, /refused/i, /ERR_|Trusted/], refused: NOBODY },
  );
  await seen.dialog('keys', () => button(page, t('header.keys')).click());
  const privacy = () => button(page, t('header.privacy')).click();
  const check = () => button(page, t('privacy.self')).click();
  // What the check found is shown from then on.
  await privacy();
  await check();
  await page.locator('.privacy-try .primary').click();
  await page.waitForFunction(() => document.querySelector('.privacy-result .lead'));
  // The driver of the browser still waits for the places that the tab was to be led to.
  await page.evaluate(() => history.replaceState(history.state, '', location.href));
  await page.keyboard.press('Escape');
  await seen.dialog('privacy', privacy, {
    check: async () => {
      await check();
      await page.locator('.privacy-result .lead').waitFor();
      await page.locator('.privacy-counts summary').click();
    },
    sheet: async () => {
      await button(page, t('privacy.sheet')).click();
      await page.locator('dialog.privacy-sheet').waitFor();
    },
  });
  await seen.dialog('device', () => page.locator('#header .badge').click());
  await seen.dialog('card', async () => {
    await panel(page, 'panel.view-tab');
    await button(page, t('model.card')).click();
    await page.locator('dialog .card tbody th').first().waitFor();
  });
  await seen.dialog('inside', () => page.locator('[data-spot=inside]').click(), {
    network: inside(page, 'network', '.block .grid li'),
    tiles: inside(page, 'tiles', '.tiles'),
    borders: inside(page, 'borders', '.two'),
    augmentation: inside(page, 'copies', '.five'),
    'sliding window': inside(page, 'window', '.tiles'),
  });
  seen.done();
  await done();
});

test('questions, files to save, lists and what is to be copied by hand are without faults', async () => {
  const { page, seen, done } = await opened([picture('discs.png', 96)]);
  await labelled(page);
  await seen.dialog('labels would go', () => page.locator('ul.files .remove').first().click());
  const numbers = Uint8Array.from({ length: 96 * 96 }, (_, i) => (i % 8 < 4 ? Math.floor((i % 96) / 8) + 1 : 0));
  const buffer = Buffer.from(png(numbers, 96, 96));
  await seen.dialog('objects or classes', () =>
    page
      .locator('#panel-label input[type=file]')
      .setInputFiles({ name: 'numbered.png', mimeType: 'image/png', buffer }),
  );

  // A browser without a clipboard, and files of which one says nothing.
  await page.evaluate(() => {
    document.execCommand = () => false;
    navigator.clipboard.writeText = () => Promise.reject(new Error('none'));
  });
  await seen.dialog('copied by hand', async () => {
    await drop(page, [{ name: 'nothing.dcm', bytes: new Uint8Array() }]);
    await button(page, t('notice.copy')).click();
  });
  await seen.dialog('all that was left out', async () => {
    await drop(page, [...dicomSeries(), dicomdir()]);
    await page.getByRole('button', { name: t('notice.list.show', { count: 1 }) }).click();
  });

  await panel(page, 'panel.view-tab');
  await page.getByRole('combobox', { name: t('model.label'), exact: true }).selectOption('nuclei');
  await masked(page);
  await seen.dialog('save', () => button(page, t('save.as')).click(), {
    'with codes and without the identity': async () => {
      for (const box of await page.locator('dialog.save [type=checkbox]').filter({ visible: true }).all())
        await box.check();
    },
  });
  seen.done();
  await done();
});

test('the tour is without faults below the page, below the view of the network, and at its end', async () => {
  const { page, seen, done } = await opened([{ name: 'cells.png', bytes: png(discs(96, 96), 96, 96) }]);
  await button(page, t('header.keys')).click();
  await button(page, t('tour.take')).click();
  await page.locator('[data-tour-spot]').waitFor();
  await seen.look('the tour');
  const skip = () => button(page, t('tour.skip')).click();
  await skip();
  await skip();
  await seen.dialog('the tour inside the network', async () => {
    await page.locator('[data-spot=inside][data-tour-spot]').click();
    await page.locator('dialog .tour').waitFor();
    await page.locator('.u-drawing').waitFor();
  });
  for (let left = 4; left > 0; left--) await skip();
  await button(page, t('tour.over.remove')).waitFor();
  await seen.look('the end of the tour');
  seen.done();
  await done();
});
