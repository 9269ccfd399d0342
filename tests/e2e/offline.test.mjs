/** What `cargo xtask dist` wrote, without a network: after the first visit everything works, a new version comes when a person says so, and never in parts. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { test } from 'node:test';
import { drop, lasting, masked } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { kept, stored } from './support/keeping.mjs';
import { counted, hand, labelPanel } from './support/labelling.mjs';
import { root, serve } from './support/server.mjs';

/** @typedef {import('playwright-core').Page} Page */

const dist = join(root, 'dist');
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

/** A browser that keeps what it has when it is closed. @param {import('node:test').TestContext} t @param {string[]} [args] */
async function browser(t, args) {
  const folder = temporary(t, () => context.close());
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
async function host(t) {
  const folder = join(temporary(t), 'site');
  cpSync(dist, folder, { recursive: true, filter: (file) => !/\.(br|gz)$/.test(file) });
  /** @type {(path: string, bytes: Buffer) => { status?: number, bytes?: Buffer } | null} */
  let wrong = () => null;
  /** @type {string[]} */
  const asked = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://host').pathname).replace(/\/$/, '/index.html');
    asked.push(path.slice(1));
    const file = join(folder, path);
    if (!existsSync(file)) return void response.writeHead(404).end();
    const right = readFileSync(file);
    const { status = 200, bytes = right } = wrong(path.slice(1), right) ?? {};
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(bytes);
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

const cpu = (/** @type {string} */ url) => `${url}?device=cpu`;
const word = (/** @type {Page} */ page, /** @type {string | RegExp} */ name) => page.getByRole('button', { name });
const ready = (/** @type {Page} */ page) => word(page, /^Works offline\. Ready/).waitFor({ timeout: 180_000 });
const fresh = (/** @type {Page} */ page) => word(page, /^New version\./).waitFor({ timeout: 180_000 });
const versionOf = (/** @type {Page} */ page) => page.locator('meta[name="insitu-version"]').getAttribute('content');

/** Names of the caches, and what is in them. @param {Page} page @returns {Promise<Record<string, string[]>>} */
const cached = (page) =>
  page.evaluate(async () => {
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const name of await caches.keys())
      found[name] = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    return found;
  });

/** Asks the browser to look for a new version. @param {Page} page */
const look = (page) =>
  page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update().catch(() => {})));

/** Of all shipped models. @returns {string[]} */
const titles = () =>
  JSON.parse(readFileSync(join(root, 'models/index.json'), 'utf8')).map(
    (/** @type {{ title: string }} */ { title }) => title,
  );

