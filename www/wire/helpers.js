/**
 * Other workers that compute parts of an image, each with an engine of its own: no memory is shared, so that any static host will do.
 * They are started when there is work for them, and end after some rest.
 */
import { Worker } from '../guard/workers.js';
import { Bridge } from './bridge.js';
import { InsituError } from './error.js';

/**
 * @typedef {import('./helper-worker.js').HelperMethods} HelperMethods
 * @typedef {import('../../pkg/insitu.js').Helpers} EngineHelpers
 */

/** More of them bring little, and each takes memory. */
const MAX_HELPERS = 3;
/** Time without work after which they end, ms. */
const REST = 60_000;
/** Time after which whoever waits for a helper looks around, ms. */
const MOMENT = 100;

/**
 * @typedef {object} Entry
 * @property {Bridge<HelperMethods>} bridge
 * @property {Promise<void>} open
 * @property {number} version of the engine's model that it has, 0 if none
 */

/** @implements {EngineHelpers} */
export class Helpers {
  #module;
  /** @type {(Entry | undefined)[]} */
  #entries = [];
  /** Those that stopped are not asked again. */
  #failed = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => Promise<WebAssembly.Module>} module of the engine */
  constructor(module) {
    this.#module = module;
  }

  /** At most so many. */
  limit = Infinity;

  /** Cores beside our own; on a machine with little memory none. */
  get count() {
    const { hardwareConcurrency = 1 } = navigator;
    const memory = /** @type {{ deviceMemory?: number }} */ (navigator).deviceMemory ?? 8;
    if (this.#failed > MAX_HELPERS || memory < 2) return 0;
    return Math.max(Math.min(hardwareConcurrency - 1, this.limit, MAX_HELPERS), 0);
  }

  /** How many are there now. */
  get running() {
    return this.#entries.filter((entry) => entry && !entry.bridge.dead).length;
  }

  /** @param {number} helper */
  #entry(helper) {
    let entry = this.#entries[helper];
    if (!entry || entry.bridge.dead) {
      /** @type {Bridge<HelperMethods>} */
      const bridge = new Bridge(
        new Worker(new URL('./helper-worker.js', import.meta.url), { type: 'module', name: 'insitu' }),
        () => {},
        () => {
          this.#failed += 1;
        },
      );
      entry = { bridge, open: this.#module().then((module) => bridge.call('open', [module])), version: 0 };
      entry.open.catch(() => {});
      this.#entries[helper] = entry;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), REST);
    return entry;
  }

  /** @param {number} helper */
  async ready(helper) {
    const entry = this.#entry(helper);
    await entry.open;
    return entry.version;
  }

  /** @param {number} helper @param {number} version @param {Uint8Array<ArrayBuffer>} file */
  async model(helper, version, file) {
    const entry = this.#entry(helper);
    await entry.bridge.call('model', [file], { transfer: [file.buffer] });
    entry.version = version;
  }

  /** @param {number} helper @param {number} version @param {import('../../pkg/insitu.js').PieceRecord} piece */
  async piece(helper, version, piece) {
    const entry = this.#entry(helper);
    // Another segmentation gave it another model meanwhile.
    if (entry.version !== version) throw InsituError.of('engine.died', 'device');
    return entry.bridge.call('piece', [piece], { transfer: [piece.values.buffer] });
  }

  async moment() {
    await new Promise((resolve) => setTimeout(resolve, MOMENT));
  }

  end() {
    for (const entry of this.#entries) entry?.bridge.end(null);
    this.#entries = [];
  }
}
