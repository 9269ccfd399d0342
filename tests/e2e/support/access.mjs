/** What people need who use a page without a mouse, without seeing it, or with fingers; measured. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { take } from '../../../www/strings/languages.js';
import { root } from './server.mjs';

/** @typedef {import('playwright-core').Page} Page */

const axe = await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Speaks another language, as by the list at the top; the test speaks it, too (`t`). @param {Page} page @param {import('../../../www/strings/languages.js').Language} language */
async function speak(page, language) {
  await page.locator('#header .language select').selectOption(language);
  await page.waitForFunction((tag) => document.documentElement.lang.startsWith(tag), language);
  await take(language);
}

/** What moves has come to rest: half faded in, words have another contrast. @param {Page} page */
const atRest = (page) =>
  page.waitForFunction(() =>
    document.getAnimations().every((one) => {
      const timing = one.effect?.getComputedTiming();
      return one.playState !== 'running' || timing?.iterations === Infinity;
    }),
  );

/** What axe finds on the screen that is seen: in an open dialog, beside which nothing can be reached, or else on the page. @param {Page} page @returns {Promise<string[]>} */
async function faultsOf(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  return page.evaluate(async (rules) => {
    const dialog = [...document.querySelectorAll('dialog[open]')].at(-1);
    const { violations } = await /** @type {any} */ (window).axe.run(dialog ?? document, {
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

/** How a dialog is looked at in each language: colours are the same in all of them. */
const DIALOGS = /** @type {const} */ ([
  ['en', 'light'],
  ['de', 'dark'],
  ['zh', 'light'],
]);

/**
 * Collects what axe finds on one screen after the other, in light and in dark, and in the other languages.
 * @param {Page} page
 */
export function inspector(page) {
  const faults = /** @type {string[]} */ ([]);
  const note = async (/** @type {string} */ where) =>
    faults.push(...(await faultsOf(page)).map((fault) => `${where}: ${fault}`));
  return {
    /** @param {string} screen what is seen just now, beside which the list of languages can be reached */
    async look(screen) {
      for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        await page.emulateMedia({ colorScheme });
        await note(`${screen}, ${colorScheme}`);
      }
      for (const language of /** @type {const} */ (['de', 'zh'])) {
        await speak(page, language);
        await note(`${screen}, ${language}`);
      }
      await speak(page, 'en');
    },
    /**
     * A dialog, or several screens of it, opened anew in each language, since behind one the list of these cannot be reached.
     * @param {string} screen @param {() => Promise<unknown>} open with words of the language that is spoken (`t`)
     * @param {Record<string, () => Promise<unknown>>} [more] what leads from the first screen to others
     */
    async dialog(screen, open, more = {}) {
      for (const [language, colorScheme] of DIALOGS) {
        await speak(page, language);
        await page.emulateMedia({ colorScheme });
        await open();
        const dialog = page.getByRole('dialog').last();
        await dialog.waitFor();
        for (const [part, lead] of [['', async () => {}], ...Object.entries(more)]) {
          await lead();
          await atRest(page);
          await note([screen, part, language, colorScheme].filter(Boolean).join(', '));
        }
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
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
