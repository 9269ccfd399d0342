/**
 * The worker that owns the engine. It answers `{ id, method, args }` with `{ id, result }` or `{ id, error }`, tells
 * `{ id, progress }` on the way, and obeys `{ abort: id }` between tiles. Calls run side by side: a picture asked
 * for during a segmentation comes after the tile in work, not after the last one.
 */
import { gpuFacts } from './facts.js';
import { heat } from '../pictures/heat.js';
import { bitmaps, halve, maskLayers, pictureLayer } from '../pictures/layers.js';
import { suggest } from '../pictures/suggestion.js';

/**
 * @typedef {{ aborted: boolean, progress(done: number, total: number): void }} Call
 * @typedef {{ result: unknown, transfer?: Transferable[] }} Answer
 */

const page = /** @type {{ postMessage(message: unknown, transfer?: Transferable[]): void }} */ (
  /** @type {unknown} */ (self)
);

/** @type {import('../engine.d.ts').Engine | null} */
let engine = null;
/** @type {Map<number, import('../engine.d.ts').ScanRecord>} */
const scans = new Map();
/** Labels of the latest masks, so that painting them needs no copy from the page. @type {Map<number, MaskLabels>} */
const masks = new Map();
/** Bytes of labels that are kept here. */
const MASK_BUDGET = 64e6;
let nextMask = 1;
/** @type {Map<number, Call>} */
const calls = new Map();

/** @typedef {{ labels: Uint8Array, width: number, height: number }} MaskLabels */

function running() {
  if (!engine) throw failure('engine.absent', 'invalid', 'The engine has not been started.');
  return engine;
}

/** @param {number} id */
function scanOf(id) {
  const scan = scans.get(id);
  if (!scan) throw failure('scan.closed', 'invalid', 'This image is no longer open; open it again.');
  return scan;
}

/** @param {string} code @param {string} kind @param {string} message @param {unknown} [cause] */
function failure(code, kind, message, cause) {
  return { code, kind, message, cause: cause === undefined ? null : String(cause) };
}

/** @param {MaskLabels} mask */
function keepMask(mask) {
  const key = nextMask++;
  masks.set(key, mask);
  let bytes = 0;
  for (const [old, kept] of [...masks].reverse()) {
    bytes += kept.labels.length;
    if (bytes > MASK_BUDGET && old !== key) masks.delete(old);
  }
  return key;
}

/** Largest side of a picture of weights, pixels. */
const HEAT = 1024;

/** For the engine, which asks at every step whether to go on. @param {Call} call */
const goingOn = (call) => (/** @type {number} */ done, /** @type {number} */ total) => {
  if (!call.aborted) call.progress(done, total);
  return !call.aborted;
};

