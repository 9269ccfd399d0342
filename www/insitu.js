/**
 * Insitu's API. Any page of the same origin can use it:
 *
 *     import { open } from './www/insitu.js'
 *     const app = await open()
 *     await app.loadModel('nuclei')
 *     const scan = await app.openScan(file)
 *     const mask = await app.segment(scan, { threshold: 0.5 })
 *
 * Everything runs in a worker of this page; nothing is sent anywhere. Every failure is an {@link InsituError}.
 * @module
 */
import { Bridge } from './bridge.js';
import { InsituError } from './error.js';
import { Open } from './engine/open.js';
import { Shipped } from './engine/shipped.js';
import { Teacher } from './teacher.js';
import { t } from './strings/t.js';

export { InsituError };

/**
 * @typedef {'auto' | 'webgpu' | 'cpu'} DeviceWish
 * @typedef {{ kind: 'webgpu' | 'cpu', name: string, reason: string }} Device
 * @typedef {{ code: string, message: string, cause?: string }} Status
 *   `code` is stable: `engine.loading`, `device.opening`, `device.ready`, `device.lost`, `engine.died`,
 *   `engine.restarting`, `engine.restarted`, `engine.failed`.
 * @typedef {import('./api.d.ts').ModelEntry} ModelEntry
 * @typedef {import('./engine.d.ts').Card} Card
 * @typedef {import('./engine.d.ts').ScanRecord} Scan `spacing` is in mm
 * @typedef {{ center: number, width: number }} Window in the scan's physical values
 * @typedef {import('./engine/layers.js').Layer} Layer
 * @typedef {import('./engine/suggest.js').Suggestion} Suggestion
 * @typedef {import('./engine.d.ts').NetworkRecord} Network
 * @typedef {import('./engine.d.ts').FeatureMapsRecord} FeatureMaps
 * @typedef {import('./engine.d.ts').WeightMapRecord & { picture: ImageBitmap }} WeightMap `picture`: in colours, at most 1024 px
 * @typedef {import('./engine.d.ts').AugmentedRecord} Augmented
 * @typedef {import('./engine.d.ts').TilePlanRecord} TilePlan
 * @typedef {import('./api.d.ts').Mask} Mask
 * @typedef {import('./api.d.ts').SegmentOptions} SegmentOptions
 */

/** What a GPU does once, and after which it cannot be used again. */
const TROUBLE = new Set(['device.lost', 'device.memory', 'device.fault']);
/** Restarts within two minutes before the engine is given up. */
const RESTARTS = 4;

/**
 * Starts the engine.
 * @param {{ device?: DeviceWish, onStatus?: (status: Status) => void }} [options]
 * @returns {Promise<App>}
 */
export async function open({ device = 'auto', onStatus = () => {} } = {}) {
  const app = new App(device, onStatus);
  await app.start();
  return app;
}

export class App {
  #wish;
  #onStatus;
  /** @type {Bridge | null} */
  #bridge = null;
  /** @type {Device} */
  #device = { kind: 'cpu', name: '', reason: '' };
  #facts = {};
  /** Settles when the engine is ready for calls. @type {Promise<void>} */
  #ready = Promise.resolve();
  #closed = false;
  #started = false;
  /** Whether the CPU was taken because the GPU failed. */
  #fellBack = false;
  /** When it was restarted, ms. @type {number[]} */
  #restarts = [];
  #shipped = new Shipped();
  /** The file of the model in use, for a restart. @type {ArrayBuffer | null} */
  #model = null;
  /** What it says of itself. @type {Card | null} */
  #card = null;
  #open;
  /** @type {WeakMap<Mask, number>} */
  #maskKeys = new WeakMap();

  /** @param {DeviceWish} wish @param {(status: Status) => void} onStatus */
  constructor(wish, onStatus) {
    this.#wish = wish;
    this.#onStatus = onStatus;
    this.#open = new Open((method, args, transfer) => this.#raw(method, args, { transfer }));
  }

  /** What it runs on, and in one sentence why. */
  get device() {
    return this.#device;
  }

  /** What the browser said about its GPU. */
  get facts() {
    return this.#facts;
  }

