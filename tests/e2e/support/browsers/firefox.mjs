/** Firefox, which speaks WebDriver BiDi itself. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bidiTab, connect, listen } from './bidi.mjs';
import { household, program } from './process.mjs';

export const find = () => program('FIREFOX', 'firefox-esr', 'firefox');

/** @returns {Promise<import('../browsers.mjs').Browser>} */
export async function start() {
  const house = await household();
  const [profile, downloads] = [join(house.home, 'profile'), join(house.home, 'downloads')];
  await mkdir(profile);
  await mkdir(downloads);
  const wishes = {
    'browser.download.folderList': 2,
    'browser.download.dir': downloads,
    'browser.shell.checkDefaultBrowser': false,
    // A browser for tests asks nobody anything.
    'datareporting.policy.dataSubmissionEnabled': false,
    'app.update.enabled': false,
    'toolkit.telemetry.enabled': false,
    'browser.safebrowsing.downloads.remote.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  };
  const lines = Object.entries(wishes).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  try {
    const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'];
    const [, url] = /** @type {RegExpMatchArray} */ (
      await house.start(/** @type {string} */ (find()), args, { says: /WebDriver BiDi listening on (ws:\S+)/ })
    );
    const wire = await connect(`${url}/session`);
    const { capabilities } = await wire.call('session.new', { capabilities: {} });
    await listen(wire);
    return {
      name: 'Firefox',
      version: capabilities.browserVersion,
      downloads,
      pointers: ['mouse', 'touch'],
      tab: () => bidiTab(wire),
      async close() {
        await wire.call('browser.close').catch(() => {});
        wire.close();
        await house.end();
      },
    };
  } catch (error) {
    await house.end();
    throw error;
  }
}
