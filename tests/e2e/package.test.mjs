/** The package for npm, packed as it is published and installed where nothing else is: in a plain page, a project of Vite, a script of Node.js, and with types. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { visit } from './support/browser.mjs';
import { picture } from './support/images.mjs';
import { root } from './support/server.mjs';
import { own } from './support/suite.mjs';

const run = promisify(execFile);
const examples = join(root, 'docs/examples');
const image = picture('cells.png', 96, 80);

/** The folder that it is installed in. @type {string} */
let app;

/** Runs a program of Node.js there. @param {string[]} args */
const node = (args) => run(process.execPath, args, { cwd: app });

before(async () => {
  const built = join(root, 'dist/npm');
  assert.ok(existsSync(join(built, 'package.json')), 'cargo xtask dist has written it');
  app = await mkdtemp(join(tmpdir(), 'insitu-package-'));
  const quiet = ['--offline', '--no-audit', '--no-fund', '--silent'];
  const { stdout } = await run('npm', ['pack', built, '--pack-destination', app, ...quiet]);
  await writeFile(join(app, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', ['install', `./${stdout.trim().split('\n').pop()}`, ...quiet], { cwd: app });
  for (const example of ['page', 'vite', 'node'])
    await cp(join(examples, example), join(app, example), { recursive: true });
  for (const folder of ['page', 'node']) await writeFile(join(app, folder, image.name), image.bytes);
});

after(() => rm(app, { recursive: true, force: true }));

test('the package brings everything and needs no other', async () => {
  assert.deepEqual(
    (await readdir(join(app, 'node_modules'))).filter((name) => !name.startsWith('.')),
    ['insitu'],
  );
  const told = JSON.parse(await readFile(join(app, 'node_modules/insitu/package.json'), 'utf8'));
  const crate = await readFile(join(root, 'Cargo.toml'), 'utf8');
  assert.equal(told.version, crate.match(/^version = "(.+)"/m)?.[1]);
  for (const file of [
    'README.md',
    'LICENSE-MIT',
    'LICENSE-APACHE',
    'models/nuclei.md',
    'www/viewer.d.ts',
    'npm/node.d.ts',
  ])
    assert.ok(existsSync(join(app, 'node_modules/insitu', file)), file);
  const { stdout } = await node([
    '--input-type=module',
    '--eval',
    `console.log(['', '/viewer', '/node', '/engine.wasm', '/models/nuclei.safetensors', '/package.json']
      .map((path) => import.meta.resolve('insitu' + path).split('/insitu/').pop()).join(' '))`,
  ]);
  assert.equal(
    stdout.trim(),
    'www/insitu.js www/viewer.js npm/node.js pkg/insitu_bg.wasm models/nuclei.safetensors package.json',
  );
});

test('its types are whole, and tell a wrong call from a right one', async () => {
  const text = `import { open, InsituError, type App } from 'insitu';
    import { InsituViewer } from 'insitu/viewer';
    import { open as inNode } from 'insitu/node';
    const app: App = await open({ device: 'cpu' });
    const scan = await app.openScan(new Blob([]));
    const { labels, areas }: { labels: Uint8Array, areas: number[] } = await app.segment(scan, { threshold: 0.5 });
    const dice: number | null | undefined = (await app.train({ samples: [{ scan, labels }], steps: 2 }).finished).validation?.dice;
    const same: App = await inNode();
    console.log(areas, dice, same, InsituError, new InsituViewer().mask?.classes);
    // @ts-expect-error
    await app.segment(scan, { threshold: 'half' });
    // @ts-expect-error
    await open({ device: 'cloud' });`;
  await writeFile(join(app, 'types.ts'), text);
  const lib = ['ES2023', 'DOM', 'DOM.Iterable', 'ESNext.Disposable'];
  for (const [moduleResolution, module] of [
    ['Bundler', 'ESNext'],
    ['NodeNext', 'NodeNext'],
  ]) {
    const compilerOptions = { noEmit: true, strict: true, target: 'ES2022', lib, types: [], module, moduleResolution };
    await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['types.ts'] }));
    await node([join(root, 'node_modules/typescript/bin/tsc')]).catch((error) =>
      assert.fail(`${moduleResolution}: ${error.stdout}`),
    );
  }
});

