/** A session as far as a training knows it, with an engine that takes steps at once. */
import assert from 'node:assert/strict';
import { InsituError } from '../../www/wire/error.js';
import { Run } from '../../www/training/run.js';
import { Training } from '../../www/session/training/training.js';
import { initial } from '../../www/session/state.js';
import { Store } from '../../www/store.js';
import { constants } from './constants.mjs';
import { there } from './there.mjs';

/**
 * @typedef {import('../../www/api.d.ts').Point} Point
 * @typedef {import('../../www/session/state.js').Item} Item
 * @typedef {import('../../www/session/state.js').Model} Model
 * @typedef {import('../../www/session/state.js').State} State
 * @typedef {import('../../www/session/session.js').Session} Session
 * @typedef {import('../../www/training/run.js').Engine} Engine
 * @typedef {import('../../www/training/run.js').Request} Request
 * @typedef {import('../../www/api.d.ts').RunOptions & Request & { onUse: (card: unknown) => void }} Asked
 */

/** @param {{ id: string, title: string, file: string | File }} given @returns {Model} */
export const model = (given) => ({
  sizeBytes: 0,
  licence: '',
  classes: [],
  inputChannels: 1,
  summary: '',
  card: null,
  ...given,
});

/** The file that came out of a training. @param {Model | null} model */
export const fileOf = (model) => (model?.file instanceof File ? model.file : new File([], ''));

