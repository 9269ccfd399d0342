/** A training in the tab: pumped step by step from the page, so that it can be paused, turned back and stopped at any time. */
import { InsituError } from '../wire/error.js';
import { Pace } from './pace.js';
import { Curve } from './curve.js';
import { againOf, progressOf, resultOf } from './report.js';
import { Errands, isLost, isMemory, PATIENCE, RESTARTS, Safe, SKIPS } from './safe.js';

/**
 * @typedef {import('../../pkg/insitu.js').TrainingBegun & { same?: boolean }} Begun same: after a restore, whether the labels are those of before
 * @typedef {import('../../pkg/insitu.js').TrainingChanges} Changes
 * @typedef {import('../../pkg/insitu.js').TrainingRequest} Request
 * @typedef {import('../../pkg/insitu.js').Validation} Validation
 * @typedef {import('../api.d.ts').TrainingResult} TrainingResult
 * @typedef {import('./safe.js').Engine} Engine
 */

export class Run {
  /** @type {Engine} */
  #engine;
  /** @type {Request} */
  #request;
  #how;
  /** @type {AbortSignal | undefined} */
  #signal;
  #paused = false;
  /** Wakes the pump. */
  #wake = () => {};
  /** @type {Begun | null} */
  #begun = null;
  #curve = new Curve();
  /** Whether a person wanted to be at this point. */
  #chosen = false;
  /** The step of the network that was last put in use. */
  #used = 0;
  #pace = new Pace();
  #safe;
  /** Steps in a row in which nothing was labelled. */
  #skipped = 0;
  /** What is to be done between two steps. */
  #errands = new Errands();
  #running = false;
  #closed = false;

  /** Settles when the training is over and its best network is in use. @type {Promise<TrainingResult>} */
  finished;

  /** @param {Engine} engine @param {Request} request @param {import('../api.d.ts').RunOptions} options */
  constructor(engine, request, { signal, onState, resume, points = [], earlyStop = true, ...how }) {
    this.#engine = engine;
    this.#request = { ...request };
    this.#how = { ...how, earlyStop };
    this.#safe = new Safe(engine, onState);
    this.#obey(signal);
    this.finished = this.#until(this.#first(resume, points));
  }

  get paused() {
    return this.#paused;
  }

  /** Steps done at present. */
  get at() {
    return this.#curve.at;
  }

  /** Of each step, also of those after a point that was gone back to. */
  get loss() {
    return this.#curve.loss;
  }

  get validations() {
    return this.#curve.validations;
  }

  /** Steps that it can go back to. */
  get points() {
    return this.#curve.points;
  }

  /** The best validation. @returns {Validation | null} */
  get best() {
    return this.#curve.best;
  }

  /** What was worked out for the device and the images; null before. */
  get begun() {
    return this.#begun;
  }

  get running() {
    return this.#running;
  }