test('after one visit everything works with the network off, in a browser that was closed meanwhile', async (t) => {
  const { context, again } = await browser(t);
  const server = await serve({ dir: dist, at: '/tools/insitu/' });
  t.after(() => server.stop());
  const first = await context().newPage();
  await first.goto(cpu(server.url));
  await ready(first);
  await word(first, /^Works offline\./).click();
  const dialog = first.getByRole('dialog');
  await dialog.getByText('Ready to work without a network').waitFor();
  assert.equal(await dialog.getByRole('listitem').filter({ hasText: 'here' }).count(), titles().length);
  assert.equal(await dialog.getByRole('listitem').filter({ hasText: 'needs the network' }).count(), 0);

  await again();
  server.stop();
  const page = await context().newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(cpu(server.url));
  await ready(page);
  await page.getByRole('button', { name: 'Membranes, electron microscope' }).click();
  await masked(page);
  const list = page.getByRole('combobox', { name: 'Model' });
  for (const title of titles()) {
    await list.selectOption({ label: title });
    await page.waitForFunction(() => document.querySelector('#status .job')?.hasAttribute('hidden'));
    await masked(page);
  }

  await drop(page, [picture('discs.png', 128)]);
  await page.getByRole('img', { name: /discs\.png.*the mask covers/ }).waitFor({ timeout: 120_000 });
  await labelPanel(page);
  const { stroke } = await hand(page, 128);
  await stroke([20, 20], [60, 40], [90, 90]);
  await page.getByRole('tabpanel', { name: 'Label' }).getByText('Background', { exact: true }).first().click();
  await stroke([100, 20], [110, 60]);
  await counted(page, ([back, ...classes]) => back > 0 && classes.some((count) => count > 0), 'strokes of both');
  await page.getByRole('tab', { name: 'Train' }).click();
  await page.getByRole('combobox', { name: 'Start from' }).selectOption('preset:small');
  await page.getByText('More settings').click();
  for (const [name, value] of Object.entries({
    Steps: '10',
    'Patches a step': '2',
    'Patch size': '32',
    Channels: '4',
  })) {
    await page.getByRole('spinbutton', { name, exact: true }).fill(value);
    await page.keyboard.press('Enter');
  }
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await kept(page, /^model-/, 1200);
  await kept(page, /^labels-/);
  await page.waitForTimeout(2000);

  await page.reload();
  const offer = page.getByRole('region', { name: 'Earlier session' }).first();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('img', { name: /discs\.png/ }).waitFor({ timeout: 120_000 });
  await labelPanel(page);
  await counted(page, ([back, ...classes]) => back > 0 && classes.some((count) => count > 0), 'strokes that came back');
  assert.deepEqual(errors, []);
});

test('only the models that were used are kept where a person wants that', async (t) => {
  const { context } = await browser(t);
  const site = await host(t);
  const page = await context().newPage();
  await page.goto(cpu(site.url));
  await ready(page);
  await word(page, /^Works offline\./).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Only those/ }).check();
  await dialog.getByText(/^Nuclei: needs the network, 3\.9 MB$/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Membranes, electron microscope' }).click();
  await masked(page);
  await word(page, /^Works offline\./).click();
  await dialog.getByText(/^EM membranes: here, 3\.9 MB$/).waitFor();
  const models = Object.values(await cached(page))
    .flat()
    .filter((path) => path.endsWith('.safetensors'));
  assert.deepEqual(
    models.map((path) => path.split('/').pop()),
    ['em-membrane.safetensors'],
  );
  await dialog.getByRole('radio', { name: /^All/ }).check();
  await dialog.getByText(/^Nuclei: here/).waitFor();
});

test('a new version is told, taken at a click with the session, and pages of the old one get no part of it', async (t) => {
  const { context } = await browser(t);
  const site = await host(t);
  const page = await context().newPage();
  await page.goto(cpu(site.url));
  await ready(page);
  const other = await context().newPage();
  await other.goto(cpu(site.url));
  await ready(other);
  await drop(page, [picture('discs.png', 64)]);
  await masked(page);
  await kept(page, /^session~/);

  const before = site.version();
  const now = site.release();
  await look(page);
  await fresh(page);
  await fresh(other);
  assert.equal(await versionOf(page), before, 'nothing happens by itself');
  await page.getByRole('button', { name: 'Open', exact: true }).waitFor();

  await word(page, /^New version\./).click();
  await page.getByRole('dialog').getByText('A new version of this page is ready.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Load the new version' }).click();
  await page.getByRole('button', { name: 'Open it', exact: true }).waitFor();
  assert.equal(await versionOf(page), now);
  await page.getByRole('button', { name: /^discs\.png/ }).waitFor();
  await masked(page);

  // The other tab is of the version before, and so is all that it loads from now on, its engine and workers, too.
  await word(other, /^New version\. Another tab/).waitFor();
  assert.equal(await versionOf(other), before);
  const asked = site.asked.length;
  await other.getByRole('button', { name: 'Membranes, electron microscope' }).click();
  await masked(other);
  await labelPanel(other);
  await (await hand(other, 512)).stroke([50, 50], [90, 90]);
  await counted(other, (counts) => counts.some((count) => count > 0), 'a stroke');
  const loaded = await other.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  assert.deepEqual(
    loaded.filter((url) => url.includes(now)),
    [],
  );
  assert.deepEqual(
    site.asked.slice(asked).filter((path) => path.startsWith(now)),
    [],
  );
  assert.equal(Object.keys(await cached(other)).filter((name) => name.endsWith(before)).length, 1);

  await other.close();
  await page.reload();
  await ready(page);
  for (let left = 100; Object.keys(await cached(page)).some((name) => name.endsWith(before)); left--) {
    assert.ok(left > 0, 'what nobody uses goes');
    await page.waitForTimeout(50);
  }
});

