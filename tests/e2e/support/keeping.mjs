/** What the browser keeps of a session. */
import assert from 'node:assert/strict';

/** Names and bytes in the folder of the session. @param {import('playwright-core').Page} page @returns {Promise<string[]>} */
export const stored = (page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = /** @type {any} */ (await root.getDirectoryHandle('insitu-session').catch(() => null));
    const names = [];
    if (folder) for await (const name of folder.keys()) names.push(name);
    return names.sort();
  });

/** Waits until a file of the session is there. @param {import('playwright-core').Page} page @param {RegExp} wanted @param {number} [tries] twenty a second */
export async function kept(page, wanted, tries = 200) {
  for (let left = tries; !(await stored(page)).some((name) => wanted.test(name)); left--) {
    assert.ok(left > 0, `${wanted} is not among ${(await stored(page)).join(' ')}`);
    await page.waitForTimeout(50);
  }
}
