/** What the network makes of the image that is shown, while it learns. */

/** Pictures take at most this part of the time. */
export const PART = 0.25;
/** What is seen of a training that runs is never older than this, ms. */
const FRESH = 3000;
/** What the engine may take for one picture, ms: a part of the time, and some of it goes to drawing. */
const BUDGET = 0.7 * PART * FRESH;
/** Pixels of the first picture, when nobody knows yet how long they take. */
const FIRST = 512 * 512;

export class Looking {
  #session;
  /** Whole pictures in work. */
  #count = 0;
  #waiting = false;
  /** When the last picture was there, and what it took from the wish to the screen, ms. */
  #last = { at: -Infinity, took: 0 };
  /** What a pixel takes the engine, ms. @type {number | null} */
  #pace = null;
  /** Which piece of the image is next. */
  #turn = 0;
  /** The last step after which there could have been a picture: when, and whether a validation was to follow. */
  #chance = { at: 0, validation: false };
  /** How long it is from one such step to the next, ms, without and with a validation between them. */
  #gaps = { step: 0, validation: 0 };

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** Of another training: the first picture comes at once. */
  anew() {
    this.#last = { at: -Infinity, took: 0 };
    this.#chance = { at: 0, validation: false };
    this.#gaps = { step: 0, validation: 0 };
    this.#pace = null;
  }

  /**
   * After a step: a picture, if the one that is seen would be too old at the next chance. One pass without averaging over flips, of what
   * is in sight; where that would take too long, of a piece of it, and of the next piece the next time.
   * @param {import('../../training/run.js').Run} run @param {() => boolean} still whether it is still wanted once it is there
   */
  async chance(run, still) {
    const now = performance.now();
    const { every = 1, steps = 0 } = run.begun ?? {};
    const validation = (run.at + 1) % every === 0 || run.at + 1 === steps;
    const before = this.#chance;
    this.#chance = { at: now, validation };
    const kind = before.validation ? 'validation' : 'step';
    // The longest, of which less and less is remembered.
    if (before.at > 0) this.#gaps[kind] = Math.max(now - before.at, 0.8 * this.#gaps[kind]);
    const ahead = this.#gaps[validation ? 'validation' : 'step'];
    const { live, looking } = this.#session.state.training;
    if (!live || looking || this.#waiting || now - this.#last.at + ahead + this.#last.took < FRESH) return;
    this.#waiting = true;
    try {
      const most = this.#pace === null ? FIRST : BUDGET / this.#pace;
      const seen = await this.#session.segmenting.glance(run, most, this.#turn, still);
      if (!seen) return;
      this.#turn += 1;
      this.#pace = seen.milliseconds / seen.pixels;
      const ended = performance.now();
      this.#last = { at: ended, took: ended - now };
    } catch {
      // A training that is over meanwhile shows itself; one that failed says so.
    } finally {
      this.#waiting = false;
    }
  }

  /** The network where the training stands. @param {AbortSignal} signal @param {import('../../training/run.js').Run | null} run */
  async now(signal, run) {
    const { live, looking } = this.#session.state.training;
    if (!run || !live || looking) return;
    // A training that is over meanwhile shows itself.
    const shown = await run.show().then(
      () => true,
      () => false,
    );
    if (shown && !signal.aborted) await this.look(signal);
  }

  /** The mask of the image that is shown, from the network in use. @param {AbortSignal} [signal] */
  async look(signal) {
    this.#count += 1;
    this.#tell();
    try {
      await this.#session.segmenting.renew(signal);
    } catch (error) {
      this.#session.fail(error);
    } finally {
      this.#count -= 1;
      this.#tell();
    }
  }

  #tell() {
    const { store, state } = this.#session;
    store.set({ training: { ...state.training, looking: this.#count > 0 } });
  }
}
