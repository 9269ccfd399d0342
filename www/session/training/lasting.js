/** What of a training outlasts the tab, and a failure for good: its last state, and what is handed to be kept. */

/** @typedef {import('./state.js').CurrentTraining} CurrentTraining */

export class Lasting {
  #session;
  /** The training at its last validation or pause. @type {{ step: number, state: Uint8Array, options: Record<string, unknown> } | null} */
  last = null;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** Where it stands. @param {CurrentTraining} current @param {import('../../training/run.js').Run} run @param {NonNullable<Lasting['last']>} now */
  under({ steps }, run, now) {
    this.last = now;
    this.#session.keeping.training({ ...now, steps, points: run.points, point: (at) => run.point(at) });
  }

  /** How it ended. @param {CurrentTraining} current @param {number | null} at where it stands; null: at its best */
  over({ ended, modelId }, at) {
    if (ended && modelId) this.#session.keeping.trainingOver({ ended, modelId, at });
  }

  /** Nothing of it is wanted any more. */
  drop() {
    this.#session.keeping.training(null);
  }
}
