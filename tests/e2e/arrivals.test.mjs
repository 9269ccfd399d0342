/** Files that the system hands over: those that a person opens with the installed page. */
import { test } from 'node:test';
import { visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { suite } from './support/suite.mjs';

const site = suite();

/** What a browser does that opened the page for files: it keeps them until the page asks, then hands over what reads them. @param {number[]} given */
const launched = (given) => {
  const handle = { getFile: async () => new File([Uint8Array.from(given)], 'from the folder.png') };
  const gone = { getFile: () => Promise.reject(new DOMException('It was moved.', 'NotFoundError')) };
  const later = Object.assign(globalThis, {
    hand: /** @type {(files: { getFile(): Promise<File> }[]) => void} */ (() => {}),
    gone,
  });
  const setConsumer = (/** @type {(launched: { files: { getFile(): Promise<File> }[] }) => void} */ take) => {
    later.hand = (files) => take({ files });
    later.hand([handle]);
  };
  Object.defineProperty(globalThis, 'launchQueue', { value: { setConsumer } });
};

test('a file that is opened with the installed page is shown, and one that is gone is told of and loses nothing', async () => {
  const { page, done } = await visit(site.browser, `${site.server.url}?device=cpu`, {
    before: (page) => page.addInitScript(launched, [...picture('', 64).bytes]),
  });
  await page.getByRole('img', { name: /from the folder\.png.*the mask covers/ }).waitFor();
  await page.evaluate(() => {
    const system = /** @type {any} */ (globalThis);
    system.hand([system.gone]);
  });
  await page.locator('.notice.error').getByText('The file can no longer be read.').waitFor();
  await page.getByRole('img', { name: /from the folder\.png.*the mask covers/ }).waitFor();
  await done();
});
