/** What a training is asked for, apart from what is done with it while it runs. */
import { remote } from '../wire/remote.js';
import { InsituError } from '../wire/error.js';
import { statusOf } from './report.js';
import { Run } from './run.js';

/**
 * @typedef {import('../../pkg/insitu.js').LoadedCard} Card
 * @typedef {import('../../pkg/insitu.js').TrainingRequest} Request
 * @typedef {{ scan: import('../../pkg/insitu.js').ScanRecord, slice?: number, axis?: number, index?: number, labels: Uint8Array, objects?: Uint32Array }} LabelledSlice
 *   `axis` and `index`: a plane across the slices of that volume, by the axis that stands upright on it (0 columns, 1 rows), with labels `[depth][x]`;
 *   labels row by row: 255 is "not labelled, ignore", 0 background, 1 and up the classes; `objects`: the object of each pixel when objects were taken
 *   over, 0 elsewhere: then single objects are learnt, if there is one class
 * @typedef {{ samples: LabelledSlice[], onUse?: (card: Card) => void } & import('../api.d.ts').RunOptions & Request} TrainOptions
 *   `onUse`: told when the network as it then is took the place of the loaded model
 *
 * @typedef {object} Door to the engine; every call rejects with an error of the kind `device` once the engine was started again
 * @property {(method: any, args: any[]) => Promise<any>} call
 * @property {(request: Request, samples: LabelledSlice[]) => ReturnType<import('./run.js').Engine['begin']>} begin
 * @property {(state: Uint8Array, samples: LabelledSlice[], changes: import('./run.js').Changes) => ReturnType<import('./run.js').Engine['restore']>} restore
 * @property {import('./run.js').Engine['hold']} hold
 * @property {import('./run.js').Engine['look']} look
 * @property {(status: import('../api.d.ts').Status) => void} tell what happened unasked
 */

/** @param {Door} door @param {TrainOptions} options @returns {Run} */
export function train({ call, begin, restore, hold, look, tell }, options) {
  const { samples: given, onUse, signal, onProgress, onAgain: toldAgain, onValidate, onState, ...rest } = options;
  const { resume, points, every, earlyStop, baseline, stay, ...request } = rest;
  const samples = Array.isArray(given) ? given : [];
  const whole = samples.every((sample) => sample?.scan && sample.labels instanceof Uint8Array);
  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  const checked = (work) => (whole ? work() : Promise.reject(InsituError.of('train.sample', 'invalid')));
  const own = {
    begin: (/** @type {Request} */ asked) => checked(() => begin(asked, samples)),
    restore: (/** @type {Uint8Array} */ state, /** @type {import('./run.js').Changes} */ changes) =>
      checked(() => restore(state, samples, changes)),
    use: async (/** @type {boolean} */ best, /** @type {number} */ seconds) => {
      const card = await call('trainUse', [best, seconds]);
      onUse?.(card);
    },
    hold,
    look,
  };
  const onAgain = (/** @type {import('../api.d.ts').Again} */ again) => {
    tell(statusOf(again));
    toldAgain?.(again);
  };
  const how = { every, earlyStop, baseline, stay, signal, onProgress, onAgain, onValidate, onState, resume, points };
  return new Run(remote(call, own), request, how);
}
