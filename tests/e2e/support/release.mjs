/** What `cargo xtask dist` wrote, on a host that a test makes serve it wrongly, or another release of it; and what a page says of it. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { lasting } from './browser.mjs';
import { root } from './server.mjs';

/** @typedef {import('playwright-core').Page} Page */

export const dist = join(root, 'dist');
const FOLDER = /^\d[\w.+-]*-[0-9a-f]{12}$/;
const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
});

/** A folder that is gone with the test. @param {import('node:test').TestContext} t @param {() => unknown} [first] what has to end before */
function temporary(t, first) {
  const folder = mkdtempSync(join(tmpdir(), 'insitu-offline-'));
  t.after(async () => {
    await first?.();
    rmSync(folder, { recursive: true, force: true, maxRetries: 9, retryDelay: 100 });
  });
  return folder;
}

/** Where a page stands. @param {Page} page */
const evidence = (page) =>
  page.evaluate(async () => {
    const { installing, waiting, active } = (await navigator.serviceWorker?.getRegistration()) ?? {};
    const version = document.querySelector('meta[name="insitu-version"]')?.getAttribute('content');
    const workers = [installing, waiting, active].map((worker) => worker?.state ?? '-').join(' ');
    const seconds = Math.round(performance.now() / 1000);
    const answers = (/** @type {ServiceWorker | null | undefined} */ worker) =>
      new Promise((resolve) => {
        if (!worker) return resolve('-');
        navigator.serviceWorker.addEventListener('message', ({ source }) => source === worker && resolve('answers'));
        worker.postMessage({ kind: 'ask' });
        setTimeout(resolve, 5000, 'silent');
      });
    const answered = await Promise.all([waiting, active].map(answers));
    const dialog = document.querySelector('dialog[open]');
    return `${answered}; ${dialog?.textContent?.slice(0, 300)} ${version}, ${seconds} s old, workers ${workers}: ${document.body.innerText.replace(/\s+/g, ' ').slice(0, 500)}`;
  });

/** A browser that keeps what it has when it is closed. @param {import('node:test').TestContext} t @param {string[]} [args] */
export async function browser(t, args) {
  const folder = temporary(t, async () => {
    // Of what happens on a busy machine alone, this is all that one gets to see.
    if (!t.passed) for (const page of context.pages()) t.diagnostic(await evidence(page).catch(String));
    await context.close();
  });
  let context = await lasting(folder, args);
  return {
    context: () => context,
    async again() {
      await context.close();
      context = await lasting(folder, args);
    },
  };
}

/** A copy of dist that a test changes, and a host that serves it, at times wrongly. @param {import('node:test').TestContext} t */
export async function host(t) {
  const folder = join(temporary(t), 'site');
  cpSync(dist, folder, { recursive: true, filter: (file) => !/\.(br|gz)$/.test(file) });
  /** @type {(path: string, bytes: Buffer) => { status?: number, bytes?: Buffer, headers?: Record<string, string>, pieces?: AsyncIterable<Uint8Array> } | null} */
  let wrong = () => null;
  /** @type {(path: string) => boolean} */
  let hanging = () => false;
  /** @type {string[]} */
  const asked = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://host').pathname).replace(/\/$/, '/index.html');
    asked.push(path.slice(1));
    const file = join(folder, path);
    if (!existsSync(file)) return void response.writeHead(404).end();
    // Never answered.
    if (hanging(path.slice(1))) return;
    const right = readFileSync(file);
    const { status = 200, bytes = right, headers = {}, pieces } = wrong(path.slice(1), right) ?? {};
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...headers });
    if (pieces) Readable.from(pieces).pipe(response);
    else response.end(bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const { port } = address;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  t.after(stop);
  writeFileSync(join(folder, 'blank.html'), '<!doctype html><title>Another page</title>');
  return {
    url: `http://localhost:${port}/`,
    asked,
    stop,
    start: () => new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(null))),
    write: (/** @type {string} */ name, /** @type {string} */ text) => writeFileSync(join(folder, name), text),
    /** @param {typeof wrong} how */
    fails: (how) => (wrong = how),
    /** @param {typeof hanging} which */
    hangs: (which) => (hanging = which),
    version: () => readdirSync(folder).find((name) => FOLDER.test(name)) ?? '',
    /** Another release: one word of the page is another one. @param {(folder: string) => void} [change] */
    release(change = () => {}) {
      const old = readdirSync(folder).find((name) => FOLDER.test(name)) ?? '';
      const words = join(folder, old, 'www/strings/en.js');
      writeFileSync(words, readFileSync(words, 'utf8').replace("'header.open': 'Open'", "'header.open': 'Open it'"));
      change(join(folder, old));
      const version = `${old.slice(0, -12)}${createHash('sha256').update(old).digest('hex').slice(0, 12)}`;
      renameSync(join(folder, old), join(folder, version));
      for (const name of ['index.html', 'bench.html', 'manifest.webmanifest', 'www/insitu.js', 'service-worker.js']) {
        const file = join(folder, name);
        let text = readFileSync(file, 'utf8').replaceAll(old, version);
        if (name === 'service-worker.js') {
          const [, list] = /^self\.RELEASE = (.*);$/m.exec(text) ?? [];
          const release = JSON.parse(list);
          for (const entry of release.files) {
            const bytes = readFileSync(join(folder, entry[0]));
            entry[1] = bytes.length;
            entry[2] = createHash('sha256').update(bytes).digest('hex');
          }
          text = text.replace(list, () => JSON.stringify(release));
        }
        writeFileSync(file, text);
      }
      return version;
    },
  };
}

export const cpu = (/** @type {string} */ url) => `${url}?device=cpu`;
export const word = (/** @type {Page} */ page, /** @type {string | RegExp} */ name) =>
  page.getByRole('button', { name });
export const ready = (/** @type {Page} */ page) => word(page, /^Works offline\. Ready/).waitFor({ timeout: 180_000 });
export const fresh = (/** @type {Page} */ page) => word(page, /^New version\./).waitFor({ timeout: 180_000 });
export const versionOf = (/** @type {Page} */ page) =>
  page.locator('meta[name="insitu-version"]').getAttribute('content');

/** Names of the caches, and what is in them. @param {Page} page @returns {Promise<Record<string, string[]>>} */
export const cached = (page) =>
  page.evaluate(async () => {
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const name of await caches.keys())
      found[name] = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    return found;
  });

/** Asks the browser to look for a new version. @param {Page} page */
export const look = (page) =>
  page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update().catch(() => {})));

/** A page that works offline, of a host of its own. @param {import('node:test').TestContext} t */
export async function visited(t) {
  const { context } = await browser(t);
  const site = await host(t);
  const page = await context().newPage();
  await page.goto(cpu(site.url));
  await ready(page);
  return { context, site, page };
}
