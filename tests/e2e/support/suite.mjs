/** A server and a browser for all tests of a file or for one of them, stopped whatever becomes of the tests. */
import { after, before } from 'node:test';
import { launch } from './browser.mjs';
import { serve } from './server.mjs';

/**
 * @typedef {NonNullable<Parameters<typeof serve>[0]> & NonNullable<Parameters<typeof launch>[0]>} Options
 * @typedef {{ server: Awaited<ReturnType<typeof serve>>, browser: import('playwright-core').Browser }} Site
 */

/**
 * Started before the first test of the file that calls it and stopped after the last.
 * @param {Options} [options]
 * @returns {Site} filled before the first test
 */
export function suite(options) {
  const site = /** @type {Site} */ ({});
  before(async () => {
    site.server = await serve(options);
    site.browser = await launch(options);
  });
  after(async () => {
    await site.browser?.close();
    site.server?.stop();
  });
  return site;
}

/**
 * Started for one test and stopped after it: where each test needs others.
 * @param {import('node:test').TestContext} t
 * @param {Options} [options]
 * @returns {Promise<Site>}
 */
export async function own(t, options) {
  const server = await serve(options);
  t.after(() => server.stop());
  const browser = await launch(options);
  t.after(() => browser.close());
  return { server, browser };
}