/** What the page can ask for. @type {Record<string, (call: Call, ...args: any[]) => Promise<Answer> | Answer>} */
const methods = {
  async create(_call, /** @type {string} */ kind) {
    // Loaded here and not at the top, so that a missing or broken file becomes an error with a sentence.
    const url = new URL('../../pkg/insitu.js', import.meta.url).href;
    const code = /** @type {import('../engine.d.ts').Package} */ (await import(url));
    await code.default();
    const facts = await gpuFacts();
    engine = await code.Engine.create(kind, facts, (status) => {
      if (status.code === 'engine.panic') died(lastError || status.message);
      else page.postMessage({ status });
    });
    return { result: { device: engine.device(), facts } };
  },

  async loadModel(_call, /** @type {ArrayBuffer} */ bytes) {
    return { result: await running().loadModel(new Uint8Array(bytes)) };
  },

  nameModel(_call, /** @type {string} */ title) {
    return { result: running().nameModel(title) };
  },

  async saveModel() {
    const file = await running().saveModel();
    return { result: file, transfer: [file.buffer] };
  },

  async openScan(_call, /** @type {ArrayBuffer} */ bytes, /** @type {string} */ name) {
    const scan = await running().openScan(new Uint8Array(bytes), name);
    scans.set(scan.id, scan);
    return { result: scan };
  },

  closeScan(_call, /** @type {number} */ id) {
    scans.delete(id);
    running().closeScan(id);
    return { result: null };
  },

  render(_call, /** @type {number} */ id, /** @type {number} */ slice, /** @type {Window} */ window) {
    const { width, height } = scanOf(id);
    const image = new ImageData(running().render(id, slice, window.center, window.width), width, height);
    return { result: image, transfer: [image.data.buffer] };
  },

  async picture(_call, /** @type {number} */ id, /** @type {number} */ slice, /** @type {Window} */ window) {
    const { width, height } = scanOf(id);
    const layer = await pictureLayer(running().render(id, slice, window.center, window.width), width, height);
    return { result: layer, transfer: bitmaps(layer) };
  },

  async thumbnail(_call, /** @type {number} */ id, /** @type {number} */ slice, /** @type {number} */ size) {
    const scan = scanOf(id);
    let level = {
      rgba: running().render(id, slice, scan.window.center, scan.window.width),
      width: scan.width,
      height: scan.height,
    };
    while (Math.max(level.width, level.height) > 2 * size) level = halve(level.rgba, level.width, level.height);
    const bitmap = await createImageBitmap(new ImageData(level.rgba, level.width, level.height));
    return { result: bitmap, transfer: [bitmap] };
  },

  valueAt(
    _call,
    /** @type {number} */ id,
    /** @type {number} */ slice,
    /** @type {number} */ x,
    /** @type {number} */ y,
  ) {
    return { result: running().valueAt(id, slice, x, y) };
  },

  grey(_call, /** @type {number} */ id, /** @type {number} */ slice) {
    const values = running().grey(id, slice);
    return { result: values, transfer: [values.buffer] };
  },

  suggest(_call, /** @type {number} */ id, /** @type {number} */ slice) {
    const scan = scanOf(id);
    const rgba = running().render(id, slice, scan.window.center, scan.window.width);
    return { result: suggest(rgba, scan.width, scan.height, scan) };
  },

  async segment(
    call,
    /** @type {number} */ id,
    /** @type {number} */ slice,
    /** @type {number | undefined} */ threshold,
    /** @type {number} */ head,
  ) {
    const mask = await running().segment(id, slice, threshold, 0, head, goingOn(call));
    const { labels, width, height } = mask;
    const areas = [...running().areas(labels, mask.classes)];
    const key = keepMask({ labels: labels.slice(), width, height });
    return {
      result: { ...mask, areas, key },
      transfer: [labels.buffer, mask.probability.buffer],
    };
  },

  async overlay(
    _call,
    /** @type {number} */ key,
    /** @type {MaskLabels | null} */ given,
    /** @type {(string | null)[]} */ colours,
  ) {
    const mask = given ?? masks.get(key);
    // The page then sends the labels along.
    if (!mask) return { result: null };
    const layers = await maskLayers(mask.labels, mask.width, mask.height, colours);
    return { result: layers, transfer: bitmaps(layers.fill, layers.outline) };
  },

  areas(_call, /** @type {Uint8Array} */ labels, /** @type {number} */ classes) {
    return { result: [...running().areas(labels, classes)] };
  },

  maskPng(_call, /** @type {Uint8Array} */ labels, /** @type {number} */ width, /** @type {number} */ height) {
    const file = running().maskPng(labels, width, height);
    return { result: file, transfer: [file.buffer] };
  },

  network(_call, /** @type {number} */ id) {
    return { result: running().network(id) };
  },

  tilePlan(_call, /** @type {number} */ id, /** @type {number} */ tile) {
    return { result: running().tilePlan(id, tile) };
  },

  async featureMaps(call, /** @type {number} */ id, /** @type {number} */ slice, /** @type {number} */ node) {
    const maps = await running().featureMaps(id, slice, node, goingOn(call));
    return { result: maps, transfer: [maps.planes.buffer, maps.low.buffer, maps.high.buffer] };
  },

  async weightMap(
    call,
    /** @type {number} */ id,
    /** @type {number} */ slice,
    /** @type {number | undefined} */ threshold,
    /** @type {number} */ head,
  ) {
    const map = await running().weightMap(id, slice, threshold, head, goingOn(call));
    const { rgba, width, height } = heat(map.weights, map.width, map.height, map.w0, HEAT);
    const picture = await createImageBitmap(new ImageData(rgba, width, height));
    return { result: { ...map, picture }, transfer: [map.weights.buffer, picture] };
  },

  augmented(
    _call,
    /** @type {number} */ id,
    /** @type {number} */ slice,
    /** @type {Uint8Array} */ labels,
    /** @type {number} */ size,
    /** @type {number} */ count,
    /** @type {number} */ seed,
  ) {
    const copies = running().augmented(id, slice, labels, size, count, seed);
    return { result: copies, transfer: [copies.rgba.buffer, copies.labels.buffer, copies.grid.buffer] };
  },

  trainPlan(
    _call,
    /** @type {string | undefined} */ preset,
    /** @type {number | undefined} */ width,
    /** @type {number} */ side,
  ) {
    return { result: running().trainPlan(preset, width, side) };
  },

  async trainBegin(
    _call,
    /** @type {import('../engine.d.ts').TrainingWish} */ wish,
    /** @type {{ scan: number, slice: number, labels: Uint8Array }[]} */ samples,
  ) {
    return { result: await running().trainBegin(wish, samples) };
  },

  async trainStep() {
    return { result: await running().trainStep() };
  },

  async trainJudge(call) {
    const scores = await running().trainJudge((done, total) => {
      if (!call.aborted) call.progress(done, total);
      return !call.aborted;
    });
    return { result: scores };
  },

  trainKeep(_call, /** @type {number} */ most) {
    return { result: running().trainKeep(most) };
  },

  trainGoBack(_call, /** @type {number} */ step) {
    return { result: running().trainGoBack(step) };
  },

  trainUse(_call, /** @type {boolean} */ best, /** @type {number} */ seconds) {
    return { result: running().trainUse(best, seconds) };
  },

  trainEnd() {
    return { result: running().trainEnd() };
  },

  async trainState(_call, /** @type {string} */ note) {
    const state = await running().trainState(note);
    return { result: state, transfer: [state.buffer] };
  },

  async trainRestore(
    _call,
    /** @type {Uint8Array} */ state,
    /** @type {{ scan: number, slice: number, labels: Uint8Array }[]} */ samples,
    /** @type {import('../training.d.ts').Changes} */ changes,
  ) {
    return { result: await running().trainRestore(state, samples, changes) };
  },

  async trainPoint(_call, /** @type {number} */ step) {
    const file = await running().trainPoint(step);
    return { result: file, transfer: [file.buffer] };
  },

  trainAddPoint(_call, /** @type {number} */ step, /** @type {Uint8Array} */ file) {
    return { result: running().trainAddPoint(step, file) };
  },

  diagnostics() {
    return { result: running().diagnostics() };
  },
};

