/** From a mask to objects: counted, chosen, measured, saved. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { coloured, drop, masked, visit } from './support/browser.mjs';
import { discs, picture, png } from './support/images.mjs';
import { objectsTold, onObject } from './support/objects.mjs';
import { suite } from './support/suite.mjs';
import { unzip } from './support/zip.mjs';

const site = suite();

/** The rows of a table. @param {Buffer | string} csv @returns {Record<string, string>[]} */
function rows(csv) {
  const [head, ...lines] = csv.toString().trim().split('\r\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
}

/** Saves what the dialog has by these names. @param {import('playwright-core').Page} page @param {string[]} kinds @param {boolean} all */
async function save(page, kinds, all) {
  await page.getByRole('button', { name: 'Save as' }).click();
  for (const box of await page.locator('dialog input[type=checkbox]').all()) await box.setChecked(false);
  for (const kind of kinds)
    await page
      .locator('dialog')
      .getByRole('checkbox', { name: new RegExp(`^${kind}`) })
      .check();
  if (all) await page.locator('dialog input[value=all]').check();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('dialog').getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('a model that separates objects tells how many there are, and a click chooses one', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [picture('discs.png', 192)]);
  await masked(page);
  await page.getByRole('tab', { name: 'Results' }).click();
  const count = await objectsTold(page);
  assert.ok(count > 1, `${count} objects`);
  assert.match((await page.locator('ul.files .state').textContent()) ?? '', new RegExp(`^${count} objects`));
  const before = await coloured(page);
  const { x, y, number: chosen } = await onObject(page);
  await page.mouse.click(x, y);
  assert.ok(Number(chosen) >= 1 && Number(chosen) <= count, chosen);
  await page.getByRole('checkbox', { name: 'Tell single objects apart' }).uncheck();
  await assert.rejects(page.locator('.objects .figure').waitFor({ timeout: 300 }));
  assert.ok(before > 100);
  await done();
});

test('the table has a row for each object, sorts them, and shares its choice with the image', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [picture('discs.png', 192)]);
  await masked(page);
  await page.getByRole('tab', { name: 'Results' }).click();
  const count = await objectsTold(page);
  await page.getByRole('button', { name: 'Show the table' }).click();
  const drawer = page.locator('#drawer');
  await drawer.getByText(`${count} objects`).first().waitFor();
  const grid = drawer.locator('[aria-rowcount]');
  assert.equal(await grid.getAttribute('aria-rowcount'), String(count + 1));
  await drawer.getByRole('columnheader', { name: /^Area/ }).click();
  const areas = async () => {
    const at = await drawer.getByRole('columnheader').allTextContents();
    const column = at.findIndex((name) => name.startsWith('Area'));
    const all = await drawer.getByRole('row').all();
    const cells = await Promise.all(all.slice(1).map((row) => row.getByRole('gridcell').nth(column).textContent()));
    return cells.map((cell) => Number(cell?.replace(/[^\d.]/g, '')));
  };
  const sorted = await areas();
  assert.ok(sorted.length > 1);
  assert.ok(
    sorted.every((area, i) => i === 0 || area >= sorted[i - 1]) ||
      sorted.every((area, i) => i === 0 || area <= sorted[i - 1]),
    sorted.join(),
  );
  await drawer.getByRole('row').nth(1).click();
  await drawer.locator('[role=row][aria-selected=true]').waitFor();
  await drawer
    .getByRole('tab', { name: 'Histogram' })
    .or(drawer.getByRole('button', { name: 'Histogram' }))
    .click();
  await drawer
    .getByText(/[Mm]edian/)
    .first()
    .waitFor();
  await done();
});

