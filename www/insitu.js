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
import { InsituError } from './wire/error.js';
import { Open, seriesOf } from './wire/open-scans.js';
import { Shipped } from './wire/shipped.js';
import { Life } from './wire/life.js';
export { atDepth, depthOf, placeOf, sliceAt, windowOf } from './wire/slices.js';
import { Results } from './wire/results.js';
import { train } from './training/request.js';

export { InsituError };

/**
 * @typedef {'auto' | 'webgpu' | 'cpu'} DeviceWanted
 * @typedef {import('./wire/engine-worker.js').EngineMethods} EngineMethods
 * @typedef {import('./api.d.ts').Status} Status
 * @typedef {import('./api.d.ts').ModelEntry} ModelEntry
 * @typedef {import('../pkg/insitu.js').LoadedCard} Card
 * @typedef {import('../pkg/insitu.js').ScanRecord} Scan `spacing` is in mm
 * @typedef {{ center: number, width: number }} Window in the scan's physical values
 * @typedef {{ Living?: new (...args: ConstructorParameters<typeof Life>) => Pick<Life, keyof Life>, shipped?: Shipped }} Place
 * @typedef {import('./pictures/layers.js').Layer} Layer
 * @typedef {import('./pictures/suggestion.js').Suggestion} Suggestion
 * @typedef {{ [M in keyof EngineMethods]: Parameters<EngineMethods[M]> extends [number, ...any] ? M : never }[keyof EngineMethods]} ScanMethod whose first argument is the number of a scan
 * @typedef {import('./api.d.ts').Mask} Mask
 * @typedef {import('./api.d.ts').SegmentOptions} SegmentOptions
 */

/**
 * Starts the engine.
 * @param {{ device?: DeviceWanted, onStatus?: (status: Status) => void, cores?: number }} [options] cores: at most, on the CPU
 * @returns {Promise<App>}
 */
export async function open({ device = 'auto', onStatus = () => {}, cores = Infinity } = {}) {
  const app = new App({ device, cores }, onStatus);
  await app.start();
  return app;
}

export class App {
  #life;
  #onStatus;
  #shipped;
  /** The file of the model in use, or the state of the training under way, for a restart. @type {Uint8Array | null} */
  #model = null;
  /** The training that was begun last. @type {import('./training/run.js').Run | null} */
  #training = null;
  #open;
  /** Work that a training lets pass before its next step. @type {Set<Promise<unknown>>} */
  #first = new Set();
  /** @type {WeakMap<object, number>} */
  #maskKeys = new WeakMap();

