/** Images that are in several files. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { drop, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { kept } from './support/keeping.mjs';
import { PATIENT, dicomSeries, dicomdir } from './support/series.mjs';
import { root } from './support/server.mjs';
import { suite } from './support/suite.mjs';
import { unzip, zip } from './support/zip.mjs';

const site = suite();
const cpu = () => `${site.server.url}?device=cpu`;
const row = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ name) =>
  page.locator('ul.files button.file', { hasText: name });

test('the files of a series that are dropped in any order are one image in millimetres, also after a reload', async () => {
  const { page, done } = await visit(site.browser, cpu());
  await drop(page, dicomSeries());
  const series = row(page, 'T2 FLAIR axial');
  await series.getByText('MR · 6 slices · 0.7 × 0.7 × 1.25 mm').waitFor();
  assert.equal(await page.locator('ul.files button.file').count(), 1);
  assert.match((await series.getAttribute('title')) ?? '', /Mar 4, 2021/);
  await page.getByText('48 × 48 px, 0.7 mm').waitFor();
  await page.locator('#slice').fill('2');
  await page.getByText('2 of 6').first().waitFor();
  assert.doesNotMatch(await page.innerHTML('body'), new RegExp(PATIENT.split('^')[1]));
  await kept(page, /^session~/);

  await page.reload();
  const offer = page.getByRole('region', { name: 'Earlier session' }).first();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await row(page, 'T2 FLAIR axial').getByText('MR · 6 slices · 0.7 × 0.7 × 1.25 mm').waitFor();
  assert.equal(await page.locator('#slice').inputValue(), '2');
  assert.match((await row(page, 'T2 FLAIR axial').getAttribute('title')) ?? '', /Mar 4, 2021/);
  await done();
});

test('a folder of two series and other files becomes an item each, and says what is no image', async () => {
  const { page, done } = await visit(site.browser, cpu());
  await drop(page, [
    ...dicomSeries({ number: 12, slices: 3 }),
    dicomdir(),
    picture('nuclei.png', 48),
    ...dicomSeries({ number: 5, slices: 4, description: 'ADC' }),
  ]);
  const told = page
    .locator('.notice')
    .getByText('9 files are 2 series and 1 single image; 1 file is no image: DICOMDIR.');
  await told.waitFor();
  await row(page, 'ADC').getByText('4 slices').waitFor();
  await row(page, 'T2 FLAIR axial').getByText('3 slices').waitFor();
  await row(page, 'nuclei.png').waitFor();
  assert.deepEqual(await page.locator('ul.files .name').allTextContents(), ['ADC', 'T2 FLAIR axial', 'nuclei.png']);
  await done();
});

test('an archive of series is opened as the folder that it is', async () => {
  const { page, done } = await visit(site.browser, cpu());
  const files = [...dicomSeries(), ...dicomSeries({ number: 5, slices: 4, description: 'ADC' })];
  const inside = files.map(({ name, bytes }, i) => ({ name: `disc/${name}`, bytes, packed: i % 2 === 0 }));
  await drop(page, [{ name: 'disc.zip', type: 'application/zip', bytes: new Uint8Array(zip(inside)) }]);
  await row(page, 'T2 FLAIR axial').getByText('MR · 6 slices · 0.7 × 0.7 × 1.25 mm').waitFor();
  await row(page, 'ADC').getByText('4 slices').waitFor();
  assert.equal(await page.locator('ul.files button.file').count(), 2);
  await done();
});

test('a program that embeds the engine opens a series too, with its slices from the feet to the head', async () => {
  const { page, done } = await visit(site.browser, cpu());
  const files = dicomSeries();
  const given = files.map(({ name, bytes }) => ({ name, text: Buffer.from(bytes).toString('base64') }));
  const found = await page.evaluate(async (given) => {
    const { open } = await import(`${location.origin}/www/insitu.js`);
    const files = given.map(({ name, text }) => new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    const app = await open({ device: 'cpu' });
    const { series } = await app.series(files);
    /** @type {number[]} */
    const told = [];
    const scan = await app.openScan(files, { onProgress: (/** @type {any} */ { done }) => told.push(done) });
    const first = [];
    for (let slice = 0; slice < scan.slices; slice++) first.push((await app.grey(scan, { slice }))[0]);
    const stop = new AbortController();
    const stopped = app.openScan(files, { signal: stop.signal });
    stop.abort();
    const code = await stopped.catch((/** @type {any} */ error) => error.code);
    await app.close();
    return { groups: series.length, name: series[0].name, first, spacing: scan.spacing, told: told.length > 0, code };
  }, given);
  assert.deepEqual(found, {
    groups: 1,
    name: 'T2 FLAIR axial',
    first: [100, 200, 300, 400, 500, 600],
    spacing: found.spacing,
    told: true,
    code: 'cancelled',
  });
  assert.deepEqual(
    [found.spacing.x, found.spacing.y, found.spacing.z].map((side) => Number(side.toFixed(3))),
    [0.7, 0.7, 1.25],
  );
  await done();
});

test('a folder of OME-Zarr in an archive is one image with its sizes, also after a reload', async () => {
  const { page, done } = await visit(site.browser, cpu());
  const bytes = await readFile(join(root, 'tests/reference/zarr/ngff5.zip'));
  await drop(page, [{ name: 'ngff5.zip', type: 'application/zip', bytes }]);
  const image = row(page, 'ngff5.zarr');
  await image.getByText('8 slices · 0.5 × 1 × 2 µm').waitFor();
  assert.equal(await page.locator('ul.files button.file').count(), 1);
  await kept(page, /^session~/);

  await page.reload();
  const offer = page.getByRole('region', { name: 'Earlier session' }).first();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await row(page, 'ngff5.zarr').getByText('8 slices · 0.5 × 1 × 2 µm').waitFor();
  await done();
});

test('a .zarr folder that is chosen is one image, with its hidden descriptions and without its labels', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zarr-'));
  const archive = await readFile(join(root, 'tests/reference/zarr/ngff4.zip'));
  for (const [name, bytes] of unzip(archive)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  const { page, done } = await visit(site.browser, cpu());
  await page.locator('input[webkitdirectory]').setInputFiles(join(folder, 'ngff4.zarr'));
  await row(page, 'ngff4.zarr').getByText('8 slices · 0.5 × 1 × 2 µm').waitFor();
  assert.equal(await page.locator('ul.files button.file').count(), 1);
  await rm(folder, { recursive: true });
  await done();
});
