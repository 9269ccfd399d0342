/** Work that is not kept is not lost without a question, and the page tells the truth about what works without the network. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { counted, hand, labelPanel } from './support/labelling.mjs';
import { root } from './support/server.mjs';
import { suite } from './support/suite.mjs';
import { settled } from './support/keeping.mjs';

const site = suite();
const cpu = () => `${site.server.url}?device=cpu`;

/** The questions that the page asks while it is loaded again. @param {import('playwright-core').Page} page */
async function asked(page) {
  /** @type {string[]} */
  const questions = [];
  page.on('dialog', (dialog) => {
    questions.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  return questions;
}

for (const kept of [false, true]) {
  test(`a reload with labels asks ${kept ? 'nothing where they are kept' : 'first where nothing is kept'}`, async () => {
    const { page, done } = await visit(site.browser, cpu(), {
      before: (page) =>
        kept ? Promise.resolve() : page.addInitScript(() => localStorage.setItem('insitu.keep', 'off')),
    });
    await drop(page, [picture('discs.png', 96)]);
    await masked(page);
    await labelPanel(page);
    await (await hand(page, 96)).stroke([20, 20], [60, 40]);
    await counted(page, ([, ...classes]) => classes.some((count) => count > 0), 'a stroke');
    if (kept) await settled(page);
    assert.deepEqual(await asked(page), kept ? [] : ['beforeunload']);
    await done();
  });
}

test('a reload without anything to lose asks nothing', async () => {
  const { page, done } = await visit(site.browser, cpu(), {
    before: (page) => page.addInitScript(() => localStorage.setItem('insitu.keep', 'off')),
  });
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  await page.getByRole('tab', { name: 'Results' }).click();
  assert.deepEqual(await asked(page), []);
  await done();
});

test('the page says which models are here, and without the network these work', async () => {
  const { page, context, done } = await visit(site.browser, cpu());
  const privacy = page.getByTitle('Images stay on this computer. How to check that.');
  await privacy.click();
  await page.getByText('Open an image first. Once its mask shows').waitFor();
  await page.keyboard.press('Escape');
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  await privacy.click();
  await page.getByText('All models are here now: unplug').waitFor();
  await page.keyboard.press('Escape');
  // Said once, it is said in another language from then on.
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await page.getByTitle('Die Bilder bleiben auf diesem Computer.').click();
  await page.getByText('Alle Modelle sind jetzt hier').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
  await context.setOffline(true);
  const name = 'em-membranes.png';
  await drop(page, [{ name, bytes: await readFile(join(root, 'www/samples', name)) }]);
  await masked(page);
  await page.getByText('Chosen because it looks like tissue in electron microscopy.').waitFor();
  await done();
});
