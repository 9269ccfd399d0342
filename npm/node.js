/**
 * Insitu's API in Node.js, without a page: the same calls as in `insitu.js`, on the CPU.
 *
 *     import { fileAt, open } from 'insitu/node'
 *     const app = await open()
 *     await app.loadModel('nuclei')
 *     const mask = await app.segment(await app.openScan(await fileAt('cells.png')))
 *
 * The engine computes in the thread that calls it, on one core. What makes pictures for a page (`picture`, `plane`, `thumbnail`, `overlay`,
 * `render`, `weightMap`) is not there: those calls fail with the code `node.picture`.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, InsituError } from '../www/insitu.js';
import { Shipped } from '../www/wire/shipped.js';
import { Inline } from './inline.js';

export { App, InsituError };

/**
 * Starts the engine; a second call gives another `App` with an engine of its own.
 * @param {{ onStatus?: (status: import('../www/insitu.js').Status) => void }} [options]
 * @returns {Promise<App>}
 */
export async function open({ onStatus = () => {} } = {}) {
  const app = new App({ device: 'cpu', cores: 1 }, onStatus, { Living: Inline, shipped: new Shipped(beside) });
  await app.start();
  return app;
}

/** A file of this machine, as `openScan` and `loadModel` take it. @param {string | URL} path @returns {Promise<File>} rejects with what Node says */
export async function fileAt(path) {
  const place = path instanceof URL ? fileURLToPath(path) : path;
  return new File([await readFile(place)], basename(place));
}

/** A file from models/. @param {string} name @returns {Promise<Response>} */
async function beside(name) {
  const bytes = await readFile(new URL(`../models/${name}`, import.meta.url)).catch((error) => {
    throw InsituError.of('model.fetch', 'io', error);
  });
  return new Response(bytes);
}
