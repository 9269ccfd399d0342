/** A folder in a database of the browser (IndexedDB), for pages that have no private file system; one tab has it at a time. */

/** The store of the pieces of all files. Its keys tell of each piece which file it belongs to, its place there, and its bytes. */
const PIECES = 'pieces';
/** Bytes of a piece: browsers refuse values of more than some hundred megabytes. */
const PIECE = 1 << 23;
/** How long a tab that has it may take to go, ms: one that is loaded again meets its own former self. */
const PATIENCE = 1500;

/** @typedef {[file: string, place: number, bytes: number]} Key */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/**
 * Opens it for this tab alone: each owner makes it one version newer, which it can only once the one before has gone.
 * @param {string} name @param {IDBFactory} factory @returns {Promise<IDBDatabase>} rejects with an `ElsewhereError` if another tab has it
 */
function owned(name, factory) {
  return new Promise((resolve, reject) => {
    let late = false;
    const elsewhere = () => reject(Object.assign(new Error('another tab has it'), { name: 'ElsewhereError' }));
    setTimeout(() => {
      late = true;
      elsewhere();
    }, PATIENCE);
    const before = factory.open(name);
    before.onerror = () => reject(before.error);
    // A database without a store is left by a tab that went too soon.
    before.onsuccess = () => {
      const version = before.result.version + 1;
      before.result.close();
      const request = factory.open(name, version);
      let newer = false;
      request.onupgradeneeded = () => {
        newer = true;
        const { result } = request;
        if (!result.objectStoreNames.contains(PIECES)) result.createObjectStore(PIECES);
      };
      request.onerror = () => elsewhere();
      request.onsuccess = () => {
        // Without an upgrade another tab made the same step first.
        if (newer && !late) return resolve(request.result);
        request.result.close();
        elsewhere();
      };
    };
  });
}

/** @param {string} name @param {IDBFactory} [factory] @returns {Promise<import('./shelf.js').Folder>} */
export async function database(name, factory = indexedDB) {
  const opened = await owned(name, factory);
  const reading = () => opened.transaction(PIECES).objectStore(PIECES);
  /** Once it is on the disk. @param {(store: IDBObjectStore) => void} change @returns {Promise<void>} */
  const changed = (change) =>
    new Promise((resolve, reject) => {
      const transaction = opened.transaction(PIECES, 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      change(transaction.objectStore(PIECES));
    });
  // In a list of keys, an empty list comes after every number.
  const rangeOf = (/** @type {string} */ file) => IDBKeyRange.bound([file], [file, []]);
  /** @param {string} [file] @returns {Promise<Key[]>} in their order */
  const keys = async (file) =>
    /** @type {Key[]} */ (await answer(reading().getAllKeys(file === undefined ? undefined : rangeOf(file))));
  const sum = (/** @type {Key[]} */ all) => all.reduce((total, [, , bytes]) => total + bytes, 0);
  return {
    names: async () => [...new Set((await keys()).map(([file]) => file))],
    size: async (file) => sum(await keys(file)),
    remove: (file) => changed((store) => store.delete(rangeOf(file))),
    async read(file) {
      const all = await keys(file);
      const content = new Uint8Array(sum(all));
      let at = 0;
      for (const key of all) {
        content.set(await answer(reading().get(key)), at);
        at += key[2];
      }
      return content;
    },
    async write(file, parts) {
      let place = 0;
      for await (const part of parts)
        for (let from = 0; from < part.length; from += PIECE) {
          // A part of an array would be stored with all of it.
          const piece = part.slice(from, from + PIECE);
          await changed((store) => store.put(piece, [file, place++, piece.length]));
        }
    },
  };
}
