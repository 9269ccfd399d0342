/** Weights that other programs wrote, dropped on the page. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { root } from './support/server.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

/** @param {string} path below tests/reference */
const reference = async (path) => ({
  name: basename(path),
  bytes: await readFile(join(root, 'tests/reference', path)),
});

for (const [path, title, recognised] of [
  ['public/unet.pth', 'PyTorch U-Net', /5 levels of 1 to 16 channels, batch normalisation/],
  ['onnx/unet_training.onnx', 'ONNX U-Net', /5 levels of 1 to 16 channels, batch normalisation/],
  ['networks/keras.h5', 'Keras U-Net', /'keras', 5 levels of 2 to 32 channels, no normalisation/],
]) {
  test(`a dropped ${path} is recognised, said to be so, and used`, async () => {
    const { page, done } = await visit(site.browser, site.server.url);
    await drop(page, [picture('discs.png', 96)]);
    await masked(page);
    await drop(page, [await reference(path)]);
    await page
      .getByText(new RegExp(`${title} is loaded and in use`))
      .first()
      .waitFor();
    assert.match(await page.locator('.notice').innerText(), recognised);
    assert.equal(await page.getByRole('combobox', { name: 'Model' }).locator('option:checked').innerText(), title);
    // One or two channels wide and never trained: the mask is nonsense, but it is that network's.
    await page
      .locator('#status')
      .getByText(/segmented in/i)
      .waitFor({ timeout: 60_000 });
    await done();
  });
}

test('a pickle that would run a program is refused in words, and the model before stays', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  const before = await page.getByRole('combobox', { name: 'Model' }).locator('option:checked').innerText();
  await drop(page, [await reference('pytorch/hostile_os.system_zip.pth')]);
  await page
    .getByText(/wants Python to run os\.system/)
    .first()
    .waitFor();
  await page
    .getByText(/torch\.save\(model\.state_dict\(\)/)
    .first()
    .waitFor();
  assert.equal(await page.getByRole('combobox', { name: 'Model' }).locator('option:checked').innerText(), before);
  await done();
});
