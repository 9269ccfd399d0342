/** Labels of a volume put in order in 3-D: specks removed, pieces listed, masks of all slices taken over. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { counted, counts, hand, labelPanel } from './support/labelling.mjs';
import { dicomSeries } from './support/series.mjs';
import { suite } from './support/suite.mjs';
import { nifti } from './support/volumes.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();
const SIZE = /** @type {[number, number, number]} */ ([80, 60, 24]);

/** A body over five slices, and a speck on two of them. */
async function painted() {
  const context = { viewport: { width: 1440, height: 900 } };
  const visited = await visit(site.browser, `${site.server.url}?device=cpu`, { context });
  const { page } = visited;
  await drop(page, [nifti('body.nii', SIZE, [1.5, 2, 4])]);
  await page.getByRole('img', { name: /body\.nii, 80 by 60 pixels/ }).waitFor();
  await labelPanel(page);
  const slice = async (/** @type {string} */ to) => {
    await page.locator('#slice').fill(to);
    await page.waitForTimeout(400);
    return hand(page, SIZE[0], SIZE[1]);
  };
  let least = 0;
  const more = async (/** @type {string} */ what) =>
    ([, least] = await counted(page, ([, first]) => first > least, what));
  for (const to of ['10', '14']) {
    await (await slice(to)).stroke([20.5, 20.5], [60.5, 20.5]);
    await more(`slice ${to}`);
  }
  await page.getByRole('button', { name: 'Fill the slices between' }).click();
  await page.getByText('3 slices were filled in.').waitFor();
  const [, body] = await counts(page);
  least = body;
  for (const to of ['11', '13']) {
    await (await slice(to)).stroke([30.5, 50.5], [31.5, 50.5]);
    await more(`a speck on slice ${to}`);
  }
  await page.getByText('Tidy in 3-D').click();
  return { ...visited, body, all: least };
}

/** @param {Page} page */
const rows = (page) => page.locator('.pieces tbody tr');

test('small pieces are removed from all slices at once, become background, and come back with undo', async () => {
  const { page, done, body, all } = await painted();
  const apply = page.getByRole('button', { name: 'Apply to all slices' });
  assert.ok(await apply.isDisabled(), 'nothing is chosen yet');
  await page.getByLabel('Remove under, ml').fill('5');
  await apply.click();
  await page
    .getByText(/^2 pieces removed \([\d.]+ ml\)\.$/)
    .first()
    .waitFor();
  const after = await counted(page, ([, first]) => first === body, 'without the specks');
  assert.equal(after[0], all - body, 'they are background');
  for (const to of ['11', '13']) {
    await page.locator('#slice').fill(to);
    await page.waitForTimeout(400);
    const at = (await hand(page, SIZE[0], SIZE[1])).on([30.5, 50.5]);
    await page.mouse.move(at.x, at.y);
    await page.getByText(/x 30, y 50 .*labelled: background/i).waitFor();
  }
  await page.keyboard.press('Control+z');
  await counted(page, ([none, first]) => none === 0 && first === all, 'undone');
  // Once more for one class, where nothing is left to be done but the largest.
  await page.getByLabel('Remove under, ml').fill('');
  await page.getByRole('combobox', { name: 'Class', exact: true }).selectOption({ index: 1 });
  await page.getByLabel('Keep only the largest piece').check();
  await apply.click();
  await page
    .getByText(/^2 pieces of .+ removed/)
    .first()
    .waitFor();
  await counted(page, ([, first]) => first === body, 'the largest');
  await apply.click();
  await page.getByText('Nothing had to be changed.').first().waitFor();
  await done();
});

test('pieces are listed by size, lead to their place, are saved as a table, and can be removed one by one', async () => {
  const { page, done, body, all } = await painted();
  await page.getByRole('button', { name: 'List the pieces' }).click();
  await rows(page).nth(2).waitFor();
  assert.equal(await rows(page).count(), 3);
  await page.getByText('3 pieces', { exact: true }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the pieces as a table' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'body-pieces.csv');
  const text = await readFile(await download.path(), 'utf8');
  const table = text
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  assert.equal(table.length, 4);
  const voxels = table.slice(1).map((row) => Number(row[2]));
  assert.equal(voxels[0], body);
  assert.equal(voxels[0] + voxels[1] + voxels[2], all);
  // 1.5 x 2 x 4 mm³.
  assert.ok(Math.abs(Number(table[1][3]) - body * 0.012) < 1e-9);
  const places = table.slice(2).map((row) => row[8]);
  assert.deepEqual([...places].sort(), ['11', '13']);
  // A click leads to the slice of the piece.
  await page.getByRole('button', { name: 'Piece 2: move the crosshair to its centre' }).click();
  await page.waitForFunction(
    (slice) => /** @type {HTMLInputElement} */ (document.querySelector('#slice')).value === slice,
    places[0],
  );
  await page.getByRole('button', { name: /^Remove piece 2/ }).click();
  await counted(page, ([, first]) => first === all - voxels[1], 'one piece less');
  await page.getByText('2 pieces', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^Remove piece 2/ }).click();
  await counted(page, ([, first]) => first === body, 'two pieces less');
  await page.getByText('1 piece', { exact: true }).waitFor();
  await page.locator('canvas.image').focus();
  await page.keyboard.press('z');
  await page.keyboard.press('z');
  await counted(page, ([, first]) => first === all, 'undone');
  // What was listed of other labels is not shown any more.
  assert.equal(await rows(page).count(), 0);
  await done();
});

test('the masks of all slices become labels in one step, beside what is labelled, and are measured without that, too', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, dicomSeries());
  await page.locator('ul.files').getByText('6 slices').waitFor();
  await page.getByRole('region', { name: 'No model for this image' }).waitFor();
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Nuclei' });
  await masked(page);
  await labelPanel(page);
  const take = page.getByRole('button', { name: 'Accept all slices' });
  assert.ok(await take.isDisabled(), 'one slice is segmented');
  await page.getByRole('button', { name: 'Segment all slices' }).click();
  await page.getByRole('button', { name: 'Accept all slices', disabled: false }).waitFor();
  // A corner is labelled as the class already.
  await page.locator('#slice').fill('2');
  await page.waitForTimeout(400);
  await (await hand(page, 48)).stroke([3, 44], [4, 44]);
  const [, own] = await counted(page, ([, first]) => first > 0, 'painted');
  await take.click();
  await page.getByText('The masks of 6 slices became labels.').first().waitFor();
  const [none, first] = await counted(page, ([none]) => none > 0, 'taken over');
  assert.equal(none + first, 6 * 48 * 48);
  assert.equal(await page.locator('.labelled li').count(), 6);
  await page.keyboard.press('Control+z');
  await counted(page, ([none, first]) => none === 0 && first === own, 'undone');
  await page.getByRole('tab', { name: 'Results' }).click();
  const results = page.getByRole('tabpanel', { name: 'Results' });
  await results.getByText('Sizes in 3-D').click();
  await results.getByRole('button', { name: 'Measure the masks' }).click();
  await results.getByText(/[\d.]+ ml, [\d.]+ cm² surface/).waitFor();
  await done();
});
