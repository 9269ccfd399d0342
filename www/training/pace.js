/** How fast steps are taken. */

/** Steps over which the speed is measured. */
const RECENT = 20;

export class Pace {
  /** That all steps took. */
  seconds = 0;
  /** When the last steps ended, ms. @type {number[]} */
  #ends = [];

  /** @param {number} started ms @param {number} ended ms */
  step(started, ended) {
    this.seconds += (ended - started) / 1000;
    this.#ends.push(ended);
    if (this.#ends.length > RECENT) this.#ends.shift();
  }

  /** What comes next has nothing to do with what came before: a pause lies between. */
  rest() {
    this.#ends = [];
  }

  /** Over the last steps; 0 if there are too few. */
  get stepsPerSecond() {
    const steps = this.#ends.length - 1;
    if (steps < 1) return 0;
    return (steps * 1000) / Math.max(this.#ends[steps] - this.#ends[0], 1);
  }
}
