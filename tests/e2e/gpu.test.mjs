/** WebGPU, computed by the CPU of the machine that tests: right, and slow, so the images are small. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { area, coloured, drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { suite } from './support/suite.mjs';

const site = suite({ gpu: true });

/** An image has its mask, from the graphics card. @param {import('playwright-core').Page} page */
async function segmented(page) {
  await page
    .getByRole('button', { name: 'A graphics card computed by the processor: slow' })
    .waitFor({ timeout: 300_000 });
  await drop(page, [picture('discs.png', 64)]);
  await masked(page, 600_000);
}

test('a dropped image gets its mask on WebGPU, the same as on the CPU', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await segmented(page);
  const onGpu = await area(page);
  await page.getByText('a graphics card computed by the processor: slow', { exact: true }).waitFor();
  assert.ok((await coloured(page)) > 0);
  await done();

  const cpu = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(cpu.page, [picture('discs.png', 64)]);
  await masked(cpu.page);
  const onCpu = await area(cpu.page);
  await cpu.page.getByText('processor (CPU)').waitFor();
  assert.ok(onGpu > 0 && Math.abs(onGpu - onCpu) <= (64 * 64) / 1000, `${onGpu} pixels on WebGPU, ${onCpu} on the CPU`);
  await cpu.done();
});

test('a graphics card that goes away takes nothing with it: the engine runs again, and the next image gets its mask', async () => {
  const { page, done } = await visit(site.browser, site.server.url, {
    // What the browser says of its loss is its own matter.
    expect: [/./],
  });
  await segmented(page);
  const pixels = await area(page);
  // As when its driver is renewed, or a laptop takes the other card.
  const driver = await site.browser.newBrowserCDPSession();
  await driver.send('Browser.crashGpuProcess').catch(() => {});
  await page
    .getByText('The engine runs again. Your images and masks are still here.')
    .first()
    .waitFor({ timeout: 300_000 });
  assert.equal(await area(page), pixels, 'the old mask is still there');
  await drop(page, [picture('next.png', 64)]);
  await page.getByRole('img', { name: /next\.png, 64 by 64 pixels; the mask covers/ }).waitFor({ timeout: 600_000 });
  await done();
});
