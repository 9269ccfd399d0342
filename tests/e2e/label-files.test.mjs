/** Labels of other programs: objects that are numbered, and classes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture, png } from './support/images.mjs';
import { counted, counts, labelPanel } from './support/labelling.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
const SIDE = 96;

/** Squares of 4 × 4 pixels, each with a number of its own. @param {number} count */
const numbers = (count) =>
  png(
    Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
      const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
      const number = 1 + Math.floor(x / 8) + 12 * Math.floor(y / 8);
      return x % 8 < 4 && y % 8 < 4 && number <= count ? number : 0;
    }),
    SIDE,
    SIDE,
  );

/** An image in the panel Label, and its labels chosen. @param {Uint8Array} bytes */
async function loaded(bytes) {
  const visited = await visit(site.browser, site.server.url);
  const { page } = visited;
  await drop(page, [picture('cells.png', SIDE)]);
  await masked(page);
  await labelPanel(page);
  await page.getByText('Save and load labels').click();
  await page
    .getByLabel('Load labels …')
    .setInputFiles({ name: 'cells_masks.png', mimeType: 'image/png', buffer: Buffer.from(bytes) });
  return visited;
}

test('numbered objects become one class, after one question, and one undo takes them back', async () => {
  const { page, done } = await loaded(numbers(62));
  const dialog = page.getByRole('dialog', { name: 'Objects or classes?' });
  await dialog.getByText('This file has 62 different values. Are they objects of one class, or 62 classes?').waitFor();
  assert.deepEqual(await counts(page), [0, 0], 'nothing is taken over before the answer');
  await dialog.getByRole('button', { name: 'Objects of one class' }).click();
  const own = await counted(page, ([, cells]) => cells > 0, 'labels');
  assert.deepEqual(own, [SIDE * SIDE - 62 * 16, 62 * 16]);
  await page.locator('.notice').getByText('Labels of cells_masks.png loaded: 62 objects as').waitFor();
  await page.getByRole('tabpanel', { name: 'Label' }).getByRole('button', { name: 'Undo' }).click();
  await counted(page, (now) => now.every((n) => n === 0), 'all of them are gone');
  await done();
});

test('they are classes if a person says so, and a few values are classes without a question', async () => {
  const { page, done } = await loaded(numbers(12));
  await page.getByRole('dialog').getByRole('button', { name: '12 classes' }).click();
  await counted(page, (now) => now.length === 13 && now.every((n) => n > 0), 'twelve classes');
  await done();
  const few = await loaded(numbers(3));
  await counted(few.page, (now) => now.length === 4 && now.every((n) => n > 0), 'three classes');
  assert.equal(await few.page.getByRole('dialog').count(), 0);
  await few.done();
});
