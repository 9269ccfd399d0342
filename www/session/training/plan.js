/** How large patches will be, and how long a step will take: asked before it begins, learnt from what it took. */
import { latest } from '../latest.js';
import { learns } from './state.js';

export class Planning {
  #session;
  /** Seconds a step took, for one pixel of a patch, by network: for the next guess. @type {Map<string, number>} */
  #paces = new Map();

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  get #state() {
    return this.#session.state.training;
  }

  /** Asks the engine how large patches would be. */
  ask = latest(async () => {
    const { items, labelling, engine, training } = this.#session.state;
    const labelled = items.filter((item) => labelling.labelled.some(({ itemId }) => itemId === item.id));
    const scans = (labelled.length > 0 ? labelled : items).flatMap((item) => item.scan ?? []);
    if (engine !== 'ready' || scans.length === 0 || learns(training)) return;
    const { preset, width } = training.settings;
    try {
      const app = await this.#session.app;
      const plan = await app.trainPlan(scans, preset ? { preset, width: width ?? undefined } : {});
      const pace = this.#paces.get(this.#kind());
      this.#set(pace ? { ...plan, seconds: pace * plan.batch * plan.patch ** 2 } : plan);
    } catch {
      // No model is loaded yet, or a number makes no network: then nothing is said of it.
      this.#set(null);
    }
  });

  /** @param {import('./state.js').TrainingState['plan']} plan */
  #set(plan) {
    this.#session.store.set({ training: { ...this.#state, plan } });
  }

  #kind() {
    const { preset, width } = this.#state.settings;
    return `${preset ?? this.#session.state.modelId}/${preset ? width : ''}`;
  }

  /** Takes note of what a step took. @param {import('./state.js').CurrentTraining | null} current */
  learn(current) {
    const { batch, patch } = current?.begun ?? {};
    if (current && batch && patch && current.stepsPerSecond > 0)
      this.#paces.set(this.#kind(), 1 / current.stepsPerSecond / (batch * patch ** 2));
  }
}
