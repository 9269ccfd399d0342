/** What the page tells of objects. */
import assert from 'node:assert/strict';
import { until } from './until.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** How many objects the Results panel tells, once it tells another number than before. @param {Page} page @param {number} [before] @returns {Promise<number>} */
export async function objectsTold(page, before) {
  const figure = page.locator('.objects .figure').filter({ hasText: /^[\d,]+ object/ });
  const count = async () => Number((await figure.textContent())?.replace(/\D/g, ''));
  return until(count, (now) => now !== before, 'another number of objects');
}

/** A place on the canvas with an object under it, and its number. @param {Page} page */
export async function onObject(page) {
  const canvas = await page.locator('canvas.image').boundingBox();
  assert.ok(canvas);
  for (let i = 0; i < 900; i++) {
    const x = canvas.x + (canvas.width * (1 + (i % 30))) / 31;
    const y = canvas.y + (canvas.height * (1 + Math.floor(i / 30))) / 31;
    await page.mouse.move(x, y);
    await page.waitForTimeout(30);
    const under = (await page.locator('#status .under').textContent()) ?? '';
    const number = /object (\d+)/.exec(under)?.[1];
    if (number) return { x, y, number };
  }
  throw new Error('no object was found');
}