test('a script of Node.js segments, measures and ends', async () => {
  const { stdout } = await node(['node/segment.mjs', 'node/cells.png']);
  const [, objects, pixels] = stdout.match(/^(\d+) objects, (\d+) pixels of 7680/) ?? assert.fail(stdout);
  assert.ok(Number(objects) > 0 && Number(pixels) > 0, stdout);
  const rows = (await readFile(join(app, 'node/cells.png.csv'), 'utf8')).trim().split('\n');
  assert.equal(rows.length, Number(objects) + 1);
  assert.match(rows[0], /^file,slice,object,class,area_px/);
  assert.equal((await readFile(join(app, 'node/cells.png.mask.png'))).subarray(1, 4).toString(), 'PNG');
  await writeFile(join(app, 'node/words.png'), 'words');
  const failed = await node(['node/segment.mjs', 'node/words.png']).catch((error) => error);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /words\.png.+\. \(scan\.unsupported\.format\)\n$/);
});

test('a plain page shows an image with its mask, follows the threshold, and says what is wrong', async (t) => {
  const { server, browser } = await own(t, { dir: app });
  const { page, done } = await visit(browser, `${server.url}page/index.html`, { expect: [/404|favicon/] });
  const says = page.locator('output');
  await says.filter({ hasText: /^nucleus: [1-9]\d* pixels$/ }).waitFor();
  const first = await says.innerText();
  await page.getByRole('img', { name: 'Nuclei of cells' }).waitFor();
  const coloured = () =>
    page.locator('insitu-viewer').evaluate((viewer) => {
      const canvas = /** @type {HTMLCanvasElement} */ (viewer.shadowRoot?.querySelector('canvas'));
      const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).getImageData(0, 0, 96, 80);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i] - data[i + 2] > 24) count++;
      return count;
    });
  assert.ok((await coloured()) > 0);
  const threshold = (/** @type {string} */ value) =>
    page.locator('insitu-viewer').evaluate((viewer, value) => viewer.setAttribute('threshold', value), value);
  await threshold('0.95');
  await page.waitForFunction((first) => document.querySelector('output')?.textContent !== first, first);
  assert.match(await says.innerText(), /^nucleus: \d+ pixels$/);
  await threshold('much');
  await page.getByText('The threshold must be a number from 0 to 1.').waitFor();
  await threshold('');
  await says.filter({ hasText: /^nucleus: [1-9]\d* pixels$/ }).waitFor();
  const words = { name: 'words.png', mimeType: 'image/png', buffer: Buffer.from('words') };
  await page.locator('input[type=file]').setInputFiles(words);
  const told = page.locator('insitu-viewer').getByRole('status');
  await told.filter({ hasText: /\.$/ }).waitFor();
  assert.equal(await page.getByRole('img').count(), 0, 'no image stands for one that could not be read');
  await page.locator('insitu-viewer').evaluate((viewer) => {
    viewer.setAttribute('src', 'nowhere.png');
    /** @type {any} */ (viewer).file = null;
  });
  await told.filter({ hasText: 'could not be fetched' }).waitFor();
  await done();
});

test('a project of Vite builds with it, and what was built segments', async (t) => {
  // As an installed Vite would lie there.
  await mkdir(join(app, 'vite/node_modules'));
  await symlink(join(root, 'node_modules/vite'), join(app, 'vite/node_modules/vite'));
  await node(['vite/node_modules/vite/bin/vite.js', 'build', 'vite', '--logLevel', 'warn']);
  const { server, browser } = await own(t, { dir: join(app, 'vite/dist') });
  const { page, requests, done } = await visit(browser, server.url, { expect: [/404|favicon/] });
  await page
    .locator('input')
    .setInputFiles({ name: image.name, mimeType: 'image/png', buffer: Buffer.from(image.bytes) });
  await page.locator('output', { hasText: /^Nuclei: [1-9]\d* pixels, on \S+/ }).waitFor();
  const models = requests.filter((url) => url.includes('.safetensors'));
  assert.equal(models.length, 1, 'of all models that were built in only this one is fetched');
  await done();
});
