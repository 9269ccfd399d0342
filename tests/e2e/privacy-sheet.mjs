/** Takes the picture of the sheet for the data protection officer: `node tests/e2e/privacy-sheet.mjs`, after `cargo xtask build`. */
import { join } from 'node:path';
import { drop, launch, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { root, serve } from './support/server.mjs';

const server = await serve();
const browser = await launch();
try {
  const { page } = await visit(browser, server.url);
  await drop(page, [picture('discs.png', 96)]);
  await masked(page);
  await page.getByRole('button', { name: 'Nothing leaves this tab' }).click();
  await page.getByRole('button', { name: 'Check it yourself' }).click();
  await page.getByRole('button', { name: 'Try to send something out' }).click();
  await page.waitForFunction(() => document.querySelector('.privacy-result .lead'), null, { timeout: 120_000 });
  await page.evaluate(() => history.replaceState(history.state, '', location.href));
  await page.getByRole('button', { name: 'Sheet for the data protection officer' }).click();
  await page.getByRole('button', { name: 'Print, or save as PDF' }).waitFor();
  await page.emulateMedia({ media: 'print' });
  // The printed part of A4 at 96 pixels an inch.
  await page.setViewportSize({ width: 695, height: 1054 });
  await page.screenshot({ path: join(root, 'docs/privacy/sheet.png') });
} finally {
  await browser.close();
  server.stop();
}
