/** What people need who use a page without a mouse, without seeing it, or with fingers; measured. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './server.mjs';

/** @typedef {import('playwright-core').Page} Page */

const axe = await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Speaks another language, as by the list at the top. @param {Page} page @param {string} language */
async function speak(page, language) {
  const list = page.locator('#header .language select');
  await list.selectOption(language);
  await page.waitForFunction((tag) => document.documentElement.lang.startsWith(tag), language);
}

/** What axe finds on the screen that is seen. @param {Page} page @returns {Promise<string[]>} */
async function faultsOf(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  return page.evaluate(async (rules) => {
    const { violations } = await /** @type {any} */ (window).axe.run(document, {
      runOnly: rules,
      resultTypes: ['violations'],
      preload: false,
    });
    return violations.map((/** @type {any} */ { id, nodes }) => {
      const of = (/** @type {any} */ { target, any }) =>
        [target.join(' '), ...any.slice(0, 1).map((/** @type {any} */ { message }) => message)].join(': ');
      return `${id}: ${nodes.slice(0, 4).map(of).join('; ')}`;
    });
  }, RULES);
}

/**
 * Collects what axe finds on one screen after the other, in light and in dark, and in the other languages where the list of these can be reached: not
 * behind a dialog, whose words alone differ.
 * @param {Page} page
 */
export function inspector(page) {
  const faults = /** @type {string[]} */ ([]);
  const note = async (/** @type {string} */ where) =>
    faults.push(...(await faultsOf(page)).map((fault) => `${where}: ${fault}`));
  return {
    /** @param {string} screen what is seen just now */
    async look(screen) {
      for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        await page.emulateMedia({ colorScheme });
        await note(`${screen}, ${colorScheme}`);
      }
      if (await page.locator('dialog[open]').count()) return;
      for (const language of ['de', 'zh']) {
        await speak(page, language);
        await note(`${screen}, ${language}`);
      }
      await speak(page, 'en');
    },
    done() {
      assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
    },
  };
}

/** The name of what has the focus, as assistive technology hears it, and its role. @param {Page} page @returns {Promise<string>} */
export const focused = (page) =>
  page.evaluate(() => {
    const one = /** @type {HTMLInputElement} */ (document.activeElement);
    const label = [...(one.labels ?? [])].map((label) => label.textContent).join(' ');
    const by = (one.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent);
    const name = one.getAttribute('aria-label') || by.join(' ').trim() || label || one.textContent || one.title;
    return `${one.tagName.toLowerCase()} ${name.trim().replace(/\s+/g, ' ').slice(0, 80)}`;
  });

/** Presses Tab until something has the focus, as a person does who has nothing but keys. @param {Page} page @param {RegExp} name @param {{ back?: boolean }} [way] */
export async function tabTo(page, name, { back = false } = {}) {
  const passed = /** @type {string[]} */ ([]);
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    const now = await focused(page);
    if (name.test(now)) return;
    passed.push(now);
  }
  assert.fail(`Tab does not reach ${name}: ${passed.join(' | ')}`);
}

/** Controls in sight that are smaller than a finger needs, CSS pixels. What stands in a sentence is part of it, and what is drawn in a plot is told by a table, too. @param {Page} page @param {number} [least] */
export const small = (page, least = 44) =>
  page.evaluate((least) => {
    const all = document.querySelectorAll(
      'button, select, textarea, summary, input, [role=tab], [role=slider], [role=separator], [role=row].object',
    );
    const dialog = document.querySelector('dialog[open]');
    return [...all].flatMap((one) => {
      const seen = /** @type {HTMLElement} */ (one).checkVisibility({ visibilityProperty: true });
      if (!seen || (dialog && !dialog.contains(one)) || one.matches('p button.link')) return [];
      // A label presses what it names.
      const target = one.matches('input[type=checkbox], input[type=radio]') ? (one.closest('label') ?? one) : one;
      const { width, height } = target.getBoundingClientRect();
      if (width === 0 || (width >= least - 0.5 && height >= least - 0.5)) return [];
      const name = one.getAttribute('aria-label') ?? one.textContent?.trim().slice(0, 30);
      return [`${one.tagName.toLowerCase()}.${one.className} “${name}” ${Math.round(width)} x ${Math.round(height)}`];
    });
  }, least);
