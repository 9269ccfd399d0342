/** The engine's life without a worker: it is called in the thread that asks. What `www/wire/life.js` and `www/wire/engine-worker.js` are in a page. */
import { readFile } from 'node:fs/promises';
import * as code from '../pkg/insitu.js';
import { laid } from '../www/wire/bundle.js';
import { InsituError } from '../www/wire/error.js';
import { described, failure, isTrap } from '../www/wire/failure.js';
import { grouped, opened } from '../www/wire/series.js';

/**
 * @typedef {import('../www/wire/life.js').Life} Life
 * @typedef {import('../www/wire/bridge.js').CallOptions} CallOptions
 * @typedef {import('../www/wire/worker-shell.js').Call} Call
 * @typedef {import('../pkg/insitu.js').MaskRecord} MaskRecord
 */

/** What makes pictures for a page: Node.js has nothing to draw with. */
const PICTURES = ['overlay', 'picture', 'plane', 'render', 'thumbnail', 'weightMap'];
/** Methods of the engine that tell their progress in their last argument. */
const LONG = ['featureMaps', 'trainValidate'];
/** No graphics card, and nothing that would say how much memory there is. */
const FACTS = { secure: true, gpu: false, timestampQuery: false, adapter: null, memory: null };

/** After a panic the module's memory is in no known state, and Node.js loads a module once. @type {string | null} */
let broken = null;

/** @implements {Pick<Life, keyof Life>} */
export class Inline {
  #onStatus;
  /** @type {any} */
  #engine = null;
  #closed = false;
  /** @type {import('../pkg/insitu.js').DeviceRecord} */
  device = { kind: 'cpu', name: '', reason: '' };
  facts = FACTS;
  /** @type {import('../pkg/insitu.js').Constants | null} */
  constants = null;
  ready = Promise.resolve();

  /** @param {{ device: string, cores: number }} _wanted @param {(status: import('../www/insitu.js').Status) => void} onStatus */
  constructor(_wanted, onStatus) {
    this.#onStatus = onStatus;
  }

  get engine() {
    return this.#engine;
  }

  async start() {
    try {
      await code.default({ module_or_path: await readFile(new URL('../pkg/insitu_bg.wasm', import.meta.url)) });
      const engine = await code.Engine.create('cpu', FACTS, (status) => this.#onStatus(status));
      this.#engine = engine;
      this.device = engine.device();
      this.constants = code.Engine.constants();
    } catch (error) {
      throw InsituError.of('engine.start', 'device', error);
    }
  }

  /** @type {Life['call']} */
  call = async (method, args, options = {}) => {
    if (this.#closed || !this.#engine) throw InsituError.of('engine.closed', 'invalid');
    if (broken) throw InsituError.of('engine.failed', 'device', broken);
    if (options.signal?.aborted) throw InsituError.cancelled();
    const call = calling(options);
    try {
      const answer = await this.#perform(call, method, args);
      if (call.aborted) throw InsituError.cancelled();
      return answer;
    } catch (error) {
      if (isTrap(error)) {
        broken = String(error);
        throw InsituError.of('engine.failed', 'device', error);
      }
      throw error instanceof InsituError ? error : InsituError.from(described(error));
    }
  };

  /** @param {Call} call @param {string} method @param {any[]} args @returns {any} */
  #perform(call, method, args) {
    const engine = this.#engine;
    if (PICTURES.includes(method))
      throw failure('node.picture', 'unsupported', `Node.js draws nothing: there is no ${method}.`);
    const own = /** @type {Record<string, (...args: any[]) => unknown>} */ (OWN)[method];
    if (own) return own(engine, call, ...args);
    return engine[method](...args, ...(LONG.includes(method) ? [call.onProgress] : []));
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async lasting(work) {
    if (this.#closed) throw InsituError.of('engine.closed', 'invalid');
    try {
      return await work();
    } catch (error) {
      throw InsituError.from(error);
    }
  }

  /** The memory stays as it is. */
  async renew() {}

  end() {
    this.#closed = true;
    if (!broken) this.#engine?.free();
    this.#engine = null;
  }
}

/** @param {CallOptions} options @returns {Call} */
function calling({ signal, onProgress, onFirst }) {
  let last = -1;
  return {
    get aborted() {
      return signal?.aborted ?? false;
    },
    onProgress: (done, total) => {
      // The engine counts tiles and asks after each layer.
      if (done !== last && !signal?.aborted) onProgress?.({ done, total });
      last = done;
      return !signal?.aborted;
    },
    tellFirst: onFirst,
  };
}

/** What asks more of the engine than one of its methods, or another order of its arguments. */
const OWN = {
  /** @param {import('../pkg/insitu.js').Engine} engine @param {Call} _call */
  diagnostics: (engine, _call) => ({ ...engine.diagnostics(), helpers: 0 }),

  /** @param {import('../pkg/insitu.js').Engine} engine @param {Call} call @param {Blob[]} files @param {string | null} name @param {string[]} paths */
  openScan(engine, call, files, name, paths) {
    files.forEach((file, i) => laid(file, paths[i]));
    return opened(engine, files, name, call);
  },

  /** @param {import('../pkg/insitu.js').Engine} engine @param {Call} call @param {Blob[]} files @param {string[]} names */
  groupFiles: (engine, call, files, names) => grouped(engine, files, names, call),

  /** @param {import('../pkg/insitu.js').Engine} engine @param {Call} call @param {number} id @param {number} slice @param {number | undefined} threshold @param {number} head @param {string} [along] */
  async segment(engine, call, id, slice, threshold, head, along) {
    const complete = (/** @type {MaskRecord} */ mask) => ({
      ...mask,
      areas: engine.areas(mask.labels, mask.classes),
      key: 0,
    });
    const told = call.tellFirst && ((/** @type {MaskRecord} */ mask) => call.tellFirst?.(complete(mask)));
    return complete(await engine.segment(id, slice, threshold, 0, head, call.onProgress, null, told, along));
  },

  /** @param {import('../pkg/insitu.js').Engine} engine @param {Call} call @param {number} id @param {number} slice @param {string} along @param {number} head */
  segmentPlane: (engine, call, id, slice, along, head) =>
    engine.segmentPlane(id, slice, along, head, call.onProgress, null),

  /** @param {import('../pkg/insitu.js').Engine} engine @param {Call} call @param {number} id @param {number} slice @param {number | undefined} threshold @param {number} head @param {import('../pkg/insitu.js').ObjectSettings} settings @param {number} tintCount @param {string} [along] */
  async objects(engine, call, id, slice, threshold, head, settings, tintCount, along) {
    const { tints, ...found } = await engine.objects(
      id,
      slice,
      threshold,
      head,
      settings,
      tintCount,
      call.onProgress,
      along,
    );
    return { ...found, labels: tints, key: 0 };
  },

  /** @param {import('../pkg/insitu.js').Engine} engine @param {Call} call @param {number} id @param {number} slice @param {number | undefined} threshold @param {number} head @param {import('../pkg/insitu.js').TruthGiven} truth @param {string} [along] */
  async score(engine, call, id, slice, threshold, head, truth, along) {
    const { difference, ...scores } = await engine.score(id, slice, threshold, head, truth, call.onProgress, along);
    return { ...scores, labels: difference, key: 0 };
  },
};
