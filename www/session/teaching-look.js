/** What the network makes of the image that is shown, while it learns. */

/** Pictures take at most a quarter of the time, and come no faster than this, ms. */
const [PART, REST] = [0.25, 3000];

export class Looking {
  #session;
  /** When the last picture was there, and what it took, ms. */
  #last = { at: 0, took: 0 };
  /** Pictures in work. */
  #count = 0;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** Of another training: the first picture comes at once. */
  anew() {
    this.#last = { at: 0, took: 0 };
  }

  /** A picture if it is time for one. @param {AbortSignal} signal @param {boolean} [now] whether it may take what time it takes */
  async due(signal, now = false) {
    const { at, took } = this.#last;
    const { live, looking } = this.#session.state.teaching;
    const rest = Math.max(REST, took * (1 / PART - 1));
    if (!live || looking || (!now && at > 0 && performance.now() - at < rest)) return;
    await this.look(signal);
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
    store.set({ teaching: { ...state.teaching, looking: this.#count > 0 } });
  }
}