  /** Used by `open`; a second call after a failed start tries again. */
  async start() {
    this.#restarts = [];
    this.#ready = this.#launch().catch((thrown) => {
      const error = InsituError.from(thrown);
      const own = error.code === 'engine.died' || error.code === 'engine.unexpected';
      throw own ? InsituError.of('engine.start', 'device', error.cause) : error;
    });
    this.#ready.catch(() => {});
    await this.#ready;
    this.#started = true;
  }

  async #launch() {
    this.#tell('engine.loading');
    // At once: what is asked from here on waits for the new engine, and must not use the old one's numbers.
    this.#open.forget();
    this.#maskKeys = new WeakMap();
    const bridge = new Bridge(
      new URL('./worker.js', import.meta.url),
      (status) => this.#heard(bridge, status),
      (cause) => this.#restart(bridge, 'engine.died', cause),
    );
    this.#bridge = bridge;
    const { device, facts } = await bridge.call('create', [this.#wish]);
    this.#device = this.#fellBack ? { ...device, reason: t('device.fellBack') } : device;
    this.#facts = facts;
    if (this.#model) await bridge.call('loadModel', [this.#model.slice(0)]);
  }

  /** @param {Bridge} bridge @param {Status} status */
  #heard(bridge, status) {
    if (bridge !== this.#bridge) return;
    // A lost GPU ends as a stopped engine does: with a new worker.
    if (TROUBLE.has(status.code)) this.#restart(bridge, 'device.lost', `${status.code} ${status.message}`);
    else this.#onStatus(status);
  }

  /** @param {Bridge} bridge @param {'engine.died' | 'device.lost'} code @param {string} cause */
  #restart(bridge, code, cause) {
    if (this.#closed || bridge !== this.#bridge) return;
    const now = Date.now();
    this.#restarts = this.#restarts.filter((at) => now - at < 120_000);
    this.#restarts.push(now);
    bridge.end(null);
    // A start that fails tells its caller.
    if (!this.#started) return;
    this.#tell(code, cause);
    if (this.#restarts.length > RESTARTS) {
      const error = InsituError.of('engine.failed', 'device', cause);
      this.#ready = Promise.reject(error);
      this.#ready.catch(() => {});
      this.#onStatus({ code: 'engine.failed', message: error.message, cause });
      return;
    }
    // A GPU that fails twice is not asked a third time.
    if (code === 'device.lost' && this.#restarts.length > 1) {
      this.#wish = 'cpu';
      this.#fellBack = true;
    }
    this.#tell('engine.restarting');
    const ready = (this.#ready = this.#launch());
    ready.then(
      () => this.#tell('engine.restarted'),
      (error) => {
        // Unless it has already been tried once more.
        if (this.#ready === ready) this.#onStatus({ code: 'engine.failed', message: InsituError.from(error).message });
      },
    );
  }

  /** @param {string} code @param {string} [cause] */
  #tell(code, cause) {
    this.#onStatus({ code, message: InsituError.of(code, 'device').message, cause });
  }

  /** @param {string} method @param {unknown[]} args @param {import('./bridge.js').CallOptions} options */
  async #raw(method, args, options) {
    await this.#ready;
    if (!this.#bridge) throw InsituError.of('engine.closed', 'invalid');
    return this.#bridge.call(method, args, options);
  }

  /**
   * Does `work` and, if the engine stopped meanwhile, once more with the new one, unless `again` is false: then it fails when
   * the new one is ready, with the model of before.
   * @template T @param {() => Promise<T>} work @param {boolean} [again] @returns {Promise<T>}
   */
  async #lasting(work, again = true) {
    if (this.#closed) throw InsituError.of('engine.closed', 'invalid');
    const bridge = this.#bridge;
    try {
      return await work();
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (error.kind !== 'device' || this.#closed) throw error;
      if (bridge && bridge === this.#bridge && !bridge.dead) this.#restart(bridge, 'device.lost', `${error.code} ${error.message}`);
      await this.#ready;
      if (!again) throw error;
      return this.#lasting(work, false);
    }
  }

  /** The models that are shipped with the page. @returns {Promise<ModelEntry[]>} */
  models() {
    return this.#shipped.list();
  }

  /** What a shipped model is, for people: Markdown. @param {string} id @returns {Promise<string>} */
  async modelCard(id) {
    return this.#shipped.card(id);
  }

  /** Takes the place of the model before it. @param {string | Blob} idOrFile @returns {Promise<Card>} */
  async loadModel(idOrFile) {
    const file = await this.#shipped.bytes(idOrFile);
    return this.#lasting(async () => {
      const card = await this.#raw('loadModel', [file.slice(0)], {});
      this.#model = file;
      this.#card = card;
      return card;
    });
  }

  /** Fetches a shipped model ahead of its use, so that it is there when the network is not. @param {string} id */
  async fetchModel(id) {
    await this.#shipped.bytes(id);
  }

  /** One `.safetensors` file with its card. @returns {Promise<Blob>} */
  async saveModel() {
    const file = await this.#lasting(() => this.#raw('saveModel', [], {}));
    return new Blob([file], { type: 'application/octet-stream' });
  }

  /** Opens an image file, recognised by its content. @param {File | Blob | (File | Blob)[]} fileOrFiles one file; a list may hold one @returns {Promise<Scan>} */
  async openScan(fileOrFiles) {
    const files = Array.isArray(fileOrFiles) ? fileOrFiles : [fileOrFiles];
    if (files.length !== 1) throw InsituError.of('scan.unsupported.series', 'unsupported');
    return this.#lasting(() => this.#open.add(files[0]));
  }

  /** Forgets an image. @param {Scan} scan */
  async closeScan(scan) {
    await this.#open.remove(scan).catch((error) => Promise.reject(InsituError.from(error)));
  }

  /**
   * The foreground of one slice.
   * @param {Scan} scan @param {SegmentOptions} [options] @returns {Promise<Mask>}
   */
  async segment(scan, { slice = 0, threshold, head = 0, signal, onProgress } = {}) {
    const { key, ...mask } = await this.#onScan('segment', scan, [slice, threshold, head], { signal, onProgress });
    this.#maskKeys.set(mask, key);
    return mask;
  }

  /** A slice as it looks through a window. @param {Scan} scan @param {{ slice?: number, window?: Window }} [options] @returns {Promise<ImageData>} */
  async render(scan, { slice = 0, window = scan.window } = {}) {
    return this.#onScan('render', scan, [slice, window]);
  }

  /**
   * The same as a pyramid of bitmaps, to be drawn at any zoom; made in the worker.
   * @param {Scan} scan @param {{ slice?: number, window?: Window, signal?: AbortSignal }} [options] @returns {Promise<Layer>}
   */
  async picture(scan, { slice = 0, window = scan.window, signal } = {}) {
    return this.#onScan('picture', scan, [slice, window], { signal });
  }

  /** A small picture, between `size` and twice that. @param {Scan} scan @param {{ slice?: number, size?: number }} [options] @returns {Promise<ImageBitmap>} */
  async thumbnail(scan, { slice = Math.floor(scan.slices / 2), size = 64 } = {}) {
    return this.#onScan('thumbnail', scan, [slice, size]);
  }

  /** Physical values at a pixel, one per channel. @param {Scan} scan @param {number} slice @param {number} x @param {number} y @returns {Promise<number[]>} */
  async valueAt(scan, slice, x, y) {
    return this.#onScan('valueAt', scan, [slice, x, y]);
  }

  /** Physical values of a slice, of colours the luma. @param {Scan} scan @param {{ slice?: number }} [options] @returns {Promise<Float32Array>} */
  async grey(scan, { slice = 0 } = {}) {
    return this.#onScan('grey', scan, [slice]);
  }

  /** Which shipped model fits a slice best, by its looks. @param {Scan} scan @param {{ slice?: number }} [options] @returns {Promise<Suggestion>} */
  async suggestModel(scan, { slice = 0 } = {}) {
    return this.#onScan('suggest', scan, [slice]);
  }

  /**
   * Teaches the loaded model, or with `preset` a new one, by labelled slices. In use is the network of the last judgement, and at the end the best.
   * @param {import('./teacher.js').TrainOptions} options @returns {import('./run.js').Run}
   */
  train(options) {
    return new Teacher({
      call: (method, args) => this.#lasting(() => this.#raw(method, args, {}), false),
      begin: (wish, samples) =>
        this.#lasting(async () => {
          const bridge = this.#bridge;
          const given = [];
          for (const { scan, slice = 0, labels } of samples) given.push({ scan: await this.#open.number(scan), slice, labels });
          if (bridge !== this.#bridge) throw InsituError.of('engine.died', 'device');
          return this.#raw('trainBegin', [wish, given], {});
        }, false),
      inUse: async (card) => {
        this.#card = card;
        this.#model = (await this.#lasting(() => this.#raw('saveModel', [], {}), false)).buffer;
      },
    }).run(options, this.#card);
  }

  /**
   * A mask's fill and outline as pyramids of bitmaps.
   * @param {Mask} mask @param {{ colours: (string | null)[], signal?: AbortSignal }} options
   *   `#rrggbb` of classes 1 and up; null hides a class
   * @returns {Promise<{ fill: Layer, outline: Layer }>}
   */
  async overlay(mask, { colours, signal }) {
    return this.#lasting(async () => {
      const key = this.#maskKeys.get(mask) ?? 0;
      const layers = await this.#raw('overlay', [key, null, colours], { signal });
      if (layers) return layers;
      const { labels, width, height } = mask;
      return this.#raw('overlay', [0, { labels, width, height }, colours], { signal });
    });
  }

  /** Pixels of each class 1 and up. @param {Mask} mask @returns {Promise<number[]>} */
  async areas(mask) {
    return this.#lasting(() => this.#raw('areas', [mask.labels, mask.classes], {}));
  }

  /** The class indices as an 8-bit PNG. @param {Mask} mask @returns {Promise<Blob>} */
  async maskPng(mask) {
    const file = await this.#lasting(() => this.#raw('maskPng', [mask.labels, mask.width, mask.height], {}));
    return new Blob([file], { type: 'image/png' });
  }

  /** The blocks of the network in use, at the size of the tiles of a scan. @param {Scan} scan @returns {Promise<Network>} */
  async network(scan) {
    return this.#onScan('network', scan, []);
  }

  /** Where the tiles of a scan lie. @param {Scan} scan @param {{ tile?: number }} [options] pixels a side, if not those of `segment` @returns {Promise<TilePlan>} */
  async tilePlan(scan, { tile = 0 } = {}) {
    return this.#onScan('tilePlan', scan, [tile]);
  }

  /**
   * What a block of the network computes for the middle tile of a slice, as grey pictures. Progress counts convolutions.
   * @param {Scan} scan @param {Pick<SegmentOptions, 'slice' | 'signal' | 'onProgress'> & { node: number }} options `node` of the block
   * @returns {Promise<FeatureMaps>}
   */
  async featureMaps(scan, { slice = 0, node, signal, onProgress }) {
    return this.#onScan('featureMaps', scan, [slice, node], { signal, onProgress });
  }

  /**
   * The border weights (Ronneberger 2015, equation 2) of the objects that the model finds in a slice.
   * @param {Scan} scan @param {SegmentOptions} [options] @returns {Promise<WeightMap>}
   */
  async weightMap(scan, { slice = 0, threshold, head = 0, signal, onProgress } = {}) {
    return this.#onScan('weightMap', scan, [slice, threshold, head], { signal, onProgress });
  }

  /**
   * Copies of a slice and its mask, augmented as in a training; the same for the same seed.
   * @param {Scan} scan @param {{ slice?: number, labels: Uint8Array, size?: number, count?: number, seed?: number }} options
   *   `labels` of the whole slice; `size`: pixels a side of a copy, 0 for the patch of a training
   * @returns {Promise<Augmented>}
   */
  async augmented(scan, { slice = 0, labels, size = 0, count = 4, seed = 1 }) {
    return this.#onScan('augmented', scan, [slice, labels, size, count, seed]);
  }

  /** Facts for a bug report. Holds no pixels and no file names. @returns {Promise<Record<string, unknown>>} */
  async diagnostics() {
    return this.#raw('diagnostics', [], {});
  }

  /** Ends the worker. */
  async close() {
    this.#closed = true;
    this.#bridge?.end(null);
  }

  /** @param {string} method @param {Scan} scan @param {unknown[]} args @param {import('./bridge.js').CallOptions} [options] */
  #onScan(method, scan, args, options = {}) {
    return this.#lasting(async () => {
      await this.#ready;
      const bridge = this.#bridge;
      const number = await this.#open.number(scan);
      // The number is of an engine that has gone meanwhile; in the new one it may be another image's.
      if (bridge !== this.#bridge) throw InsituError.of('engine.died', 'device');
      return this.#raw(method, [number, ...args], options);
    });
  }
}
