/** What a training asks of the engine, and what a person need not say: classes, steps. */
import { InsituError } from '../wire/error.js';
import { PALETTE } from '../pictures/palette.js';
import { Run } from './run.js';
import { t } from '../strings/t.js';

/**
 * @typedef {import('../engine.d.ts').Card} Card
 * @typedef {import('../engine.d.ts').TrainingWish} Wish
 * @typedef {{ scan: import('../engine.d.ts').ScanRecord, slice?: number, labels: Uint8Array }} LabelledSlice
 *   labels row by row: 255 is "not labelled, ignore", 0 background, 1 and up the classes
 *
 * @typedef {object} OwnOptions
 * @property {LabelledSlice[]} samples
 * @property {{ name: string, colour: string }[]} [classes] without them the model's, or "class 1" and so on
 * @property {number} [steps] at most
 * @property {(card: Card) => void} [onUse] told when the network as it then is took the place of the loaded model
 * @typedef {OwnOptions & import('../api.d.ts').RunOptions & Omit<Partial<Wish>, 'classes' | 'steps'>} TrainOptions
 *
 * @typedef {object} Door to the engine; every call rejects with an error of the kind `device` once the engine was started again
 * @property {(method: string, args: unknown[]) => Promise<any>} call
 * @property {(wish: Wish, samples: LabelledSlice[]) => Promise<import('../engine.d.ts').TrainingBegun>} begin
 * @property {(state: Uint8Array, samples: LabelledSlice[], changes: import('../training.d.ts').Changes) => Promise<import('../training.d.ts').Restored>} restore
 * @property {(card: Card) => Promise<void>} inUse told when another network is in use
 */

const STEPS = 200;

export class Teacher {
  /** @type {Door} */
  #door;

  /** @param {Door} door */
  constructor(door) {
    this.#door = door;
  }

  /** @param {TrainOptions} options @param {Card | null} card of the loaded model @returns {Run} */
  run(
    {
      samples: given,
      signal,
      onProgress,
      onAgain,
      onJudge,
      onUse,
      onState,
      resume,
      points,
      every,
      earlyStop,
      baseline,
      stay,
      ...wish
    },
    card,
  ) {
    const { call, begin, restore, inUse } = this.#door;
    const samples = Array.isArray(given) ? given : [];
    const whole = samples.every((sample) => sample?.scan && sample.labels instanceof Uint8Array);
    /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
    const checked = (work) => (whole ? work() : Promise.reject(InsituError.of('train.sample', 'invalid')));
    const classes = wish.classes ?? classesOf(whole ? samples : [], wish.preset ? null : card);
    return new Run(
      {
        begin: (asked) => checked(() => begin(asked, samples)),
        step: () => call('trainStep', []),
        judge: () => call('trainJudge', []),
        keep: (most, best) => call('trainKeep', [most, best]),
        goBack: (step) => call('trainGoBack', [step]),
        use: async (best, seconds) => {
          const card = await call('trainUse', [best, seconds]);
          onUse?.(card);
          await inUse(card);
        },
        end: () => call('trainEnd', []),
        state: (note) => call('trainState', [note]),
        restore: (state, changes) => checked(() => restore(state, samples, changes)),
        point: (step) => call('trainPoint', [step]),
        addPoint: (step, bytes) => call('trainAddPoint', [step, bytes]),
      },
      // What was kept knows its own number of steps.
      { .../** @type {{ steps: number }} */ (resume ? {} : { steps: STEPS }), ...wish, classes },
      { every, earlyStop, baseline, stay, signal, onProgress, onAgain, onJudge, onState, resume, points },
    );
  }
}

/** @param {LabelledSlice[]} samples @param {Card | null} card */
function classesOf(samples, card) {
  let highest = 1;
  for (const { labels } of samples) for (const label of labels) if (label !== 255 && label > highest) highest = label;
  if (card && card.classes.length >= highest) return card.classes;
  return Array.from({ length: highest }, (_, i) => ({
    name: t('class.unnamed', { number: i + 1 }),
    colour: PALETTE[i % PALETTE.length],
  }));
}
