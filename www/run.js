/** A training in the tab: pumped step by step from the page, so that it can be paused, turned back and stopped at any time. */
import { InsituError } from './error.js';

/**
 * @typedef {import('./engine.d.ts').TrainingWish} Wish
 * @typedef {import('./engine.d.ts').TrainingBegun} Begun
 * @typedef {import('./engine.d.ts').Judgement} Judgement
 * @typedef {Judgement & { step: number }} Validation `dice` and `pixelError` are null where there is nothing to score
 *
 * @typedef {object} TrainingProgress
 * @property {number} step of those done
 * @property {number} steps to do
 * @property {number} loss of this step
 * @property {Validation | null} validation the last judgement on what was held out
 * @property {number} stepsPerSecond over the last steps
 * @property {number} secondsLeft if all steps are taken
 * @property {Begun} settings what was worked out for this device and these images
 *
 * @typedef {object} TrainingResult
 * @property {number} steps that were taken
 * @property {number[]} loss of each step
 * @property {{ step: number, dice: number | null, pixelError: number | null } | null} validation of the network that is in use now; null if nothing was held out
 * @property {Validation[]} validations all of them, in order
 * @property {'done' | 'early' | 'cancelled'} ended
 *
 * @typedef {object} Engine what a run asks of the engine
 * @property {(wish: Wish) => Promise<Begun>} begin
 * @property {() => Promise<{ step: number, loss: number, learningRate: number }>} step
 * @property {() => Promise<Judgement | null>} judge
 * @property {() => Promise<number>} keep
 * @property {(step: number) => Promise<number>} goBack
 * @property {(best: boolean, seconds: number) => Promise<unknown>} use
 * @property {() => Promise<void>} end
 */

/** Judgements without anything better after which a training ends by itself. */
const PATIENCE = 8;
/** Restarts of the engine that one training survives. */
const RESTARTS = 3;

export class Run {
  /** @type {Engine} */
  #engine;
  /** @type {Wish} */
  #wish;
  #every;
  #early;
  #onProgress;
  #signal;
  #paused = false;
  /** Wakes the pump. */
  #wake = () => {};
  /** @type {{ step: number, done: (step: number) => void, failed: (error: unknown) => void } | null} */
  #back = null;
  /** @type {Begun | null} */
  #begun = null;
  /** Steps before the engine was last begun. */
  #offset = 0;
  /** @type {number[]} */
  #loss = [];
  /** @type {Validation[]} */
  #validations = [];
  /** When the last steps ended, ms. @type {number[]} */
  #times = [];
  #seconds = 0;
  #ended = false;

  /** Settles when the training is over and its best network is in use. @type {Promise<TrainingResult>} */
  finished;

