/**
 * Starting workers so that the page's security policy holds in them, too: a worker that is fetched from a server has the policy that the
 * server sends with it, mostly none; one that begins in the page's memory inherits that of the page. So each begins with one line that imports it.
 */
import { heard } from './watch.js';

/** @type {any} */
const scope = globalThis;

/** By the file of the worker, the address of the line that imports it. @type {Map<string, string>} */
const lines = new Map();
/** A browser that does not start workers so gets them as they are. */
let plain = false;
/** Those that run: a worker's name and how to speak to it. @type {Map<Worker, string>} */
const running = new Map();

/** Whether an address is that of such a line. @param {string} address */
export const isBootstrap = (address) => [...lines.values()].some((line) => address.startsWith(line));

/** Whether there is a policy to inherit that allows it. */
function inherits() {
  if (plain || typeof URL.createObjectURL !== 'function') return false;
  if (!scope.document) return scope.location?.protocol === 'blob:';
  const policy = scope.document.querySelector('meta[http-equiv="Content-Security-Policy"]');
  return /worker-src[^;]* blob:/.test(policy?.content ?? '');
}

/** @param {URL} url @returns {string} */
function address(url) {
  if (url.protocol === 'blob:' || !inherits()) return url.href;
  let line = lines.get(url.href);
  if (!line) {
    const text = `import ${JSON.stringify(url.href)};`;
    line = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    lines.set(url.href, line);
  }
  // What runs there can be read in the browser's own tools.
  return `${line}#${url.pathname}`;
}

/**
 * Starts a module worker.
 * @param {URL} url @param {string} name @returns {Worker}
 */
export function startWorker(url, name) {
  const at = address(url);
  const worker = new Worker(at, { type: 'module', name });
  const file = url.pathname.split('/').slice(-2).join('/');
  running.set(worker, file);
  let spoke = false;
  worker.addEventListener('message', (event) => {
    spoke = true;
    if (heard(event.data, file)) event.stopImmediatePropagation();
  });
  worker.addEventListener('error', () => {
    if (!spoke && at !== url.href) plain = true;
    running.delete(worker);
  });
  const terminate = worker.terminate.bind(worker);
  worker.terminate = () => {
    running.delete(worker);
    terminate();
  };
  return worker;
}

/**
 * `new Worker(url, options)` as pages write it, started so. Bundlers of other people's pages find the parts of a worker by these words, with the
 * address of its file as `new URL('./file.js', import.meta.url)` right beside them.
 * @param {URL} url @param {{ type: 'module', name: string }} options
 */
function GuardedWorker(url, { name }) {
  return startWorker(url, name);
}

/** @typedef {new (url: URL, options: { type: 'module', name: string }) => globalThis.Worker} Start */
const guarded = /** @type {Start} */ (/** @type {unknown} */ (GuardedWorker));
export { guarded as Worker };

/** How long a worker may be busy before it counts as one that does not answer, ms. */
const PATIENCE = 8000;

/**
 * Asks each worker that was started here to try its doors.
 * @param {{ target: string, mark: string }} what @returns {Promise<{ worker: string, tried: import('./doors.js').Tried[] | null }[]>} null: it is busy
 */
export function tryWorkers(what) {
  const ask = (/** @type {[Worker, string]} */ [worker, file]) =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const late = setTimeout(() => resolve([{ worker: file, tried: null }]), PATIENCE);
      port1.onmessage = ({ data: { tried, below } }) => {
        clearTimeout(late);
        port1.close();
        resolve([{ worker: file, tried }, ...below]);
      };
      worker.postMessage({ guardTry: what }, [port2]);
    });
  return Promise.all([...running].map(ask)).then((answers) => answers.flat());
}
