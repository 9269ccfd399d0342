/** A training in the tab: pumped step by step from the page, so that it can be paused, turned back and stopped at any time. */
import { InsituError } from './error.js';

/**
 * @typedef {import('./engine.d.ts').TrainingWish} Wish
 * @typedef {import('./engine.d.ts').TrainingBegun} Begun
 * @typedef {import('./engine.d.ts').Judgement} Judgement
 * @typedef {import('./api.d.ts').TrainingProgress} TrainingProgress
 * @typedef {import('./api.d.ts').TrainingResult} TrainingResult
 * @typedef {import('./api.d.ts').Validation} Validation
 * @typedef {import('./api.d.ts').Again} Again
 * @typedef {import('./api.d.ts').RunOptions} RunOptions
 *
 * @typedef {object} Engine what a run asks of the engine
 * @property {(wish: Wish) => Promise<Begun>} begin
 * @property {() => Promise<{ step: number, loss: number, learningRate: number }>} step
 * @property {() => Promise<Judgement | null>} judge
 * @property {(most: number) => Promise<number>} keep
 * @property {(step: number) => Promise<number>} goBack
 * @property {(best: boolean, seconds: number) => Promise<unknown>} use
 * @property {() => Promise<void>} end
 */

/** Judgements without anything better after which a training ends by itself. */
const PATIENCE = 8;
/** Restarts of the engine that one training survives. */
const RESTARTS = 3;
/** Points of a training that it can go back to, at most, and bytes of all of them. */
const POINTS = 24;
const POINT_BYTES = 600e6;

export class Run {
  /** @type {Engine} */
  #engine;
  /** @type {Wish} */
  #wish;
  #every;
  #early;
  #baseline;
  #stay;
  #onProgress;
  #onAgain;
  #onJudge;
  /** @type {AbortSignal | undefined} */
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
  /** Steps done: fewer than there are losses, once it went back and until it takes another way. */
  #at = 0;
  /** Whether a person wanted to be at this point. */
  #chosen = false;
  /** The step of the network that was last put in use. */
  #used = 0;
  /** Steps that it can go back to. @type {number[]} */
  #points = [];
  /** Judgements before it was told to take more steps. */
  #earlier = 0;
  /** @type {number[]} */
  #loss = [];
  /** @type {Validation[]} */
  #validations = [];
  /** When the last steps ended, ms. @type {number[]} */
  #times = [];
  #seconds = 0;
  #running = false;
  #closed = false;

  /** Settles when the training is over and its best network is in use. @type {Promise<TrainingResult>} */
  finished;

  /**
   * @param {Engine} engine @param {Wish} wish @param {RunOptions} options
   */
  constructor(engine, wish, { every, earlyStop = true, baseline = false, stay = false, signal, onProgress, onAgain, onJudge }) {
    this.#engine = engine;
    this.#wish = wish;
    this.#every = every;
    this.#early = earlyStop;
    this.#baseline = baseline;
    this.#stay = stay;
    this.#onProgress = onProgress;
    this.#onAgain = onAgain;
    this.#onJudge = onJudge;
    this.#obey(signal);
    this.finished = this.#until(this.#first());
  }

  get paused() {
    return this.#paused;
  }

  /** Steps done at present. */
  get at() {
    return this.#at;
  }

  /** Of each step, also of those after a point that was gone back to. */
  get loss() {
    return this.#loss;
  }

  get validations() {
    return this.#validations;
  }

  /** Steps that it can go back to. */
  get points() {
    return this.#points;
  }

  /** The best judgement. @returns {Validation | null} */
  get best() {
    return this.#validations.findLast((v) => v.best) ?? null;
  }

  /** Seconds that its steps took. */
  get seconds() {
    return this.#seconds;
  }

  /** What was worked out for the device and the images; null before. */
  get begun() {
    return this.#begun;
  }

