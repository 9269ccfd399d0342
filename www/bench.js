/**
 * The bare network for a benchmark driver: no tiles, no page, one batch at a time. The driver calls
 * `window.bench(what)`; times are from a Float32Array in to a Float32Array, or a loss, out.
 */
import { gpuFacts } from './wire/facts.js';

/**
 * @typedef {object} What
 * @property {'infer' | 'train'} task
 * @property {number} batch
 * @property {number} size pixels a side
 * @property {number} lr
 * @property {number} warm timed runs, at most
 * @property {number} [min_warm] at least
 * @property {number} budget_ms
 * @property {number} max_first_ms no timed runs if the first took longer
 * @property {string} weights_url
 * @property {string} input_url
 * @property {string} x_url
 * @property {string} y_url
 */

const kind = new URLSearchParams(location.search).get('backend') === 'wasm' ? 'cpu' : 'webgpu';

/** Lines that the driver reads from the console. @param {string} name @param {object} [more] */
const mark = (name, more = {}) => console.log(`BENCH:${JSON.stringify({ mark: name, ...more })}`);

/** @param {string} url */
async function bytes(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return answer.arrayBuffer();
}

/** @param {string} url */
const floats = async (url) => new Float32Array(await bytes(url));

/** @param {Float32Array} values @returns {string} their bytes */
function base64(values) {
  const all = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = '';
  for (let i = 0; i < all.length; i += 0x2000) text += String.fromCharCode(...all.subarray(i, i + 0x2000));
  return btoa(text);
}

/** @template T @param {() => Promise<T>} run @param {What} what */
async function timed(run, what) {
  const once = async () => {
    const start = performance.now();
    const result = await run();
    return { result, ms: performance.now() - start };
  };
  const first = await once();
  mark('first', { ms: first.ms });
  const times = [];
  const results = [first.result];
  mark('warm0');
  const start = performance.now();
  const least = what.min_warm ?? 1;
  while (times.length < what.warm && first.ms <= (what.max_first_ms ?? Infinity)) {
    if (times.length >= least && performance.now() - start >= what.budget_ms) break;
    // The browser has its turn between runs, as it has on a page.
    await new Promise((resolve) => setTimeout(resolve));
    const { result, ms } = await once();
    times.push(ms);
    results.push(result);
    mark('t', { ms });
  }
  mark('warm1');
  return { first_ms: first.ms, times, results };
}

/** @param {What} what */
async function bench(what) {
  const { task, batch, size } = what;
  const start = performance.now();
  const code = /** @type {typeof import('../pkg/insitu.js')} */ (
    await import(new URL('../pkg/insitu.js', import.meta.url).href)
  );
  await code.default();
  const imported = performance.now();
  const weights = new Uint8Array(await bytes(what.weights_url));
  const fetched = performance.now();
  const facts = await gpuFacts();
  const net = await code.Bench.create(kind, facts, weights);
  const created = performance.now();
  const phases = { import_ms: imported - start, fetch_ms: fetched - imported, create_ms: created - fetched };
  const info = { device: net.device(), facts, isolated: globalThis.crossOriginIsolated };
  if (task === 'infer') {
    const x = await floats(what.input_url);
    const { results, ...times } = await timed(() => net.infer(x, batch, size), what);
    return { ...phases, ...times, output: base64(results[results.length - 1]), info };
  }
  const [x, y] = [await floats(what.x_url), await floats(what.y_url)];
  const { results, ...times } = await timed(() => net.trainStep(x, y, batch, size, what.lr), what);
  return { ...phases, ...times, losses: results, info };
}

Object.assign(globalThis, {
  /** @param {What} what */
  bench: async (what) => {
    try {
      return await bench(what);
    } catch (error) {
      // The engine throws records; the driver wants text.
      const { code, message, stack } = /** @type {any} */ (error);
      return { error: [code, message ?? String(error), stack].filter(Boolean).join(' ') };
    }
  },
});
