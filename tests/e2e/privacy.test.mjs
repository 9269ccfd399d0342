/** The promise that nothing leaves: requests are counted, and every way out is tried against a server that counts what reaches it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { PATIENT, dicomSeries } from './support/series.mjs';
import { stranger } from './support/stranger.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
/** What the browser says of what it refused, which is what these tests are about. */
const REFUSED = [/security policy/i, /Content Security Policy/i, /Refused to/i, /ERR_BLOCKED_BY_CSP/i, /Trusted/i];

/** @param {import('playwright-core').Page} page */
async function openCheck(page) {
  await page.getByRole('button', { name: 'Nothing leaves this tab' }).click();
  await page.getByRole('button', { name: 'Check it yourself' }).click();
  await page.getByRole('heading', { name: 'Requests since this page was opened' }).waitFor();
}

/** Presses the button and waits for what comes out. @param {import('playwright-core').Page} page @param {string} address */
async function tryAll(page, address) {
  await page.getByLabel('To this address').fill(address);
  await page.locator('dialog').getByRole('button', { name: /^Try/ }).click();
  await page.waitForFunction(() => document.querySelector('.privacy-result .lead'), null, { timeout: 120_000 });
  // The driver of the browser still waits for the places that the tab was to be led to.
  await page.evaluate(() => history.replaceState(history.state, '', location.href));
}

/** Each way of each part of the page, and what became of it. @param {import('playwright-core').Page} page */
const results = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.privacy-doors tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? ''),
    ),
  );

test('every way out is refused, by the page and by its workers, and nothing reaches another server', async (t) => {
  const other = await stranger();
  t.after(() => other.stop());
  const { page, done } = await visit(site.browser, site.server.url, { expect: REFUSED, refused: other.origin });
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  const address = page.url();
  await openCheck(page);
  await tryAll(page, other.origin);
  const found = await results(page);
  assert.ok(found.length > 70, `${found.length} attempts`);
  assert.deepEqual(
    found.filter(([, result]) => !/^refused by|has no such way/.test(result)),
    [],
  );
  for (const way of ['fetch, POST', 'WebRTC', 'sendBeacon', 'window.open', 'location', 'service worker', 'preconnect'])
    assert.ok(
      found.some(([name]) => name.includes(way)),
      way,
    );
  const parts = await page.locator('.privacy-result summary').allTextContents();
  for (const part of ['The page', 'wire/engine-worker.js', 'keep/worker.js'])
    assert.ok(
      parts.some((text) => text.includes(part)),
      `${part} among ${parts}`,
    );
  assert.match(
    await page.locator('.privacy-result .lead').innerText(),
    /^All \d+ attempts were refused: nothing left\.$/,
  );
  // Those that a browser sends when it has nothing else to do.
  await page.waitForTimeout(1500);
  assert.deepEqual(other.reached, []);
  assert.equal(page.url(), address, 'the page stays');
  await done();
});

test('the server that must not be reached would have noticed', async (t) => {
  const other = await stranger();
  t.after(() => other.stop());
  assert.ok((await fetch(`${other.origin}/x`)).ok);
  assert.deepEqual(other.reached, ['GET /x HTTP/1.1']);
});

test('requests are counted, all of them to where the page came from, those of the workers too', async () => {
  const { page, requests, done } = await visit(site.browser, site.server.url);
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  await openCheck(page);
  const sums = await page.locator('.privacy-sums tbody tr').allInnerTexts();
  const own = Number(sums[0].split('\t')[1]);
  const driven = requests.filter((url) => !url.startsWith('blob:')).map((url) => new URL(url).pathname);
  // Neither sees all that comes from a cache: how often an address was asked for differs by a few.
  assert.ok(own > 100 && own > 0.9 * driven.length, `${own} requests, the driver saw ${driven.length}`);
  assert.match(sums[1], /all other addresses\t0\tnothing/);
  await page.getByText(/^Show all \d+ addresses$/).click();
  const listed = await page.locator('.privacy-check td:first-child').allInnerTexts();
  assert.deepEqual(
    driven.filter((path) => !listed.includes(path)),
    [],
  );
  const wasm = page.getByRole('row', { name: /insitu_bg\.wasm/ });
  assert.match(await wasm.innerText(), /engine-worker/);
  await done();
});

test('the result is copied as text, and the sheet fits one page', async () => {
  const { page, context, done } = await visit(site.browser, site.server.url, {
    expect: REFUSED,
    refused: 'https://leak.invalid',
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openCheck(page);
  await page.getByLabel('To this address').fill(page.url());
  await page.getByRole('button', { name: 'Try to send something out' }).click();
  await page.getByText('This must be a web address').waitFor();
  await tryAll(page, 'https://leak.invalid/');
  await page.getByRole('button', { name: 'Copy as text' }).click();
  await page.getByText('Copied.').first().waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  for (const part of ['Browser: Mozilla', 'Tried to reach: https://leak.invalid/', 'attempts were refused', 'WebRTC'])
    assert.ok(text.includes(part), part);
  await page.getByRole('button', { name: 'Sheet for the data protection officer' }).click();
  await page.getByRole('button', { name: 'Print, or save as PDF' }).waitFor();
  await page.emulateMedia({ media: 'print' });
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.equal(String(pdf).match(/\/Type\s*\/Page\b/g)?.length, 1, 'pages');
  await done();
});

/** The texts of a DICOM file that stand for someone. @param {Buffer} bytes */
const holds = (bytes) => (/** @type {string} */ text) => bytes.includes(text);

test('without identity files have numbers for names, no patient, and the choice is remembered', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, dicomSeries());
  await page.locator('ul.files').getByText('6 slices').waitFor();
  await page.getByRole('region', { name: 'No model for this image' }).waitFor();
  await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Nuclei' });
  await masked(page);
  const saved = async (/** @type {string} */ kind, /** @type {boolean} */ without) => {
    await page.getByRole('button', { name: 'Save as …' }).click();
    const dialog = page.locator('dialog');
    await dialog.locator('input[value=this]').check();
    for (const box of await dialog.locator('fieldset input[type=checkbox]').all())
      if (await box.isVisible()) await box.setChecked(false);
    await dialog.getByRole('checkbox', { name: new RegExp(`^${kind}`) }).check();
    const box = dialog.getByRole('checkbox', { name: 'Without the patient’s identity' });
    await box.setChecked(without);
    assert.equal(await dialog.getByText('The DICOM files hold the patient’s name').isVisible(), !without);
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 120_000 }),
      dialog.getByRole('button', { name: 'Save', exact: true }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const named = await saved('DICOM SEG', false);
  assert.ok(holds(named.bytes)(PATIENT) && !named.name.startsWith('image'), named.name);
  const nameless = await saved('DICOM SEG', true);
  assert.equal(nameless.name, 'image-1.seg.dcm');
  assert.ok(!holds(nameless.bytes)(PATIENT) && holds(nameless.bytes)('image-1'));
  assert.ok(holds(nameless.bytes)('UIDs kept'));
  const table = await saved('Table of objects', true);
  assert.match(table.name, /^image-1/);
  assert.match(String(table.bytes), /^image-1,/m);
  const [mask] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save mask' }).click(),
  ]);
  assert.match(mask.suggestedFilename(), /^image-1-\d+-mask\.png$/);
  await page.reload();
  assert.equal(await page.evaluate(() => localStorage.getItem('insitu.identity')), 'without');
  await done();
});
