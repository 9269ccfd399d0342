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
      .waitFor();
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

test('an ONNX file and the one with its weights are one model, dropped together, chosen together, or one after the other', async () => {
  const { page, done } = await visit(site.browser, site.server.url);
  const [model, weights] = [await reference('onnx/beside.onnx'), await reference('onnx/beside.onnx.data')];
  const loaded = page.locator('.notice').getByText(/ONNX U-Net is loaded and in use/);
  const chosen = page.getByRole('combobox', { name: 'Model' }).locator('option:checked');
  // With an image in between: only what the model asks for is taken for a part of it.
  await drop(page, [weights, picture('discs.png', 96), model]);
  await loaded.waitFor();
  await masked(page);
  assert.equal(await chosen.innerText(), 'ONNX U-Net');
  assert.equal(await page.getByRole('navigation', { name: 'Files' }).getByRole('listitem').count(), 1);

  // Alone it says which file is missing; that one alone completes it.
  await page.getByRole('combobox', { name: 'Model' }).selectOption('Nuclei');
  await drop(page, [model]);
  await page
    .locator('.notice.error')
    .getByText(/in another file beside it, beside\.onnx\.data, which is missing here\. Open both together/)
    .waitFor();
  await drop(page, [weights]);
  await loaded.waitFor();
  // Without its network it is named as what it is.
  await drop(page, [weights]);
  await page
    .locator('.notice.error')
    .getByText(/holds the weights of an ONNX file, not the network\. Drop it together with the \.onnx file/)
    .waitFor();

  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Use a model of your own' }).click();
  const files = [model, weights].map(({ name, bytes }) => ({ name, mimeType: '', buffer: bytes }));
  await (await choosing).setFiles(files);
  await loaded.waitFor();
  assert.equal(await page.getByRole('combobox', { name: 'Model' }).locator('option', { hasText: 'ONNX' }).count(), 3);
  // The API takes a list, in any order, and the model lives on after a restart of the engine as one file.
  const answer = await page.evaluate(
    async ([a, b]) => {
      const { open } = await import(/** @type {string} */ ('./www/insitu.js'));
      const app = await open({ device: 'cpu' });
      const bytes = (/** @type {string} */ base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const given = [new File([bytes(b)], 'beside.onnx.data'), new File([bytes(a)], 'renamed.onnx')];
      const wanted = await app.filesBeside(given[1]);
      const card = await app.loadModel(given);
      const again = await app.loadModel([new File([await app.saveModel()], 'one.safetensors')]);
      const alone = await app.loadModel([given[1]]).catch((/** @type {any} */ error) => error.code);
      await app.close();
      return [wanted, card.title, again.title, alone];
    },
    [model, weights].map(({ bytes }) => bytes.toString('base64')),
  );
  assert.deepEqual(answer, [['beside.onnx.data'], 'ONNX U-Net', 'ONNX U-Net', 'weights.onnx.unsupported.external']);
  await done();
});