  /** @param {{ device: DeviceWanted, cores: number }} wanted @param {(status: Status) => void} onStatus @param {Place} [place] other than a page */
  constructor(wanted, onStatus, { Living = Life, shipped = new Shipped() } = {}) {
    this.#onStatus = onStatus;
    this.#shipped = shipped;
    this.#open = new Open(this.#raw, (used) => this.#life.renew(used));
    this.#life = new Living(wanted, onStatus, {
      forget: (died) => {
        this.#open.forget(died);
        this.#maskKeys = new WeakMap();
      },
      equip: async (bridge) => void (this.#model && (await bridge.call('loadModel', [this.#model]))),
    });
  }

  /** Objects, and results as files. */
  results = new Results({
    call: (method, args) => this.#lasting(() => this.#raw(method, args, {})),
    objects: async (scan, args, options) => this.#onScan('objects', scan, args, options),
    score: async (scan, args, options) => this.#onScan('score', scan, args, options),
    plane: async (scan, args, options) => this.#onScan('segmentPlane', scan, args, options),
    number: (scan) => this.#open.number(scan),
    known: (found, key) => this.#maskKeys.set(found, key),
  });

  /** What it runs on, and in one sentence why. */
  get device() {
    return this.#life.device;
  }

  /** Defaults, limits and lists of the engine; null before it has started. */
  get constants() {
    return this.#life.constants;
  }

  /** What the browser said about its GPU. */
  get facts() {
    return this.#life.facts;
  }

  /** Used by `open`; a second call after a failed start tries again. */
  start() {
    return this.#life.start();
  }

  /** @type {import('./wire/life.js').Life['call']} */
  #raw = (method, args, options) => this.#life.call(method, args, options);

  /** @template T @param {() => Promise<T>} work @param {boolean} [again] @returns {Promise<T>} */
  #lasting(work, again) {
    return this.#life.lasting(work, again);
  }

  /** The models that are shipped with the page. @returns {Promise<ModelEntry[]>} */
  models() {
    return this.#shipped.list();
  }

  /** What a shipped model is, for people: Markdown. @param {string} id @returns {Promise<string>} */
  async modelCard(id) {
    return this.#shipped.card(id);
  }

  /** Takes the place of the model before it. @param {string | Blob | File[]} idOrFiles a list: one model that is kept in several files, such as `unet.onnx` and `unet.onnx.data` @param {import('./api.d.ts').ModelOptions} [options] @returns {Promise<Card>} */
  async loadModel(idOrFiles, { onProgress } = {}) {
    const files = await this.#shipped.files(idOrFiles, onProgress);
    return this.#lasting(async () => {
      const one = files.length === 1;
      const card = one ? await this.#raw('loadModel', [files[0].bytes]) : await this.#raw('loadModelFiles', [files]);
      // One file, for a restart.
      this.#model = one ? files[0].bytes : await this.#raw('saveModel', []);
      return card;
    });
  }

  /** The names of the files that a model file wants beside itself, for `loadModel`. @param {Blob} file @returns {Promise<string[]>} */
  async filesBeside(file) {
    const [{ bytes }] = await this.#shipped.files(file);
    return this.#lasting(() => this.#raw('filesBeside', [bytes]));
  }

  /** Fetches a shipped model ahead of its use, so that it is there when the network is not. @param {string} id */
  async fetchModel(id) {
    await this.#shipped.bytes(id);
  }

  /** Gives the model in use another title. @param {string} title @returns {Promise<Card>} */
  async nameModel(title) {
    return this.#lasting(async () => {
      const card = await this.#raw('nameModel', [title]);
      this.#model = await this.#raw('saveModel', []);
      return card;
    });
  }

  /** One `.safetensors` file with its card; or one for other programs. @param {'safetensors' | 'onnx' | 'zip'} [format] `zip`: a bioimage.io package @returns {Promise<Blob>} */
  async saveModel(format = 'safetensors') {
    const method = /** @type {const} */ ({ onnx: 'saveOnnx', zip: 'savePackage', safetensors: 'saveModel' })[format];
    return new Blob([await this.#lasting(() => this.#raw(method, []))], { type: 'application/octet-stream' });
  }

  /**
   * Opens an image, recognised by its content: a file, or all files of one image in any order, such as the slices of a DICOM series.
   * @param {File | Blob | (File | Blob)[]} fileOrFiles @param {import('./api.d.ts').OpenOptions} [options] @returns {Promise<Scan>}
   */
  async openScan(fileOrFiles, options) {
    const files = Array.isArray(fileOrFiles) ? fileOrFiles : [fileOrFiles];
    if (files.length === 0) throw InsituError.of('scan.none', 'invalid');
    return this.#lasting(() => this.#open.add(files, options));
  }

  /** Which of some files are one image, without opening them. @param {File[]} files @param {import('./api.d.ts').SeriesOptions} [options] @returns {Promise<import('./api.d.ts').Found>} */
  async series(files, options = {}) {
    return this.#lasting(() => seriesOf(this.#raw, files, options));
  }

  /** Forgets an image. @param {Scan} scan */
  async closeScan(scan) {
    await this.#open.remove(scan).catch((error) => Promise.reject(InsituError.from(error)));
  }

  /**
   * The foreground of one slice.
   * @param {Scan} scan @param {SegmentOptions} [options] @returns {Promise<Mask>}
   */
  async segment(scan, { slice = 0, threshold, head = 0, along, signal, onProgress, onFirst } = {}) {
    const first = onFirst && ((/** @type {Mask & { key: number }} */ mask) => onFirst(this.#known(mask)));
    return this.#known(
      await this.#onScan('segment', scan, [slice, threshold, head, along], { signal, onProgress, onFirst: first }),
    );
  }

  /** @param {Mask & { key: number }} found @returns {Mask} */
  #known({ key, ...mask }) {
    this.#maskKeys.set(mask, key);
    return mask;
  }

  /** A slice as it looks through a window, by default its own. @param {Scan} scan @param {{ slice?: number, window?: Window }} [options] @returns {Promise<ImageData>} */
  async render(scan, { slice = 0, window } = {}) {
    return this.#onScan('render', scan, [slice, window]);
  }

  /**
   * The same as a pyramid of bitmaps, to be drawn at any zoom; made in the worker.
   * @param {Scan} scan @param {{ slice?: number, window?: Window, look?: import('./api.d.ts').Look, mix?: import('../pkg/insitu.js').TintRecord[], signal?: AbortSignal }} [options] `mix`: channels, in the place of that of the slice @returns {Promise<Layer>}
   */
  async picture(scan, { slice = 0, window, look, mix, signal } = {}) {
    return this.#onScan('picture', scan, [slice, window, look, mix], { signal });
  }

  /** A plane through a volume, as a bitmap. @param {Scan} scan @param {import('./api.d.ts').PlaneRequest} wanted @returns {Promise<import('./api.d.ts').Plane>} */
  async plane(scan, wanted) {
    return this.#onScan('plane', scan, [wanted]);
  }

  /** A small picture, between `size` and twice that. @param {Scan} scan @param {{ slice?: number, size?: number }} [options] @returns {Promise<ImageBitmap>} */
  async thumbnail(scan, { slice = scan.middle, size = 64 } = {}) {
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

  /** Which shipped model fits a slice, by its looks and by what its file says. @param {Scan} scan @param {{ slice?: number }} [options] @returns {Promise<Suggestion>} */
  async suggestModel(scan, { slice = 0 } = {}) {
    const known = (await this.models().catch(() => [])).map(({ id }) => id);
    return this.#onScan('suggest', scan, [slice, known]);
  }

  /**
   * Teaches the loaded model, or with `preset` a new one, by labelled slices. In use is the network of the last validation, and at the end the best.
   * @param {import('./training/request.js').TrainOptions} options @returns {import('./training/run.js').Run}
   */
  train(options) {
    const mine = () => run;
    /** @type {import('./training/run.js').Run} */
    const run = train(
      {
        call: async (method, args) => {
          // Between two of its layers a segmentation would wait for a whole step, and there are many layers.
          while (method === 'trainStep' && this.#first.size > 0) await Promise.allSettled(this.#first);
          return this.#lasting(() => this.#raw(method, /** @type {any} */ (args)), false);
        },
        begin: (request, samples) => this.#alone(mine, samples, (given) => this.#raw('trainBegin', [request, given])),
        restore: (state, samples, changes) =>
          this.#alone(mine, samples, (given) => this.#raw('trainRestore', [state, given, changes])),
        tell: this.#onStatus,
        look: async (scan, slice, threshold, piece) => this.#onScan('trainLook', scan, [slice, threshold, piece]),
        hold: async (state) => {
          this.#model = state ?? (await this.#lasting(() => this.#raw('saveModel', []), false));
        },
      },
      options,
    );
    return run;
  }

  /**
   * The engine trains one network at a time; one that was told to stop is waited for.
   * @template T @param {() => import('./training/run.js').Run} run that is to begin @param {import('./training/request.js').LabelledSlice[]} samples
   * @param {(given: import('../pkg/insitu.js').LabelledSlice[]) => Promise<T>} work @returns {Promise<T>}
   */
  async #alone(run, samples, work) {
    await null;
    const before = this.#training;
    const other = before !== run() && before?.running;
    if (other && !before.stopping) throw InsituError.of('train.busy', 'invalid');
    this.#training = run();
    if (other) await before.finished.catch(() => {});
    return this.#withScans(samples, work);
  }

  /**
   * @template T @param {import('./training/request.js').LabelledSlice[]} samples
   * @param {(given: import('../pkg/insitu.js').LabelledSlice[]) => Promise<T>} work @returns {Promise<T>}
   */
  #withScans(samples, work) {
    return this.#lasting(async () => {
      const engine = this.#life.engine;
      const given = await this.#open.given(samples);
      if (engine !== this.#life.engine) throw InsituError.of('engine.died', 'device');
      return work(given);
    }, false);
  }

  /**
   * How large patches a training takes on this device, and how many at once.
   * @param {Scan[]} scans to learn from @param {{ preset?: string, width?: number }} [options] without `preset`: of the loaded model
   * @returns {Promise<import('./api.d.ts').TrainingPlan>}
   */
  async trainPlan(scans, { preset, width } = {}) {
    const side = Math.min(...scans.flatMap((scan) => [scan.width, scan.height]));
    return this.#lasting(() => this.#raw('trainPlan', [preset, width, side], {}));
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
      const layers = key && (await this.#raw('overlay', [key, null, colours], { signal }));
      if (layers) return layers;
      const { labels, width, height } = mask;
      const drawn = await this.#raw('overlay', [0, { labels, width, height }, colours], { signal });
      return /** @type {NonNullable<typeof drawn>} */ (drawn);
    });
  }

  /** Pixels of each class 1 and up. @param {Mask} mask @returns {Promise<number[]>} */
  async areas(mask) {
    return this.#lasting(() => this.#raw('areas', [mask.labels, mask.classes], {}));
  }

  /** The class indices as an 8-bit PNG, in the colours of the model's classes. @param {Mask} mask @returns {Promise<Blob>} */
  async maskPng({ labels, width, height }) {
    return new Blob([await this.#lasting(() => this.#raw('maskPng', [labels, width, height]))], { type: 'image/png' });
  }

  /** The blocks of the network in use, at the size of the tiles of a scan. @param {Scan} scan @returns {Promise<import('./api.d.ts').Network>} */
  async network(scan) {
    return this.#onScan('network', scan, []);
  }

  /** Where the tiles of a scan lie. @param {Scan} scan @param {{ tile?: number }} [options] pixels a side, if not those of `segment` @returns {Promise<import('./api.d.ts').TilePlan>} */
  async tilePlan(scan, { tile = 0 } = {}) {
    return this.#onScan('tilePlan', scan, [tile]);
  }

  /** What block `node` computes for the middle tile of a slice, as grey pictures; progress counts convolutions. @param {Scan} scan @param {Pick<SegmentOptions, 'slice' | 'signal' | 'onProgress'> & { node: number }} options @returns {Promise<import('./api.d.ts').FeatureMaps>} */
  async featureMaps(scan, { slice = 0, node, signal, onProgress }) {
    return this.#onScan('featureMaps', scan, [slice, node], { signal, onProgress });
  }

  /** The border weights (Ronneberger 2015, equation 2) of the objects that the model finds in a slice. @param {Scan} scan @param {SegmentOptions} [options] @returns {Promise<import('./api.d.ts').WeightMap>} */
  async weightMap(scan, { slice = 0, threshold, head = 0, signal, onProgress } = {}) {
    return this.#onScan('weightMap', scan, [slice, threshold, head], { signal, onProgress });
  }

  /**
   * The square of `side` pixels around a place (0 to 1 over the image), answered by a window for each pixel (Ciresan 2012) and by one pass.
   * @param {Scan} scan @param {Pick<SegmentOptions, 'slice' | 'signal' | 'onProgress'> & { x?: number, y?: number, side?: number }} options @returns {Promise<import('../pkg/insitu.js').SlidingWindowRecord>}
   */
  async slidingWindow(scan, { slice = 0, x = 0.5, y = 0.5, side = 8, signal, onProgress }) {
    return this.#onScan('slidingWindow', scan, [slice, x, y, side], { signal, onProgress });
  }

  /**
   * Copies of a slice and its mask, augmented as in a training; the same for the same seed. `labels` of the whole slice; `size`: pixels a side, 0 for a training's.
   * @param {Scan} scan @param {{ slice?: number, labels: Uint8Array, size?: number, count?: number, seed?: number }} options
   * @returns {Promise<import('./api.d.ts').Augmented>}
   */
  async augmented(scan, { slice = 0, labels, size = 0, count = 4, seed = 1 }) {
    return this.#onScan('augmented', scan, [slice, labels, size, count, seed]);
  }

  /** Facts for a bug report. Holds no pixels and no file names. @returns {Promise<import('../pkg/insitu.js').Diagnostics & { helpers: number }>} */
  async diagnostics() {
    return this.#raw('diagnostics', []);
  }

  /** Ends the worker. */
  async close() {
    this.#life.end();
  }

  /**
   * @template {ScanMethod} M
   * @param {M} method @param {Scan} scan @param {Parameters<EngineMethods[M]> extends [number, ...infer A] ? A : never} args after the scan's number
   * @param {import('./wire/bridge.js').CallOptions} [options]
   */
  #onScan(method, scan, args, options = {}) {
    const work = this.#lasting(async () => {
      await this.#life.ready;
      const engine = this.#life.engine;
      const number = await this.#open.number(scan);
      // The number is of an engine that has gone meanwhile; in the new one it may be another image's.
      if (engine !== this.#life.engine) throw InsituError.of('engine.died', 'device');
      return this.#raw(method, /** @type {any} */ ([number, ...args]), options);
    });
    if (options.onProgress || options.signal) {
      this.#first.add(work);
      work.catch(() => {}).finally(() => this.#first.delete(work));
    }
    return work;
  }
}
