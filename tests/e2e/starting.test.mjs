/** A page of which a file does not come is loaded again by itself, and says so where that does not help. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { masked } from './support/browser.mjs';
import { browser, cpu, host } from './support/release.mjs';

/** @type {[string, RegExp][]} */
const FILES = [
  ['a module far down', /views\/objects\/plot\.js$/],
  ['the first module', /www\/main\.js$/],
  ['a sheet of styles', /css\/panel\.css$/],
];

test('where a file is missing once, the page comes all the same', async (t) => {
  const { context } = await browser(t);
  for (const [what, file] of FILES) {
    const site = await host(t);
    let times = 0;
    site.fails((path) => (file.test(path) && times++ === 0 ? { status: 503 } : null));
    const page = await context().newPage();
    await page.goto(cpu(site.url));
    await page.getByRole('button', { name: 'Nuclei, fluorescence' }).waitFor({ timeout: 60_000 });
    assert.ok(times > 0, what);
    await page.close();
  }
});

test('where it stays away, the page says so, and comes at a click when it is there again', async (t) => {
  const { context } = await browser(t);
  const site = await host(t);
  let times = 0;
  site.fails((path, bytes) => {
    if (!/views\/notice\.js$/.test(path)) return null;
    times++;
    return { bytes: bytes.subarray(0, 0), status: 404 };
  });
  const page = await context().newPage();
  await page.goto(cpu(site.url));
  await page.getByRole('alert').getByText('This page did not come whole').waitFor();
  await page.waitForTimeout(1500);
  assert.equal(times, 3, 'asked for thrice, and then no more');
  site.fails(() => null);
  await page.getByRole('button', { name: /^Load again/ }).click();
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).click();
  await masked(page);
});
