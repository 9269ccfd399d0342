/** What goes wrong is said in a sentence, and nothing that was there is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { area, coloured, drop, masked, visit } from './support/browser.mjs';
import { crc32, discs, picture, png, tiff } from './support/images.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

const text = (/** @type {string} */ words) => new TextEncoder().encode(words);
const whole = tiff(discs(64, 64), 64, 64);
/** A PNG whose header says that it has 19999 x 19999 pixels. */
function enormous() {
  const bytes = png(discs(8, 8), 8, 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(16, 19_999);
  view.setUint32(20, 19_999);
  view.setUint32(29, crc32(bytes.subarray(12, 29)));
  return bytes;
}

/** A GIF of few bytes with so many frames that no tab could hold them. */
function frames() {
  const [head, frame] = [
    [...text('GIF89a'), 0xd0, 7, 0xd0, 7, 0x80, 0, 0, 0, 0, 0, 255, 255, 255],
    [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0],
  ];
  return Uint8Array.from([...head, ...Array(400).fill(frame).flat(), 0x3b]);
}

const BROKEN = [
  { name: 'enormous.png', bytes: enormous() },
  { name: 'frames.gif', bytes: frames() },
  { name: 'notes.png', bytes: text('These are words, and no picture at all.\n'.repeat(20)) },
  { name: 'half.tif', bytes: whole.subarray(0, Math.floor(whole.length / 2)) },
  { name: 'nothing.dcm', bytes: new Uint8Array() },
  // An archive that holds no file: its end record alone.
  { name: 'series.zip', bytes: Uint8Array.from([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)]) },
];

test('the TIFF that the next test breaks is fine as long as it is whole', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [{ name: 'whole.tif', bytes: whole }]);
  await masked(page);
  await done();
});

for (const file of BROKEN) {
  test(`${file.name} is refused with a sentence, and the image before it stays`, async () => {
    const { page, done } = await visit(site.browser, site.server.url);
    await drop(page, [picture('good.png', 64)]);
    await masked(page);
    const pixels = await area(page);
    await drop(page, [file]);
    await page.getByRole('button', { name: 'Copy diagnostics' }).waitFor();
    const sentence = await page.locator('.notice p').innerText();
    assert.match(sentence, /^[“A-Z].{15,}\.$/s, 'a whole sentence');
    assert.doesNotMatch(sentence, /undefined|\[object|Error:|panicked|unwrap/);
    await page.getByRole('navigation', { name: 'Files' }).getByText('Failed').waitFor();
    await page.getByRole('button', { name: /^good\.png/ }).click();
    await page.getByRole('img', { name: /good\.png, 64 by 64 pixels; the mask covers/ }).waitFor();
    assert.equal(await area(page), pixels);
    assert.ok((await coloured(page)) > 0);
    await done();
  });
}

test('diagnostics can be copied and hold no pixels and no file names', async () => {
  const { page, context, done } = await visit(site.browser, site.server.url);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await drop(page, [{ ...BROKEN[0], name: 'patient-4711.png' }]);
  await page.getByRole('button', { name: 'Copy diagnostics' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(JSON.parse(copied).error.code, /^[a-z0-9]+(\.[a-z0-9-]+)+$/);
  assert.doesNotMatch(copied, /4711/);
  await done();
});

test('an engine that dies is started again, and the image gets its mask after all', async () => {
  const { page, done } = await visit(site.browser, site.server.url, { expect: [/the engine is made to stop/] });
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  const pixels = await area(page);
  const engines = () => page.workers().filter((one) => one.url().endsWith('/www/wire/engine-worker.js'));
  const [worker] = engines();
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('the engine is made to stop');
    });
  });
  await page.getByText('The engine runs again. Your images and masks are still here.').first().waitFor();
  assert.equal(engines().length, 1);
  assert.notEqual(engines()[0], worker);
  assert.equal(await area(page), pixels, 'the old mask is still there');
  await drop(page, [picture('next.png', 64)]);
  await page.getByRole('img', { name: /next\.png, 64 by 64 pixels; the mask covers/ }).waitFor();
  await done();
});

test('a missing engine file is said, not hidden', async () => {
  const { page, done } = await visit(site.browser, site.server.url, {
    expect: [/404|Failed to load/],
    before: (fresh) => fresh.route('**/insitu_bg.wasm', (route) => route.fulfill({ status: 404, body: 'gone' })),
  });
  await page.getByText('The engine could not be started.').first().waitFor();
  await page.getByRole('button', { name: 'Start again' }).waitFor();
  await done();
});
