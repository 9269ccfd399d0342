/** Chromium with or without a GPU, and pages that are watched: no request may leave the origin, nothing may go wrong unseen. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { PATIENCE } from './until.mjs';

const QUIET = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A WebGPU that the CPU computes: correct, and about a hundred times slower than a graphics card. */
const GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
  assert.ok(found, 'Chromium is not installed; name it in the environment variable CHROMIUM');
  return found;
}

/** @param {{ gpu?: boolean, args?: string[] }} [options] */
export function launch({ gpu = false, args = [] } = {}) {
  return chromium.launch({
    executablePath: executable(),
    args: [...QUIET, ...(gpu ? GPU : ['--disable-gpu']), ...args],
  });
}

/** A browser that keeps what it has in a folder, over its end, too. @param {string} folder @param {string[]} [args] */
export async function lasting(folder, args = []) {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: executable(),
    args: [...QUIET, '--disable-gpu', ...args],
    viewport: { width: 1280, height: 800 },
  });
  context.setDefaultTimeout(PATIENCE);
  return context;
}

/**
 * A page in a context of its own. `done()` closes it and fails if a request left the origin, the console had an error,
 * or the page's security policy was broken.
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {{ expect?: RegExp[], context?: import('playwright-core').BrowserContextOptions, before?: (page: import('playwright-core').Page) => Promise<unknown>, refused?: string }} [options]
 *   `expect`: console errors that belong to the test; `refused`: an origin that is asked for in vain, so that a request there is no fault if it fails
 */
export async function visit(browser, url, { expect = [], context: options = {}, before, refused } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const { origin } = new URL(url);
  /** @type {string[]} */
  const requests = [];
  /** @type {string[]} */
  const errors = [];
  /** @type {Set<string>} */
  const failed = new Set();
  context.on('request', (request) => requests.push(request.url()));
  context.on('requestfailed', (request) => failed.add(request.url()));
  context.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  context.on('weberror', (error) => errors.push(String(error.error())));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`security policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  const page = await context.newPage();
  if (before) await before(page);
  await page.goto(url);
  return {
    page,
    context,
    requests,
    errors,
    async done() {
      await context.close();
      const strangers = requests.filter(
        (request) =>
          !['blob:', 'data:'].includes(new URL(request).protocol) &&
          new URL(request).origin !== origin &&
          !(refused && failed.has(request) && request.startsWith(refused)),
      );
      assert.deepEqual(strangers, [], 'requests that left the origin');
      assert.deepEqual(
        errors.filter((error) => !expect.some((wanted) => wanted.test(error))),
        [],
        'errors in the console',
      );
    },
  };
}

/** A blank page of the same origin, as other people's. @param {import('./suite.mjs').Site} site @param {Parameters<typeof visit>[2]} [options] */
export function blank(site, options = {}) {
  const body = '<!doctype html><title>Another page</title>';
  return visit(site.browser, `${site.server.url}blank.html`, {
    ...options,
    before: (page) =>
      page.route('**/{blank.html,favicon.ico}', (route) => route.fulfill({ contentType: 'text/html', body })),
  });
}

/**
 * Drops files on the page.
 * @param {import('playwright-core').Page} page
 * @param {{ name: string, bytes: Uint8Array, type?: string }[]} files
 */
export async function drop(page, files) {
  const transfer = await page.evaluateHandle(
    (given) => {
      const transfer = new DataTransfer();
      for (const { name, type, base64 } of given) {
        transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }));
      }
      return transfer;
    },
    files.map(({ name, bytes, type = '' }) => ({ name, type, base64: Buffer.from(bytes).toString('base64') })),
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

/** The image with its mask, once that is there. @param {import('playwright-core').Page} page @param {number} [timeout] ms */
export async function masked(page, timeout = PATIENCE) {
  const canvas = page.getByRole('img', { name: /the mask covers/ });
  await canvas.waitFor({ timeout });
  return canvas;
}

/** Foreground pixels as the results say. @param {import('playwright-core').Page} page @returns {Promise<number>} */
export async function area(page) {
  await page.getByRole('tab', { name: 'Results' }).click();
  const text = await page.getByRole('tabpanel', { name: 'Results' }).innerText();
  const pixels = text.match(/([\d,.\u202f\u00a0 ]+)\s?px/);
  assert.ok(pixels, `no area in: ${text}`);
  return Number(pixels[1].replace(/\D/g, ''));
}

/** Coloured pixels of the canvas: in a grey image, those of the mask. @param {import('playwright-core').Page} page @returns {Promise<number>} */
export function coloured(page) {
  return page.evaluate(async () => {
    // What was asked for is painted by the second frame from now.
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('canvas.image'));
    const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b] = data.subarray(i, i + 3);
      if (Math.max(r, g, b) - Math.min(r, g, b) > 24) count++;
    }
    return count;
  });
}
