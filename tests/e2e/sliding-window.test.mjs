/** “Inside the network”: one window a pixel, as in 2012, beside one pass. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

test('a window slides over a few pixels and gives the same answer as one pass, for many times the work', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  await page.keyboard.press('i');
  const view = page.getByRole('dialog', { name: /^Inside the network/ });
  await view.getByRole('tab', { name: 'Sliding window' }).click();
  await view.getByRole('combobox', { name: 'Pixels' }).selectOption('4');
  await view.getByRole('slider', { name: 'Across' }).fill('20');
  await view.getByRole('button', { name: 'Slide the window' }).click();
  await view.getByText(/^The same answer, for \d+ times the work$/).waitFor();
  const rows = await view.getByRole('row').allTextContents();
  assert.ok(
    rows.some((row) => /Passes through the network/.test(row) && /161$/.test(row.replace(/\D/g, ''))),
    rows.join('; '),
  );
  const shades = await view.getByRole('img', { name: 'A window for each pixel' }).evaluate((element) => {
    const shown = /** @type {HTMLCanvasElement} */ (element);
    const context = /** @type {CanvasRenderingContext2D} */ (shown.getContext('2d'));
    return [shown.width, shown.height, context.getImageData(0, 0, 1, 1).data[3]];
  });
  assert.deepEqual(shades, [4, 4, 255]);
  await done();
});

test('the API gives both answers of a square at the rim of an image, and stops when it is told to', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`);
  const found = await page.evaluate(async () => {
    const { open } = await import(new URL('www/insitu.js', location.href).href);
    const app = await open({ device: 'cpu' });
    await app.loadModel('nuclei');
    const canvas = new OffscreenCanvas(40, 30);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.fillStyle = '#000';
    context.fillRect(0, 0, 40, 30);
    context.fillStyle = '#fff';
    context.fillRect(2, 3, 9, 8);
    const scan = await app.openScan(await canvas.convertToBlob());
    const { x, y, width, height, byWindow, atOnce, windowMultiplyAdds } = await app.slidingWindow(scan, {
      x: 0,
      y: 0,
      side: 3,
    });
    const stop = new AbortController();
    const stopped = app.slidingWindow(scan, { signal: stop.signal, onProgress: () => stop.abort() });
    const code = await stopped.catch((/** @type {any} */ thrown) => thrown.code);
    await app.close();
    return { x, y, width, height, byWindow: [...byWindow], atOnce: [...atOnce], windowMultiplyAdds, code };
  });
  const { byWindow, atOnce, code, windowMultiplyAdds, ...square } = found;
  assert.deepEqual(square, { x: 0, y: 0, width: 3, height: 3 });
  for (const [i, p] of byWindow.entries()) assert.ok(Math.abs(p - atOnce[i]) < 1e-4, `${byWindow} ${atOnce}`);
  assert.equal(byWindow.length, 9);
  assert.ok(windowMultiplyAdds > 1e8);
  assert.equal(code, 'cancelled');
  await done();
});
