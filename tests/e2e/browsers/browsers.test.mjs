/** The same way through the page in Chromium, Firefox and WebKit. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browsers } from '../support/browsers.mjs';
import { serve } from '../support/server.mjs';
import { APART, WAY } from './steps.mjs';
import { named, write } from './table.mjs';
import { TIMES, Walk } from './walk.mjs';

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
const STEPS = [...WAY, ...APART];
/** @type {import('./table.mjs').Column[]} */
const columns = [];
/** For one step that is begun only once, ms. */
const LIMIT = 240_000;
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

for (const { name, find, start } of browsers.filter(({ name }) => !wanted || wanted === name)) {
  test(`in ${name}`, { skip: !find() && `${name} is not installed here` }, async (t) => {
    const walk = new Walk(start, server.origin, (words) => t.diagnostic(words));
    t.after(() => walk.end());
    const browser = await walk.browser();
    /** @type {import('./table.mjs').Column} */
    const column = { title: `${browser.name} ${browser.version}`, steps: new Map() };
    columns.push(column);

    /** @param {string} what @param {() => Promise<void | string>} go @param {string | false} skip */
    const step = (what, go, skip = false) =>
      t.test(what, { timeout: LIMIT * (1 + TIMES), skip }, async (t) => {
        column.steps.set(what, 'fails');
        const left = await go();
        column.steps.set(what, left ? 'not tried' : 'yes');
        if (left) t.skip(left);
      });

    let lost = false;
    for (const [index, [what, act]] of WAY.entries()) {
      const before = WAY.slice(0, index).map(([, act]) => act);
      const go = () =>
        walk
          .onWay(act, before)
          .catch((error) => {
            lost = true;
            throw error;
          })
          .finally(() => PICTURES && picture(`${name}-${index + 1}.png`, walk));
      await step(what, go, lost && 'a step before it failed');
    }
    await walk.leave();
    for (const [what, act] of APART) await step(what, () => walk.apart(act));
    t.diagnostic(`${column.title}: steps begun again since the driver did not answer: ${walk.again}`);
  });
}

/** What a step left, for looking at it. @param {string} file @param {Walk} walk */
async function picture(file, walk) {
  const png = await walk.screenshot();
  if (!png || !PICTURES) return;
  await mkdir(PICTURES, { recursive: true });
  await writeFile(join(PICTURES, file), png);
}

test('the README names the steps that are tested', async () => {
  assert.deepEqual(
    await named(),
    STEPS.map(([name]) => name),
  );
});
