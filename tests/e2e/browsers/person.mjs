/** What a person sees and does in the page, whichever browser it is. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fit } from '../../../www/canvas/viewport.js';
import { Tab } from '../support/browsers.mjs';
import { front } from '../support/browsers/front.mjs';

/** @typedef {import('../support/browsers.mjs').Pointer} Pointer @typedef {[number, number]} At pixels of the image */

/** A network on a processor, under the load of other tests. */
export const LONG = 180_000;

/** The page in a tab of its own, once one can do something with it. @param {import('../support/browsers.mjs').Browser} browser @param {string} url @param {[number, number]} [size] */
export async function visit(browser, url, size) {
  const tab = await Tab.open(browser, url, { size });
  await tab.find({ role: 'button', name: 'Open' });
  return tab;
}

/**
 * A page of its own, at an address with nothing kept, which is closed whatever came of it.
 * @param {import('./steps.mjs').Place} place
 * @param {(tab: Tab, site: { url: string, origin: string }) => Promise<void>} act
 * @param {{ size?: [number, number], host?: string, loud?: boolean }} [options] `loud`: errors in the console belong to it
 */
export async function apart({ browser, server }, act, { size, host, loud } = {}) {
  const site = await front(server, host);
  try {
    const tab = await visit(browser, site.url, size);
    try {
      await act(tab, site);
      if (!loud) await clean(tab, site.origin);
    } catch (error) {
      // What went wrong is the news, not that the tab cannot be closed any more.
      await tab.close().catch(() => {});
      throw error;
    }
    await tab.close();
  } finally {
    site.stop();
  }
}

export const panel = (/** @type {Tab} */ tab, /** @type {string} */ name) => tab.click({ role: 'tab', name });
/** What is in a panel. @param {string} name @returns {import('../support/browsers.mjs').What} */
export const inside = (name) => ({ role: 'tabpanel', name });

/** Until the image that is shown has its mask. @param {Tab} tab @param {string} [file] */
export async function masked(tab, file = '') {
  const name = new RegExp(`${file}.*the mask covers`);
  return tab.find({ role: 'img', name }, LONG);
}

/** Foreground pixels as the results say. @param {Tab} tab @returns {Promise<number>} */
export async function area(tab) {
  await panel(tab, 'Results');
  const found = await tab.until(async () => {
    const [shown] = await tab.all(inside('Results'));
    return shown?.text.match(/([\d,.\u202f\u00a0 ]+)\s?px/);
  }, 'an area');
  return Number(found[1].replace(/\D/g, ''));
}

/** Where pixels of a fitted image lie on the page. @param {Tab} tab @param {number} side of the image @returns {Promise<(at: At) => { x: number, y: number }>} */
export async function places(tab, side) {
  const { x, y, width, height } = await tab.find({ css: 'canvas.image' });
  const view = fit({ width, height }, { width: side, height: side });
  return ([column, row]) => ({
    x: x - width / 2 + view.x + column * view.scale,
    y: y - height / 2 + view.y + row * view.scale,
  });
}

/** Labelled pixels of the background and of each class, as the panel says. @param {Tab} tab @returns {Promise<number[]>} */
export async function counts(tab) {
  const found = await tab.all({ css: '.inks .count', hidden: true });
  return found.map(({ text }) => Number(text.replace(/\D/g, '')));
}

/** Once the counts are as wanted. @param {Tab} tab @param {(counts: number[]) => boolean} wanted @param {string} what */
export function counted(tab, wanted, what) {
  return tab.until(async () => {
    const now = await counts(tab);
    return now.length > 0 && wanted(now) && now;
  }, what);
}

/** Takes what is saved from the browser's downloads. @param {import('../support/browsers.mjs').Browser} browser @param {Tab} tab @param {RegExp} name @returns {Promise<{ name: string, bytes: Buffer }>} */
export async function saved(browser, tab, name) {
  let size = -1;
  const found = await tab.until(async () => {
    const file = (await readdir(browser.downloads)).find((one) => name.test(one));
    if (!file) return null;
    const bytes = await readFile(join(browser.downloads, file));
    // Until no more is written.
    const whole = bytes.length > 0 && bytes.length === size;
    size = bytes.length;
    return whole && { name: file, bytes };
  }, `${name} among the downloads`);
  return found;
}

/** Nothing went wrong unseen, and nothing was asked for elsewhere. @param {Tab} tab @param {string} origin */
export async function clean(tab, origin) {
  const errors = await tab.errors();
  assert.deepEqual(errors, [], 'errors in the console');
  const strangers = (tab.requests() ?? []).filter((url) => /^https?:/.test(url) && new URL(url).origin !== origin);
  assert.deepEqual(strangers, [], 'requests that left the origin');
  assert.equal(await tab.count({ css: '.notice.error' }), 0, 'errors on the page');
}
