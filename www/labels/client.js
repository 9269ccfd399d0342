/**
 * Labels that are painted, in a worker of their own, so that a training step never holds a stroke up. The engine's `Painter` tells
 * what each method does; all calls happen in their order; failures are `InsituError`s.
 */
import { Worker } from '../guard/workers.js';
import { Bridge } from '../wire/bridge.js';
import { remote } from '../wire/remote.js';
import { LONG } from './long.js';

/**
 * @typedef {import('./worker.js').LabelMethods} LabelMethods
 * @typedef {{ x: number, y: number, radius: number }} Dab pixels; the radius of a pen follows its pressure
 * @typedef {Float64Array | null | undefined} Where a closed outline (x0, y0, x1, y1, ...; even-odd), or a whole slice
 * @typedef {import('../wire/bridge.js').CallOptions} CallOptions
 * @typedef {Parameters<LabelMethods['tidy']>} TidyArgs
 * @typedef {{ close(): void, tidy(doc: TidyArgs[0], depths: TidyArgs[1], wanted: TidyArgs[2], options?: CallOptions): ReturnType<LabelMethods['tidy']> }} Own
 *   `tidy` takes a signal and a listener in the place of the engine's function
 * @typedef {import('../wire/remote.js').Remote<Omit<LabelMethods, 'open' | 'tidy'>> & Own} Labels `close` ends the worker
 */

/** Calls after which no command is open. */
const CLOSING = new Set(['add', 'remove', 'end', 'cancel', 'undo', 'redo', 'restore']);
/** Calls that wait until no command is open: the middle of a stroke is not to be stored. */
const WAITING = new Set(['store', 'storeOrder']);

/**
 * Starts the worker; it loads the engine's module once more, without a network or a GPU.
 * @param {{ onDied?: (cause: string) => void }} [options] `onDied`: it stopped unexpectedly, after all open calls were rejected
 * @returns {Promise<Labels>}
 */
export async function openLabels({ onDied = () => {} } = {}) {
  /** Settles when no command is open. @type {Promise<void>} */
  let whole = Promise.resolve();
  let ended = () => {};
  const close = () => {
    bridge.end(null);
    ended();
  };
  const died = (/** @type {string} */ cause) => {
    close();
    onDied(cause);
  };
  /** @type {Bridge<LabelMethods>} */
  const bridge = new Bridge(
    new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'insitu' }),
    () => {},
    died,
  );
  /** @param {string & keyof LabelMethods} method @param {any} args */
  const call = async (method, args) => {
    if (method === 'begin') {
      ended();
      whole = new Promise((resolve) => (ended = resolve));
    }
    for (let seen; WAITING.has(method) && seen !== whole;) {
      seen = whole;
      await seen;
    }
    const options = /** @type {readonly string[]} */ (LONG).includes(method) ? args.splice(3)[0] : undefined;
    const answer = bridge.call(method, args, options);
    if (CLOSING.has(method)) ended();
    return answer;
  };
  try {
    await bridge.call('open', []);
  } catch (error) {
    bridge.end(null);
    throw error;
  }
  return /** @type {Labels} */ (remote(call, { close }));
}
