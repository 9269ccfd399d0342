/**
 * Takes the pictures of docs/models.md: `node tests/e2e/clinical-screenshots.mjs T1.nii.gz RG1_UNCR.dcm`, after `cargo xtask build`. The
 * volume is sub-01_ses-006_run-001_T1w of OpenfMRI ds000031, which comes with the tests of pydeface; the film of a chest comes with
 * pydicom-data, from PyPI; the fundus is a sample of the page.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv } from 'node:process';
import { drop, launch, masked, visit } from './support/browser.mjs';
import { root, serve } from './support/server.mjs';

const FILES = {
  fundus: join(root, 'www/samples/fundus.jpg'),
  head: argv[2],
  chest: argv[3],
};

const server = await serve();
const browser = await launch();
try {
  for (const [name, path] of Object.entries(FILES)) {
    if (!path) continue;
    const context = { viewport: { width: 1280, height: 800 } };
    const { page } = await visit(browser, `${server.url}?device=cpu`, { context });
    const file = path.slice(path.lastIndexOf('/') + 1);
    await drop(page, [{ name: file, bytes: await readFile(path) }]);
    await masked(page);
    if (name === 'head') {
      // Above the eyes: the middle of this volume is the base of the skull.
      await page.locator('#slice').fill('170');
      await masked(page);
    }
    // The small views and the line of what is kept come to rest.
    await page.waitForTimeout(4000);
    await page.screenshot({ path: join(root, `docs/models-${name}.jpg`), type: 'jpeg', quality: 85 });
    await page.context().close();
  }
} finally {
  await browser.close();
  server.stop();
}
