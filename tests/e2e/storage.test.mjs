/** What goes wrong with the browser's storage, or with the clock, while a session is kept: no work is lost, and the page says what is so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { kept, settled, stored } from './support/keeping.mjs';
import { counted, counts, hand, labelPanel } from './support/labelling.mjs';
import { suite } from './support/suite.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();
const SIDE = 96;
const cpu = () => `${site.server.url}?device=cpu`;

/** An image in the panel Label, with one stroke that is kept. @param {Page} page */
async function begun(page) {
  await drop(page, [picture('first.png', SIDE)]);
  await masked(page);
  await stroke(page, 10);
  await kept(page, /^labels-1~/);
  await kept(page, /^session~/);
  await page.locator('.keep-place:visible').getByText('Kept in this browser for next time: 1 file').waitFor();
}

/** Paints a line, and tells what is labelled then. @param {Page} page @param {number} y */
async function stroke(page, y) {
  await labelPanel(page);
  const before = await counts(page);
  await (await hand(page, SIDE)).stroke([10, y], [60, y]);
  return counted(page, (now) => now.join() !== before.join() && now.some((count) => count > 0), 'a stroke');
}

/** Continues the earlier session, and tells what is labelled. @param {Page} page @param {string} what of the offer */
async function back(page, what = '1 file, 1 labelled slice') {
  const offer = page.getByRole('region', { name: 'Earlier session' }).first();
  await offer.getByText(`Continue where you were: ${what} (`).waitFor();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await offer.waitFor({ state: 'hidden' });
  await masked(page);
  await labelPanel(page);
  return counted(page, (now) => now.some((count) => count > 0), 'the labels');
}

/** How often the labels have been written. @param {Page} page */
const writings = async (page) =>
  Math.max(...(await stored(page)).map((name) => Number(/^labels-1~(\d+)$/.exec(name)?.[1] ?? 0)));

/** The browser's own ways with the storage of the page. @param {import('playwright-core').BrowserContext} context @param {Page} page */
async function storage(context, page) {
  const session = await context.newCDPSession(page);
  const { origin } = new URL(site.server.url);
  return {
    /** As when a person deletes the data of the site. */
    clear: () => session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' }),
    /** @param {number} [quotaSize] bytes; without it, as it was */
    room: (quotaSize) => session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize }),
    /** It has no time to answer. */
    crash: () => void session.send('Page.crash').catch(() => {}),
  };
}

/**
 * From now on the writing of a file stops half-way, and with it the worker.
 * @param {Page} page @param {string} name of what is kept @returns {Promise<unknown>} once that has come
 */
async function cut(page, name) {
  const worker = page.workers().find((one) => one.url().endsWith('/www/keep/worker.js'));
  assert.ok(worker);
  await worker.evaluate((name) => {
    const handles = /** @type {any} */ (FileSystemFileHandle.prototype);
    const { createSyncAccessHandle } = handles;
    handles.createSyncAccessHandle = async function () {
      const access = await createSyncAccessHandle.call(this);
      if (!this.name.startsWith(`${name}~`)) return access;
      const write = access.write.bind(access);
      access.write = (/** @type {Uint8Array} */ bytes, /** @type {object} */ options) => {
        write(bytes.subarray(0, Math.ceil(bytes.length / 2)), options);
        access.flush();
        console.log(`half of ${name} is written`);
        for (;;);
      };
      return access;
    };
  }, name);
  return page.waitForEvent('console', { predicate: (said) => said.text() === `half of ${name} is written` });
}

test('a tab that dies in the middle of a write has all that was kept before, whatever it was writing', async () => {
  const { page: first, context, done } = await visit(site.browser, cpu());
  await begun(first);
  let page = first;
  let y = 10;
  for (const name of ['labels-1', 'order', 'session', 'file-2']) {
    await settled(page);
    const written = await writings(page);
    const half = cut(page, name);
    const before = await counts(page);
    const after = await stroke(page, (y += 12));
    if (name === 'file-2') await drop(page, [picture('second.png', 48)]);
    await half;
    // The list may have been written just before the stroke was.
    const survives = name !== 'labels-1' && (await writings(page)) > written;
    const dead = page.waitForEvent('crash');
    (await storage(context, page)).crash();
    await dead;
    page = await context.newPage();
    await page.goto(cpu());
    assert.deepEqual(await back(page), survives ? after : before, `cut off while ${name} was written`);
    assert.equal(await page.locator('ul.files > li').count(), 1, 'nothing half is opened');
    assert.equal(await page.locator('.notice.error:visible').count(), 0);
    await page.locator('.keep-place:visible').getByText('Kept in this browser for next time: 1 file').waitFor();
  }
  await done();
});