/** @type {[string, (path: string, bytes: Buffer) => { status?: number, bytes?: Buffer } | null][]} */
const FAULTS = [
  ['half a file', (path, bytes) => (path.endsWith('.wasm') ? { bytes: bytes.subarray(0, bytes.length / 2) } : null)],
  ['a file that is not there', (path) => (path.endsWith('engine-worker.js') ? { status: 404 } : null)],
  [
    'a page in the place of a model',
    (path) => (path.endsWith('em-membrane.safetensors') ? { bytes: Buffer.from('<html>Sign in</html>') } : null),
  ],
  [
    'another file of the same size',
    (path, bytes) => (path.endsWith('shelf.js') ? { bytes: Buffer.alloc(bytes.length, 32) } : null),
  ],
];

test('a version that does not come whole is not taken: the one before stays, and nobody is bothered', async (t) => {
  const { context } = await browser(t);
  const site = await host(t);
  const page = await context().newPage();
  await page.goto(cpu(site.url));
  await ready(page);
  const before = site.version();
  for (const [what, how] of FAULTS) {
    // Another one each time, with all that is to fail in it.
    site.release((folder) => {
      for (const file of [
        'pkg/insitu_bg.wasm',
        'www/wire/engine-worker.js',
        'models/em-membrane.safetensors',
        'www/keep/shelf.js',
      ])
        writeFileSync(join(folder, file), Buffer.concat([readFileSync(join(folder, file)), Buffer.from('\n')]));
    });
    site.fails(how);
    await look(page);
    await page.waitForFunction(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return !registration?.installing;
    });
    await page.waitForTimeout(300);
    await page.reload();
    await ready(page);
    assert.equal(await versionOf(page), before, what);
    assert.equal(await word(page, /^New version/).count(), 0, what);
  }
  site.fails(() => null);
  await look(page);
  await fresh(page);
});

test('where the first version does not come whole, the page works and says that it needs the network', async (t) => {
  const { context } = await browser(t);
  const site = await host(t);
  site.fails(FAULTS[2][1]);
  const page = await context().newPage();
  await page.goto(cpu(site.url));
  await word(page, /^Online only\. This page cannot work without a network yet/).waitFor({ timeout: 180_000 });
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).click();
  await masked(page);
  site.fails(() => null);
  await page.reload();
  await ready(page);
});

test('over plain http the page says that it cannot work offline, and the working tree says nothing of it', async (t) => {
  const { context } = await browser(t, ['--host-resolver-rules=MAP insitu.test 127.0.0.1']);
  const site = await host(t);
  const page = await context().newPage();
  await page.goto(cpu(site.url.replace('localhost', 'insitu.test')));
  await word(page, /^Online only\. This page cannot work without a network here/).waitFor();
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).click();
  await masked(page);
  const tree = await serve();
  t.after(() => tree.stop());
  await page.goto(cpu(tree.url));
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).click();
  await masked(page);
  assert.equal(await word(page, /offline|Online only/i).count(), 0);
});

