/** What makes a training outlast a failure, and what waits for its next step. */
import { InsituError } from '../wire/error.js';

/**
 * @typedef {import('../wire/engine-worker.js').EngineMethods} EngineMethods
 *
 * @typedef {object} Own what a run asks for besides
 * @property {(request: import('../../pkg/insitu.js').TrainingRequest) => Promise<import('../../pkg/insitu.js').TrainingBegun>} begin with the samples
 * @property {(state: Uint8Array, changes: import('../../pkg/insitu.js').TrainingChanges) => Promise<import('../../pkg/insitu.js').TrainingRestored>} restore with the samples
 * @property {(best: boolean, seconds: number) => Promise<void>} use
 * @property {(state: Uint8Array | null) => Promise<void>} hold what an engine that is started again begins with; null: the network in use
 * @property {(scan: import('../../pkg/insitu.js').ScanRecord, slice: number, threshold: number | undefined, piece: import('../../pkg/insitu.js').SlicePiece) => Promise<import('../../pkg/insitu.js').MaskRecord>} look
 *
 * @typedef {import('../wire/remote.js').Remote<Pick<EngineMethods, 'trainStep' | 'trainValidate' | 'trainKeep' | 'trainGoBack' | 'trainEnd' | 'trainState' | 'trainPoint' | 'trainAddPoint'>> & Own} Engine
 */

/** Validations without anything better after which a training ends by itself. */
export const PATIENCE = 8;
/** Restarts of the engine that one training survives. */
export const RESTARTS = 3;
/** Steps in a row whose patches may hold nothing that is labelled. */
export const SKIPS = 20;
/** Whether the device failed for want of memory. @param {InsituError} error */
export const isMemory = (error) =>
  error.code === 'device.memory' || error.code === 'memory' || /device\.memory/.test(String(error.cause));

/** Whether the training has to be taken up again: the engine failed, or it was started anew while nothing was asked of it. @param {InsituError} error */
export const isLost = (error) => error.kind === 'device' || error.code === 'train.none' || isMemory(error);

/** The whole training at the last validation or pause. */
export class Safe {
  #engine;
  #told;
  /** Whether the engine can keep a training of this network. */
  #able = true;
  /** When it was last taken. */
  #step = -1;
  /** @type {Uint8Array | null} */
  state = null;

  /** @param {Pick<Engine, 'trainState'>} engine @param {import('../api.d.ts').RunOptions['onState']} told */
  constructor(engine, told) {
    this.#engine = engine;
    this.#told = told;
  }

  /** In a pause: a tab that is closed then loses no step. @param {import('./curve.js').Curve} curve @param {number} seconds */
  async pause(curve, seconds) {
    if (this.#step !== curve.at) await this.take(curve, seconds);
  }

  /** @param {import('./curve.js').Curve} curve @param {number} seconds */
  async take(curve, seconds) {
    this.#step = curve.at;
    if (!this.#able) return;
    try {
      this.state = await this.#engine.trainState(curve.note(seconds));
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (error.kind === 'device') throw error;
      // A network too large for it goes on from its weights, after a failure.
      this.#able = false;
      this.state = null;
      return;
    }
    this.#told?.({ step: curve.at, state: this.state });
  }
}

/** Work that must not run beside a step. */
export class Errands {
  /** @type {(() => Promise<void>)[]} */
  #waiting = [];

  get waiting() {
    return this.#waiting.length > 0;
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} what it gives once it was its turn */
  add(work) {
    return new Promise((done, failed) => {
      this.#waiting.push(async () => {
        try {
          done(await work());
        } catch (thrown) {
          const error = InsituError.from(thrown);
          failed(error);
          // Then the engine has to be started again.
          if (isLost(error)) throw error;
        }
      });
    });
  }

  async run() {
    for (let errand = this.#waiting.shift(); errand; errand = this.#waiting.shift()) await errand();
  }
}
