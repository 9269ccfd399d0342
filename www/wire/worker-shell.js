/**
 * What all workers are: they answer `{ id, method, args, wantsFirst }` with `{ id, result }` or `{ id, error }`, tell `{ id, progress }` and `{ id, first }` on
 * the way, obey `{ abort: id }`, and say `{ died }` when the module stopped: then its memory is in no known state.
 */
import { counted } from './arriving.js';
import { transferables } from './belongings.js';
import { described, failure, isTrap } from './failure.js';
import { paced } from './paced.js';

/**
 * @typedef {object} Call
 * @property {boolean} aborted
 * @property {(done: number, total: number) => boolean} onProgress for the engine: tells the page, and whether to go on
 * @property {((value: unknown) => void) | undefined} tellFirst gives the page a result that will still be refined, if it asked for that
 */

const page = /** @type {{ postMessage(message: unknown, transfer?: Transferable[]): void }} */ (
  /** @type {unknown} */ (self)
);

/** @type {Map<number, Call>} */
const calls = new Map();

// A panic is told to the console first; its text belongs in the diagnostics.
let lastError = '';
const { error: consoleError } = console;
console.error = (...values) => {
  lastError = values.map(String).join(' ').slice(0, 4000);
  consoleError.apply(console, values);
};

/** The engine's module, fetched and compiled once. @type {Promise<WebAssembly.Module> | null} */
let compiling = null;

/** @typedef {{ size: import('./arriving.js').Size, tell: Call['onProgress'] }} Line a slow one, for all that is known: what comes over it is told */

/**
 * @param {Line | null} [line] null: the engine is at hand. Then the browser is given its own answer, beside which it keeps the code that it
 *   compiled last time; it knows nothing of a copy whose bytes were counted.
 */
export function compiledModule(line = null) {
  const url = new URL('../../pkg/insitu_bg.wasm', import.meta.url);
  const fetched = async () => {
    const answer = await fetch(url);
    return line ? counted(answer, line.size, ({ done, total }) => line.tell(done, total)) : answer;
  };
  compiling ??= WebAssembly.compileStreaming(fetched()).catch(async () => {
    // A host that does not know the type of the file.
    const answer = await fetched();
    if (!answer.ok) throw new TypeError(`${answer.status} ${answer.statusText}`);
    return WebAssembly.compile(await answer.arrayBuffer());
  });
  return compiling;
}

/**
 * The engine's code, started. Loaded at the first call, so that a missing or broken file becomes an error with a sentence.
 * @param {WebAssembly.Module | null} [module] compiled by another worker @param {Line | null} [line]
 */
export async function loadModule(module, line) {
  const url = new URL('../../pkg/insitu.js', import.meta.url).href;
  const code = /** @type {typeof import('../../pkg/insitu.js')} */ (await import(url));
  await code.default({ module_or_path: module ?? (await compiledModule(line)) });
  return code;
}

/** To the page, unasked. @param {Record<string, unknown>} message */
export const tell = (message) => page.postMessage(message);

/** Nothing may be asked of the module again. @param {unknown} error */
export function died(error) {
  const stack = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error);
  page.postMessage({ died: lastError || stack });
}

/**
 * Answers the page from now on.
 * @param {(call: Call, method: string, args: any[]) => unknown} perform what is asked
 * @param {{ inOrder?: boolean }} [how] `inOrder`: one call after the other; else they run side by side
 */
export function serve(perform, { inOrder = false } = {}) {
  /** @type {Promise<void>} */
  let before = Promise.resolve();
  /** @param {{ id: number, method: string, args: unknown[], wantsFirst: boolean }} request */
  const answer = async ({ id, method, args, wantsFirst }) => {
    const progress = paced((done, total) => {
      if (!call.aborted) page.postMessage({ id, progress: { done, total } });
    });
    /** @type {Call} */
    const call = {
      aborted: false,
      onProgress: (done, total) => {
        progress.say(done, total);
        return !call.aborted;
      },
      tellFirst: wantsFirst
        ? (first) => {
            if (!call.aborted) page.postMessage({ id, first }, transferables(first));
          }
        : undefined,
    };
    calls.set(id, call);
    try {
      const result = await perform(call, method, args);
      page.postMessage({ id, result }, transferables(result));
    } catch (error) {
      if (isTrap(error)) died(error);
      else page.postMessage({ id, error: described(error) });
    } finally {
      progress.end();
      calls.delete(id);
    }
  };
  self.addEventListener('message', ({ data }) => {
    if ('abort' in data) {
      const call = calls.get(data.abort);
      if (call) call.aborted = true;
    } else if (inOrder) {
      before = before.then(() => answer(data));
    } else {
      void answer(data);
    }
  });
  // A trap inside the module's own tasks comes to no caller.
  self.addEventListener('unhandledrejection', (event) => {
    if (isTrap(event.reason)) died(event.reason);
  });
  self.addEventListener('error', (event) => {
    if (isTrap(event.error)) died(event.error);
  });
}

/**
 * Answers with the methods of one object of the engine, one call after the other; the first call is `open`, which makes it.
 * @param {(code: typeof import('../../pkg/insitu.js')) => object} make
 * @param {readonly string[]} [long] methods that tell their progress: the page leaves their last argument out
 */
export function serveObject(make, long = []) {
  /** @type {any} */
  let object = null;
  serve(
    async (call, method, args) => {
      if (method === 'open') object = make(await loadModule(args[0]));
      else if (object) return object[method](...args, ...(long.includes(method) ? [call.onProgress] : []));
      else throw failure('engine.absent', 'invalid', 'The engine has not been started.');
    },
    { inOrder: true },
  );
}

/** @template T the object @typedef {Omit<T, 'free' | symbol> & { open(module?: WebAssembly.Module): Promise<void> }} MethodsOf */