test('what the house has set is done: a notice, its models, the question about keeping; and a broken file is told in a sentence', async (t) => {
  const { context } = await browser(t);
  const site = await host(t);
  const set = (/** @type {object | string} */ what) =>
    site.write('config.json', typeof what === 'string' ? what : JSON.stringify(what));
  set({
    notice: 'For research only.',
    keep: 'ask',
    models: ['nuclei', 'em-membrane'],
    defaultModel: { '*': 'em-membrane' },
  });
  const page = await context().newPage();
  await page.goto(cpu(site.url));
  await page.getByText('For research only.').first().waitFor();
  const question = page.getByRole('region', { name: 'What this browser keeps' }).first();
  await question.getByText('Keep this session on this computer, or forget everything').waitFor();
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).click();
  await masked(page);
  await page.getByText('Chosen by the settings of this page').waitFor();
  const offered = await page
    .getByRole('combobox', { name: 'Model', exact: true })
    .getByRole('option')
    .allTextContents();
  assert.deepEqual(offered, ['Auto: EM membranes', 'Nuclei', 'EM membranes']);
  await page.waitForTimeout(1500);
  assert.deepEqual(await stored(page), [], 'nothing before the answer');
  await page.getByRole('button', { name: 'Keep on this computer' }).filter({ visible: true }).click();
  await kept(page, /^file-1~/);

  // The network is off: what was said last holds.
  await ready(page);
  site.stop();
  await page.reload();
  await page.getByText('For research only.').first().waitFor();
  await page.getByRole('region', { name: 'Earlier session' }).first().waitFor();
  await site.start();

  set({ keep: 'forget' });
  await page.reload();
  await page.getByRole('button', { name: 'Nuclei, fluorescence' }).waitFor();
  for (let left = 100; (await stored(page)).length > 0; left--) {
    assert.ok(left > 0, 'what was kept goes');
    await page.waitForTimeout(50);
  }

  for (const [broken, words] of /** @type {const} */ ([
    ['{ "keep": "ask", }', /config\.json, are no valid JSON/],
    ['{ "keepDays": "seven" }', /In config\.json “keepDays” must be a number of days/],
    ['{ "models": ["liver"] }', /config\.json names a model that does not come with this page: liver/],
  ])) {
    set(broken);
    // Of a host that takes longer than three seconds, as on a busy machine, what it said last holds once more.
    for (let left = 3; left > 0; left--) {
      await page.reload();
      const told = page.locator('.notice').getByText(words).waitFor({ timeout: 20_000 });
      const seen = await told.then(
        () => true,
        () => false,
      );
      if (seen) break;
      assert.ok(left > 1, String(words));
    }
  }
});

test('a file that is shared with the installed page is opened, once', async (t) => {
  const { context } = await browser(t);
  const site = await host(t);
  const page = await context().newPage();
  await page.goto(cpu(site.url));
  await ready(page);
  // As the system does it: a form that is sent to the address in the manifest.
  await page.goto(`${site.url}blank.html`);
  const bytes = [...picture('', 64).bytes];
  await page.evaluate((given) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(given)], 'shared scan.png', { type: 'image/png' }));
    const form = Object.assign(document.createElement('form'), {
      action: 'share',
      method: 'post',
      enctype: 'multipart/form-data',
    });
    const input = Object.assign(document.createElement('input'), {
      type: 'file',
      name: 'files',
      files: transfer.files,
    });
    form.append(input);
    document.body.append(form);
    form.submit();
  }, bytes);
  await page.getByRole('img', { name: /shared scan\.png.*the mask covers/ }).waitFor({ timeout: 120_000 });
  assert.equal(new URL(page.url()).search, '');
  assert.equal(Object.keys(await cached(page)).filter((name) => name.endsWith('shared')).length, 0);
});

test('the manifest names icons that are there, and the folder of the page', async (t) => {
  const site = await host(t);
  const manifest = await (await fetch(`${site.url}manifest.webmanifest`)).json();
  for (const { src } of manifest.icons) assert.equal((await fetch(new URL(src, site.url))).status, 200, src);
  assert.deepEqual([manifest.start_url, manifest.scope, manifest.share_target.action], ['./', './', './share']);
});