  /** Whether it was told to stop. */
  get stopping() {
    return this.#signal?.aborted ?? false;
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
      this.#closed ||= !this.#how.stay;
      void this.#errands.run().catch(() => {});
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
   * Goes to the last validation at or before `step`, or to the start: weights and optimiser. What came after can be gone
   * back to until the next step is taken.
   * @param {number} step @returns {Promise<number>} the step that it went back to
   */
  rollback(step) {
    return this.#between(() => this.#turn(step));
  }

  /**
   * Goes on after the end, from where it stands. Only with `stay`.
   * @param {number} steps more @param {{ signal?: AbortSignal }} [options] @returns {Promise<TrainingResult>} also `finished`
   */
  more(steps, { signal } = {}) {
    if (this.#closed || this.#running) return Promise.reject(InsituError.of('train.over', 'invalid'));
    this.#request = { ...this.#request, steps: this.#curve.at + steps };
    this.#paused = false;
    this.#pace.rest();
    this.#curve.earlier = this.#curve.validations.filter((v) => v.step <= this.#curve.at).length;
    this.#obey(signal);
    return (this.finished = this.#until(this.#pump()));
  }

  /**
   * The whole training as it is after the step in work: with `resume` it goes on from there, also in another tab, exactly as
   * it would have here. Of a training that is over, the state at the last validation or, with `stay`, as it stands.
   * @returns {Promise<Uint8Array>}
   */
  state() {
    if (this.#closed && this.#safe.state) return Promise.resolve(this.#safe.state);
    return this.#between(() => this.#engine.trainState(this.#curve.note(this.#pace.seconds)));
  }

  /** Puts the network as it is after the step in work in use, also between validations. @returns {Promise<void>} */
  show() {
    return this.#between(() => this.#use(false));
  }

  /** What the network as it is then makes of a piece of a slice, without averaging over flips. @type {Engine['look']} */
  look = (...place) => this.#between(() => this.#engine.look(...place));

  /** The weights at a step of `points`, half as precise: a model file, and what the option `points` takes. @param {number} step @returns {Promise<Uint8Array>} */
  point(step) {
    return this.#between(() => this.#engine.trainPoint(step - this.#curve.offset));
  }

  /** Does `work` while no step is taken. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async #between(work) {
    const checked = async () => {
      if (this.#closed) throw InsituError.of('train.over', 'invalid');
      return work();
    };
    const done = this.#running ? this.#errands.add(checked) : checked();
    this.#wake();
    return done;
  }

  /** Frees what `stay` kept. The network in use stays in use. */
  async close() {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#running) await this.#engine.trainEnd();
  }

  /** @param {Uint8Array | Blob} [resume] @param {import('../api.d.ts').Point[]} [points] */
  async #first(resume, points = []) {
    if (this.#signal?.aborted) throw InsituError.cancelled();
    const begin = async () => {
      await this.#begin(this.#request);
      if (this.#how.baseline) await this.#validate();
    };
    if (!resume) return this.#pump(begin);
    const { steps, learningRate, batch, patch } = this.#request;
    const state = resume instanceof Blob ? new Uint8Array(await resume.arrayBuffer()) : resume;
    return this.#pump(() => this.#restore(state, { steps, learningRate, batch, patch }, points));
  }

  /** Takes a training up as it was kept. @param {Uint8Array} state @param {Changes} changes @param {import('../api.d.ts').Point[]} [points] */
  async #restore(state, changes, points = []) {
    const { begun, note, done, same } = await this.#engine.restore(state, changes);
    const { curve, seconds } = Curve.of(note, done);
    this.#begun = { ...begun, same };
    this.#request = { ...this.#request, steps: begun.steps + curve.offset };
    this.#pace.seconds = seconds;
    this.#curve = curve;
    this.#safe.state = state;
    this.#chosen = false;
    for (const { step, bytes } of points) {
      if (step < this.#curve.offset || step >= this.#curve.at) continue;
      await this.#engine.trainAddPoint(step - this.#curve.offset, bytes);
    }
    await this.#keep();
    await this.#use(false);
    await this.#engine.hold(state);
  }

  /** @param {(() => Promise<void>) | null} [first] what comes before the first step @returns {Promise<TrainingResult>} */
  async #pump(first = null) {
    let [restarts, furthest] = [0, 0];
    let trouble = /** @type {InsituError | null} */ (null);
    let ended = /** @type {TrainingResult['ended'] | null} */ (null);
    while (!ended) {
      try {
        if (trouble && first) this.#request = { ...this.#request, halved: this.#request.halved || isMemory(trouble) };
        else if (trouble) await this.#again(trouble, restarts === RESTARTS);
        trouble = null;
        await first?.();
        first = null;
        ended = await this.#advance();
      } catch (thrown) {
        const error = InsituError.from(thrown);
        if (error.code === 'train.diverged') {
          await this.#recover().catch(() => {});
          throw error;
        }
        if (error.code === 'train.unlabelled') await this.#settle().catch(() => {});
        if (this.#curve.at > furthest) [furthest, restarts] = [this.#curve.at, 0]; // a long training may meet many
        if (!isLost(error) || ++restarts > RESTARTS) throw error;
        trouble = error;
      }
    }
    // Who stops early still wants to know which network is the better one.
    const validated = this.#curve.validations.some((v) => v.step > 0);
    if (this.#how.stay && ended === 'cancelled' && this.#curve.at > 0 && !validated) await this.#validate();
    // Before it settles, which may go back to the best.
    const result = resultOf(this.#curve, ended, this.#chosen);
    await this.#settle();
    return result;
  }

  /** @param {Request} request */
  async #begin(request) {
    this.#begun = await this.#engine.begin(request);
    this.#request.steps ??= this.#begun.steps;
    this.#curve.points = [];
    await this.#keep();
  }

  /** The present step becomes a point. The engine knows which of them there is room for. */
  async #keep() {
    this.#curve.points = (await this.#engine.trainKeep()).map((step) => step + this.#curve.offset);
  }

  /** One step, or whatever else is due. @returns {Promise<TrainingResult['ended'] | null>} why it is over */
  async #advance() {
    if (this.#signal?.aborted) return 'cancelled';
    await this.#errands.run();
    if (this.#paused) {
      await this.#safe.pause(this.#curve, this.#pace.seconds);
      if (!this.#paused || this.#errands.waiting || this.#signal?.aborted) return null;
      await new Promise((/** @type {(value?: unknown) => void} */ resolve) => (this.#wake = resolve));
      this.#pace.rest();
      return null;
    }
    const { steps = 0 } = this.#request;
    if (this.#curve.at >= steps) return 'done';
    const started = performance.now();
    if (this.#curve.loss.length > this.#curve.at || this.#chosen) this.#curve.cut();
    this.#chosen = false;
    const loss = await this.#step();
    this.#curve.at = this.#curve.loss.push(loss);
    this.#pace.step(started, performance.now());
    if (this.#curve.at % (this.#how.every ?? this.#begun?.every ?? 25) === 0 || this.#curve.at === steps)
      await this.#validate();
    this.#tell();
    return this.#how.earlyStop && this.#curve.stale >= PATIENCE ? 'early' : null;
  }

  /** One step; where nothing in its patches was labelled, the loss of the step before. */
  async #step() {
    try {
      const { loss } = await this.#engine.trainStep();
      this.#skipped = 0;
      return loss;
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (error.code !== 'train.unlabelled' || ++this.#skipped > SKIPS) throw error;
      return this.#curve.loss[this.#curve.at - 1] ?? NaN;
    }
  }

  async #validate() {
    const started = performance.now();
    this.#how.onValidate?.(true);
    const validation = await this.#engine.trainValidate().finally(() => this.#how.onValidate?.(false));
    if (validation) this.#curve.validated(validation);
    await this.#keep();
    await this.#use(false);
    await this.#take();
    this.#pace.validated(performance.now() - started);
  }

  /** Keeps the whole training as it stands: read from the device once, it serves to go on, to be stored, and a new engine. */
  async #take() {
    await this.#safe.take(this.#curve, this.#pace.seconds);
    await this.#engine.hold(this.#safe.state);
  }

  /** @param {boolean} best */
  async #use(best) {
    await this.#engine.use(best, this.#pace.seconds);
    this.#used = this.#curve.at;
  }

  #tell() {
    if (!this.#begun) return;
    const { steps = 0 } = this.#request;
    const every = this.#how.every ?? this.#begun.every;
    const now = { steps, pace: this.#pace, every, skipped: this.#skipped > 0, begun: this.#begun };
    this.#how.onProgress?.(progressOf(this.#curve, now));
  }

  /** @param {number} step */
  async #turn(step) {
    const curve = this.#curve;
    const earliest = curve.points[0] ?? curve.offset;
    curve.at = curve.offset + (await this.#engine.trainGoBack(Math.max(earliest, step) - curve.offset));
    this.#chosen = true;
    await this.#use(false);
    await this.#take();
    return this.#curve.at;
  }

  /**
   * After the engine was started again: goes on from the last state that is kept; without one from the network that was in use then.
   * @param {InsituError} error @param {boolean} stuck whether it failed before at this step: the engine does not always know that memory was short
   */
  async #again(error, stuck) {
    const { batch, patch } = this.#begun ?? {};
    const halved = Boolean(batch && patch) && (isMemory(error) || stuck);
    const kept = this.#safe.state;
    const { steps = 0 } = this.#request;
    if (kept) await this.#restore(kept, { steps: steps - this.#curve.offset, batch, patch, halved });
    else await this.#anew({ ...this.#request, batch, patch, halved });
    const now = /** @type {Begun} */ (this.#begun);
    this.#pace.rest();
    this.#how.onAgain?.(againOf(error.code, this.#curve, { batch, patch }, now, Boolean(kept)));
    if (!kept && this.#curve.at > 0) await this.#validate();
  }

  /** With the weights alone. @param {Request} request */
  async #anew(request) {
    this.#curve.at = this.#curve.offset = this.#used;
    this.#curve.cut();
    this.#chosen = false;
    // The best of before is lost with the engine; what goes on is judged anew.
    this.#curve.validations = this.#curve.validations.map((v) => ({ ...v, best: false }));
    // The model that the engine now has is the one under training.
    if (this.#curve.offset > 0) delete request.preset;
    await this.#begin(request);
  }

  /** After the loss became no number: back to the best network so far, or to the start. */
  async #recover() {
    await this.#turn(this.best?.step ?? 0);
    this.#curve.cut();
    this.#chosen = false;
    await this.#settle();
  }

  /** Puts the best network in use, or the one that a person went back to, and frees the rest. */
  async #settle() {
    const { best } = this;
    // What is in use and what more steps would go on from is the same network.
    const elsewhere = best && best.step !== this.#curve.at && this.#curve.points.includes(best.step);
    if (this.#how.stay && !this.#chosen && elsewhere) {
      this.#curve.at = this.#curve.offset + (await this.#engine.trainGoBack(best.step - this.#curve.offset));
    }
    await this.#use(!this.#chosen);
    await this.#engine.hold(null);
    if (!this.#how.stay) await this.#engine.trainEnd();
  }
}
