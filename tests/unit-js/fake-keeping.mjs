/** A session as far as keeping knows it, and a folder in memory that it is kept in. */
import { KeepError } from '../../www/keep/store.js';
import { Keeping } from '../../www/session/keeping/keeping.js';
import { initial } from '../../www/session/state.js';
import { Store } from '../../www/store.js';
import { there } from './there.mjs';

export const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
export const text = (/** @type {Uint8Array | null} */ found) => found && new TextDecoder().decode(found);

/** @typedef {import('../../www/keep/shelf.js').Folder} Folder */

/** A folder in memory. @param {{ room?: number }} [options] bytes */
export function folder({ room = Infinity } = {}) {
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
  const files = new Map();
  const it = {
    files,
    room,
    /** Bytes of the next write after which the tab is gone. @type {number | null} */
    cutAt: null,
    names: async () => [...files.keys()],
    read: async (/** @type {string} */ name) => there(files.get(name)),
    size: async (/** @type {string} */ name) => there(files.get(name)).length,
    remove: async (/** @type {string} */ name) => void files.delete(name),
    async write(/** @type {string} */ name, /** @type {AsyncIterable<Uint8Array>} */ parts) {
      const found = [];
      for await (const part of parts) found.push(...part);
      const all = Uint8Array.from(found);
      if (it.cutAt !== null) {
        files.set(name, all.slice(0, it.cutAt));
        await new Promise(() => {});
      }
      const used = [...files.values()].reduce((sum, file) => sum + file.length, 0);
      if (used + all.length > it.room) throw new DOMException('full', 'QuotaExceededError');
      files.set(name, all);
    },
  };
  return it;
}

/** A session as far as keeping knows it. @param {import('../../www/keep/shelf.js').Shelf} shelf */
export function session(shelf) {
  const store = new Store({ ...initial });
  const said = /** @type {string[]} */ ([]);
  const labels = new Map();
  const noted = /** @type {string[]} */ ([]);
  const it = {
    store,
    said,
    noted,
    labels,
    get state() {
      return store.state;
    },
    journal: { hide() {}, note: (/** @type {string} */ line) => void noted.push(line) },
    say: (/** @type {string} */ words) => void said.push(words),
    announce() {},
    fail(/** @type {unknown} */ error) {
      throw error;
    },
    models: {
      list: async () => {},
      byId: (/** @type {string} */ id) => store.state.models.find((model) => model.id === id) ?? null,
    },
    files: {
      next: 1,
      startAfter(/** @type {number} */ id) {
        it.files.next = Math.max(it.files.next, id + 1);
      },
      restore(/** @type {any[]} */ kept, /** @type {number | null} */ current) {
        store.set({
          items: [
            ...kept.map((one) => ({ ...one, name: one.file.name, state: 'open', scan: {} })),
            ...store.state.items,
          ],
          currentId: current,
        });
      },
    },
    labelling: {
      listeners: /** @type {((ids: number[]) => void)[]} */ ([]),
      onChange: (/** @type {(ids: number[]) => void} */ listener) => void it.labelling.listeners.push(listener),
      changed: (/** @type {number[]} */ ids) => it.labelling.listeners.forEach((listener) => listener(ids)),
      store: async (/** @type {number} */ id) => labels.get(id) ?? null,
      restore: async (/** @type {number} */ id, /** @type {Uint8Array} */ found) => void labels.set(id, found),
      storeOrder: async () => bytes('order'),
      restoreOrder: async (/** @type {Uint8Array} */ found) => void labels.set('order', found),
    },
    training: {
      came: /** @type {any} */ (null),
      restoreTraining: async (/** @type {any} */ given) => void (it.training.came = given),
    },
  };
  /** @type {import('../../www/keep/store.js').Kept} */
  const kept = {
    put: (name, content) =>
      shelf
        .put(name, /** @type {Uint8Array<ArrayBuffer>} */ (content))
        .catch((error) =>
          Promise.reject(new KeepError(error.name === 'UnreadableError' ? 'unreadable' : 'full', error)),
        ),
    get: (name) => shelf.get(name),
    list: () => shelf.list(),
    remove: (name) => shelf.remove(name),
    clear: () => shelf.clear(),
  };
  const keeping = new Keeping(it, async () => kept);
  return Object.assign(it, { keeping, kept });
}

/** @param {ReturnType<typeof session>} it @param {string} name @param {Partial<import('../../www/session/state.js').Item>} [more] */
export function open(it, name, more = {}) {
  const id = it.files.next++;
  const item = /** @type {any} */ ({
    id,
    file: new File([name], name, { type: 'image/png' }),
    name,
    state: 'open',
    scan: {},
    slice: 0,
    window: { center: 1, width: 2 },
    modelId: null,
    corrections: {},
    ...more,
  });
  it.store.set({ items: [...it.state.items, item], currentId: id });
  return id;
}

/** A model of one's own. @param {string} id @returns {any} */
export const mine = (id) => ({
  id,
  file: new File(['weights'], 'mine.safetensors'),
  title: 'Mine',
  licence: '',
  classes: [{ name: 'a', colour: '#E69F00' }],
  summary: '',
});
