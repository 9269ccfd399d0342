/** Keeps a worker alive: starts it, and starts another one when it stopped, unless that happens too often. */

/** Time in which stops are counted, ms. */
const WINDOW = 120_000;

/**
 * @template W
 * @typedef {object} Hooks
 * @property {(known: (worker: W) => void) => Promise<void>} launch starts a worker, makes it `known` at once, and is done when it is ready for calls
 * @property {(cause: string, times: number) => void} onStop before another one is started; `times` within two minutes
 * @property {(cause: string) => Error} onGivenUp it stopped too often: what every call fails with from now on
 * @property {() => void} onRestarted
 * @property {(error: unknown) => void} onFailed another one could not be started
 */

/** @template W */
export class Supervisor {
  #most;
  #hooks;
  #closed = false;
  #started = false;
  /** When it stopped, ms. @type {number[]} */
  #stops = [];
  /** The worker that runs or is being started: another one after each restart. @type {W | null} */
  worker = null;
  /** Settles when it is ready for calls. @type {Promise<void>} */
  ready = Promise.resolve();

  /** @param {number} most stops within two minutes after which another one is started @param {Hooks<W>} hooks */
  constructor(most, hooks) {
    this.#most = most;
    this.#hooks = hooks;
  }

  get closed() {
    return this.#closed;
  }

  /** The first start, and one after it was given up. @returns {Promise<void>} */
  async start() {
    this.#stops = [];
    await this.#launch();
    this.#started = true;
  }

  #launch() {
    this.ready = this.#hooks.launch((worker) => {
      this.worker = worker;
    });
    this.ready.catch(() => {});
    return this.ready;
  }

  /** @param {W} worker that is no more @param {string} cause */
  stopped(worker, cause) {
    if (this.#closed || worker !== this.worker) return;
    const now = Date.now();
    this.#stops = this.#stops.filter((at) => now - at < WINDOW);
    this.#stops.push(now);
    // A start that fails tells its caller.
    if (!this.#started) return;
    this.#hooks.onStop(cause, this.#stops.length);
    if (this.#stops.length > this.#most) {
      this.ready = Promise.reject(this.#hooks.onGivenUp(cause));
      this.ready.catch(() => {});
      return;
    }
    const ready = this.#launch();
    ready.then(
      () => this.#hooks.onRestarted(),
      (error) => {
        // Unless it has already been tried once more.
        if (this.ready === ready) this.#hooks.onFailed(error);
      },
    );
  }

  /** Another one in the place of one that runs, which its owner ends. */
  renew() {
    if (this.#closed || !this.#started) return;
    this.#launch().catch((error) => this.#hooks.onFailed(error));
  }

  /** No other one is started. */
  close() {
    this.#closed = true;
  }
}
