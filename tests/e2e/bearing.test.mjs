/** Much at once and much in a row: the page bears it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blank, drop, visit } from './support/browser.mjs';
import { discs, picture, png } from './support/images.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

test('the memory is the same after seventy-five segmentations as after fifteen', async () => {
  const { page, done } = await blank(site);
  const bytes = [...png(discs(160, 160), 160, 160)];
  const held = await page.evaluate(async (given) => {
    const { open } = await import(`${location.origin}/www/insitu.js`);
    const app = await open({ device: 'cpu' });
    await app.loadModel('nuclei');
    const held = [];
    for (let i = 0; i < 75; i++) {
      // A file of its own each time: of one that it has seen the engine keeps the answer.
      const scan = await app.openScan(new File([Uint8Array.from(given)], 'discs.png'));
      await app.segment(scan);
      await app.closeScan(scan);
      held.push((await app.diagnostics()).memory);
    }
    await app.close();
    return held;
  }, bytes);
  assert.ok(held[14] > 1e6);
  assert.ok(held[74] <= held[14] * 1.05, `the engine held ${held[14]} bytes, and holds ${held[74]}`);
  await done();
});

test('five hundred files are taken, and the last of them is as near as the first', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  const bytes = png(discs(24, 24), 24, 24);
  await drop(
    page,
    Array.from({ length: 500 }, (_, i) => ({
      name: `field-${String(i + 1).padStart(3, '0')}.png`,
      bytes,
      type: 'image/png',
    })),
  );
  await page.getByRole('button', { name: /^field-001\.png/ }).waitFor();
  const last = page.getByRole('button', { name: /^field-500\.png/ });
  await last.scrollIntoViewIfNeeded();
  await last.click();
  await page.getByRole('img', { name: /field-500\.png, 24 by 24 pixels; the mask covers/ }).waitFor();
  await done();
});

test('a picture of 8192 by 8192 pixels is shown, and its segmentation can be left', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  const side = 8192;
  const row = discs(64, 64);
  const grey = new Uint8Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x += 64) grey.set(row.subarray((y % 64) * 64, (y % 64) * 64 + 64), y * side + x);
  await drop(page, [{ name: 'large.png', bytes: png(grey, side, side), type: 'image/png' }]);
  await page.getByRole('img', { name: /large\.png, 8,192 by 8,192 pixels/ }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).first().click();
  await drop(page, [picture('small.png', 64)]);
  await page.getByRole('img', { name: /small\.png, 64 by 64 pixels; the mask covers/ }).waitFor();
  await done();
});