test('what is open is kept again when the data of the site is deleted, and a page after that begins empty', async () => {
  const { page, context, done } = await visit(site.browser, cpu());
  await begun(page);
  const { clear } = await storage(context, page);
  await clear();
  assert.deepEqual(await stored(page), []);
  const painted = await stroke(page, 40);
  const said = page.getByText('What this browser kept of this page was deleted while the page was open.').first();
  await said.waitFor();
  for (const name of [/^file-1~/, /^labels-1~/, /^order~/, /^session~/]) await kept(page, name);
  await page.getByRole('button', { name: 'Dismiss' }).click();

  // Nothing changes, but the person comes back from the settings of the browser.
  await clear();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await said.waitFor();
  await kept(page, /^session~/);
  await page.reload();
  assert.deepEqual(await back(page), painted);

  // Before the next page, whose offer is then one of nothing.
  await kept(page, /^session~/);
  await page.reload();
  const offer = page.getByRole('region', { name: 'Earlier session' }).first();
  await offer.waitFor();
  await clear();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('1 file of the earlier session could not be brought back.').first().waitFor();
  await clear();
  await page.reload();
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  assert.equal(await page.getByRole('region', { name: 'Earlier session' }).count(), 0);
  await begun(page);
  assert.equal(await page.locator('.notice.error:visible').count(), 0);
  await done();
});

test('where the storage is full that is said, labels are kept before files, and all of it when there is room again', async () => {
  const { page, context, done } = await visit(site.browser, cpu());
  await begun(page);
  const { room } = await storage(context, page);
  const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  const place = page.locator('.keep-place:visible');
  const full = 'There is no room to keep all of this session.';
  await room(usage + 6000);
  await drop(page, [picture('large.png', 640)]);
  await place.getByText(full).waitFor();
  await page
    .getByRole('navigation', { name: 'Files' })
    .getByRole('button', { name: /^first\.png/ })
    .click();
  await page.getByRole('img', { name: /first\.png.*the mask covers/ }).waitFor();
  const written = await writings(page);
  await stroke(page, 40);
  await settled(page);
  assert.ok((await writings(page)) > written, 'the labels are stored');
  assert.ok(!(await stored(page)).some((name) => name.startsWith('file-2')), 'nothing half lies there');
  await place.getByText(full).waitFor();

  await room();
  const painted = await stroke(page, 60);
  await place.getByText('Kept in this browser for next time: 2 files').waitFor();
  await page.reload();
  assert.deepEqual(await back(page, '2 files, 1 labelled slice'), painted);
  await done();
});

test('a clock that jumps back by a day or on by ten years takes nothing of what is kept', async () => {
  const { page, done } = await visit(site.browser, cpu(), {
    before: (fresh) =>
      fresh.addInitScript(() => {
        const Real = Date;
        const jumped = () => Real.now() + Number(sessionStorage.getItem('jump'));
        globalThis.Date = /** @type {any} */ (
          class extends Real {
            /** @param {any[]} of */
            constructor(...of) {
              super(...(of.length > 0 ? /** @type {[any]} */ (of) : [jumped()]));
            }
            static now = jumped;
          }
        );
      }),
  });
  const jump = (/** @type {number} */ days) =>
    page.evaluate((ms) => sessionStorage.setItem('jump', String(ms)), days * 86_400_000);
  await begun(page);
  let y = 10;
  for (const days of [-1, 3650, 0]) {
    await jump(days);
    const painted = await stroke(page, (y += 15));
    await settled(page);
    // At the next start the clock is right again, or wrong.
    await jump(days === 0 ? 3650 : 0);
    await page.reload();
    assert.deepEqual(await back(page), painted, `${days} days`);
  }
  await done();
});
