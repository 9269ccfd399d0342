/** The page's end of what is kept in the browser: named bytes, owned by one tab at a time. */
import { startWorker } from '../guard/workers.js';

/**
 * @typedef {object} Kept
 * @property {(name: string, content: Uint8Array | Blob) => Promise<void>} put in the place of what has the name; rejects with a `KeepError`
 * @property {(name: string) => Promise<Uint8Array<ArrayBuffer> | null>} get
 * @property {() => Promise<{ name: string, bytes: number }[]>} list
 * @property {(name: string) => Promise<void>} remove
 * @property {() => Promise<void>} clear
 */

/** Why something could not be kept: `full` (no room), `unreadable` (the file to be kept), `gone` (all that was kept was deleted by others), `elsewhere` (another tab keeps), `unavailable` (this browser, window or page cannot), `newer` (what is kept is of a later version of the page). */
export class KeepError extends Error {
  /** @param {'full' | 'unreadable' | 'gone' | 'elsewhere' | 'unavailable' | 'newer'} code @param {unknown} [cause] */
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

/** A failure with its cause. @param {unknown} error */
export const inFull = (error) => `${String(error)} ${error instanceof Error ? String(error.cause ?? '') : ''}`;

/** By the name of what the worker failed with. @type {Record<string, KeepError['code']>} */
const CODES = {
  QuotaExceededError: 'full',
  UnreadableError: 'unreadable',
  GoneError: 'gone',
  ElsewhereError: 'elsewhere',
};

const LOCK = 'insitu-session';

/**
 * Opens the store for this tab alone.
 * @returns {Promise<Kept>} rejects with a `KeepError`
 */
export async function openKept() {
  // A tab that is loaded again meets its own former self for a moment, a long one where the computer is busy.
  for (let left = 20; !(await own()); left--) {
    if (left === 0) throw new KeepError('elsewhere');
    await new Promise((wait) => setTimeout(wait, 150));
  }
  const worker = startWorker(new URL('./worker.js', import.meta.url), 'insitu keeping');
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: KeepError) => void }>} */
  const waiting = new Map();
  let next = 1;
  let dead = /** @type {KeepError | null} */ (null);
  worker.onmessage = ({ data: { id, result, error } }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error) call?.reject(new KeepError(CODES[error.name] ?? 'unavailable', `${error.name}: ${error.message}`));
    else call?.resolve(result);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    dead = new KeepError('unavailable', event.message);
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  };
  /** @param {string} method @param {...unknown} args @returns {Promise<any>} */
  const call = (method, ...args) =>
    new Promise((resolve, reject) => {
      if (dead) return reject(dead);
      waiting.set(next, { resolve, reject });
      worker.postMessage({ id: next++, method, args });
    });
  await call('open').catch((error) => {
    worker.terminate();
    throw error;
  });
  return {
    put: (name, content) => call('put', name, content),
    get: (name) => call('get', name),
    list: () => call('list'),
    remove: (name) => call('remove', name),
    clear: () => call('clear'),
  };
}

/** Held until the tab goes. @returns {Promise<boolean>} */
function own() {
  // Plain http has none; there the database that is used instead has one owner (`database.js`).
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(LOCK, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock && new Promise(() => {});
      })
      .catch(reject);
  });
}
