/** Everything without a mouse: painting, training and saving with keys alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { focused, tabTo } from './support/access.mjs';
import { drop, masked, visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { counted, counts } from './support/labelling.mjs';
import { suite } from './support/suite.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = suite();
const SIDE = 128;

/** An image with its mask; no mouse from here on. */
async function opened() {
  const visited = await visit(site.browser, `${site.server.url}?device=cpu`, {
    // A pointer that does anything fails the test.
    before: (page) =>
      page.addInitScript(() => addEventListener('pointerdown', () => console.error('a pointer was used'), true)),
  });
  const { page } = visited;
  await drop(page, [picture('discs.png', SIDE)]);
  await masked(page);
  return visited;
}

/** @param {Page} page @param {...string} keys each once, or `key*times` */
async function press(page, ...keys) {
  for (const one of keys) {
    const [key, times = '1'] = one.split('*');
    for (let i = 0; i < Number(times); i++) await page.keyboard.press(key);
  }
}

/** What is spoken just now. @param {Page} page */
const spoken = (page) => page.locator('#live');
/** @param {Page} page */
const canvas = (page) => page.locator('canvas.image');

test('a stroke is painted, erased, taken back and undone with keys, and each is told', async () => {
  const { page, done } = await opened();
  await press(page, 'b', 'k');
  assert.match(await focused(page), /^canvas /);
  assert.equal(await canvas(page).getAttribute('role'), 'application');
  await spoken(page)
    .getByText(/^Cursor over the image/)
    .waitFor();
  await press(page, 'Shift+ArrowLeft*5', 'ArrowUp*3');
  await spoken(page)
    .getByText(/^row \d+, column \d+: \d+, .*(nucleus|background)/)
    .waitFor();
  await press(page, 'Space');
  await spoken(page).getByText('Brush down.').waitFor();
  await press(page, 'Shift+ArrowRight*6');
  await press(page, 'Enter');
  await spoken(page).getByText('Brush up.').waitFor();
  const [, one] = await counted(page, ([, n]) => n > 300, 'a stroke');
  await spoken(page)
    .getByText(/labelled: nucleus/)
    .waitFor();

  await press(page, 'Shift+ArrowDown*4', 'Space', 'Shift+ArrowLeft*4', 'Escape');
  await spoken(page).getByText('Taken back.').waitFor();
  await counted(page, ([, n]) => n === one, 'a stroke that was taken back');
  await press(page, 'Space', 'Shift+ArrowLeft*4', 'Space');
  await counted(page, ([, n]) => n > one, 'a second stroke');
  await press(page, 'Control+z');
  await counted(page, ([, n]) => n === one, 'undone');
  await press(page, 'Shift+ArrowUp*4', 'e', 'Space', 'Shift+ArrowRight*8', 'Shift+ArrowLeft*12', 'Space');
  await counted(page, ([, n]) => n < one / 2, 'erased');

  await press(page, 'Escape');
  assert.equal(await canvas(page).getAttribute('role'), 'img');
  await spoken(page).getByText('The cursor is gone.').waitFor();
  await done();
});

test('an outline is made corner by corner and closed, a region is flooded, an object is chosen', async () => {
  const { page, done } = await opened();
  await press(page, 'p', 'k', 'Enter', 'Enter');
  await spoken(page).getByText('An outline needs at least three corners.').waitFor();
  await press(page, 'Shift+ArrowRight*8', 'Enter', 'Shift+ArrowDown*8', 'Enter');
  await spoken(page).getByText('Corner 3.').waitFor();
  await press(page, 'Enter');
  await spoken(page).getByText('The outline is closed.').waitFor();
  await counted(page, ([, n]) => n > 50, 'a triangle');
  await press(page, 'z');
  await counted(page, (all) => all.every((n) => n === 0), 'undone');
  await press(page, '0', 'g', 'Shift+ArrowLeft*80', 'Shift+ArrowUp*80', 'Enter');
  await counted(page, ([n]) => n > 100, 'flooded from the corner');
  await done();
});

test('the cursor stays in sight of a zoomed image, and Tab leaves it without a stroke going on', async () => {
  const { page, done } = await opened();
  await press(page, 'b', 'k', '+*8', 'Space', 'Shift+ArrowRight*30');
  const cross = page.locator('.frame .steered');
  const [at, box] = await Promise.all([cross.boundingBox(), canvas(page).boundingBox()]);
  assert.ok(at && box && at.x >= box.x && at.x + at.width <= box.x + box.width, JSON.stringify([at, box]));
  await press(page, 'Tab');
  assert.ok(await cross.isHidden());
  const [, painted] = await counted(page, ([, n]) => n > 50, 'the stroke');
  await press(page, 'Shift+Tab', 'ArrowDown*3');
  assert.ok(await cross.isVisible(), 'it is there again');
  assert.equal((await counts(page))[1], painted);
  await done();
});

test('a person paints, trains and saves without a mouse', async () => {
  const { page, done } = await opened();
  // From the top of the page, past what can be skipped.
  await tabTo(page, /^button Label$|^button View$/);
  await press(page, 'ArrowRight');
  assert.match(await focused(page), /^button Label$/);
  await tabTo(page, /^button Paint with keys/);
  await press(page, 'Enter');
  assert.match(await focused(page), /^canvas /, 'the keys go to the image');
  await press(page, '[*8', 'Space', 'Shift+ArrowRight*6', 'Space');
  await press(page, '0', 'Shift+ArrowDown*6', 'Space', 'Shift+ArrowLeft*6', 'Space', 'Escape');
  await counted(page, ([ground, n]) => ground > 0 && n > 0, 'background and a class');

  await tabTo(page, /^button Label$/);
  await press(page, 'ArrowRight');
  await tabTo(page, /^select Start from/);
  await press(page, 'End');
  await page.waitForTimeout(100);
  await tabTo(page, /^summary More settings/);
  await press(page, 'Enter');
  for (const [name, value] of [
    ['Steps', '12'],
    ['Patches a step', '1'],
    ['Patch size', '32'],
  ]) {
    await tabTo(page, new RegExp(`^input ${name}`));
    await page.keyboard.press('Control+a');
    await page.keyboard.type(value);
  }
  await tabTo(page, /^button Train$/);
  await press(page, 'Enter');
  await spoken(page)
    .getByText(/^The training has begun, 12 steps/)
    .waitFor();
  await page.getByRole('button', { name: 'Save model' }).waitFor({ timeout: 240_000 });
  const ends = await spoken(page).innerText();
  assert.ok(ends.trim().length > 0, 'how it ended is spoken');

  await tabTo(page, /^button Save model/);
  const [model] = await Promise.all([page.waitForEvent('download'), press(page, 'Enter')]);
  assert.match(model.suggestedFilename(), /\.safetensors$/);
  await tabTo(page, /^button Train$/, { back: true });
  await press(page, 'ArrowRight');
  await tabTo(page, /^button Save mask/);
  const [mask] = await Promise.all([page.waitForEvent('download'), press(page, 'Enter')]);
  assert.equal(mask.suggestedFilename(), 'discs-mask.png');
  await done();
});
