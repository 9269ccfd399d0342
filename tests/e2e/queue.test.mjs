/** All files one after the other: paused, watched in the list, and written as they come. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { suite } from './support/suite.mjs';
import { unzip } from './support/zip.mjs';

const site = suite();

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @param {string} name */
const row = (page, name) => page.locator('ul.files li', { hasText: name });

/** In the place of the browser's question, a folder that the page has for itself; `limit`: how many files it takes. @param {number} [limit] */
const asked =
  (limit = Infinity) =>
  (/** @type {Page} */ page) =>
    page.addInitScript(
      (most) => {
        let left = most ?? Infinity;
        const { getFileHandle } = FileSystemDirectoryHandle.prototype;
        Object.assign(window, {
          showDirectoryPicker: async () => {
            const root = await navigator.storage.getDirectory();
            const picked = await root.getDirectoryHandle('picked', { create: true });
            picked.getFileHandle = (...args) => {
              if (left-- <= 0) return Promise.reject(new DOMException('It is gone.', 'NotFoundError'));
              return getFileHandle.apply(picked, args);
            };
            return picked;
          },
        });
      },
      Number.isFinite(limit) ? limit : null,
    );

/** The names of what is in the picked folder, and the text of one. @param {Page} page @param {string} [read] */
const written = (page, read) =>
  page.evaluate(async (wanted) => {
    const root = await navigator.storage.getDirectory();
    const picked = await root.getDirectoryHandle('picked', { create: true });
    const names = [];
    for await (const name of picked.keys()) names.push(name);
    const text = wanted ? await (await (await picked.getFileHandle(wanted)).getFile()).text() : '';
    return { names: names.sort(), text };
  }, read);

/** Chooses in the dialog, which is open, and saves. @param {Page} page @param {string[]} kinds @param {'all' | 'folder'} where */
async function choose(page, kinds, where) {
  const dialog = page.locator('dialog');
  for (const box of await dialog.locator('input[type=checkbox]').all()) await box.setChecked(false);
  for (const kind of kinds) await dialog.getByRole('checkbox', { name: new RegExp(`^${kind}`) }).check();
  await dialog.locator(`input[value=${where}]`).check();
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
}

test('all files are segmented one after the other, rest when asked, and go on while another image is looked at', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(
    page,
    Array.from({ length: 5 }, (_, i) => picture(`cell${i}.png`, 128 + 8 * i)),
  );
  await masked(page);
  await page.getByRole('button', { name: 'Segment all 5' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(/^Paused, \d of 5 files done$/).waitFor();
  const through = () => page.locator('ul.files li.done').count();
  const before = await through();
  assert.ok(before < 5, `${before}`);
  await page.waitForTimeout(700);
  assert.equal(await through(), before, 'it rests');
  await page.getByRole('button', { name: 'Go on' }).click();
  await row(page, 'cell1.png').getByRole('button').first().click();
  await page.locator('.notice').getByText('5 files are segmented.').waitFor();
  assert.equal(await through(), 5);
  // The images are grey: what is coloured in their thumbnails is the mask.
  const colours = await page.locator('ul.files canvas.thumb').evaluateAll((canvases) =>
    canvases.map((canvas) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
      const context = /** @type {HTMLCanvasElement} */ (canvas).getContext('2d');
      const data = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
      return data.filter((_, i) => i % 4 === 0 && Math.abs(data[i] - data[i + 2]) > 24).length;
    }),
  );
  assert.ok(colours.length === 5 && colours.every((count) => count > 50), colours.join());
  assert.equal(
    await page
      .locator('ul.files .state')
      .filter({ hasText: /^\d+ objects?$/ })
      .count(),
    5,
  );
  await done();
});

test('a summary has a row for each file and one for all, which is saved, and shows the file', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [picture('first.png', 128), picture('second.png', 160)]);
  await masked(page);
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.getByRole('button', { name: 'Summary of all files' }).click();
  const grid = page.getByRole('grid', { name: /^Files and classes/ });
  await page.getByRole('button', { name: 'Segment all 2' }).click();
  await page.locator('.notice').getByText('2 files are segmented.').waitFor();
  const cells = await grid
    .locator('.object:visible')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
  assert.deepEqual(
    cells.map(([file]) => file),
    ['first.png', 'second.png', '2 files together'],
  );
  const [first, second, both] = cells.map(([, , count]) => Number(count));
  assert.ok(first > 0 && first + second === both, cells.join('; '));
  assert.equal(await row(page, 'second.png').locator('.state').textContent(), `${second} objects`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ]);
  const lines = String(await readFile(await download.path()))
    .trim()
    .split('\r\n');
  assert.equal(download.suggestedFilename(), 'summary.csv');
  assert.match(lines[1], new RegExp(`^first\\.png,nucleus,1,${first},\\d+,,`));
  assert.equal(lines.length, 3);
  await grid.locator('.object:visible', { hasText: 'second.png' }).click();
  await row(page, 'second.png').locator('[aria-current=true]').waitFor();
  await done();
});

test('results of all files are written into a folder as they come, under the names that they have in the archive', async () => {
  const { page, done } = await visit(site.browser, site.server.url, { before: asked() });
  await drop(page, [picture('first.png', 96), picture('second.png', 112)]);
  await masked(page);
  await page.getByRole('button', { name: 'Save as …' }).click();
  const kinds = ['Mask', 'Table', 'Outlines for ImageJ'];
  await choose(page, kinds, 'folder');
  await page.locator('.notice').getByText('The results of 2 files are in the folder “picked”.').waitFor();
  const { names, text } = await written(page, 'objects.csv');
  await page.getByRole('button', { name: 'Save as …' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), choose(page, kinds, 'all')]);
  const files = unzip(await readFile(await download.path()));
  assert.deepEqual(names, [...files.keys()].sort());
  assert.equal(text, String(files.get('objects.csv')));
  await done();
});

test('while all are segmented a folder may be chosen, which then gets all of them', async () => {
  const { page, done } = await visit(site.browser, site.server.url, { before: asked() });
  await drop(
    page,
    Array.from({ length: 4 }, (_, i) => picture(`cell${i}.png`, 160 + 8 * i)),
  );
  await masked(page);
  await page.getByRole('button', { name: 'Segment all 4' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(/^Paused, \d of 4 files done$/).waitFor();
  await page.getByRole('button', { name: 'Save as they come' }).click();
  await choose(page, ['Mask'], 'folder');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.locator('.notice').getByText('The results of 4 files are in the folder “picked”.').waitFor();
  assert.deepEqual((await written(page)).names, ['cell0.png', 'cell1.png', 'cell2.png', 'cell3.png']);
  await done();
});

test('a folder that is taken away is told in a sentence that stays, and what was written is there', async () => {
  const { page, done } = await visit(site.browser, site.server.url, { before: asked(1) });
  await drop(page, [picture('first.png', 96), picture('second.png', 112), picture('third.png', 96)]);
  await masked(page);
  await page.getByRole('button', { name: 'Save as …' }).click();
  await choose(page, ['Mask'], 'folder');
  const notice = page.locator('.notice.error');
  await notice.waitFor();
  assert.match(
    await notice.innerText(),
    /^The folder is not there any more\. The results of 1 file were written before\. The masks are still here/,
  );
  assert.deepEqual((await written(page)).names, ['first.png']);
  await page.getByRole('button', { name: 'Save as …' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), choose(page, ['Mask'], 'all')]);
  assert.deepEqual([...unzip(await readFile(await download.path())).keys()].length, 3);
  await done();
});
