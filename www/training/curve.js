/** How far a training is, its losses and validations, and the points that it can go back to. */
import { InsituError } from '../wire/error.js';

/** @typedef {import('../../pkg/insitu.js').Validation} Validation */

export class Curve {
  /** Steps done: fewer than there are losses, once it went back and until it takes another way. */
  at = 0;
  /** Steps before the engine was last begun. */
  offset = 0;
  /** @type {number[]} */
  loss = [];
  /** @type {Validation[]} */
  validations = [];
  /** Steps that it can go back to. @type {number[]} */
  points = [];
  /** Validations before it was told to take more steps. */
  earlier = 0;

  /** The best validation. @returns {Validation | null} */
  get best() {
    return this.validations.findLast((v) => v.best) ?? null;
  }

  /** Validations since the best one. */
  get stale() {
    const best = this.validations.findLastIndex((v) => v.best);
    return best < 0 ? 0 : this.validations.length - Math.max(best + 1, this.earlier);
  }

  /** @param {import('../../pkg/insitu.js').Validation} validation of the present network */
  validated(validation) {
    this.validations = [...this.validations.filter((v) => v.step !== this.at), { ...validation, step: this.at }];
  }

  /** Forgets what came after the present step. */
  cut() {
    this.loss.length = this.at;
    this.validations = this.validations.filter((v) => v.step <= this.at);
    this.points = this.points.filter((step) => step <= this.at);
  }

  /** For the state of the training; what came after the present step is left out. @param {number} seconds that the steps took */
  note(seconds) {
    const { at, offset } = this;
    return JSON.stringify({
      at,
      offset,
      loss: this.loss.slice(0, at),
      validations: this.validations.filter((v) => v.step <= at),
      seconds,
    });
  }

  /**
   * What `note` wrote.
   * @param {string} text @param {number} done steps that the engine did @returns {{ curve: Curve, seconds: number }}
   * @throws {InsituError} `train.checkpoint` if it is something else, or belongs to another number of steps
   */
  static of(text, done) {
    const wrong = (/** @type {unknown} */ cause) => InsituError.of('train.checkpoint', 'invalid', cause);
    const count = (/** @type {unknown} */ value) => Number.isInteger(value) && Number(value) >= 0;
    const score = (/** @type {unknown} */ value) => value === null || Number.isFinite(value);
    let note;
    try {
      note = JSON.parse(text);
    } catch (error) {
      throw wrong(error);
    }
    const { at, offset, loss, validations, seconds } = note ?? {};
    const whole =
      count(at) &&
      count(offset) &&
      at - offset === done &&
      Array.isArray(loss) &&
      loss.length === at &&
      Array.isArray(validations);
    if (!whole) throw wrong(text.slice(0, 200));
    const read = validations.map((/** @type {any} */ v) => {
      if (!count(v?.step) || v.step > at || !score(v.dice) || !score(v.pixelError)) throw wrong(JSON.stringify(v));
      return { step: v.step, dice: v.dice, pixelError: v.pixelError, best: v.best === true };
    });
    // JSON knows no NaN: a first step in which nothing was labelled.
    const losses = loss.map((/** @type {unknown} */ v) => (typeof v === 'number' ? v : NaN));
    const curve = Object.assign(new Curve(), { at, offset, loss: losses, validations: read });
    return { curve, seconds: Number.isFinite(seconds) ? Math.max(0, seconds) : 0 };
  }
}
