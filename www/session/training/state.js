/** What the store holds of training in the tab. */

/**
 * @typedef {import('../../../pkg/insitu.js').TrainingRequest} TrainingRequest
 * @typedef {import('../../training/run.js').Begun} Begun
 * @typedef {import('../../training/run.js').Validation} Validation
 *
 * @typedef {Required<Pick<TrainingRequest, 'steps' | 'seed' | 'learn' | 'augment' | 'balance' | 'loss'>>} Defaults of what a person chooses
 *
 * @typedef {object} Settings what a person chose; null: what the engine takes by itself
 * @property {string | null} preset a new network; null: the model in use goes on learning
 * @property {string} name of the model that comes out; '': the one that is suggested
 * @property {number | null} steps at most
 * @property {number | null} learningRate null: by what the network knows already
 * @property {Defaults['learn'] | null} learn
 * @property {boolean | null} augment
 * @property {Defaults['loss'] | null} loss
 * @property {boolean | null} balance
 * @property {boolean | null} keepStatistics null: by how much is labelled
 * @property {number | null} seed
 * @property {number | null} batch null: by the device
 * @property {number | null} patch null: by the device
 * @property {number | null} width of a new network; null: its own
 * @property {boolean} earlyStop
 * @property {boolean} objects whether single objects are learnt where they were taken over as labels
 *
 * @typedef {Omit<Settings, keyof Defaults> & Defaults} Settled with what the engine takes in the place of what nobody chose
 *
 * @typedef {object} CurrentTraining of the training under way, or of the last one
 * @property {string} modelId
 * @property {boolean} fresh whether the network knew nothing
 * @property {number} steps to do
 * @property {number} at steps done at present; fewer than there are losses after going back
 * @property {number[]} loss of each step
 * @property {Validation[]} validations
 * @property {number[]} points steps that can be gone back to
 * @property {number | null} best step
 * @property {Begun | null} begun what the engine chose; null before
 * @property {boolean} validating whether the network is being validated just now
 * @property {string} labels of what it learns, to see whether they have changed since
 * @property {number} stepsPerSecond 0 if not yet known
 * @property {number} secondsPerStep with its part of validations and pictures; NaN if not yet known
 * @property {number} secondsLeft NaN if not yet known
 * @property {{ key: string, values: Record<string, string | number> }[]} notes what happened on the way, in the order of time
 * @property {'falls' | 'below-start' | 'loss' | null} worse
 * @property {'done' | 'early' | 'cancelled' | 'diverged' | 'failed' | null} ended
 *
 * @typedef {object} Sweep going through all slices and files
 * @property {'idle' | 'running' | 'done' | 'stopped'} phase
 * @property {number} done
 * @property {number} total
 * @property {string} name of the file in work
 * @property {string | null} modelId whose answers they are
 * @property {{ itemId: number, slice: number, share: number }[]} unsure the least sure first
 *
 * @typedef {object} TrainingState
 * @property {'idle' | 'preparing' | 'running' | 'paused' | 'ending' | 'over'} phase
 * @property {Settings} settings
 * @property {import('../../../pkg/insitu.js').TrainingPlan | null} plan
 * @property {string | null} painted slices and planes across them that it would learn from, in words; null: slices alone
 * @property {CurrentTraining | null} current
 * @property {boolean} live whether the image shows what the network makes of it now
 * @property {boolean} looking whether it is being looked at
 * @property {Sweep} sweep
 */

/** @type {TrainingState} */
export const training = {
  phase: 'idle',
  settings: {
    preset: null,
    name: '',
    steps: null,
    learningRate: null,
    learn: null,
    augment: null,
    loss: null,
    balance: null,
    keepStatistics: null,
    seed: null,
    batch: null,
    patch: null,
    width: null,
    earlyStop: true,
    objects: true,
  },
  plan: null,
  painted: null,
  current: null,
  live: true,
  looking: false,
  sweep: { phase: 'idle', done: 0, total: 0, name: '', modelId: null, unsure: [] },
};

/** Labels in a word that changes with them. @param {import('../labelling/state.js').LabellingState} state */
export const labelsOf = ({ counts, classes, labelled }) => JSON.stringify([counts, classes.length, labelled]);

/** Whether the engine holds a network under training. @param {TrainingState} state */
export const learns = ({ phase }) => phase !== 'idle' && phase !== 'over';

/** What keeps any training out of the engine: a key of the strings, or null. @param {import('../state.js').State} state */
export function unready({ items, engine }) {
  if (engine !== 'ready') return 'engine';
  return items.some((item) => item.scan) ? null : 'image';
}

/** What keeps a training from being begun: a key of the strings, or null. @param {import('../state.js').State} state */
export function obstacle(state) {
  const missing = unready(state);
  if (missing) return missing;
  const { labelling } = state;
  const [background = 0, ...classes] = labelling.counts;
  const some = classes.some((count) => count > 0);
  if (background === 0 && !some) return 'labels';
  if (!some) return 'classes';
  // Classes that exclude each other need no background to be told apart.
  if (background === 0 && classes.filter((count) => count > 0).length < 2) return 'background';
  return null;
}

/** A training before its first step. @param {string} modelId @param {boolean} fresh @param {number} steps @param {string} labels @returns {CurrentTraining} */
export const newTraining = (modelId, fresh, steps, labels) => ({
  modelId,
  fresh,
  steps,
  labels,
  at: 0,
  loss: [],
  validations: [],
  points: [],
  best: null,
  begun: null,
  validating: false,
  stepsPerSecond: 0,
  secondsPerStep: NaN,
  secondsLeft: NaN,
  notes: [],
  worse: null,
  ended: null,
});

/** @param {Settings} settings @param {import('../state.js').Constants} constants @returns {Settled} */
export function settled(settings, { training: own }) {
  return {
    ...settings,
    steps: settings.steps ?? own.steps,
    learn: settings.learn ?? own.learn,
    augment: settings.augment ?? own.augment,
    loss: settings.loss ?? own.loss,
    balance: settings.balance ?? own.balance,
    seed: settings.seed ?? own.seed,
  };
}

/** What a training is asked for. @param {Settled} settings */
export function requestOf({
  preset,
  learningRate,
  keepStatistics,
  batch,
  patch,
  width,
  seed,
  learn,
  augment,
  loss,
  balance,
  earlyStop,
}) {
  return {
    seed,
    learn,
    augment,
    loss,
    balance,
    earlyStop,
    baseline: preset === null,
    ...given({ preset, learningRate, keepStatistics, batch, patch, width: preset ? width : null }),
  };
}

/** Without what nobody chose. @template {object} T @param {T} request @returns {{ [K in keyof T]?: NonNullable<T[K]> }} */
function given(request) {
  return /** @type {any} */ (Object.fromEntries(Object.entries(request).filter(([, value]) => value !== null)));
}
