/**
 * Writes the files that this version of Insitu leaves behind into the folder of its version, for `older-files.test.mjs`, which opens them in every later
 * one: `node tests/e2e/write-older-files.mjs`, once the engine and the command line are built. Done once for a version, before its release, and never again: what is committed
 * is what people have on their disks.
 */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { area, blank, drop, launch, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { kept } from './support/keeping.mjs';
import { counted, hand, labelPanel } from './support/labelling.mjs';
import { modelMask, presentVersion, sessionFiles, VERSIONS } from './support/older.mjs';
import { serve } from './support/server.mjs';

const SIDE = 64;
/** A file of a version is committed for good, bytes. */
const MAX = 60_000;

const folder = join(VERSIONS, presentVersion());
const server = await serve();
const browser = await launch();
const image = picture('drawn.png', SIDE);

/** The smallest network that there is, taught for a moment. */
async function model() {
  const { page, done } = await blank({ server, browser });
  const text = await page.evaluate(
    async ({ given, side }) => {
      const { open } = await import(/** @type {string} */ ('./www/insitu.js'));
      const app = await open({ device: 'cpu' });
      const scan = await app.openScan(new File([Uint8Array.from(atob(given), (c) => c.charCodeAt(0))], 'drawn.png'));
      const { data } = await app.render(scan);
      const labels = new Uint8Array(side * side).map((_, i) => (data[4 * i] > 110 ? 1 : 0));
      const how = { preset: 'small', width: 1, batch: 2, patch: 64, seed: 3, learningRate: 0.02, steps: 150 };
      await app.train({ samples: [{ scan, labels }], ...how }).finished;
      await app.nameModel('Drawn discs');
      const bytes = new Uint8Array(await (await app.saveModel()).arrayBuffer());
      await app.close();
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    },
    { given: Buffer.from(image.bytes).toString('base64'), side: SIDE },
  );
  await done();
  return Buffer.from(text, 'base64');
}

/** A session with the image, that model, and strokes. @param {Buffer} bytes of the model */
async function session(bytes) {
  const { page, done } = await visit(browser, `${server.url}?device=cpu`);
  await drop(page, [image]);
  await masked(page);
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Use a model of your own' }).click();
  await (await choosing).setFiles({ name: 'drawn.safetensors', mimeType: '', buffer: bytes });
  await page
    .getByRole('combobox', { name: 'Model' })
    .locator('option:checked', { hasText: 'Drawn discs' })
    .waitFor({ state: 'attached' });
  await masked(page);
  const pixels = await area(page);
  await labelPanel(page);
  const panel = page.getByRole('tabpanel', { name: 'Label' });
  const { stroke } = await hand(page, SIDE);
  await page.keyboard.press('b');
  await stroke([10, 10], [40, 14]);
  await counted(page, ([, n]) => n > 0, 'a stroke of the class of the model');
  await panel.getByRole('button', { name: 'Add a class' }).click();
  await page.getByRole('textbox', { name: 'Name of Class 2' }).waitFor();
  await page.keyboard.type('Drawn dust');
  await page.keyboard.press('Enter');
  await page.locator('.inks').getByText('Drawn dust').waitFor();
  await stroke([10, 40], [40, 50]);
  const painted = await counted(page, ([, , n]) => n > 0, 'a stroke of the new class');
  await kept(page, /^labels-1~/);
  await kept(page, /^model-.*~/);
  const files = await sessionFiles(page, (index) => index.labelled === 1 && index.models.length === 1);
  await done();
  return {
    files,
    facts: { image: 'drawn.png', side: SIDE, model: 'Drawn discs', pixels, className: 'Drawn dust', painted },
  };
}

try {
  const bytes = await model();
  const mask = await modelMask({ server, browser }, bytes, image.bytes);
  assert.ok(mask.areas[0] > 100, 'a network that finds something');
  const { files, facts } = await session(bytes);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'session'), { recursive: true });
  writeFileSync(join(folder, 'model.safetensors'), bytes);
  writeFileSync(join(folder, 'drawn.png'), image.bytes);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, 'session', name), content);
  const sizes = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  assert.ok(bytes.length < MAX && sizes < 2 * MAX, `${bytes.length} and ${sizes} bytes`);
  writeFileSync(join(folder, 'facts.json'), `${JSON.stringify({ mask, ...facts }, null, 2)}\n`);
  console.log(`${folder}: a model of ${bytes.length} bytes, a session of ${sizes}`);
} finally {
  await browser.close();
  server.stop();
}
