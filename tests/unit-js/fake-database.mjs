/** As much of IndexedDB as the page uses: versions with one owner at a time, keys that are lists, transactions that are whole or nothing. */

/** @typedef {string | number | (string | number | unknown[])[]} Key */

/** The order of keys by the standard: numbers, texts, lists. @param {any} a @param {any} b @returns {number} */
function order(a, b) {
  const rank = (/** @type {Key} */ key) => ['number', 'string', 'object'].indexOf(typeof key);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (!Array.isArray(a)) return a < b ? -1 : Number(a > b);
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (order(a[i], b[i])) return order(a[i], b[i]);
  return a.length - b.length;
}

const within = (/** @type {any} */ range, /** @type {Key} */ key) =>
  !range || (range.lower ? order(range.lower, key) <= 0 && order(key, range.upper) <= 0 : order(range, key) === 0);

Object.assign(globalThis, {
  IDBKeyRange: { bound: (/** @type {Key} */ lower, /** @type {Key} */ upper) => ({ lower, upper }) },
});

/** @param {{ room?: number }} [options] bytes */
export function databases({ room = Infinity } = {}) {
  /** @type {Map<string, { version: number, stores: Map<string, [Key, any][]>, open: Set<object> }>} */
  const all = new Map();
  const it = { room, all, factory: /** @type {IDBFactory} */ (/** @type {unknown} */ ({ open })) };

  /** @param {string} name @param {number} [wanted] */
  function open(name, wanted) {
    /** @type {any} */
    const request = {};
    const attempt = () => {
      const found = all.get(name) ?? { version: 0, stores: new Map(), open: new Set() };
      all.set(name, found);
      const version = wanted ?? Math.max(1, found.version);
      if (version < found.version) {
        request.error = new DOMException('older', 'VersionError');
        return request.onerror?.();
      }
      // The others were asked to close, and do not.
      if (version > found.version && found.open.size > 0) return setTimeout(attempt, 5);
      request.result = connection(found);
      const newer = version > found.version;
      found.version = version;
      request.result.version = version;
      if (newer) request.onupgradeneeded?.();
      request.onsuccess?.();
    };
    setImmediate(attempt);
    return request;
  }

  /** @param {{ stores: Map<string, [Key, any][]>, open: Set<object> }} found */
  function connection(found) {
    const own = {
      version: 0,
      objectStoreNames: { contains: (/** @type {string} */ name) => found.stores.has(name) },
      createObjectStore: (/** @type {string} */ name) => void found.stores.set(name, []),
      close: () => void found.open.delete(own),
      transaction(/** @type {string} */ name) {
        const entries = () => found.stores.get(name) ?? [];
        const before = [...entries()];
        /** @type {any} */
        const transaction = { error: null };
        const request = (/** @type {() => unknown} */ work) => {
          /** @type {any} */
          const asked = { result: work() };
          setImmediate(() => asked.onsuccess?.());
          return asked;
        };
        const drop = (/** @type {any} */ range) =>
          void found.stores.set(
            name,
            entries().filter(([key]) => !within(range, key)),
          );
        transaction.objectStore = () => ({
          getAllKeys: (/** @type {any} */ range) =>
            request(() =>
              entries()
                .map(([key]) => key)
                .filter((key) => within(range, key))
                .sort(order),
            ),
          get: (/** @type {any} */ key) => request(() => entries().find(([other]) => within(key, other))?.[1]),
          delete: (/** @type {any} */ range) => request(() => drop(range)),
          put: (/** @type {Uint8Array} */ value, /** @type {Key} */ key) =>
            request(() => {
              drop(key);
              // Browsers store a view of an array with all that it is a view of.
              entries().push([key, structuredClone(value)]);
              const used = [...found.stores.values()].flat().reduce((sum, [, one]) => sum + one.buffer.byteLength, 0);
              if (used > it.room) transaction.error = new DOMException('full', 'QuotaExceededError');
            }),
        });
        setImmediate(() => {
          if (!transaction.error) return transaction.oncomplete?.();
          found.stores.set(name, before);
          transaction.onabort?.();
        });
        return transaction;
      },
    };
    found.open.add(own);
    return own;
  }

  /** The tab that has it is closed. @param {string} name */
  const leave = (name) => all.get(name)?.open.clear();
  return Object.assign(it, { leave });
}
