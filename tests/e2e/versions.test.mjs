/** Versions of the page that was kept for working offline: a new one comes when a person says so, and never in parts. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { drop, masked } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { kept } from './support/keeping.mjs';
import { counted, hand, labelPanel } from './support/labelling.mjs';
import { browser, cached, cpu, fresh, host, look, ready, versionOf, visited, word } from './support/release.mjs';
import { until } from './support/until.mjs';

test('a new version is told, taken at a click with the session, and pages of the old one get no part of it', async (t) => {
  const { context, site, page } = await visited(t);
  const other = await context().newPage();
  await other.goto(cpu(site.url));
  await ready(other);
  await drop(page, [picture('discs.png', 64)]);
  await masked(page);
  await kept(page, /^session~/);

  const before = site.version();
  const now = site.release();
  await look(page);
  await fresh(page);
  await fresh(other);
  assert.equal(await versionOf(page), before, 'nothing happens by itself');
  await page.getByRole('button', { name: 'Open', exact: true }).waitFor();

  await word(page, /^New version\./).click();
  await page.getByRole('dialog').getByText('A new version of this page is ready.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Load the new version' }).click();
  await page.getByRole('button', { name: 'Open it', exact: true }).waitFor();
  assert.equal(await versionOf(page), now);
  await page.getByRole('button', { name: /^discs\.png/ }).waitFor();
  await masked(page);

  // The other tab is of the version before, and so is all that it loads from now on, its engine and workers, too.
  await word(other, /^New version\. Another tab/).waitFor();
  assert.equal(await versionOf(other), before);
  const asked = site.asked.length;
  await other.getByRole('button', { name: 'Membranes, electron microscope' }).click();
  await masked(other);
  await labelPanel(other);
  await (await hand(other, 512)).stroke([50, 50], [90, 90]);
  await counted(other, (counts) => counts.some((count) => count > 0), 'a stroke');
  const loaded = await other.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  assert.deepEqual(
    loaded.filter((url) => url.includes(now)),
    [],
  );
  assert.deepEqual(
    site.asked.slice(asked).filter((path) => path.startsWith(now)),
    [],
  );
  assert.equal(Object.keys(await cached(other)).filter((name) => name.endsWith(before)).length, 1);

  await other.close();
  await page.reload();
  await ready(page);
  const caches = async () => Object.keys(await cached(page));
  await until(caches, (names) => !names.some((name) => name.endsWith(before)), 'what nobody uses goes');
});

test('a version that is still fetching its models makes way for the next one at once', async (t) => {
  const { site, page } = await visited(t);
  await word(page, /^Works offline\./).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Only those/ }).check();
  await dialog.getByText(/^Nuclei: needs the network/).waitFor();
  site.hangs((path) => path.endsWith('/nuclei.safetensors'));
  await dialog.getByRole('radio', { name: /^All/ }).check();
  await word(page, /^Getting ready/).waitFor();
  const now = site.release();
  site.hangs((path) => path.endsWith('.safetensors') && !path.startsWith(now));
  await look(page);
  await dialog.getByRole('heading', { name: 'A new version of this page is ready.' }).waitFor();
  await dialog.getByRole('button', { name: 'Load the new version' }).click();
  await page.getByRole('button', { name: 'Open it', exact: true }).waitFor();
  assert.equal(await versionOf(page), now);
  await ready(page);
});

/** @type {[string, (path: string, bytes: Buffer) => { status?: number, bytes?: Buffer } | null][]} */
const FAULTS = [
  ['half a file', (path, bytes) => (path.endsWith('.wasm') ? { bytes: bytes.subarray(0, bytes.length / 2) } : null)],
  ['a file that is not there', (path) => (path.endsWith('engine-worker.js') ? { status: 404 } : null)],
  [
    'a page in the place of a model',
    (path) => (path.endsWith('em-membrane.safetensors') ? { bytes: Buffer.from('<html>Sign in</html>') } : null),
  ],
  [
    'another file of the same size',
    (path, bytes) => (path.endsWith('shelf.js') ? { bytes: Buffer.alloc(bytes.length, 32) } : null),
  ],
];

test('a version that does not come whole is not taken: the one before stays, and nobody is bothered', async (t) => {
  const { site, page } = await visited(t);
  const before = site.version();
  for (const [what, how] of FAULTS) {
    // Another one each time, with all that is to fail in it.
    site.release((folder) => {
      for (const file of [
        'pkg/insitu_bg.wasm',
        'www/wire/engine-worker.js',
        'models/em-membrane.safetensors',
        'www/keep/shelf.js',
      ])
        writeFileSync(join(folder, file), Buffer.concat([readFileSync(join(folder, file)), Buffer.from('\n')]));
    });
    site.fails(how);
    await look(page);
    await page.waitForFunction(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return !registration?.installing;
    });
    await page.waitForTimeout(300);
    await page.reload();
    await ready(page);
    assert.equal(await versionOf(page), before, what);
    assert.equal(await word(page, /^New version/).count(), 0, what);
  }
  site.fails(() => null);
  await look(page);
  await fresh(page);
});

test('where the first version does not come whole, the page works and says that it needs the network', async (t) => {
  const { context } = await browser(t);
  const site = await host(t);
  site.fails(FAULTS[2][1]);
  const page = await context().newPage();
  await page.goto(cpu(site.url));
  await word(page, /^Online only\. This page cannot work without a network yet/).waitFor({ timeout: 180_000 });
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).click();
  await masked(page);
  site.fails(() => null);
  await page.reload();
  await ready(page);
});