/** A session with an engine that takes steps at once. */
export function session({
  dice = (/** @type {number} */ step) => step / 100,
  fails = /** @type {(taken: number) => InsituError | null} */ (() => null),
} = {}) {
  const scan = { id: 1, width: 8, height: 8, slices: 2, planes: { channels: [''], slices: 2, depths: 2, times: 1 } };
  const item = /** @type {Item} */ (
    /** @type {unknown} */ ({ id: 7, name: 'brain.nii.gz', state: 'done', scan, slice: 0, modelId: null, file: null })
  );
  /** @type {State} */
  const state = {
    ...initial,
    engine: 'ready',
    constants,
    items: [item],
    currentId: 7,
    modelId: 'nuclei',
    labelling: {
      ...initial.labelling,
      classes: [{ name: 'axon', colour: '#009E73' }],
      counts: [5, 4],
      labelled: [{ itemId: 7, slice: 0, counts: [5, 4] }],
    },
  };
  const store = new Store(state);
  const engine = {
    step: 0,
    best: -1,
    taken: 0,
    kept: /** @type {number[]} */ ([]),
    ended: 0,
    titles: /** @type {string[]} */ ([]),
    request: /** @type {any} */ (null),
    /** What the last training was given to learn from. @type {{ scan: { id: number }, labels: Uint8Array }[]} */
    samples: [],
  };
  const card = () => ({
    title: engine.titles.at(-1) ?? engine.request?.title ?? 'Nuclei',
    threshold: 0.5,
    heads: 1,
    classes: engine.request?.classes ?? [],
    outputs: [],
  });
  const app = {
    trainPlan: async () => ({ batch: 2, patch: 64, seconds: 1.5 }),
    nameModel: async (/** @type {string} */ title) => (engine.titles.push(title), card()),
    saveModel: async () => new Blob(['weights']),
    /** @param {Asked} asked */
    train({ onProgress, onAgain, onUse, onState, resume, points, signal, baseline, stay, earlyStop, ...request }) {
      engine.samples = /** @type {any} */ (request).samples;
      /** @param {number} steps @param {{ batch?: number, halved?: boolean }} asked @returns {import('../../www/training/run.js').Begun} */
      const begun = (steps, { batch = 2, halved }) => ({
        steps,
        batch: batch / (halved ? 2 : 1),
        patch: 64,
        learningRate: 1e-3,
        keepStatistics: false,
        held: { kind: 'images', count: 1 },
        pixels: [5, 4],
        mostCovered: 0.5,
        parameters: 1000,
        every: 5,
      });
      /** @type {Engine} */
      const device = {
        async begin(asked) {
          Object.assign(engine, { step: 0, kept: [], request: { ...request, ...asked } });
          return begun(asked.steps ?? 200, asked);
        },
        async trainStep() {
          const error = fails(engine.taken++);
          if (error) throw error;
          await new Promise((next) => setImmediate(next));
          return { step: ++engine.step, loss: 1 / engine.step, learningRate: 1e-3 };
        },
        async trainValidate() {
          const value = dice(engine.step);
          const best = value > engine.best;
          if (best) engine.best = value;
          return { step: engine.step, dice: value, pixelError: 1 - value, best };
        },
        trainKeep: async () => {
          engine.kept = [...engine.kept.filter((kept) => kept < engine.step), engine.step];
          return engine.kept;
        },
        trainGoBack: async (step) => (engine.step = engine.kept.filter((kept) => kept <= step).at(-1) ?? 0),
        use: async () => onUse(card()),
        hold: async () => {},
        trainEnd: async () => void engine.ended++,
        trainState: async (note) =>
          new TextEncoder().encode(JSON.stringify({ step: engine.step, best: engine.best, note })),
        async restore(state, changes) {
          const { note, ...rest } = JSON.parse(new TextDecoder().decode(state));
          Object.assign(engine, { kept: [], request, ...rest });
          return { begun: begun(there(changes.steps), changes), done: engine.step, note, same: true };
        },
        look: async () => assert.fail('nothing is shown here'),
        trainPoint: async (step) => new Uint8Array([step]),
        trainAddPoint: async (step) =>
          void engine.kept.splice(engine.kept.findLastIndex((kept) => kept < step) + 1, 0, step),
      };
      return new Run(device, request, {
        every: 5,
        earlyStop,
        baseline,
        stay,
        signal,
        onProgress,
        onAgain,
        onState,
        resume,
        points,
      });
    },
  };
  const held = /** @type {(string | null)[]} */ ([]);
  const models = {
    list: new Map([['nuclei', model({ id: 'nuclei', title: 'Nuclei', file: 'nuclei.safetensors' })]]),
    for: () => store.state.preferred ?? 'nuclei',
    byId: (/** @type {string} */ id) => models.list.get(id) ?? null,
    use: async () => {},
    hold: (/** @type {string | null} */ id) => held.push(id),
    trained: (/** @type {Model} */ model) => models.list.set(model.id, model),
    preferForAll: (/** @type {string} */ id) => store.set({ preferred: id }),
    choices: () => store.state.preferred,
    putBack: (/** @type {string | null} */ preferred) => store.set({ preferred }),
  };
  const failures = /** @type {InsituError[]} */ ([]);
  const said = /** @type {string[]} */ ([]);
  const it = {
    store,
    app: Promise.resolve(app),
    models,
    engine,
    held,
    failures,
    said,
    get state() {
      return store.state;
    },
    get current() {
      return store.state.items[0];
    },
    labelling: {
      samples: async () => [{ itemId: 7, scan, slice: 0, labels: new Uint8Array(64) }],
      desk: { worker: { call: async () => ({ across: [], crossed: [] }) } },
    },
    segmenting: {
      renewed: 0,
      idle: async () => {},
      renew: async () => void it.segmenting.renewed++,
      glance: async () => null,
    },
    journal: { note() {} },
    /** @type {Pick<Session['keeping'], 'training' | 'trainingOver'> & { told: any[], over: any }} */
    keeping: {
      told: [],
      over: null,
      training: (now) => void (now && it.keeping.told.push(now)),
      trainingOver: (over) => void (it.keeping.over = over),
    },
    fail: (/** @type {unknown} */ error) => failures.push(InsituError.from(error)),
    announce: (/** @type {string} */ text) => said.push(text),
    training: /** @type {Training} */ (/** @type {unknown} */ (null)),
  };
  it.training = new Training(/** @type {any} */ (it));
  return it;
}

export const until = async (/** @type {() => boolean} */ is) => {
  for (let i = 0; i < 500 && !is(); i++) await new Promise((next) => setTimeout(next, 2));
  assert.ok(is(), 'waited in vain');
};