/** @typedef {{ center: number, width: number }} Window */

/** A trap leaves the engine's memory in no known state: nothing may be asked of it again. @param {unknown} error */
const isTrap = (error) => error instanceof WebAssembly.RuntimeError;

// A panic is told to the console first; its text belongs in the diagnostics.
let lastError = '';
const { error: consoleError } = console;
console.error = (...values) => {
  lastError = values.map(String).join(' ').slice(0, 4000);
  consoleError.apply(console, values);
};

/** @param {unknown} error */
function died(error) {
  page.postMessage({
    died: error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error),
  });
}

/** What crosses to the page: the engine's own records as they are, anything else as a failure of ours. @param {unknown} error */
function described(error) {
  if (error && typeof error === 'object' && 'code' in error && 'message' in error && !(error instanceof DOMException)) {
    const { code, kind, message, cause } = /** @type {any} */ (error);
    return { code: String(code), kind: String(kind ?? 'invalid'), message: String(message), cause: cause ?? null };
  }
  if (error instanceof RangeError) return failure('memory', 'limit', '', error);
  return failure('engine.unexpected', 'invalid', '', error instanceof Error ? (error.stack ?? error) : error);
}

/** @param {{ id: number, method: string, args: unknown[] }} request */
async function answer({ id, method, args }) {
  /** @type {Call} */
  const call = { aborted: false, progress: (done, total) => page.postMessage({ id, progress: { done, total } }) };
  calls.set(id, call);
  try {
    const { result, transfer } = await methods[method](call, ...args);
    page.postMessage({ id, result }, transfer ?? []);
  } catch (error) {
    if (isTrap(error)) died(error);
    else page.postMessage({ id, error: described(error) });
  } finally {
    calls.delete(id);
  }
}

self.addEventListener('message', ({ data }) => {
  if ('abort' in data) {
    const call = calls.get(data.abort);
    if (call) call.aborted = true;
  } else {
    void answer(data);
  }
});
// A trap inside the engine's own tasks comes to no caller.
self.addEventListener('unhandledrejection', (event) => {
  if (isTrap(event.reason)) died(event.reason);
});
self.addEventListener('error', (event) => {
  if (isTrap(event.error)) died(event.error);
});
