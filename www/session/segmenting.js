/** From the current slice to its mask: at once, one at a time, and kept. */
import { joined, pieceOf } from '../pictures/pieces.js';
import { InsituError } from '../insitu.js';
import { Lru } from '../lru.js';
import { t } from '../strings/t.js';
import { duration } from '../strings/format.js';
import { Overlay } from './overlay.js';

/**
 * @typedef {import('./state.js').Item} Item
 * @typedef {import('./state.js').Mask} Mask
 * @typedef {{ mask: Mask, threshold: number, milliseconds: number }} Kept
 */

/** Bytes of masks and probabilities kept for slices that were left. */
const BUDGET = 300e6;
/** For a model that is awaited unseen. */
const nothing = () => {};
/** A slider that moves on needs no mask, ms. */
const REST = 200;

export class Segmenting {
  #session;
  overlay;
  /** By item, slice, model, head, and planes that they are of. @type {Lru<string, Kept>} */
  kept = new Lru(BUDGET, ({ mask }) => mask.labels.byteLength + mask.probability.byteLength);
  /** @type {{ key: string, stop: AbortController } | null} */
  #running = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #thresholding = false;
  /** A mask that was joined of pieces, whose pixels nobody else keeps. @type {Mask | null} */
  #glanced = null;
  /** @type {AbortController | null} */
  #cutting = null;
  /** Whether a tile has come back from this engine: the first one waits for shaders. */
  #warm = false;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
    this.overlay = new Overlay(session);
  }

  /** @param {Item} item @param {string} modelId */
  key(item, modelId) {
    const { models, volume } = this.#session;
    const made = `${models.head(modelId)}/${models.version(modelId)}/${volume.along.key(item, modelId)}`;
    return `${item.id}/${item.slice}/${modelId}/${made}`;
  }

  /** Masks a slice after the slider has come to rest. @param {Item} item @param {number} [rest] ms */
  soon(item, rest = REST) {
    clearTimeout(this.#timer);
    this.#stopRunning();
    const modelId = this.#session.models.for(item);
    const kept = modelId ? this.kept.get(this.key(item, modelId)) : undefined;
    if (kept) return void this.wanted(item);
    this.#put(null, 0);
    this.#timer = setTimeout(() => {
      const now = this.#session.current;
      if (now?.id === item.id) this.wanted(now);
    }, rest);
  }

  /** Shows the mask of an item's slice, computing it if need be. @param {Item} item */
  async wanted(item) {
    clearTimeout(this.#timer);
    const session = this.#session;
    const modelId = session.models.for(item);
    if (!item.scan) return;
    if (!modelId) {
      this.#stopRunning();
      this.#put(null, 0);
      session.store.set({ modelId: null });
      return;
    }
    const key = this.key(item, modelId);
    if (this.#running?.key === key) return;
    this.#stopRunning();
    session.store.set({ modelId, threshold: session.models.threshold(modelId), head: session.models.head(modelId) });
    const kept = this.kept.get(key);
    if (kept) {
      this.#put(kept.mask, kept.milliseconds);
      session.change(item.id, { state: 'done' });
      if (kept.threshold !== session.state.threshold) void this.thresholdMoved();
      return;
    }
    this.#put(null, 0);
    await this.#run(item, modelId, key);
  }

  /** @param {Item} item @param {string} modelId @param {string} key */
  async #run(item, modelId, key) {
    const session = this.#session;
    const run = { key, stop: new AbortController() };
    this.#running = run;
    const mine = () => this.#running === run;
    const progress = (/** @type {import('./state.js').Job} */ job) => mine() && session.store.set({ job });
    session.change(item.id, { state: 'working', error: null });
    try {
      const app = await session.app;
      let threshold = 0;
      /** @type {import('./models.js').Waiting} */
      const waiting = (bytes) => void progress({ phase: 'model', ...bytes });
      /** @type {Mask | null} */
      const mask = await this.#engine(item, modelId, waiting, async (begun, along) => {
        if (!mine()) return null;
        threshold = session.models.threshold(modelId);
        session.store.set({ threshold });
        const first = app.device.kind === 'webgpu' && !this.#warm;
        progress({ phase: first ? 'gpu' : 'tiles', done: 0, total: 0 });
        return app.segment(/** @type {any} */ (item.scan), {
          slice: item.slice,
          threshold,
          head: session.models.head(modelId),
          along,
          signal: run.stop.signal,
          onProgress: ({ done, total }) => {
            begun();
            if (done > 0) this.#warm = true;
            progress({ phase: done > 0 || !first ? 'tiles' : 'gpu', done, total });
          },
          onFirst: (mask) => mine() && void this.overlay.preview(mask, modelId, mine),
        });
      });
      if (!mask) return;
      this.kept.put(key, { mask, threshold, milliseconds: mask.milliseconds });
      if (!mine()) return;
      this.#put(mask, mask.milliseconds);
      session.change(item.id, { state: 'done' });
      const share = mask.areas.reduce((sum, n) => sum + n, 0) / (mask.width * mask.height);
      session.announce(
        t('segment.done', { time: duration(mask.milliseconds), percent: Math.round(share * 1000) / 10 }),
      );
      if (threshold !== session.models.threshold(modelId)) void this.thresholdMoved();
      void session.ahead.load();
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (mine()) session.change(item.id, error.isCancelled ? { state: 'stopped' } : { state: 'failed', error });
      if (mine()) session.fail(error);
    } finally {
      if (mine()) {
        this.#running = null;
        session.store.set({ job: null });
        // A training has changed the weights meanwhile.
        if (key !== this.key(item, modelId)) void this.renew().catch((error) => session.fail(error));
      }
    }
  }

  /** Whether a mask was joined of pieces while a network learns. */
  isGlance = (/** @type {Mask} */ mask) => mask === this.#glanced;

  /** Whether a person waits for a mask. */
  get busy() {
    return this.#running !== null || this.#cutting !== null;
  }

  /** Resolves when nothing that a person waits for is in work. */
  async idle() {
    while (this.busy) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** The mask of any slice, kept or computed now. @param {Item} item @param {number} slice @param {string} modelId @param {AbortSignal} signal */
  async maskOf(item, slice, modelId, signal) {
    const { models, app: opening } = this.#session;
    const key = this.key({ ...item, slice }, modelId);
    const kept = this.kept.get(key);
    if (kept && kept.threshold === models.threshold(modelId)) return kept.mask;
    const app = await opening;
    let threshold = 0;
    const mask = await this.#engine({ ...item, slice }, modelId, nothing, (begun, along) => {
      threshold = models.threshold(modelId);
      const how = { slice, threshold, head: models.head(modelId), along, signal, onProgress: begun };
      return app.segment(/** @type {any} */ (item.scan), how);
    });
    this.kept.put(key, { mask, threshold, milliseconds: mask.milliseconds });
    return mask;
  }

  /**
   * Asks the engine for the mask of a slice, of the planes that it is to be of.
   * @template T @param {Item} item @param {string} modelId @param {import('./models.js').Waiting} onWait
   * @param {(begun: () => void, along: string | undefined) => Promise<T>} work @returns {Promise<T>}
   */
  #engine(item, modelId, onWait, work) {
    const { models, volume } = this.#session;
    return volume.along.ask(item, modelId, (along) => models.with(modelId, onWait, (begun) => work(begun, along)));
  }

  /**
   * The mask of what is shown from the model as it is now; the old one is seen until then. Not while a person waits for another.
   * @param {AbortSignal} [signal] @returns {Promise<boolean>} whether it was shown
   */
  async renew(signal) {
    const { models, store } = this.#session;
    const item = this.#session.current;
    const modelId = item && models.for(item);
    if (!item?.scan || !modelId || this.#running || this.#cutting) return false;
    const key = this.key(item, modelId);
    const mask = await this.maskOf(item, item.slice, modelId, signal ?? new AbortController().signal);
    const now = this.#session.current;
    if (!now || this.#running || this.key(now, modelId) !== key) return false;
    store.set({ modelId, threshold: models.threshold(modelId), head: models.head(modelId) });
    this.#put(mask, mask.milliseconds);
    this.#session.change(item.id, { state: 'done', error: null });
    return true;
  }

  /**
   * What a network under training makes of what is in sight, or of a piece of that; the rest stays as it was. It is seen, and not kept.
   * @param {import('../training/run.js').Run} run @param {number} most pixels of the piece, about @param {number} turn which piece it is
   * @param {() => boolean} still whether it is wanted once it is there
   * @returns {Promise<{ pixels: number, milliseconds: number } | null>} what it took; null if nothing is shown of this model
   */
  async glance(run, most, turn, still) {
    const { models, store, picture } = this.#session;
    const item = this.#session.current;
    const modelId = item && models.for(item);
    if (!item?.scan || !modelId || this.#running || this.#cutting) return null;
    const { scan, slice } = item;
    const threshold = models.threshold(modelId);
    const { width, height } = scan;
    const place = pieceOf(picture.inSight() ?? { x: 0, y: 0, width, height }, most, turn);
    const part = await run.look(scan, slice, threshold, place);
    const now = this.#session.current;
    if (now?.id !== item.id || now.slice !== slice || this.#running || !still()) return null;
    const { mask } = store.state;
    this.#glanced = joined(mask, part, place, scan, mask !== null && mask === this.#glanced);
    store.set({ modelId, threshold, head: models.head(modelId) });
    this.#session.change(item.id, { state: 'done', error: null });
    store.set({ mask: this.#glanced, inferenceMs: part.milliseconds });
    await this.overlay.repaint();
    return { pixels: place.width * place.height, milliseconds: part.milliseconds };
  }

  #stopRunning() {
    const run = this.#running;
    if (!run) return;
    this.#running = null;
    this.#session.store.set({ job: null });
    const id = Number(run.key.split('/')[0]);
    const item = this.#session.state.items.find((other) => other.id === id);
    if (item?.state === 'working') this.#session.change(id, { state: 'open' });
    run.stop.abort();
  }

  /** The cross beside the progress bar. */
  cancel() {
    for (const work of [this.#session.saving, this.#session.scores, this.#session.objects]) work.cancel();
    if (!this.#running && !this.#cutting) return;
    this.#cutting?.abort();
    this.#stopRunning();
    const item = this.#session.current;
    if (item && !this.#session.state.mask) this.#session.change(item.id, { state: 'stopped' });
    this.#session.say(t('segment.stopped'));
  }

  /** A new engine has compiled nothing yet. */
  forgetWarmth() {
    this.#warm = false;
  }

  /** Forgets the masks of a file that was closed. @param {number} itemId */
  forget(itemId) {
    for (const key of this.kept.keys) if (key.startsWith(`${itemId}/`)) this.kept.delete(key);
    this.#session.volume.along.forget(itemId);
    if (this.#running?.key.startsWith(`${itemId}/`)) this.#stopRunning();
  }

  clear() {
    clearTimeout(this.#timer);
    this.#stopRunning();
    this.#put(null, 0);
  }

  /** @param {Mask | null} mask @param {number} milliseconds */
  #put(mask, milliseconds) {
    this.#session.store.set({ mask, inferenceMs: milliseconds });
    if (mask) return void this.overlay.repaint();
    this.overlay.put(null);
  }

  /** @param {number} value */
  setThreshold(value) {
    const { modelId } = this.#session.state;
    if (!modelId || !Number.isFinite(value)) return;
    const threshold = Math.min(Math.max(value, 0.01), 0.99);
    this.#session.models.setThreshold(modelId, threshold);
    this.#session.store.set({ threshold });
    void this.thresholdMoved();
  }

  /** Where a network with several heads stops. @param {number} value from 1 on; 0: the last */
  setHead(value) {
    const { modelId } = this.#session.state;
    const item = this.#session.current;
    if (!modelId) return;
    this.#session.models.setHead(modelId, value);
    this.#session.store.set({ head: value });
    if (item) void this.wanted(item);
  }

  /** Applies the threshold to the mask that is shown; wishes of one frame collect into one. */
  async thresholdMoved() {
    if (this.#thresholding) return;
    this.#thresholding = true;
    await new Promise(requestAnimationFrame);
    try {
      for (;;) {
        const { mask, threshold, modelId } = this.#session.state;
        const item = this.#session.current;
        // The run in work takes the threshold that holds when it ends.
        if (!item?.scan || !mask || !modelId || this.#running) return;
        const key = this.key(item, modelId);
        const kept = this.kept.get(key);
        if (kept && kept.threshold === threshold) return;
        const next = await this.#cut(item, modelId, threshold);
        this.kept.put(key, { mask: next, threshold, milliseconds: kept?.milliseconds ?? next.milliseconds });
        if (this.#session.state.mask === mask) this.#put(next, kept?.milliseconds ?? next.milliseconds);
      }
    } catch (error) {
      this.#session.fail(error);
    } finally {
      this.#thresholding = false;
    }
  }

  /**
   * The mask at another threshold. The engine still has the network's answer, unless other slices or another model
   * came between: then it computes it again, and says so.
   * @param {Item} item @param {string} modelId @param {number} threshold
   */
  async #cut(item, modelId, threshold) {
    const { store, models } = this.#session;
    const stop = (this.#cutting = new AbortController());
    try {
      /** @type {import('./models.js').Waiting} */
      const waiting = (bytes) => store.set({ job: { phase: 'model', ...bytes } });
      const app = await this.#session.app;
      return await this.#engine(item, modelId, waiting, (begun, along) =>
        app.segment(/** @type {any} */ (item.scan), {
          slice: item.slice,
          threshold,
          head: models.head(modelId),
          along,
          signal: stop.signal,
          onProgress: ({ done, total }) => {
            begun();
            if (this.#cutting === stop) store.set({ job: { phase: 'tiles', done, total } });
          },
        }),
      );
    } finally {
      this.#cutting = null;
      if (!this.#running) store.set({ job: null });
    }
  }
}