test('the smallest size, the border and a typed scale change what is counted and its unit', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [picture('discs.png', 192)]);
  await masked(page);
  await page.getByRole('tab', { name: 'Results' }).click();
  const count = await objectsTold(page);
  await page.getByText('How they are told apart').click();
  await page.getByRole('checkbox', { name: 'Leave out those at the border' }).check();
  await page.getByLabel('Smallest object, pixels').fill('100000');
  await page.getByLabel('Smallest object, pixels').press('Tab');
  await page.locator('.objects .figure').filter({ hasText: '0 objects' }).waitFor();
  await page.getByLabel('Smallest object, pixels').fill('10');
  await page.getByLabel('Smallest object, pixels').press('Tab');
  await page
    .locator('.objects .figure')
    .filter({ hasText: /^[1-9]/ })
    .waitFor();
  assert.ok((await objectsTold(page)) <= count);
  await page.getByRole('checkbox', { name: 'Leave out those at the border' }).uncheck();
  await page
    .locator('.objects .figure')
    .filter({ hasText: `${count} objects` })
    .waitFor();
  await page.getByLabel('1 pixel =').fill('0.5');
  await page.getByLabel('1 pixel =').press('Tab');
  await page.locator('.objects p').filter({ hasText: 'µm²' }).waitFor();
  const { name, bytes } = await save(page, ['Table of objects'], false);
  assert.equal(name, 'discs.csv');
  const table = rows(bytes);
  assert.equal(table.length, count);
  for (const row of table) assert.equal(Number(row.area_um2), Number(row.area_px) / 4);
  await done();
});

