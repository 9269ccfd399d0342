/** One server and one browser for the tests of a file, started before the first and stopped after the last. */
import { after, before } from 'node:test';
import { launch } from './browser.mjs';
import { serve } from './server.mjs';

/**
 * @param {Parameters<typeof launch>[0]} [options]
 * @returns {{ server: Awaited<ReturnType<typeof serve>>, browser: import('playwright-core').Browser }} filled before the first test
 */
export function suite(options) {
  const site = /** @type {any} */ ({});
  before(async () => {
    site.server = await serve();
    site.browser = await launch(options);
  });
  after(async () => {
    await site.browser?.close();
    site.server?.stop();
  });
  return site;
}
