/** The engine's life: its start, its restarts after a failure, and calls that outlast them. */
import { Worker } from '../guard/workers.js';
import { Bridge } from './bridge.js';
import { InsituError } from './error.js';
import { t } from '../strings/t.js';
import { stored } from '../stored.js';
import { engineSize } from './arriving.js';
import { Supervisor } from './supervisor.js';

/**
 * @typedef {import('../insitu.js').Status} Status
 * @typedef {import('./engine-worker.js').EngineMethods} EngineMethods
 * @typedef {object} Hooks
 * @property {(died: boolean) => void} forget what the old engine knew is not to be used any more; whether it stopped by itself
 * @property {(bridge: Bridge<EngineMethods>) => Promise<void>} equip gives a new engine what it needs
 */

/** What a GPU does once, and after which it cannot be used again. */
const TROUBLE = new Set(['device.lost', 'device.memory', 'device.fault']);
/** Restarts within two minutes before the engine is given up. */
const RESTARTS = 4;
/** Bytes of an engine's memory that are no trouble, and how many times what is in use it may hold beyond them. */
const HEAP = 800e6;
const SPARE = 3;

/** Where it is remembered which engine has come whole: the address of this file names its version. */
const PLACE = 'insitu.engine';
/** Whether the browser has the engine, for all that one can know without asking for it. */
const atHand = () => Boolean(globalThis.navigator?.serviceWorker?.controller) || stored(PLACE) === import.meta.url;

export class Life {
  #asked;
  #onStatus;
  #hooks;
  /** @type {Supervisor<Bridge<EngineMethods>>} */
  #supervisor;
  /** Whether the CPU was taken because the GPU failed. */
  #fellBack = false;
  /** Of the last stop. @type {'engine.died' | 'device.lost'} */
  #code = 'engine.died';
  /** Whether another engine takes the place of one that did not stop. */
  #quietly = false;
  /** @type {import('../../pkg/insitu.js').DeviceRecord} */
  device = { kind: 'cpu', name: '', reason: '' };
  /** What the browser says of its GPU. @type {Partial<import('../../pkg/insitu.js').Facts>} */
  facts = {};
  /** Defaults, limits and lists of the engine. @type {import('../../pkg/insitu.js').Constants | null} */
  constants = null;

