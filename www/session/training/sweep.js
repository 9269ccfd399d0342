/** All slices of all files through the model in use: their masks are kept, and how sure it is of each. */
import { InsituError, placeOf, sliceAt } from '../../insitu.js';
import { t } from '../../strings/t.js';
import { unsureShare } from './curve.js';

export class Sweeping {
  #session;
  /** @type {AbortController | null} */
  #stop = null;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  get #sweep() {
    return this.#session.state.training.sweep;
  }

  /** @param {Partial<import('./state.js').Sweep>} patch */
  #set(patch) {
    const { store } = this.#session;
    store.set({ training: { ...store.state.training, sweep: { ...this.#sweep, ...patch } } });
  }

  cancel() {
    this.#stop?.abort();
  }

  /** Other weights: what was found does not hold any more. */
  forget() {
    this.cancel();
    this.#set({ phase: 'idle', modelId: null, unsure: [] });
  }

  /** Of a file with several channels, the slices of the one that is looked at. @param {string} modelId */
  #places(modelId) {
    const { models, state } = this.#session;
    return state.items
      .filter((item) => models.reaches(modelId, item))
      .flatMap(({ id, scan, slice }) => {
        if (!scan) return [];
        const { channel } = placeOf(scan, slice);
        const at = (/** @type {unknown} */ _, /** @type {number} */ position) => sliceAt(scan, { channel, position });
        return Array.from({ length: scan.planes.slices }, at).map((slice) => ({ id, slice }));
      });
  }

  /** How many slices it would go through now. */
  get count() {
    const here = this.#session.current;
    const modelId = here && this.#session.models.for(here);
    return modelId ? this.#places(modelId).length : 0;
  }

  /** @returns {Promise<void>} */
  async run() {
    const session = this.#session;
    this.cancel();
    const stop = (this.#stop = new AbortController());
    const here = session.current;
    const modelId = here && session.models.for(here);
    if (!modelId) return session.say(t('suggest.none'));
    // The same model for all of them.
    session.models.preferForAll(modelId);
    const places = this.#places(modelId);
    /** @type {import('./state.js').Sweep['unsure']} */
    const unsure = [];
    this.#set({ phase: 'running', done: 0, total: places.length, name: '', modelId, unsure });
    try {
      for (const [done, { id, slice }] of places.entries()) {
        await session.segmenting.idle();
        const item = session.state.items.find((other) => other.id === id);
        if (stop.signal.aborted) throw InsituError.cancelled();
        // It may have been taken off the list.
        if (!item?.scan) continue;
        this.#set({ done, name: item.name });
        const share = await this.#look(item, slice, modelId, stop.signal);
        if (share !== null) unsure.push({ itemId: id, slice, share });
        this.#set({ done: done + 1, unsure: [...unsure].sort((a, b) => b.share - a.share) });
      }
      this.#set({ phase: 'done' });
      session.announce(t('train.sweep.done', { count: places.length }));
      const now = session.current;
      if (now && !session.state.mask) void session.segmenting.wanted(now);
    } catch (error) {
      if (this.#stop !== stop || this.#sweep.modelId !== modelId) return;
      this.#set({ phase: 'stopped' });
      session.fail(error);
    }
  }

  /**
   * How much of a slice the model is unsure of; null if it could not be read, which is said and holds up nobody.
   * @param {import('../state.js').Item} item @param {number} slice @param {string} modelId @param {AbortSignal} signal
   */
  async #look(item, slice, modelId, signal) {
    const session = this.#session;
    try {
      const mask = await session.segmenting.maskOf(item, slice, modelId, signal);
      if (item.slice === slice && item.state !== 'done') session.change(item.id, { state: 'done', error: null });
      return unsureShare(mask);
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (error.isCancelled || error.kind === 'device') throw error;
      session.journal.note(`${error.code} ${error.message}`);
      session.change(item.id, { state: 'failed', error });
      return null;
    }
  }
}
