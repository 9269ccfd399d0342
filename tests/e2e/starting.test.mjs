/** A page tells how much of it has come; one of which a file does not come is loaded again by itself, and says so where that does not help. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { masked } from './support/browser.mjs';
import { browser, cpu, dist, host, ready } from './support/release.mjs';

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
    await page.getByRole('button', { name: 'Nuclei, fluorescence' }).waitFor();
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

/** A file that comes as far as the test lets it, to each who asks. @param {Buffer} bytes */
function drip(bytes) {
  let reached = 0;
  /** @type {(() => void)[]} */
  let waiting = [];
  const more = () => new Promise((resolve) => waiting.push(() => resolve(null)));
  return {
    async *pieces() {
      for (let at = 0; at < bytes.length;) {
        while (reached === at) await more();
        const piece = bytes.subarray(at, reached);
        at = reached;
        yield piece;
      }
    },
    /** Up to this part of the whole. @param {number} part */
    upTo(part) {
      reached = Math.ceil(part * bytes.length);
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
  };
}

/** MB that have come, and of how many, as a page says it. @param {string} text */
function told(text) {
  const [, done, total] = /([\d.]+) of (?:about )?([\d.]+) MB/.exec(text) ?? [];
  assert.ok(total, text);
  return [Number(done), Number(total)];
}

test('over a slow line the page tells from the start how much has come, and of how much', async (t) => {
  const { context } = await browser(t);
  const site = await host(t);
  const folder = site.version();
  const module = drip(readFileSync(join(dist, folder, 'www/session/session.js')));
  const packed = gzipSync(readFileSync(join(dist, folder, 'pkg/insitu_bg.wasm')));
  const engine = drip(packed);
  const length = String(packed.length);
  site.fails((path) => {
    if (path.endsWith('www/session/session.js')) return { pieces: module.pieces() };
    // As a host sends it that packs: what comes out is longer than what it says.
    if (path.endsWith('.wasm'))
      return { pieces: engine.pieces(), headers: { 'content-encoding': 'gzip', 'content-length': length } };
    return null;
  });
  const page = await context().newPage();
  await page.goto(cpu(site.url), { waitUntil: 'commit' });
  const boot = page.locator('#boot-arrived p:lang(en)').filter({ hasText: / of about / });
  await boot.waitFor();
  const [early, all] = told(await boot.innerText());
  assert.ok(early < all && all > packed.length / 1e6, `${early} of ${all}`);
  module.upTo(1);

  const badge = page.getByRole('banner').getByRole('button', { name: /^Starting/ });
  const after = async (/** @type {number} */ part) => {
    engine.upTo(part);
    // Of the last piece a part waits to be unpacked.
    const least = (part - 0.1) * (packed.length / 1e6);
    await page.waitForFunction(
      ([least]) =>
        [...document.querySelectorAll('#header .badge')].some(
          ({ textContent }) => Number(/([\d.]+) of/.exec(textContent ?? '')?.[1]) > least,
        ),
      [least],
    );
    return told(await badge.innerText());
  };
  const [first, total] = await after(0.3);
  const [second] = await after(0.7);
  assert.ok(early <= first && first < second && second < total, `${early} ${first} ${second} of ${total}`);
  assert.ok(total >= packed.length / 1e6, `${total} with the page, which this host does not pack`);
  // Who opens an image meanwhile is told the same where its work is told.
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).click();
  await page
    .getByRole('contentinfo')
    .getByText(/^Starting the engine, [\d.]+ of [\d.]+ MB$/)
    .waitFor();
  // Asked for once more, by the service worker, all comes at once.
  site.fails(() => null);
  engine.upTo(1);
  await masked(page);

  // The next visit finds the engine and leaves its answer to the browser, which keeps the compiled code beside it.
  await ready(page);
  await page.reload();
  await page.evaluate(() => {
    const seen = /** @type {any} */ (window);
    seen.said = [];
    new MutationObserver(() => seen.said.push(document.querySelector('#header .badge')?.textContent)).observe(
      document.body,
      { childList: true, subtree: true, characterData: true },
    );
  });
  await page.getByRole('button', { name: /^CPU/ }).waitFor();
  const said = await page.evaluate(() => /** @type {any} */ (window).said.join(' '));
  assert.doesNotMatch(said, /MB/);
});

test('a model that comes over a slow line is told in the same way', async (t) => {
  const { context } = await browser(t);
  const site = await host(t);
  const model = drip(readFileSync(join(dist, site.version(), 'models/nuclei.safetensors')));
  site.fails((path) => (path.endsWith('nuclei.safetensors') ? { pieces: model.pieces() } : null));
  const page = await context().newPage();
  await page.goto(cpu(site.url));
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).click();
  model.upTo(0.5);
  await page
    .getByRole('contentinfo')
    .getByText(/^Loading the model, [12]\.\d of 3\.9 MB$/)
    .waitFor();
  site.fails(() => null);
  model.upTo(1);
  await masked(page);
});
