/** When the session is stored: soon after a change, in one go, and one thing after the other. */

/** Between a change and its being kept, ms. */
const DELAY = 800;

export class Turns {
  #save;
  #heard;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<void>} */
  #last = Promise.resolve();
  /** Acts that are under way or wait for their turn. */
  #acts = 0;
  #pending = false;

  /**
   * @param {() => Promise<void>} save stores what has changed @param {(pending: boolean) => void} heard whether something is to
   * be stored, as soon as that changes
   */
  constructor(save, heard) {
    this.#save = save;
    this.#heard = heard;
  }

  /** Something has changed. */
  soon() {
    this.#timer ??= setTimeout(() => void this.now(), DELAY);
    this.#tell();
  }

  /** Stores what has changed, at once. @returns {Promise<void>} */
  now() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.take(this.#save);
  }

  /** Does something when all before it is done. @param {() => Promise<void>} act that does not fail @returns {Promise<void>} */
  take(act) {
    this.#acts++;
    this.#tell();
    return (this.#last = this.#last.then(act).finally(() => {
      this.#acts--;
      this.#tell();
    }));
  }

  #tell() {
    const pending = this.#acts > 0 || this.#timer !== undefined;
    if (pending !== this.#pending) this.#heard((this.#pending = pending));
  }
}
