/** What the browser keeps of a session. */
import { PATIENCE, until } from './until.mjs';

/** Names and bytes in the folder of the session. @param {import('playwright-core').Page} page @returns {Promise<string[]>} */
export const stored = (page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = /** @type {any} */ (await root.getDirectoryHandle('insitu-session').catch(() => null));
    const names = [];
    if (folder) for await (const name of folder.keys()) names.push(name);
    return names.sort();
  });

/** Waits until nothing of the session is left to be stored. @param {import('playwright-core').Page} page @param {number} [timeout] ms */
export const settled = (page, timeout = PATIENCE) =>
  page.waitForFunction(() => !document.querySelector('.keep-place[aria-busy="true"]'), null, { timeout });

/**
 * Waits until a file of the session is there, and all else that is to be stored with it: its name is seen before its bytes are.
 * @param {import('playwright-core').Page} page @param {RegExp} wanted @param {number} [patience] ms
 */
export async function kept(page, wanted, patience = PATIENCE) {
  await until(
    () => stored(page),
    (names) => names.some((name) => wanted.test(name)),
    `${wanted} is not there`,
    patience,
  );
  await settled(page, patience);
}
