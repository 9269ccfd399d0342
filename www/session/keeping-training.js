/** Keeping a training: its state at the last judgement, and the points that it can go back to. */
import { KeepError } from '../keep/store.js';

/**
 * @typedef {import('../keep/store.js').Kept} Kept
 *
 * @typedef {object} Over how a training ended
 * @property {NonNullable<import('./teaching-state.js').Course['ended']>} ended
 * @property {string} modelId of the model that came out
 * @property {boolean} chosen whether a person went to the point where it stands
 *
 * @typedef {object} KeptTraining
 * @property {number} step
 * @property {number} steps
 * @property {number[]} points
 * @property {Record<string, unknown>} options
 * @property {Over | null} over null while it goes on
 *
 * @typedef {object} TaughtSoFar
 * @property {number} step
 * @property {number} steps
 * @property {Uint8Array} state
 * @property {number[]} points
 * @property {(step: number) => Promise<Uint8Array>} point the weights of a point
 * @property {Record<string, unknown>} options
 * @property {Over | null} [over]
 *
 * @typedef {{ state: Uint8Array, points: import('../api.d.ts').Point[], step: number, steps: number, options: Record<string, any>, over: Over | null }} TrainingBack
 */

const ENDS = ['done', 'early', 'cancelled', 'diverged', 'failed'];
const count = (/** @type {unknown} */ value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** What can be understood of a training in a list that was kept. @param {any} training @returns {KeptTraining | null} */
export function readTraining(training) {
  if (!count(training?.step) || !count(training?.steps)) return null;
  const { step, steps, points, options, over } = training;
  const known = ENDS.includes(over?.ended) && typeof over?.modelId === 'string';
  return {
    step, steps, options: options ?? {},
    points: Array.isArray(points) ? points.filter(count) : [],
    over: known ? { ended: over.ended, modelId: over.modelId, chosen: over.chosen === true } : null,
  };
}

export class TrainingKeeper {
  /** As it is stored. @type {KeptTraining | null} */
  now = null;
  /** What it said last, until it is stored. @type {TaughtSoFar | null} */
  #taught = null;
  #dropped = false;

  /** Whether there is something to store. */
  get waiting() {
    return this.#taught !== null;
  }

  /** What the training is at; null: what is stored of one is not wanted any more. @param {TaughtSoFar | null} taught */
  hear(taught) {
    this.#taught = taught;
    this.#dropped ||= taught === null;
  }

  /** The training is over; its state and its points stay. @param {Over} over */
  end(over) {
    if (this.#taught) this.#taught = { ...this.#taught, over };
    else if (this.now) this.now.over = over;
  }

  /** Nothing of it is stored any more. */
  forget() {
    this.now = null;
    this.#taught = null;
  }

  /** @param {Kept} kept @param {(name: string, bytes: Uint8Array) => Promise<void>} put */
  async save(kept, put) {
    if (this.#dropped) {
      this.#dropped = false;
      const stored = this.now ? ['train-state', ...this.now.points.map((at) => `train-point-${at}`)] : [];
      this.now = null;
      for (const name of stored) await kept.remove(name);
    }
    const taught = this.#taught;
    if (!taught) return;
    this.#taught = null;
    const { step, steps, state, points, point, options, over = null } = taught;
    const before = this.now?.points ?? [];
    const now = (this.now = { step, steps, points: before, options, over });
    await put('train-state', state);
    for (const old of before.filter((at) => !points.includes(at))) await kept.remove(`train-point-${old}`);
    now.points = now.points.filter((at) => points.includes(at));
    for (const at of points) {
      if (now.points.includes(at) || at >= step) continue;
      // A point that is gone meanwhile is no loss.
      const bytes = await point(at).catch(() => null);
      if (!bytes) continue;
      await put(`train-point-${at}`, bytes);
      now.points = [...now.points, at].sort((a, b) => a - b);
    }
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
