/** Takes the README's screenshot: `node tests/e2e/screenshot.mjs`, after `cargo xtask build`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drop, launch, visit } from './support/browser.mjs';
import { root, serve } from './support/server.mjs';

const server = await serve();
const browser = await launch();
try {
  const { page } = await visit(browser, server.url);
  const name = 'nuclei-fluorescence.png';
  await drop(page, [{ name, bytes: await readFile(join(root, 'www/samples', name)) }]);
  await page
    .getByText(/segmented in/i)
    .first()
    .waitFor({ timeout: 180_000 });
  await page.screenshot({ path: join(root, 'docs/screenshot.png') });
} finally {
  await browser.close();
  server.stop();
}
