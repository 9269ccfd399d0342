/** Comparing masks with labels that a person gave: of the image that is shown at once, of all on request. */
import { InsituError } from '../../insitu.js';
import { listed } from '../../strings/format.js';
import { t } from '../../strings/t.js';
import { latest } from '../latest.js';
import { paired } from './pairing.js';

/**
 * @typedef {import('../state.js').Item} Item
 * @typedef {import('./state.js').Scores} Found
 * @typedef {import('./state.js').LabelMeaning} LabelMeaning
 */

export class Scores {
  #session;
  /** @type {AbortController | null} */
  #stop = null;
  /** What the scores of the image that is shown were made of. @type {unknown[]} */
  #made = [];

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
    session.store.on(['mask', 'currentId'], () => void this.#renew());
  }

  get #state() {
    return this.#session.state.scores;
  }

  /** @param {Partial<import('./state.js').ScoresState>} patch */
  #set(patch) {
    this.#session.store.set({ scores: { ...this.#state, ...patch } });
  }

  /** Takes files of labels, each for the image of its name. @param {File[]} files */
  async add(files) {
    const session = this.#session;
    const { pairs, left } = paired(files, session.state.items);
    if (pairs.size === 0) return session.fail(InsituError.of('scores.noPair', 'invalid'));
    try {
      const app = await session.app;
      const truths = new Map([...this.#state.truths, ...pairs]);
      /** @type {Set<LabelMeaning>} */
      const looks = new Set();
      const troubles = new Map();
      for (const [id, file] of truths) {
        try {
          looks.add((await app.results.readTruth(file)).meaning);
        } catch (error) {
          truths.delete(id);
          troubles.set(id, InsituError.from(error).message);
        }
      }
      // All are read alike: one with two objects, or with none, looks like a mask when it is seen alone.
      const meaning =
        /** @type {const} */ (['objects', 'classes', 'binary']).find((kind) => looks.has(kind)) ?? 'binary';
      this.#made = [];
      this.#set({ truths, meaning, troubles, found: new Map() });
      if (left.length > 0)
        session.say(
          t('scores.left', {
            count: left.length,
            names: listed(left.slice(0, 3).map(({ name }) => name)),
          }),
        );
      void this.#renew();
    } catch (error) {
      session.fail(error);
    }
  }

  /** Forgets all labels to compare with. */
  clear() {
    this.cancel();
    this.#set({ truths: new Map(), found: new Map(), troubles: new Map(), difference: false });
    void this.#session.segmenting.overlay.repaint();
  }

  /** @param {LabelMeaning} meaning */
  read(meaning) {
    this.#made = [];
    this.#set({ meaning, found: new Map() });
    void this.#renew();
  }

  /** Whether right, missed and too much are shown. @param {boolean} difference */
  showDifference(difference) {
    this.#set({ difference });
    void this.#session.segmenting.overlay.repaint();
  }

  /** What is drawn instead of a mask; null for the mask itself. @param {import('../state.js').Mask} mask @returns {Found | null} */
  of(mask) {
    const { difference, found } = this.#state;
    const { currentId } = this.#session.state;
    return difference && this.#made[0] === mask && currentId !== null ? (found.get(currentId) ?? null) : null;
  }

  #renew = latest(async () => {
    const session = this.#session;
    const { mask, modelId } = session.state;
    const item = session.current;
    const truth = item && this.#state.truths.get(item.id);
    if (!item?.scan || !mask || !modelId || !truth || session.segmenting.isGlance(mask)) return;
    if (this.#made[0] === mask && this.#made[1] === truth) return;
    await this.#score(item, item.slice, modelId, truth);
    if (session.state.mask !== mask) return;
    this.#made = [mask, truth];
    void session.segmenting.overlay.repaint();
  });

  /** @param {Item} item @param {number} slice @param {string} modelId @param {File} truth @param {AbortSignal} [signal] */
  async #score(item, slice, modelId, truth, signal) {
    const { models, volume, app: opening } = this.#session;
    const found = new Map(this.#state.found);
    const troubles = new Map(this.#state.troubles);
    found.delete(item.id);
    troubles.delete(item.id);
    try {
      const app = await opening;
      const scan = /** @type {import('../../insitu.js').Scan} */ (item.scan);
      const { meaning } = this.#state;
      const asked = (/** @type {string | undefined} */ along) =>
        models.with(
          modelId,
          () => {},
          (begun) => {
            const how = { slice, threshold: models.threshold(modelId), head: models.head(modelId), along, signal };
            return app.results.score(scan, { ...how, truth, meaning, onProgress: begun });
          },
        );
      const scored = await volume.along.ask({ ...item, slice }, modelId, asked);
      // The page takes the model that fits each image: a score says of which it is.
      found.set(item.id, Object.assign(scored, { model: models.byId(modelId)?.title ?? '' }));
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (error.isCancelled) return;
      troubles.set(item.id, error.message);
    }
    this.#set({ found, troubles });
  }

  cancel() {
    this.#stop?.abort();
  }

  /** All images that have labels. */
  async all() {
    if (this.#stop) return;
    const session = this.#session;
    const stop = (this.#stop = new AbortController());
    const wanted = session.state.items.filter(({ id, scan }) => scan && this.#state.truths.has(id));
    try {
      for (const [i, item] of wanted.entries()) {
        this.#set({ running: { done: i, total: wanted.length } });
        const truth = this.#state.truths.get(item.id);
        const modelId = session.models.for(item);
        if (stop.signal.aborted) break;
        if (truth && modelId && !this.#state.found.has(item.id))
          await this.#score(item, item.slice, modelId, truth, stop.signal);
      }
    } finally {
      this.#stop = null;
      this.#set({ running: null });
    }
  }
}
