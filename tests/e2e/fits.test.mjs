/** The page fits people: fingers, text at twice its size, colours that the system chooses, no motion. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { small } from './support/access.mjs';
import { drop, masked, visit } from './support/browser.mjs';
import { picture, stack } from './support/images.mjs';
import { objectsTold } from './support/objects.mjs';
import { suite } from './support/suite.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();

/** The page with two files, one of them with slices. @param {import('playwright-core').BrowserContextOptions} context */
async function opened(context) {
  const visited = await visit(site.browser, `${site.server.url}?device=cpu`, { context });
  await drop(visited.page, [picture('discs.png', 128), stack('stack.nii', 64, 3)]);
  await masked(visited.page);
  return visited;
}

const PANELS = ['View', 'Label', 'Train', 'Results'];
const tab = (/** @type {Page} */ page, /** @type {string} */ name) =>
  page.getByRole('tab', { name, exact: true }).click();
/** Everything that folds is open. @param {Page} page */
const unfold = (page) =>
  page.evaluate(() => document.querySelectorAll('details').forEach((one) => one.setAttribute('open', '')));

for (const [width, height] of [
  [390, 844],
  [820, 1180],
])
  test(`at ${width} x ${height} a finger hits every control`, async () => {
    const visited = await visit(site.browser, `${site.server.url}?device=cpu`, {
      context: { viewport: { width, height }, hasTouch: true, isMobile: true },
    });
    const { page, done } = visited;
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
    assert.deepEqual(await small(page), [], 'empty page');
    await drop(page, [picture('discs.png', 128), stack('stack.nii', 64, 3)]);
    await masked(page);
    for (const name of PANELS) {
      await tab(page, name);
      await unfold(page);
      assert.deepEqual(await small(page), [], name);
      const box = await page.locator('canvas.image').boundingBox();
      assert.ok(box && box.width >= 200 && box.height >= 150, `${name}: ${JSON.stringify(box)}`);
    }
    await objectsTold(page);
    await page.getByRole('button', { name: 'Show the table' }).click();
    await page.locator('#drawer [role=row]').nth(1).waitFor();
    assert.deepEqual(await small(page), [], 'table');
    for (const key of ['?', 'i']) {
      await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      await page.waitForTimeout(500);
      assert.deepEqual(await small(page), [], `dialog ${key}`);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'Save as …' }).click();
    assert.deepEqual(await small(page), [], 'saving');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^stack\.nii/ }).click();
    await page.locator('#slice').waitFor();
    await tab(page, 'View');
    await unfold(page);
    assert.deepEqual(await small(page), [], 'slices');
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
    await done();
  });

/** Controls that cannot be brought to where a person sees and hits them. @param {Page} page */
const hidden = (page) =>
  page.evaluate(() => {
    const dialog = document.querySelector('dialog[open]');
    const all = (dialog ?? document).querySelectorAll('button, select, textarea, summary, input');
    return [...all].flatMap((one) => {
      const control = /** @type {HTMLInputElement} */ (one);
      if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: false })) return [];
      control.scrollIntoView({ block: 'center', inline: 'center' });
      const { left, top, width, height } = control.getBoundingClientRect();
      if (width === 0) return [];
      const [x, y] = [left + width / 2, top + height / 2];
      const hit = document.elementFromPoint(x, y);
      const label = control.closest('label') ?? control.labels?.[0];
      if (hit && (control.contains(hit) || hit.contains(control) || label?.contains(hit))) return [];
      return [
        `${control.outerHTML.slice(0, 120)} at ${Math.round(x)}, ${Math.round(y)}: ${hit?.outerHTML.slice(0, 80)}`,
      ];
    });
  });

/** What scrolls both ways, or is wider than the window. @param {Page} page */
const twoWays = (page) =>
  page.evaluate(() => {
    const wide = [...document.querySelectorAll('.panel-body, .dialog-body, #drawer, body')].filter(
      (one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1,
    );
    return wide.map((one) => `${one.id || one.className}: ${one.scrollWidth} in ${one.clientWidth}`);
  });

for (const [width, height, what] of /** @type {const} */ ([
  [640, 400, 'a window of 1280 x 800 at 200 %'],
  [320, 568, 'a window of 1280 x 2272 at 400 %'],
]))
  test(`in ${what} everything can be reached, and nothing scrolls both ways`, async () => {
    const { page, done } = await opened({ viewport: { width, height } });
    for (const name of PANELS) {
      await tab(page, name);
      await unfold(page);
      assert.deepEqual(await hidden(page), [], name);
      assert.deepEqual(await twoWays(page), [], name);
    }
    await page.getByRole('button', { name: 'Show the table' }).click();
    await page.locator('#drawer [role=row]').nth(1).waitFor();
    assert.deepEqual(await hidden(page), [], 'table');
    await page.getByRole('button', { name: /^stack\.nii/ }).click();
    await page.locator('#slice').waitFor();
    await tab(page, 'Label');
    assert.deepEqual(await hidden(page), [], 'slices');
    await tab(page, 'Results');
    for (const open of [
      () => page.keyboard.press('?'),
      () => page.getByRole('button', { name: 'Save as …' }).click(),
      () => page.keyboard.press('i'),
    ]) {
      await page.getByRole('button', { name: /^discs\.png/ }).click();
      await masked(page);
      await open();
      await page.getByRole('dialog').waitFor();
      await page.waitForTimeout(500);
      assert.deepEqual(await hidden(page), [], 'dialog');
      assert.deepEqual(await twoWays(page), [], 'dialog');
      await page.keyboard.press('Escape');
    }
    await done();
  });

test('where the system chooses the colours, what is chosen and what has the focus is seen', async () => {
  const { page, done } = await opened({ forcedColors: 'active' });
  const looks = (/** @type {string} */ selector) =>
    page
      .locator(selector)
      .first()
      .evaluate((one) => {
        const { backgroundColor, color, borderTopColor } = getComputedStyle(one);
        return { backgroundColor, color, borderTopColor };
      });
  await tab(page, 'Label');
  for (const [chosen, other] of [
    ['#panel [role=tab][aria-selected=true]', '#panel [role=tab][aria-selected=false]'],
    ['.tool[aria-pressed=true]', '.tool[aria-pressed=false]'],
    ['.toolbar [aria-pressed=true]', '.toolbar [aria-pressed=false]'],
    ['.ink[aria-pressed=true]', '.ink[aria-pressed=false]'],
    ['.file[aria-current=true]', '.file[aria-current=false]'],
  ])
    assert.notEqual((await looks(chosen)).backgroundColor, (await looks(other)).backgroundColor, chosen);
  // The colours of classes stay what they are.
  assert.notEqual((await looks('.ink[aria-pressed=true] .swatch')).backgroundColor, 'rgba(0, 0, 0, 0)');
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const ring = await page.evaluate(() => {
      const one = /** @type {HTMLElement} */ (document.activeElement);
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return {
        who: one.outerHTML.slice(0, 80),
        drawn: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      };
    });
    assert.ok(ring.drawn || ring.who.startsWith('<body'), ring.who);
  }
  await done();
});

test('who wants no motion sees none', async () => {
  const { page, done } = await opened({ reducedMotion: 'reduce' });
  for (const name of PANELS) {
    await tab(page, name);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0, name);
  }
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll('*')].filter((one) => {
        const { animationName, transitionProperty, transitionDuration, scrollBehavior } = getComputedStyle(one);
        const moves = transitionProperty !== 'none' && /[1-9]/.test(transitionDuration);
        return animationName !== 'none' || moves || scrollBehavior === 'smooth';
      }).length,
  );
  assert.equal(moving, 0);
  await done();
});
