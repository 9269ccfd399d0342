/** How large patches will be, and how long a step will take: asked before it begins, learnt from what it took. */
import { latest } from '../latest.js';
import { PART } from './look.js';
import { planesTold } from './samples.js';
import { learns, settled } from './state.js';

/** What looking at a pixel costs, as a part of learning from it: there is no way back. */
const FORWARD = 1 / 3;
/** Pixels that a validation looks at, at most; validations, about. */
const [LOOKED_AT, VALIDATIONS] = [768 * 768, 10];

/**
 * Seconds of a step, with its part of the validations and of the pictures that are shown meanwhile, before any was taken.
 * @param {{ seconds: number, batch: number, patch: number }} plan `seconds` of a step alone
 * @param {{ width: number, height: number }[]} scans that are labelled @param {{ steps: number, live: boolean }} how
 */
export function wholeStep({ seconds, batch, patch }, scans, { steps, live }) {
  const pixels = Math.min(
    scans.reduce((sum, { width, height }) => sum + width * height, 0),
    LOOKED_AT,
  );
  const validation = (FORWARD * seconds * pixels) / (batch * patch ** 2);
  return (seconds + (validation * VALIDATIONS) / Math.max(steps, VALIDATIONS)) / (live ? 1 - PART : 1);
}

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
      const painted = await planesTold(this.#session).catch(() => null);
      if (painted !== this.#state.painted) this.#session.store.set({ training: { ...this.#state, painted } });
      const app = await this.#session.app;
      const plan = await app.trainPlan(scans, preset ? { preset, width: width ?? undefined } : {});
      const pace = this.#paces.get(this.#kind());
      const { batch, patch, seconds } = plan;
      const { constants } = this.#session.state;
      if (pace) this.#set({ ...plan, seconds: pace * batch * patch ** 2 });
      else if (seconds === null || !constants) this.#set(plan);
      else {
        const how = { steps: settled(training.settings, constants).steps, live: training.live };
        this.#set({ ...plan, seconds: wholeStep({ seconds, batch, patch }, scans, how) });
      }
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
    if (current && batch && patch && current.secondsPerStep > 0)
      this.#paces.set(this.#kind(), current.secondsPerStep / (batch * patch ** 2));
  }
}
