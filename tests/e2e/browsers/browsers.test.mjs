/** The same way through the page in Chromium, Firefox and WebKit. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browsers } from '../support/browsers.mjs';
import { front } from '../support/browsers/front.mjs';
import { serve } from '../support/server.mjs';
import { clean, visit } from './person.mjs';
import { APART, WAY } from './steps.mjs';
import { named, write } from './table.mjs';

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
const STEPS = [...WAY, ...APART];
/** @type {import('./table.mjs').Column[]} */
const columns = [];
/** For one step, ms. */
const LIMIT = 240_000;
/**
 * Steps that a browser has not passed yet, by its name, and why. They are tried only where `INSITU_BROWSER` names it, and never count as passed.
 * @type {Record<string, Record<string, string>>}
 */
const GAPS = {
  WebKit: { 'keeps the session over plain http': 'its driver stopped answering when a second window was in use' },
};
/** A folder for pictures of what each step left, for looking at them. */
const PICTURES = process.env.INSITU_PICTURES;

before(async () => {
  server = await serve();
});
after(async () => {
  server?.stop();
  if (process.env.INSITU_WRITE_TABLE)
    await write(
      STEPS.map(([name]) => name),
      columns,
    );
});

const wanted = process.env.INSITU_BROWSER;
const chosen = browsers.filter(({ name }) => !wanted || wanted === name);
/** Those that run only when they are named, and why. @type {Record<string, string>} */
const ASKED = { WebKit: 'its driver stops answering at times: INSITU_BROWSER=WebKit runs it' };
/** Why a browser is left out. @param {typeof browsers[number]} browser */
const without = ({ name, find }) =>
  (find() ? !wanted && !process.env.INSITU_WRITE_TABLE && ASKED[name] : `${name} is not installed here`) || false;

for (const each of chosen) {
  const { name, start } = each;
  test(`in ${name}`, { skip: without(each) }, async (t) => {
    const browser = await start();
    t.after(() => browser.close());
    const site = await front(server.origin);
    t.after(() => site.stop());
    const tab = await visit(browser, site.url);
    const way = { browser, site, server: server.origin, tab, painted: [] };
    const column = { title: `${browser.name} ${browser.version}`, steps: new Map() };
    columns.push(column);
    let lost = false;
    for (const [index, [what, step]] of STEPS.entries()) {
      const after = index < WAY.length;
      // A page that nobody looks at any more takes no time from the others.
      if (index === WAY.length) await tab.close();
      const gap = !process.env.INSITU_BROWSER && GAPS[name]?.[what];
      if (gap) column.steps.set(what, 'not passed');
      const skip = gap || (lost && after && 'a step before it failed');
      await t.test(what, { timeout: LIMIT, skip }, async (t) => {
        column.steps.set(what, 'fails');
        try {
          const left = await step(way);
          if (after) await clean(tab, site.origin);
          column.steps.set(what, left ? 'not tried' : 'yes');
          if (left) t.skip(left);
        } catch (error) {
          lost ||= after;
          throw error;
        } finally {
          if (PICTURES && after) {
            await mkdir(PICTURES, { recursive: true });
            await writeFile(join(PICTURES, `${name}-${index + 1}.png`), await tab.screenshot());
          }
        }
      });
    }
  });
}

test('the README names the steps that are tested', async () => {
  assert.deepEqual(
    await named(),
    STEPS.map(([name]) => name),
  );
});
