/** What a version of Insitu left behind, a model file and a session, opens in every later one; what a later one left is refused in words. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checksum } from '../../www/keep/shelf.js';
import { area, blank, masked } from './support/browser.mjs';
import { counted, labelPanel } from './support/labelling.mjs';
import { modelMask, presentVersion, putSession, VERSIONS } from './support/older.mjs';
import { suite } from './support/suite.mjs';

const site = suite();
const versions = readdirSync(VERSIONS).filter((name) => /^\d+\.\d+$/.test(name));
const read = (/** @type {string[]} */ ...path) => readFileSync(join(VERSIONS, ...path));

/** Pixels at a threshold may fall either way by the order in which a machine adds. @param {number} found @param {number} then */
const about = (found, then) => Math.abs(found - then) <= Math.max(2, 0.01 * then);

/** What a version kept of a session. @param {string} version */
const sessionOf = (version) =>
  Object.fromEntries(
    readdirSync(join(VERSIONS, version, 'session')).map((name) => [name, read(version, 'session', name)]),
  );

test('the present version has files of its own among those that are opened', () => {
  const version = presentVersion();
  const there = ['model.safetensors', 'session', 'facts.json'].every((name) =>
    existsSync(join(VERSIONS, version, name)),
  );
  assert.ok(
    there,
    `No files of version ${version} are committed in tests/versions/${version}/. Build the engine, run "node tests/e2e/write-older-files.mjs", and commit what it wrote, so that later versions are held to opening it.`,
  );
});

for (const version of versions) {
  const facts = JSON.parse(read(version, 'facts.json').toString('utf8'));

  test(`a model file of version ${version} finds what it found then`, async () => {
    const found = await modelMask(site, read(version, 'model.safetensors'), read(version, 'drawn.png'));
    assert.deepEqual([found.error, found.title], ['', facts.mask.title]);
    for (const [i, then] of facts.mask.areas.entries())
      assert.ok(about(found.areas[i], then), `${found.areas} ${then}`);
  });

  test(`a session of version ${version} comes back with its image, mask, strokes and names`, async () => {
    const { page, done } = await blank(site);
    await putSession(page, sessionOf(version));
    await page.goto(`${site.server.url}?device=cpu`);
    const offer = page.getByRole('region', { name: 'Earlier session' }).first();
    await offer.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: new RegExp(`^${facts.image.replace('.', '\\.')}`) }).waitFor();
    await masked(page);
    assert.ok(about(await area(page), facts.pixels), 'the mask');
    await page.getByRole('tab', { name: 'View' }).click();
    const chosen = page.getByRole('combobox', { name: 'Model' }).locator('option:checked', { hasText: facts.model });
    await chosen.waitFor({ state: 'attached' });
    await labelPanel(page);
    await counted(page, (counts) => String(counts) === String(facts.painted), 'the strokes');
    await page.locator('.inks').getByText(facts.className).waitFor();
    await done();
  });
}

test('a model file of a later format is refused in words', async () => {
  const bytes = read(presentVersion(), 'model.safetensors');
  // The card is JSON within JSON.
  const at = bytes.indexOf('\\"format\\":1');
  assert.ok(at > 0);
  bytes.write('2', at + '\\"format\\":'.length);
  const { error } = await modelMask(site, bytes, read(presentVersion(), 'drawn.png'));
  assert.match(error, /^This model file has format 2, and this version of Insitu reads format 1\.$/);
});

test('a session that a later version left is told of, and stays as it is', async () => {
  const files = sessionOf(presentVersion());
  const [name] = Object.keys(files).filter((name) => name.startsWith('session~'));
  const content = files[name].subarray(0, -12);
  const at = content.indexOf('"version":1');
  assert.ok(at > 0);
  content.write('2', at + '"version":'.length);
  files[name].writeUInt32LE(checksum(content), content.length + 4);
  const { page, done } = await blank(site);
  await putSession(page, files);
  await page.goto(`${site.server.url}?device=cpu`);
  await page
    .getByText('A later version of Insitu has kept a session in this browser')
    .filter({ visible: true })
    .first()
    .waitFor();
  const left = await page.evaluate(async () => {
    const folder = /** @type {any} */ (
      await (await navigator.storage.getDirectory()).getDirectoryHandle('insitu-session')
    );
    const names = [];
    for await (const name of folder.keys()) names.push(name);
    return names.sort();
  });
  assert.deepEqual(left, Object.keys(files).sort());
  await done();
});
