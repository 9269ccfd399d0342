/** The worker that owns the labels. One call after the other: answers come in the order of the questions. */
import { failure, loadModule, serve } from '../wire/worker-shell.js';

/** @type {import('../../pkg/insitu.js').Painter | null} */
let painter = null;

/** What the page can ask for: all that the engine's `Painter` does, and this. */
const own = {
  async open() {
    const { Painter } = await loadModule();
    painter = new Painter();
  },
};

/** @typedef {Omit<import('../../pkg/insitu.js').Painter, 'free' | symbol> & typeof own} LabelMethods */

serve(
  (_call, method, args) => {
    if (method === 'open') return own.open();
    if (!painter) throw failure('engine.absent', 'invalid', 'The labels have not been opened.');
    return /** @type {any} */ (painter)[method](...args);
  },
  { inOrder: true },
);
