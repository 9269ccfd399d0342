/** How fast steps are taken, and how long the validations between them take. */

/** The speed is measured over so many steps at least, and over so long, ms: then pictures that steps waited for count too. */
const [RECENT, SPAN] = [20, 20_000];

export class Pace {
  /** That all steps took. */
  seconds = 0;
  /** When the last steps ended, ms, as if there had been no validation between them. @type {number[]} */
  #ends = [];
  /** What validations took, ms, and how many they were. */
  #validations = { took: 0, count: 0 };

  /** @param {number} started ms @param {number} ended ms */
  step(started, ended) {
    this.seconds += (ended - started) / 1000;
    const ends = this.#ends;
    ends.push(ended);
    while (ends.length > RECENT && ended - ends[1] > SPAN) ends.shift();
  }

  /** What a validation took, with all that comes with it. @param {number} took ms */
  validated(took) {
    this.#ends = this.#ends.map((end) => end + took);
    this.#validations = { took: this.#validations.took + took, count: this.#validations.count + 1 };
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

  /** What steps will take, with a validation at every so many of them; NaN if it is not known yet. @param {number} steps @param {number} every */
  secondsFor(steps, every) {
    const { took, count } = this.#validations;
    const speed = this.stepsPerSecond;
    return speed > 0 ? steps / speed + ((count > 0 ? took / count : 0) / 1000) * (steps / every) : NaN;
  }
}
