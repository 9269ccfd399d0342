/** Takes the README's screenshot: `node tests/e2e/screenshot.mjs`, after `cargo xtask build`. */
import { join } from 'node:path';
import { launch, visit } from './support/browser.mjs';
import { root, serve } from './support/server.mjs';

const server = await serve();
const browser = await launch();
try {
  const { page } = await visit(browser, server.url);
  await page.locator('input[type=file]').first().setInputFiles(join(root, 'www/samples/nuclei-fluorescence.png'));
  await page.getByText(/segmented in/i).first().waitFor({ timeout: 180_000 });
  await page.screenshot({ path: join(root, 'docs/screenshot.png') });
} finally {
  await browser.close();
  server.stop();
}
