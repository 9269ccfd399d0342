/** Files that versions of Insitu left behind: where they lie, and how a browser gets and gives what it keeps. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blank } from './browser.mjs';
import { root } from './server.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** A folder for each version, by its first two numbers. */
export const VERSIONS = join(root, 'tests/versions');

/** That of Cargo.toml: a change of the third number changes no file. */
export function presentVersion() {
  const [, version] = /^version = "(\d+\.\d+)\.\d+/m.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8')) ?? [];
  assert.ok(version, 'Cargo.toml says no version');
  return version;
}

/** What a model finds in an image: pixels of each class. @param {Pick<import('./suite.mjs').Site, 'server' | 'browser'>} site @param {Uint8Array} model @param {Uint8Array} image */
export async function modelMask(site, model, image) {
  const { page, done } = await blank(site);
  const found = await page.evaluate(
    async ([model, image]) => {
      const bytes = (/** @type {string} */ text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const { open } = await import(/** @type {string} */ ('./www/insitu.js'));
      const app = await open({ device: 'cpu' });
      try {
        const card = await app.loadModel(new Blob([bytes(model)]));
        const mask = await app.segment(await app.openScan(new File([bytes(image)], 'drawn.png')));
        return { title: card.title, areas: /** @type {number[]} */ (mask.areas), error: '' };
      } catch (error) {
        return { title: '', areas: [], error: /** @type {Error} */ (error).message };
      } finally {
        await app.close();
      }
    },
    [model, image].map((bytes) => Buffer.from(bytes).toString('base64')),
  );
  await done();
  return found;
}

/** All that a browser keeps of the session, once its list is as wanted. @param {Page} page @param {(index: any) => boolean} wanted @returns {Promise<Record<string, Buffer>>} */
export async function sessionFiles(page, wanted) {
  for (let left = 600; ; left--) {
    const texts = await page.evaluate(async () => {
      const folder = /** @type {any} */ (
        await (await navigator.storage.getDirectory()).getDirectoryHandle('insitu-session')
      );
      /** @type {Record<string, string>} */
      const all = {};
      for await (const [name, handle] of folder.entries()) {
        const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
        all[name] = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
      }
      return all;
    });
    const files = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text, 'base64')]));
    const list = Object.entries(files).filter(([name]) => name.startsWith('session~'));
    // Behind the list stand its length and checksum.
    if (list.length === 1 && wanted(JSON.parse(list[0][1].subarray(0, -12).toString('utf8')))) return files;
    assert.ok(left > 0, 'the session is not kept as wanted');
    await page.waitForTimeout(100);
  }
}

/** Puts files where a browser keeps the session. @param {Page} page of the same origin @param {Record<string, Uint8Array>} files */
export async function putSession(page, files) {
  const texts = Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]);
  await page.evaluate(async (texts) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('insitu-session', { create: true });
    for (const [name, text] of texts) {
      const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await file.write(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
      await file.close();
    }
  }, texts);
}
