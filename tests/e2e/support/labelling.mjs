/** A person's hand on the canvas, and what the panel Label says. */
import assert from 'node:assert/strict';
import { fit } from '../../../www/canvas/viewport.js';
import { until } from './until.mjs';

/** @typedef {import('playwright-core').Page} Page @typedef {[number, number]} At pixels of the image */

/** Opens the panel. @param {Page} page */
export async function labelPanel(page) {
  await page.getByRole('tab', { name: 'Label' }).click();
  await page.getByRole('tabpanel', { name: 'Label' }).waitFor();
}

/**
 * Where pixels of a fitted image lie on the page.
 * @param {Page} page @param {number} width of the image @param {number} [height]
 */
export async function hand(page, width, height = width) {
  const box = await page.locator('canvas.image').boundingBox();
  assert.ok(box);
  const view = fit(box, { width, height });
  const on = (/** @type {At} */ [x, y]) => ({ x: box.x + view.x + x * view.scale, y: box.y + view.y + y * view.scale });
  return {
    on,
    scale: view.scale,
    /** Drags through places. @param {...At} places */
    async stroke(...places) {
      const [first, ...rest] = places.map(on);
      await page.mouse.move(first.x, first.y);
      await page.mouse.down();
      for (const { x, y } of rest) await page.mouse.move(x, y, { steps: 6 });
      await page.mouse.up();
    },
    /** @param {At} at */
    async click(at) {
      const { x, y } = on(at);
      await page.mouse.click(x, y);
    },
    /** One click after the other, slower than a double click. @param {...At} places */
    async clicks(...places) {
      for (const at of places) {
        await this.click(at);
        await page.waitForTimeout(30);
      }
    },
  };
}

/** Labelled pixels of the background and of each class, as the panel says. @param {Page} page @returns {Promise<number[]>} */
export async function counts(page) {
  const texts = await page.locator('.inks .count').allTextContents();
  return texts.map((text) => Number(text.replace(/\D/g, '')));
}

/** Once the counts are as wanted. @param {Page} page @param {(counts: number[]) => boolean} wanted @param {string} what @returns {Promise<number[]>} */
export const counted = (page, wanted, what) => until(() => counts(page), wanted, what);

/** How many pixels of the canvas differ from when this was last asked. @param {Page} page @returns {Promise<number>} */
export function drawnAnew(page) {
  return page.evaluate(async () => {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('canvas.image'));
    const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    const now = new Uint32Array(data.buffer);
    const kept = /** @type {any} */ (window);
    const before = kept.canvasBefore ?? now;
    kept.canvasBefore = now;
    return now.reduce((sum, word, i) => sum + Number(word !== before[i]), 0);
  });
}

/** Opens what is folded away among the settings of a training, and types these in. @param {Page} page @param {Record<string, string>} values by the names of their fields */
export async function trainingSettings(page, values) {
  await page.getByText('More settings').click();
  for (const [name, value] of Object.entries(values)) {
    await page.getByRole('spinbutton', { name, exact: true }).fill(value);
    await page.keyboard.press('Enter');
  }
}