  /** @param {AbortSignal | undefined} signal */
  #obey(signal) {
    this.#signal = signal;
    signal?.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** @param {Promise<TrainingResult>} work */
  #until(work) {
    this.#running = true;
    const over = work.finally(() => {
      this.#running = false;
      this.#closed ||= !this.#stay;
      this.#back?.failed(InsituError.of('train.over', 'invalid'));
      this.#back = null;
    });
    // Those who do not wait for it must not be told of an unhandled rejection.
    over.catch(() => {});
    return over;
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
   * Goes to the last judgement at or before `step`, or to the start: weights and optimiser. What came after can be gone
   * back to until the next step is taken.
   * @param {number} step @returns {Promise<number>} the step that it went back to
   */
  rollback(step) {
    if (this.#closed) return Promise.reject(InsituError.of('train.over', 'invalid'));
    if (!this.#running) return this.#turn(step);
    this.#back?.failed(InsituError.cancelled());
    return new Promise((done, failed) => {
      this.#back = { step, done, failed };
      this.#wake();
    });
  }

  /**
   * Goes on after the end, from where it stands. Only with `stay`.
   * @param {number} steps more @param {{ signal?: AbortSignal }} [options] @returns {Promise<TrainingResult>} also `finished`
   */
  more(steps, { signal } = {}) {
    if (this.#closed || this.#running) return Promise.reject(InsituError.of('train.over', 'invalid'));
    this.#wish = { ...this.#wish, steps: this.#at + steps };
    this.#paused = false;
    this.#times = [];
    this.#earlier = this.#validations.filter((v) => v.step <= this.#at).length;
    this.#obey(signal);
    this.finished = this.#until(this.#pump());
    return this.finished;
  }

  /** Frees what `stay` kept. The network in use stays in use. */
  async close() {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#running) await this.#engine.end();
  }

  async #first() {
    if (this.#signal?.aborted) throw InsituError.cancelled();
    await this.#begin(this.#wish);
    if (this.#baseline) await this.#judge();
    return this.#pump();
  }

  /** @returns {Promise<TrainingResult>} */
  async #pump() {
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
    // Who stops before the first judgement still wants to know which network is the better one.
    if (this.#stay && ended === 'cancelled' && this.#at > 0 && !this.#validations.some((v) => v.step > 0)) await this.#judge();
    const own = this.#chosen ? this.#validations.find((v) => v.step === this.#at) : this.best;
    await this.#settle();
    return {
      steps: this.#loss.length,
      loss: [...this.#loss],
      validation: own ? { step: own.step, dice: own.dice, pixelError: own.pixelError } : null,
      validations: [...this.#validations],
      ended,
    };
  }

  /** @param {Wish} wish */
  async #begin(wish) {
    this.#begun = await this.#engine.begin(wish);
    this.#points = [];
    await this.#keep();
  }

  async #keep() {
    // A point holds the weights and twice their size for the optimiser.
    const most = Math.max(2, Math.min(POINTS, Math.floor(POINT_BYTES / (12 * (this.#begun?.parameters ?? 0) || 1))));
    await this.#engine.keep(most);
    this.#points = [...this.#points.filter((step) => step < this.#at), this.#at];
    // As the engine: the start stays.
    while (this.#points.length > most) this.#points.splice(1, 1);
  }

  /** Forgets what came after the present step. */
  #cut() {
    if (this.#loss.length <= this.#at && !this.#chosen) return;
    this.#loss.length = this.#at;
    this.#validations = this.#validations.filter((v) => v.step <= this.#at);
    this.#points = this.#points.filter((step) => step <= this.#at);
    this.#chosen = false;
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
    if (this.#at >= steps) return 'done';
    const started = performance.now();
    this.#cut();
    const { loss } = await this.#engine.step();
    this.#at = this.#loss.push(loss);
    const now = performance.now();
    this.#seconds += (now - started) / 1000;
    this.#times.push(now);
    if (this.#times.length > 20) this.#times.shift();
    const done = this.#at;
    if (done % this.#interval() === 0 || done === steps) await this.#judge();
    this.#tell(loss);
    return this.#early && this.#stale() >= PATIENCE ? 'early' : null;
  }

  /** Steps between judgements: so many that judging takes little of the time, and that a short training has a curve. */
  #interval() {
    const { steps } = this.#wish;
    return this.#every ?? Math.max(5, Math.min(25, Math.ceil(steps / 10)), Math.ceil(steps / (POINTS - 2)));
  }

  #stale() {
    const best = this.#validations.findLastIndex((v) => v.best);
    return best < 0 ? 0 : this.#validations.length - Math.max(best + 1, this.#earlier);
  }

  async #judge() {
    this.#onJudge?.(true);
    const judgement = await this.#engine.judge().finally(() => this.#onJudge?.(false));
    const others = this.#validations.filter((v) => v.step !== this.#at);
    if (judgement) this.#validations = [...others, { ...judgement, step: this.#at }];
    await this.#keep();
    // The page shows what the network makes of the image now, and a restart begins with it.
    await this.#use(false);
  }

  /** @param {boolean} best */
  async #use(best) {
    await this.#engine.use(best, this.#seconds);
    this.#used = this.#at;
  }

  /** @param {number} loss */
  #tell(loss) {
    if (!this.#begun) return;
    const first = this.#times[0];
    const last = this.#times[this.#times.length - 1];
    const stepsPerSecond = this.#times.length > 1 ? ((this.#times.length - 1) * 1000) / Math.max(last - first, 1) : 0;
    const step = this.#at;
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
      back.done(await this.#turn(back.step));
    } catch (thrown) {
      back.failed(thrown);
      const error = InsituError.from(thrown);
      if (error.kind === 'device') throw error;
    }
  }

  /** @param {number} step */
  async #turn(step) {
    this.#at = this.#offset + (await this.#engine.goBack(Math.max(0, step - this.#offset)));
    this.#chosen = true;
    await this.#use(false);
    return this.#at;
  }

  /** After the engine was started again with the network of the last judgement. @param {InsituError} error */
  async #again(error) {
    this.#at = this.#offset = this.#used;
    this.#chosen = true;
    this.#cut();
    // The best of before is lost with the engine; what goes on is judged anew.
    this.#validations = this.#validations.map((v) => ({ ...v, best: false }));
    const { batch, patch } = this.#begun ?? {};
    const wish = { ...this.#wish, batch, patch };
    // The model that the engine now has is the one under training.
    if (this.#offset > 0) delete wish.preset;
    if (batch && patch && (error.code === 'device.memory' || /device\.memory/.test(String(error.cause)))) {
      if (batch > 1) wish.batch = batch >> 1;
      else wish.patch = patch >> 1;
    }
    await this.#begin(wish);
    const now = /** @type {Begun} */ (this.#begun);
    const smaller = now.batch * now.patch ** 2 < (batch ?? 0) * (patch ?? 0) ** 2;
    this.#onAgain?.({ code: error.code, step: this.#at, batch: now.batch, patch: now.patch, smaller });
    if (this.#at > 0) await this.#judge();
  }

  /** Puts the best network in use, or the one that a person went back to, and frees the rest. */
  async #settle() {
    const { best } = this;
    // What is in use and what more steps would go on from is the same network.
    if (this.#stay && !this.#chosen && best && best.step !== this.#at && this.#points.includes(best.step)) {
      this.#at = this.#offset + (await this.#engine.goBack(best.step - this.#offset));
    }
    await this.#use(!this.#chosen);
    if (!this.#stay) await this.#engine.end();
  }
}