  /** @param {{ device: import('../insitu.js').DeviceWanted, cores: number }} asked @param {(status: Status) => void} onStatus @param {Hooks} hooks */
  constructor(asked, onStatus, hooks) {
    this.#asked = { ...asked };
    this.#onStatus = onStatus;
    this.#hooks = hooks;
    this.#supervisor = new Supervisor(RESTARTS, {
      launch: (known) => this.#launch(known),
      onStop: (cause, times) => this.#onStop(cause, times),
      onGivenUp: (cause) => {
        const error = InsituError.of('engine.failed', 'device', cause);
        onStatus({ code: 'engine.failed', message: error.message, cause });
        return error;
      },
      onRestarted: () => this.#tell('engine.restarted'),
      onFailed: (error) => onStatus({ code: 'engine.failed', message: InsituError.from(error).message }),
    });
  }

  /** Another one after each restart: numbers that one gave mean nothing to the next. @returns {unknown} */
  get engine() {
    return this.#supervisor.worker;
  }

  /** Settles when the engine is ready for calls. */
  get ready() {
    return this.#supervisor.ready;
  }

  /** A second call after a failed start tries again. */
  async start() {
    try {
      await this.#supervisor.start();
    } catch (thrown) {
      const error = InsituError.from(thrown);
      const own = error.code === 'engine.died' || error.code === 'engine.unexpected';
      throw own ? InsituError.of('engine.start', 'device', error.cause) : error;
    }
  }

  /** @param {(bridge: Bridge<EngineMethods>) => void} known */
  async #launch(known) {
    const quietly = this.#quietly;
    const stopped = this.#supervisor.worker !== null && !quietly;
    if (stopped) this.#tell('engine.restarting');
    if (!quietly) this.#tell('engine.loading');
    // At once: what is asked from here on waits for the new engine, and must not use the old one's numbers.
    this.#hooks.forget(stopped && this.#code === 'engine.died');
    /** @type {Bridge<EngineMethods>} */
    const bridge = new Bridge(
      new Worker(new URL('./engine-worker.js', import.meta.url), { type: 'module', name: 'insitu' }),
      (status) => this.#heard(bridge, status),
      (cause) => this.#stop(bridge, 'engine.died', cause),
    );
    known(bridge);
    const { device: kind, cores } = this.#asked;
    const { device, facts, constants } = await bridge.call('create', [kind, cores, atHand() ? null : engineSize()], {
      onProgress: (arrived) => bridge === this.engine && this.#tell('engine.loading', undefined, arrived),
    });
    stored(PLACE, import.meta.url);
    this.device = this.#fellBack ? { ...device, reason: t('device.fellBack') } : device;
    this.facts = facts;
    this.constants = constants;
    await this.#hooks.equip(bridge);
  }

  /** @param {Bridge<EngineMethods>} bridge @param {Status} status */
  #heard(bridge, status) {
    if (bridge !== this.engine) return;
    // A lost GPU ends as a stopped engine does: with a new worker.
    if (TROUBLE.has(status.code)) this.#stop(bridge, 'device.lost', `${status.code} ${status.message}`);
    else this.#onStatus(status);
  }

  /** @param {Bridge<EngineMethods>} bridge @param {'engine.died' | 'device.lost'} code @param {string} cause */
  #stop(bridge, code, cause) {
    if (this.#supervisor.closed || bridge !== this.engine) return;
    this.#code = code;
    // Those who wait learn why: a training that ran out of memory goes on with smaller patches.
    bridge.end(null, cause);
    this.#supervisor.stopped(bridge, cause);
  }

  /** @param {string} cause @param {number} times */
  #onStop(cause, times) {
    this.#tell(this.#code, cause);
    // A GPU that fails twice is not asked a third time.
    if (this.#code === 'device.lost' && times > 1) {
      this.#asked.device = 'cpu';
      this.#fellBack = true;
    }
  }

  /** @param {string} code @param {string} [cause] @param {import('./arriving.js').Arrived} [arrived] */
  #tell(code, cause, arrived) {
    this.#onStatus({ code, message: InsituError.of(code, 'device').message, cause, ...arrived });
  }

  /** @type {<M extends keyof EngineMethods>(method: M, args: Parameters<EngineMethods[M]>, options?: import('./bridge.js').CallOptions) => Promise<Awaited<ReturnType<EngineMethods[M]>>>} */
  call = async (method, args, options) => {
    await this.ready;
    const bridge = this.#supervisor.worker;
    if (!bridge) throw InsituError.of('engine.closed', 'invalid');
    return bridge.call(method, args, options);
  };

  /**
   * Does `work` and, if the engine stopped meanwhile, once more with the new one, unless `again` is false: then it fails when
   * the new one is ready, with the model of before.
   * @template T @param {() => Promise<T>} work @param {boolean} [again] @returns {Promise<T>}
   */
  async lasting(work, again = true) {
    if (this.#supervisor.closed) throw InsituError.of('engine.closed', 'invalid');
    const bridge = this.#supervisor.worker;
    try {
      return await work();
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (error.kind !== 'device' || this.#supervisor.closed) throw error;
      if (bridge && bridge === this.engine && !bridge.dead)
        this.#stop(bridge, 'device.lost', `${error.code} ${error.message}`);
      await this.ready;
      if (!again) throw error;
      return this.lasting(work, false);
    }
  }

  /**
   * Gives the memory back that an engine holds and does not use, by another one in its place, without a word: WebAssembly's memory
   * never shrinks. Nothing happens while something is asked of it, or while it has what is nowhere else.
   * @param {number} used bytes of open scans
   */
  async renew(used) {
    const bridge = this.#supervisor.worker;
    if (!bridge || bridge.busy || this.#supervisor.closed) return;
    const { memory, holds } = await bridge.call('diagnostics', []).catch(() => ({ memory: 0, holds: true }));
    if (holds || memory < HEAP + SPARE * used || bridge.busy || bridge !== this.engine) return;
    bridge.end(null);
    this.#quietly = true;
    this.#supervisor.renew();
    this.#quietly = false;
  }

  /** Ends the worker. */
  end() {
    this.#supervisor.close();
    this.#supervisor.worker?.end(null);
  }
}
