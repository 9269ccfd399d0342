/**
 * A state in one place. Whoever shows a part of it listens to that part, and hears once of many changes.
 *
 * @template {object} S
 */
export class Store {
  #state;
  /** @type {{ keys: (keyof S)[], listener: (state: S) => void }[]} */
  #listeners = [];
  /** @type {Set<keyof S>} */
  #changed = new Set();
  #schedule;

  /** @param {S} state @param {(run: () => void) => void} [schedule] when listeners are told; once for many changes */
  constructor(state, schedule = (run) => queueMicrotask(run)) {
    this.#state = { ...state };
    this.#schedule = schedule;
  }

  /** @returns {Readonly<S>} */
  get state() {
    return this.#state;
  }

  /** @param {Partial<S>} patch */
  set(patch) {
    const idle = this.#changed.size === 0;
    for (const key of /** @type {(keyof S)[]} */ (Object.keys(patch))) {
      if (Object.is(this.#state[key], patch[key])) continue;
      this.#state[key] = /** @type {S[keyof S]} */ (patch[key]);
      this.#changed.add(key);
    }
    if (idle && this.#changed.size > 0) this.#schedule(() => this.#tell());
  }

  /** Calls `listener` now and whenever one of `keys` has changed. @param {(keyof S)[]} keys @param {(state: S) => void} listener */
  on(keys, listener) {
    this.#listeners.push({ keys, listener });
    listener(this.#state);
  }

  /**
   * Does `work`, and ends with a call all listening that began in it: what was shown then is gone.
   * @param {() => void} work @returns {() => void} ends it
   */
  within(work) {
    const before = new Set(this.#listeners);
    work();
    const begun = new Set(this.#listeners.filter((one) => !before.has(one)));
    return () => {
      this.#listeners = this.#listeners.filter((one) => !begun.has(one));
    };
  }

  #tell() {
    const changed = this.#changed;
    this.#changed = new Set();
    for (const { keys, listener } of this.#listeners) {
      if (keys.some((key) => changed.has(key))) listener(this.#state);
    }
  }
}
