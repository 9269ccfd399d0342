/** Going through things one after the other: with a pause, a cancel, and the time that is left. What is done with each is told from outside. */

/**
 * @typedef {object} Progress
 * @property {number} done
 * @property {number} total
 * @property {{ done: number, total: number, what: 'slices' | 'planes' } | null} part how far the one in work is, if it has parts
 * @property {number | null} secondsLeft null before the first is done, or a part of it
 * @property {boolean} paused whether a person wants it to rest
 * @property {boolean} halted whether it does: what was begun is finished first
 */

/** @template T */
export class Queue {
  #todo;
  #told;
  #clock;
  #stop = new AbortController();
  #done = 0;
  /** What ends the rest. @type {(() => void) | null} */
  #go = null;
  /** @type {Promise<void>} */
  #rest = Promise.resolve();
  #halted = false;
  /** @type {Progress['part']} */
  #part = null;
  #begun = 0;
  /** Time of rests, ms. */
  #rested = 0;

  /** @param {T[]} todo @param {(progress: Progress) => void} told of each change @param {() => number} [clock] ms */
  constructor(todo, told, clock = () => performance.now()) {
    this.#todo = [...todo];
    this.#told = told;
    this.#clock = clock;
  }

  get signal() {
    return this.#stop.signal;
  }

  /** More to do, after all else. @param {T[]} more */
  add(more) {
    this.#todo.push(...more);
    this.#tell();
  }

  pause() {
    if (this.#go || this.signal.aborted) return;
    this.#rest = new Promise((resolve) => (this.#go = resolve));
    this.#tell();
  }

  /** Ends a pause. */
  goOn() {
    this.#go?.();
    this.#go = null;
    this.#tell();
  }

  cancel() {
    this.#stop.abort();
    this.#go?.();
    this.#go = null;
  }

  /** How far the one in work is. @param {number} done @param {number} total @param {'slices' | 'planes'} [what] its parts are */
  part(done, total, what = 'slices') {
    this.#part = total > 1 ? { done, total, what } : null;
    this.#tell();
  }

  /** Waits as long as it is to rest: asked before each piece of work. Throws once it was cancelled. */
  async pass() {
    while (this.#go) {
      const from = this.#clock();
      this.#halted = true;
      this.#tell();
      await this.#rest;
      this.#halted = false;
      this.#rested += this.#clock() - from;
      this.#tell();
    }
    this.signal.throwIfAborted();
  }

  /** Resolves when all is done, or it was cancelled. @param {(one: T, signal: AbortSignal) => Promise<unknown>} work what it throws ends the queue, unless it was cancelled */
  async run(work) {
    this.#begun = this.#clock();
    try {
      for (; this.#done < this.#todo.length; this.#done++) {
        this.#part = null;
        this.#tell();
        await this.pass();
        await work(this.#todo[this.#done], this.signal);
        this.signal.throwIfAborted();
      }
    } catch (error) {
      if (!this.signal.aborted) throw error;
    }
  }

  #tell() {
    const done = this.#done;
    const total = this.#todo.length;
    const part = this.#part;
    const through = done + (part ? part.done / part.total : 0);
    const each = through > 0 ? (this.#clock() - this.#begun - this.#rested) / through : null;
    const secondsLeft = each === null || this.#halted ? null : (each * (total - through)) / 1000;
    this.#told({ done, total, part, secondsLeft, paused: this.#go !== null, halted: this.#halted });
  }
}