  /**
   * @param {Engine} engine @param {Wish} wish
   * @param {{ every?: number, earlyStop?: boolean, signal?: AbortSignal, onProgress?: (progress: TrainingProgress) => void }} options
   */
  constructor(engine, wish, { every, earlyStop = true, signal, onProgress }) {
    this.#engine = engine;
    this.#wish = wish;
    this.#every = every;
    this.#early = earlyStop;
    this.#signal = signal;
    this.#onProgress = onProgress;
    signal?.addEventListener('abort', () => this.#wake(), { once: true });
    this.finished = this.#pump().finally(() => {
      this.#ended = true;
      this.#back?.failed(InsituError.of('train.over', 'invalid'));
    });
    // Those who do not wait for it must not be told of an unhandled rejection.
    this.finished.catch(() => {});
  }

  get paused() {
    return this.#paused;
  }

  /** Stops after the step that is being taken; nothing is lost. */
  pause() {
    this.#paused = true;
  }

  resume() {
    this.#paused = false;
    this.#wake();
  }

  /**
   * Goes back to the last judgement at or before `step`, or to the start: weights, optimiser and curve.
   * @param {number} step @returns {Promise<number>} the step that it went back to
   */
  rollback(step) {
    if (this.#ended) return Promise.reject(InsituError.of('train.over', 'invalid'));
    this.#back?.failed(InsituError.cancelled());
    return new Promise((done, failed) => {
      this.#back = { step, done, failed };
      this.#wake();
    });
  }

  /** @returns {Promise<TrainingResult>} */
  async #pump() {
    if (this.#signal?.aborted) throw InsituError.cancelled();
    await this.#begin(this.#wish);
    let restarts = 0;
    let ended = /** @type {TrainingResult['ended'] | null} */ (null);
    while (!ended) {
      try {
        ended = await this.#advance();
      } catch (thrown) {
        const error = InsituError.from(thrown);
        if (error.code === 'train.diverged') {
          await this.#settle().catch(() => {});
          throw error;
        }
        if (error.kind !== 'device' || ++restarts > RESTARTS) throw error;
        await this.#again(error);
      }
    }
    await this.#settle();
    const best = this.#validations.reduce((/** @type {Validation | null} */ best, v) => (v.best ? v : best), null);
    return {
      steps: this.#loss.length,
      loss: this.#loss,
      validation: best && { step: best.step, dice: best.dice, pixelError: best.pixelError },
      validations: this.#validations,
      ended,
    };
  }

  /** @param {Wish} wish */
  async #begin(wish) {
    this.#begun = await this.#engine.begin(wish);
    await this.#engine.keep();
  }

  /** One step, or whatever else is due. @returns {Promise<TrainingResult['ended'] | null>} why it is over */
  async #advance() {
    if (this.#signal?.aborted) return 'cancelled';
    if (this.#back) {
      await this.#goBack(this.#back);
      return null;
    }
    if (this.#paused) {
      await new Promise((/** @type {(value?: unknown) => void} */ resolve) => (this.#wake = resolve));
      this.#times = [];
      return null;
    }
    const { steps } = this.#wish;
    if (this.#loss.length >= steps) return 'done';
    const started = performance.now();
    const { loss } = await this.#engine.step();
    this.#loss.push(loss);
    const now = performance.now();
    this.#seconds += (now - started) / 1000;
    this.#times.push(now);
    if (this.#times.length > 20) this.#times.shift();
    const done = this.#loss.length;
    if (done % this.#interval() === 0 || done === steps) await this.#judge();
    this.#tell(loss);
    return this.#early && this.#stale() >= PATIENCE ? 'early' : null;
  }

  /** Steps between judgements: so many that judging takes little of the time, and that a short training has a curve. */
  #interval() {
    return this.#every ?? Math.max(5, Math.min(25, Math.ceil(this.#wish.steps / 10)));
  }

  #stale() {
    const best = this.#validations.findLastIndex((v) => v.best);
    return best < 0 ? 0 : this.#validations.length - 1 - best;
  }

  async #judge() {
    const judgement = await this.#engine.judge();
    if (judgement) this.#validations.push({ ...judgement, step: this.#loss.length });
    await this.#engine.keep();
    // The page shows what the network makes of the image now, and a restart begins with it.
    await this.#engine.use(false, this.#seconds);
  }

  /** @param {number} loss */
  #tell(loss) {
    if (!this.#begun) return;
    const first = this.#times[0];
    const last = this.#times[this.#times.length - 1];
    const stepsPerSecond = this.#times.length > 1 ? ((this.#times.length - 1) * 1000) / Math.max(last - first, 1) : 0;
    const step = this.#loss.length;
    const { steps } = this.#wish;
    this.#onProgress?.({
      step, steps, loss, stepsPerSecond,
      validation: this.#validations[this.#validations.length - 1] ?? null,
      secondsLeft: stepsPerSecond ? (steps - step) / stepsPerSecond : NaN,
      settings: this.#begun,
    });
  }

  /** @param {{ step: number, done: (step: number) => void, failed: (error: unknown) => void }} back */
  async #goBack(back) {
    this.#back = null;
    try {
      const step = this.#offset + (await this.#engine.goBack(Math.max(0, back.step - this.#offset)));
      this.#loss.length = step;
      this.#validations = this.#validations.filter((v) => v.step <= step);
      await this.#engine.use(false, this.#seconds);
      back.done(step);
    } catch (error) {
      back.failed(error);
      throw error;
    }
  }

  /** After the engine was started again with the network of the last judgement. @param {InsituError} error */
  async #again(error) {
    const kept = this.#validations[this.#validations.length - 1]?.step ?? 0;
    this.#loss.length = Math.min(this.#loss.length, kept || this.#offset);
    this.#offset = this.#loss.length;
    const { batch, patch } = this.#begun ?? {};
    const wish = { ...this.#wish, batch, patch };
    // The model that the engine now has is the one under training.
    if (this.#offset > 0) delete wish.preset;
    if (batch && patch && (error.code === 'device.memory' || /device\.memory/.test(String(error.cause)))) {
      if (batch > 1) wish.batch = batch >> 1;
      else wish.patch = patch >> 1;
    }
    await this.#begin(wish);
  }

  /** Puts the best network in use and frees the rest. */
  async #settle() {
    await this.#engine.use(true, this.#seconds);
    await this.#engine.end();
  }
}
