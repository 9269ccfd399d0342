/** A worker that computes parts of an image for the engine's worker. */
import { failure, loadModule, serve } from './worker-shell.js';

/** @type {import('../../pkg/insitu.js').Hand | null} */
let hand = null;

/** What it can be asked for: all that the engine's `Hand` does, and this. */
const own = {
  /** @param {WebAssembly.Module} module */
  async open(module) {
    const { Hand } = await loadModule(module);
    hand = new Hand();
  },
};

/** @typedef {Omit<import('../../pkg/insitu.js').Hand, 'free' | symbol> & typeof own} HelperMethods */

serve(
  (_call, method, args) => {
    if (method === 'open') return own.open(args[0]);
    if (!hand) throw failure('engine.absent', 'invalid', 'The engine has not been started.');
    return /** @type {any} */ (hand)[method](...args);
  },
  { inOrder: true },
);
