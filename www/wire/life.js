/** The engine's life: its start, its restarts after a failure, and calls that outlast them. */
import { Bridge } from './bridge.js';
import { InsituError } from './error.js';
import { t } from '../strings/t.js';

/**
 * @typedef {import('../insitu.js').Status} Status
 * @typedef {object} Hooks
 * @property {() => void} forget what the old engine knew is not to be used any more
 * @property {(bridge: Bridge) => Promise<void>} equip gives a new engine what it needs
 */

/** What a GPU does once, and after which it cannot be used again. */
const TROUBLE = new Set(['device.lost', 'device.memory', 'device.fault']);
/** Restarts within two minutes before the engine is given up. */
const RESTARTS = 4;

export class Life {
  #wish;
  #onStatus;
  #hooks;
  /** @type {Bridge | null} */
  #bridge = null;
  #closed = false;
  #started = false;
  /** Whether the CPU was taken because the GPU failed. */
  #fellBack = false;
  /** When it was restarted, ms. @type {number[]} */
  #restarts = [];
  /** Settles when the engine is ready for calls. @type {Promise<void>} */
  ready = Promise.resolve();
  /** @type {import('../insitu.js').Device} */
  device = { kind: 'cpu', name: '', reason: '' };
  facts = {};

  /** @param {import('../insitu.js').DeviceWish} wish @param {(status: Status) => void} onStatus @param {Hooks} hooks */
  constructor(wish, onStatus, hooks) {
    this.#wish = wish;
    this.#onStatus = onStatus;
    this.#hooks = hooks;
  }

  /** Another one after each restart: numbers that one gave mean nothing to the next. @returns {unknown} */
  get engine() {
    return this.#bridge;
  }

  /** A second call after a failed start tries again. */
  async start() {
    this.#restarts = [];
    this.ready = this.#launch().catch((thrown) => {
      const error = InsituError.from(thrown);
      const own = error.code === 'engine.died' || error.code === 'engine.unexpected';
      throw own ? InsituError.of('engine.start', 'device', error.cause) : error;
    });
    this.ready.catch(() => {});
    await this.ready;
    this.#started = true;
  }

  async #launch() {
    this.#tell('engine.loading');
    // At once: what is asked from here on waits for the new engine, and must not use the old one's numbers.
    this.#hooks.forget();
    const bridge = new Bridge(
      new URL('./engine-worker.js', import.meta.url),
      (status) => this.#heard(bridge, status),
      (cause) => this.#restart(bridge, 'engine.died', cause),
    );
    this.#bridge = bridge;
    const { device, facts } = await bridge.call('create', [this.#wish]);
    this.device = this.#fellBack ? { ...device, reason: t('device.fellBack') } : device;
    this.facts = facts;
    await this.#hooks.equip(bridge);
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
    // Those who wait learn why: a training that ran out of memory goes on with smaller patches.
    bridge.end(null, cause);
    // A start that fails tells its caller.
    if (!this.#started) return;
    this.#tell(code, cause);
    if (this.#restarts.length > RESTARTS) {
      const error = InsituError.of('engine.failed', 'device', cause);
      this.ready = Promise.reject(error);
      this.ready.catch(() => {});
      this.#onStatus({ code: 'engine.failed', message: error.message, cause });
      return;
    }
    // A GPU that fails twice is not asked a third time.
    if (code === 'device.lost' && this.#restarts.length > 1) {
      this.#wish = 'cpu';
      this.#fellBack = true;
    }
    this.#tell('engine.restarting');
    const ready = (this.ready = this.#launch());
    ready.then(
      () => this.#tell('engine.restarted'),
      (error) => {
        // Unless it has already been tried once more.
        if (this.ready === ready) this.#onStatus({ code: 'engine.failed', message: InsituError.from(error).message });
      },
    );
  }

  /** @param {string} code @param {string} [cause] */
  #tell(code, cause) {
    this.#onStatus({ code, message: InsituError.of(code, 'device').message, cause });
  }

  /** @param {string} method @param {unknown[]} args @param {import('./bridge.js').CallOptions} options */
  async call(method, args, options) {
    await this.ready;
    if (!this.#bridge) throw InsituError.of('engine.closed', 'invalid');
    return this.#bridge.call(method, args, options);
  }

  /**
   * Does `work` and, if the engine stopped meanwhile, once more with the new one, unless `again` is false: then it fails when
   * the new one is ready, with the model of before.
   * @template T @param {() => Promise<T>} work @param {boolean} [again] @returns {Promise<T>}
   */
  async lasting(work, again = true) {
    if (this.#closed) throw InsituError.of('engine.closed', 'invalid');
    const bridge = this.#bridge;
    try {
      return await work();
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (error.kind !== 'device' || this.#closed) throw error;
      if (bridge && bridge === this.#bridge && !bridge.dead)
        this.#restart(bridge, 'device.lost', `${error.code} ${error.message}`);
      await this.ready;
      if (!again) throw error;
      return this.lasting(work, false);
    }
  }

  /** Ends the worker. */
  end() {
    this.#closed = true;
    this.#bridge?.end(null);
  }
}
