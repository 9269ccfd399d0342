/**
 * The worker that owns the labels. It answers `{ id, method, args }` with `{ id, result }` or `{ id, error }`, one call after
 * the other, and says `{ died }` when the module stopped: then its memory is in no known state.
 */

const page = /** @type {{ postMessage(message: unknown, transfer?: Transferable[]): void }} */ (
  /** @type {unknown} */ (self)
);

/** @type {import('../painter.d.ts').Painter | null} */
let painter = null;

/** Answers are sent in the order of the questions, and only the first one has to wait. @type {Promise<void>} */
let before = Promise.resolve();

// A panic is told to the console first; its text says what went wrong.
let lastError = '';
const { error: consoleError } = console;
console.error = (...values) => {
  lastError = values.map(String).join(' ').slice(0, 4000);
  consoleError.apply(console, values);
};

/** @param {string} method @param {unknown[]} args */
async function perform(method, args) {
  if (method === 'open') {
    const url = new URL('../../pkg/insitu.js', import.meta.url).href;
    const code = /** @type {import('../painter.d.ts').PainterPackage} */ (await import(url));
    await code.default();
    painter = new code.Painter();
    return null;
  }
  if (!painter)
    throw { code: 'engine.absent', kind: 'invalid', message: 'The labels have not been opened.', cause: null };
  return /** @type {any} */ (painter)[method](...args) ?? null;
}

/** What can be given away instead of copied. @param {any} result @returns {Transferable[]} */
function buffers(result) {
  if (result instanceof Uint8Array) return [result.buffer];
  if (Array.isArray(result)) return result.map((piece) => piece.values.buffer);
  if (result?.pieces) return buffers(result.pieces);
  return result?.values ? [result.values.buffer] : [];
}

/** @param {unknown} error */
const isTrap = (error) => error instanceof WebAssembly.RuntimeError;

/** @param {any} error */
function died(error) {
  const stack = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error);
  page.postMessage({ died: lastError || stack });
}

/** What crosses to the page: the engine's own records as they are, anything else as a failure of ours. @param {any} error */
function described(error) {
  if (error && typeof error === 'object' && 'code' in error && 'message' in error && !(error instanceof DOMException)) {
    return {
      code: String(error.code),
      kind: String(error.kind ?? 'invalid'),
      message: String(error.message),
      cause: error.cause ?? null,
    };
  }
  const cause = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  return {
    code: error instanceof RangeError ? 'memory' : 'engine.unexpected',
    kind: error instanceof RangeError ? 'limit' : 'invalid',
    message: '',
    cause,
  };
}

/** @param {{ id: number, method: string, args: unknown[] }} request */
async function answer({ id, method, args }) {
  try {
    const result = await perform(method, args);
    page.postMessage({ id, result }, buffers(result));
  } catch (error) {
    if (isTrap(error)) died(error);
    else page.postMessage({ id, error: described(error) });
  }
}

self.addEventListener('message', ({ data }) => {
  before = before.then(() => answer(data));
});
