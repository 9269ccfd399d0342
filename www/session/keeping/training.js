/** Keeping a training: its state at the last validation, and the points that it can go back to. */
import { InsituError } from '../../insitu.js';
import { KeepError } from '../../keep/store.js';

/**
 * @typedef {import('../../keep/store.js').Kept} Kept
 *
 * @typedef {object} Over how a training ended
 * @property {NonNullable<import('../training/state.js').CurrentTraining['ended']>} ended
 * @property {string} modelId of the model that came out
 * @property {number | null} at the step to which a person went; null: it stands at its best
 *
 * @typedef {object} KeptTraining
 * @property {number} step
 * @property {number} steps
 * @property {number[]} points
 * @property {Record<string, unknown>} options
 * @property {Over | null} over null while it goes on
 *
 * @typedef {object} TrainingSoFar
 * @property {number} step
 * @property {number} steps
 * @property {Uint8Array} state
 * @property {number[]} points
 * @property {(step: number) => Promise<Uint8Array>} point the weights of a point
 * @property {Record<string, unknown>} options
 * @property {Over | null} [over]
 *
 * @typedef {{ state: Uint8Array, points: import('../../api.d.ts').Point[], step: number, steps: number, options: Record<string, any>, over: Over | null }} TrainingBack
 */

const ENDS = ['done', 'early', 'cancelled', 'diverged', 'failed'];
const count = (/** @type {unknown} */ value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** What can be understood of a training in a list that was kept. @param {any} training @returns {KeptTraining | null} */
export function readTraining(training) {
  if (!count(training?.step) || !count(training?.steps)) return null;
  const { step, steps, points, options, over } = training;
  const known = ENDS.includes(over?.ended) && typeof over?.modelId === 'string';
  return {
    step,
    steps,
    options: options ?? {},
    points: Array.isArray(points) ? points.filter(count) : [],
    over: known ? { ended: over.ended, modelId: over.modelId, at: count(over.at) ? over.at : null } : null,
  };
}

export class TrainingKeeper {
  /** As it is stored. @type {KeptTraining | null} */
  now = null;
  /** What it said last. @type {TrainingSoFar | null} */
  #last = null;
  /** The same until it is stored. @type {TrainingSoFar | null} */
  #unstored = null;
  #dropped = false;
  #note;
  /** Codes of failures that were noted. @type {Set<string>} */
  #noted = new Set();

  /** @param {(line: string) => void} note for the journal */
  constructor(note) {
    this.#note = note;
  }

  /** Whether there is something to store. */
  get waiting() {
    return this.#unstored !== null;
  }

  /** What the training is at; null: what is stored of one is not wanted any more. @param {TrainingSoFar | null} now */
  hear(now) {
    this.#last = this.#unstored = now && { ...now };
    this.#dropped ||= now === null;
  }

  /** The training is over; its state and its points stay. @param {Over} over */
  end(over) {
    if (this.#last) this.#last.over = over;
    if (this.now) this.now.over = over;
  }

  /** Nothing is stored any more, and all of it is to be stored again. */
  anew() {
    this.now = null;
    this.#unstored = this.#last;
  }

  /** @param {Kept} kept @param {(name: string, bytes: Uint8Array) => Promise<void>} put */
  async save(kept, put) {
    if (this.#dropped) {
      this.#dropped = false;
      const stored = this.now ? ['train-state', ...this.now.points.map((at) => `train-point-${at}`)] : [];
      this.now = null;
      for (const name of stored) await kept.remove(name);
    }
    const told = this.#unstored;
    if (!told) return;
    this.#unstored = null;
    const { step, steps, state, points, point, options } = told;
    const before = this.now?.points ?? [];
    const now = (this.now = { step, steps, points: before, options, over: told.over ?? null });
    try {
      await put('train-state', state);
    } catch (error) {
      this.#unstored ??= told;
      throw error;
    }
    // Points after this one belong to a way that was left, or soon will be: those of the new way have the same numbers.
    const stays = (/** @type {number} */ at) => at < step && points.includes(at);
    for (const old of before.filter((at) => !stays(at))) await kept.remove(`train-point-${old}`);
    now.points = now.points.filter(stays);
    for (const at of points) {
      if (now.points.includes(at) || at >= step) continue;
      const bytes = await point(at).catch((thrown) => this.#without(thrown));
      if (!bytes) continue;
      await put(`train-point-${at}`, bytes);
      now.points = [...now.points, at].sort((a, b) => a - b);
    }
  }

  /** Goes on without a point. @param {unknown} thrown @returns {null} */
  #without(thrown) {
    const { code, message, cause } = InsituError.from(thrown);
    // One that is gone meanwhile is no loss; of anything else one line says as much as many.
    if (code === 'train.point' || this.#noted.has(code)) return null;
    this.#noted.add(code);
    this.#note(`keeping a point: ${code} ${message} ${String(cause ?? '')}`);
    return null;
  }

  /** Makes room by giving up the oldest point. @param {Kept} kept @param {unknown} error that there is none @throws the error if there is no point */
  async makeRoom(kept, error) {
    const [oldest, ...others] = this.now?.points ?? [];
    if (!(error instanceof KeepError) || error.code !== 'full' || oldest === undefined || !this.now) throw error;
    await kept.remove(`train-point-${oldest}`);
    this.now.points = others;
  }

  /** What is stored, to be taken up. @param {Kept | null} kept @returns {Promise<TrainingBack | null>} */
  async back(kept) {
    const { now } = this;
    const state = now && (await kept?.get('train-state'));
    if (!kept || !now || !state) return null;
    const points = [];
    for (const step of now.points) {
      const bytes = await kept.get(`train-point-${step}`);
      if (bytes) points.push({ step, bytes });
    }
    const { options, step, steps, over } = now;
    return { state, points, step, steps, options, over };
  }
}
