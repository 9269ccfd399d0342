/** Chromium, whose driver speaks WebDriver BiDi for it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bidiTab, connect, listen } from './bidi.mjs';
import { household, program } from './process.mjs';

const browser = () => program('CHROMIUM', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
const driver = () => program('CHROMEDRIVER', 'chromedriver');

export const find = () => browser() && driver();

/** @returns {Promise<import('../browsers.mjs').Browser>} */
export async function start() {
  const house = await household();
  const downloads = join(house.home, 'downloads');
  await mkdir(downloads);
  try {
    const [, port] = /** @type {RegExpMatchArray} */ (
      await house.start(/** @type {string} */ (driver()), ['--port=0'], {
        says: /started successfully on port (\d+)/,
      })
    );
    const wanted = {
      webSocketUrl: true,
      'goog:chromeOptions': {
        binary: browser(),
        args: ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-first-run'],
        prefs: { 'download.default_directory': downloads, 'download.prompt_for_download': false },
      },
    };
    const at = `http://127.0.0.1:${port}/session`;
    const body = JSON.stringify({ capabilities: { alwaysMatch: wanted } });
    const { value } = await (await fetch(at, { method: 'POST', body })).json();
    if (!value.sessionId) throw new Error(`Chromium did not start: ${value.message}`);
    const wire = await connect(value.capabilities.webSocketUrl);
    await listen(wire);
    return {
      name: 'Chromium',
      version: value.capabilities.browserVersion,
      downloads,
      pointers: ['mouse', 'touch', 'pen'],
      tab: () => bidiTab(wire),
      async close() {
        await fetch(`${at}/${value.sessionId}`, { method: 'DELETE' }).catch(() => {});
        wire.close();
        await house.end();
      },
    };
  } catch (error) {
    await house.end();
    throw error;
  }
}
