/** What the network makes of the image that is shown, while it learns. */

/** Pictures take at most a quarter of the time, and come no faster than this, ms. */
export const PART = 0.25;
const REST = 3000;

export class Looking {
  #session;
  /** When the last picture was there, and what it took, ms. */
  #last = { at: 0, took: 0 };
  /** Pictures in work. */
  #count = 0;
  #begun = 0;
  #waiting = false;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** Of another training: the first picture comes at once. */
  anew() {
    this.#last = { at: 0, took: 0 };
    this.#begun = performance.now();
  }

  /**
   * A picture if it is time for one: the first validation is shown at once.
   * @param {AbortSignal} signal @param {{ now?: boolean, show?: () => Promise<void> }} [how] `now`: whether it may take what
   *   time it takes; `show`: puts the network as it is in use, where it is not
   */
  async due(signal, { now = false, show } = {}) {
    const { at, took } = this.#last;
    const { live, looking } = this.#session.state.training;
    const rest = Math.max(REST, took * (1 / PART - 1));
    const since = performance.now() - (show ? Math.max(at, this.#begun) : at);
    if (!live || looking || this.#waiting || (!now && (at > 0 || show) && since < rest)) return;
    this.#waiting = true;
    // A training that is over meanwhile shows itself.
    const shown = await Promise.resolve(show?.()).then(
      () => true,
      () => false,
    );
    this.#waiting = false;
    if (shown && !signal.aborted) await this.look(signal);
  }

  /** The mask of the image that is shown, from the network as it is now. @param {AbortSignal} [signal] */
  async look(signal) {
    const started = performance.now();
    this.#count += 1;
    this.#tell();
    try {
      await this.#session.segmenting.renew(signal);
    } catch (error) {
      this.#session.fail(error);
    } finally {
      const ended = performance.now();
      this.#last = { at: ended, took: ended - started };
      this.#count -= 1;
      this.#tell();
    }
  }

  #tell() {
    const { store, state } = this.#session;
    store.set({ training: { ...state.training, looking: this.#count > 0 } });
  }
}
