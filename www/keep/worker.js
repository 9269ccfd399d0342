/**
 * The worker that reads and writes the origin's private file system, where it can be written without delay; where a page has
 * none (over plain http, in some browsers), a database of the browser.
 */
import '../guard/guard.js';
import { Shelf } from './shelf.js';

/** @typedef {import('./shelf.js').Folder} Folder */

const FOLDER = 'insitu-session';

const page = /** @type {{ postMessage(message: unknown, transfer?: Transferable[]): void }} */ (
  /** @type {unknown} */ (self)
);

/** @type {Promise<Shelf> | null} */
let shelf = null;

/** @returns {Promise<Folder>} rejects where there is none */
async function privateFiles() {
  const root = await navigator.storage.getDirectory();
  const folder = /** @type {FileSystemDirectoryHandle & { keys(): AsyncIterable<string> }} */ (
    await root.getDirectoryHandle(FOLDER, { create: true })
  );
  return {
    async names() {
      const names = [];
      for await (const name of folder.keys()) names.push(name);
      return names;
    },
    async read(name) {
      const file = await (await folder.getFileHandle(name)).getFile();
      return new Uint8Array(await file.arrayBuffer());
    },
    async size(name) {
      return (await (await folder.getFileHandle(name)).getFile()).size;
    },
    async remove(name) {
      await folder.removeEntry(name);
    },
    async write(name, parts) {
      const handle = /** @type {any} */ (await folder.getFileHandle(name, { create: true }));
      if (handle.createSyncAccessHandle) {
        const access = await handle.createSyncAccessHandle();
        try {
          access.truncate(0);
          let at = 0;
          for await (const part of parts) {
            if (access.write(part, { at }) !== part.length)
              throw new DOMException('not all was written', 'QuotaExceededError');
            at += part.length;
          }
          access.flush();
        } finally {
          access.close();
        }
        return;
      }
      const stream = await handle.createWritable();
      for await (const part of parts) await stream.write(part);
      await stream.close();
    },
  };
}

async function open() {
  // Few pages need the other one.
  const elsewhere = async () => (await import('./database.js')).database(FOLDER);
  return new Shelf(await privateFiles().catch(elsewhere));
}

/** @type {Record<string, (shelf: Shelf, ...args: any[]) => Promise<unknown>>} */
const methods = {
  open: async () => null,
  put: (shelf, name, bytes) => shelf.put(name, bytes),
  get: (shelf, name) => shelf.get(name),
  list: (shelf) => shelf.list(),
  remove: (shelf, name) => shelf.remove(name),
  clear: (shelf) => shelf.clear(),
};

/** What a folder or a database fails with that was deleted while it was open, as by “Delete the data of this site”. */
const GONE = ['NotFoundError', 'InvalidStateError'];

/** @param {string} method @param {any[]} args */
async function done(method, args) {
  const used = (shelf ??= open());
  try {
    return await methods[method](await used, ...args);
  } catch (error) {
    if (!(error instanceof DOMException) || !GONE.includes(error.name)) throw error;
    if (shelf === used) shelf = open();
    // Who stores something has to know that all before it is gone; to others an empty place is an answer.
    if (method === 'put') throw Object.assign(new Error(String(error)), { name: 'GoneError' });
    return methods[method](await shelf, ...args);
  }
}

self.addEventListener('message', async ({ data: { id, method, args } }) => {
  try {
    const result = await done(method, args);
    page.postMessage({ id, result }, result instanceof Uint8Array ? [result.buffer] : []);
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    page.postMessage({ id, error: { name, message } });
  }
});