test('all files are saved as one archive with the numbers of the command line, and a broken one is named', async (t) => {
  const { page, done } = await visit(site.browser, site.server.url);
  const good = [picture('first.png', 160), picture('second.png', 128)];
  await drop(page, [good[0], { name: 'broken.png', bytes: good[0].bytes.slice(0, 60) }, good[1]]);
  await masked(page);
  await page.getByRole('tab', { name: 'Results' }).click();
  await objectsTold(page);
  const kinds = ['Mask', 'Picture', 'Table', 'Numbered', 'Outlines for ImageJ', 'Outlines for QuPath', 'Objects for'];
  const { name, bytes } = await save(page, kinds, true);
  assert.equal(name, 'insitu.zip');
  const files = unzip(bytes);
  const endings = ['geojson', 'objects.tif', 'overlay.png', 'png', 'roi.zip'];
  const each = ['first', 'second'].flatMap((stem) => endings.map((ending) => `${stem}.${ending}`));
  assert.deepEqual([...files.keys()].sort(), ['coco.json', 'objects.csv', ...each].sort());
  await page.getByText('2 of 3 files were done. broken.png:').waitFor();
  // What was saved is in the table of all files, too.
  await page.getByRole('button', { name: 'Show the table' }).click();
  await page.getByLabel('Of which images').selectOption('all');
  await page
    .locator('#drawer')
    .getByText(`${rows(/** @type {Buffer} */ (files.get('objects.csv'))).length} objects`)
    .first()
    .waitFor();
  await page.locator('#drawer [role=row]').filter({ hasText: 'second.png' }).first().click();
  await page.locator('ul.files li').filter({ hasText: 'second.png' }).locator('[aria-current=true]').waitFor();
  await page.locator('#drawer [role=row][aria-selected=true]').waitFor();
  const table = rows(/** @type {Buffer} */ (files.get('objects.csv')));
  const coco = JSON.parse(String(files.get('coco.json')));
  assert.deepEqual(
    [coco.images.map((/** @type {any} */ image) => image.file_name), coco.annotations.length],
    [['first.png', 'second.png'], table.length],
  );
  await done();

  const cli = process.env.INSITU_CLI;
  if (!cli) return t.diagnostic('no command line built');
  const dir = mkdtempSync(join(tmpdir(), 'insitu-objects-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  for (const { name, bytes } of good) writeFileSync(join(dir, name), bytes);
  const out = join(dir, 'out');
  const args = ['predict', '--model', 'nuclei', '--out', out, '--export', 'csv', ...good.map((f) => join(dir, f.name))];
  execFileSync(cli, args, { stdio: 'ignore' });
  const same = rows(readFileSync(join(out, 'objects.csv')));
  const facts = (/** @type {Record<string, string>[]} */ all) => all.map((row) => [row.file, row.object, row.class]);
  assert.deepEqual(facts(table), facts(same));
  // A pixel at the very threshold may fall to either side.
  table.forEach((row, i) => {
    for (const column of ['area_px', 'perimeter_px', 'feret_diameter_max_px', 'intensity_mean'])
      assert.ok(Math.abs(Number(row[column]) / Number(same[i][column]) - 1) < 0.03, `${column} of ${i}`);
  });
});

/** The pieces of what is bright, numbered. @param {Uint8Array} grey @param {number} side */
function numbered(grey, side) {
  const numbers = grey.map(() => 0);
  let highest = 0;
  for (let start = 0; start < grey.length; start++) {
    if (grey[start] <= 110 || numbers[start] > 0) continue;
    highest += 1;
    const open = [start];
    numbers[start] = highest;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const [x, y] = [at % side, Math.floor(at / side)];
      const beside = [x > 0 && at - 1, x < side - 1 && at + 1, y > 0 && at - side, y < side - 1 && at + side];
      for (const next of beside) {
        if (next === false || grey[next] <= 110 || numbers[next] > 0) continue;
        numbers[next] = highest;
        open.push(next);
      }
    }
  }
  return numbers;
}

test('labels that are dropped beside the images give the scores of the command line, and the difference is shown', async (t) => {
  const side = 160;
  const images = [14, 18].map((count, i) => {
    const grey = discs(side, side, count);
    const labels = png(numbered(grey, side), side, side);
    return { stem: `cells${i}`, image: png(grey, side, side), labels };
  });
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(
    page,
    images.flatMap(({ stem, image, labels }) => [
      { name: `${stem}.png`, bytes: image },
      { name: `${stem}_mask.png`, bytes: labels },
    ]),
  );
  await masked(page);
  assert.equal(await page.locator('ul.files li').count(), 2, 'labels are no images of the list');
  await page.getByRole('tab', { name: 'Results' }).click();
  const shown = await coloured(page);
  await page.getByRole('button', { name: 'Compare all 2 images' }).click();
  await page.getByText('mean of 2').waitFor();
  const cells = await page
    .locator('.scores tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
  const mean = Object.fromEntries(cells.map(([name, , value]) => [name, Number(value)]));
  assert.ok(mean.Dice > 0.5 && mean['AP at IoU 0.5'] >= 0, JSON.stringify(mean));
  await page.getByText('Which class was taken for which').click();
  await page.getByText('Pixels of 2 images').waitFor();
  await page.getByRole('checkbox', { name: 'Show the difference' }).check();
  await page.waitForTimeout(500);
  assert.ok((await coloured(page)) > 100 && shown > 100);
  await done();

  const cli = process.env.INSITU_CLI;
  if (!cli) return t.diagnostic('no command line built');
  const dir = mkdtempSync(join(tmpdir(), 'insitu-scores-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  for (const part of ['images', 'labels']) mkdirSync(join(dir, part));
  for (const { stem, image, labels } of images) {
    writeFileSync(join(dir, 'images', `${stem}.png`), image);
    writeFileSync(join(dir, 'labels', `${stem}.png`), labels);
  }
  const report = JSON.parse(
    String(
      execFileSync(cli, ['eval', '--model', 'nuclei', '--data', dir, '--metrics', 'boundaryF1,hausdorff95', '--json']),
    ),
  );
  assert.equal(report.labels, 'objects');
  for (const [name, key] of Object.entries({
    Dice: 'dice',
    IoU: 'iou',
    Precision: 'precision',
    Recall: 'recall',
    'AP at IoU 0.5': 'ap50',
    'Boundary F1': 'boundaryF1',
    'Hausdorff 95 %, px': 'hausdorff95',
  }))
    // A pixel at the very threshold may fall to either side.
    assert.ok(Math.abs(mean[name] - report[key]) < 2e-3, `${name}: ${mean[name]} and ${report[key]}`);
});
