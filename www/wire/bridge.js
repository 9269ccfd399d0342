/** The page's end of the worker: calls with an id, progress, cancel, and one word when the worker is no more. */
import { InsituError } from './error.js';
import { discard } from './belongings.js';

/**
 * @typedef {object} Waiting
 * @property {(value: any) => void} resolve
 * @property {(error: InsituError) => void} reject
 * @property {((progress: { done: number, total: number }) => void) | undefined} onProgress
 * @property {((first: any) => void) | undefined} onFirst
 * @property {() => void} release takes the listener off the signal
 *
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal] stops the call between tiles; the worker lives on
 * @property {(progress: { done: number, total: number }) => void} [onProgress]
 * @property {(first: any) => void} [onFirst] given a result that will still be refined
 * @property {Transferable[]} [transfer]
 */

/** @template {Record<keyof M, (...args: any[]) => any>} M the worker's methods */
export class Bridge {
  #worker;
  #next = 1;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #dead = false;
  #onDied;

  /**
   * @param {Worker} worker
   * @param {(status: { code: string, message: string }) => void} onStatus
   * @param {(cause: string) => void} onDied called once, after all waiting calls were rejected
   */
  constructor(worker, onStatus, onDied) {
    this.#onDied = onDied;
    this.#worker = worker;
    this.#worker.onmessage = ({ data }) => {
      if ('status' in data) onStatus(data.status);
      else if ('died' in data) this.end(data.died);
      else this.#settle(data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.end(event.message || 'The worker could not be loaded.');
    };
    this.#worker.onmessageerror = () => this.end('A message from the worker could not be read.');
  }

  get dead() {
    return this.#dead;
  }

  /**
   * @template {keyof M} K
   * @param {K} method @param {Parameters<M[K]>} args @param {CallOptions} [options]
   * @returns {Promise<Awaited<ReturnType<M[K]>>>} rejects with InsituError only
   */
  call(method, args, { signal, onProgress, onFirst, transfer = [] } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(InsituError.cancelled());
      if (this.#dead) return reject(InsituError.of('engine.died', 'device'));
      const id = this.#next++;
      const abort = () => {
        // The page goes on at once; the worker stops after the tile that it works on.
        this.#waiting.delete(id);
        this.#worker.postMessage({ abort: id });
        reject(InsituError.cancelled());
      };
      const release = () => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.set(id, { resolve, reject, onProgress, onFirst, release });
      try {
        this.#worker.postMessage({ id, method, args, wantsFirst: onFirst !== undefined }, transfer);
      } catch (error) {
        this.#waiting.delete(id);
        release();
        reject(InsituError.from(error));
      }
    });
  }

  /** Whether somebody waits for an answer. */
  get busy() {
    return this.#waiting.size > 0;
  }

  /**
   * Ends the worker and everything that waits for it.
   * @param {string | null} cause null: on purpose, tell nobody @param {string | null} [reason] for those who wait
   */
  end(cause, reason = cause) {
    if (this.#dead) return;
    this.#dead = true;
    this.#worker.terminate();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const call of waiting) {
      call.release();
      call.reject(InsituError.of(reason === null ? 'engine.closed' : 'engine.died', 'device', reason));
    }
    if (cause !== null) this.#onDied(cause);
  }

  /** @param {{ id: number, result?: any, error?: any, progress?: { done: number, total: number }, first?: any }} message */
  #settle({ id, result, error, progress, first }) {
    const call = this.#waiting.get(id);
    if (!call) {
      // Nobody waits any more: give the memory of what came back.
      discard(result);
      return;
    }
    if (first) return call.onFirst?.(first);
    if (progress) return call.onProgress?.(progress);
    this.#waiting.delete(id);
    call.release();
    if (error) call.reject(InsituError.from(error));
    else call.resolve(result);
  }
}
