/** Results as files: of the image that is shown, or of all, in one archive. */
import { InsituError } from '../insitu.js';
import { coloursOf } from './colours.js';
import { correctionsOf } from './objects/corrections.js';
import { TINTS } from '../pictures/tints.js';
import { t } from '../strings/t.js';

/**
 * @typedef {import('./state.js').Item} Item
 * @typedef {import('../wire/results.js').Kind} Kind
 * @typedef {{ name: string, message: string }} Trouble
 */

/** Kinds of files that are made of classes. @type {Kind[]} */
const PIXELS = ['mask', 'overlay'];

/** A file's name without what tells the format. @param {string} name */
export const stemOf = (name) => name.replace(/(\.nii)?\.[^.]*$/, '') || name;

export class Saving {
  #session;
  /** @type {AbortController | null} */
  #stop = null;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** Whether files are being made. */
  get running() {
    return this.#stop !== null;
  }

  cancel() {
    this.#stop?.abort();
  }

  /**
   * One file of the slice that is shown.
   * @param {Kind} kind @returns {Promise<{ blob: Blob, name: string } | null>} null if there is nothing to save, or it failed, which is told then
   */
  async one(kind) {
    const session = this.#session;
    const item = session.current;
    const { modelId } = session.state;
    if (!item?.scan || !modelId) return null;
    try {
      const app = await session.app;
      const result = await this.#result(item, item.slice, modelId, [kind], new AbortController().signal);
      const ending = kind === 'mask' ? 'mask.png' : await app.results.ending(kind);
      const mark = kind === 'mask' ? '-' : '.';
      return { blob: await app.results.file(kind, result), name: `${nameOf(item, item.slice)}${mark}${ending}` };
    } catch (error) {
      session.fail(error);
      return null;
    }
  }

  /**
   * All slices of some files, segmented where they are not yet, as one archive. What is wrong with one file stops nothing.
   * @param {Kind[]} kinds none: they are segmented, and nothing is saved @param {Item[]} items
   * @returns {Promise<{ blob: Blob | null, done: number, troubles: Trouble[] } | null>} null if it was stopped
   */
  async all(kinds, items) {
    if (this.#stop) throw InsituError.of('save.busy', 'invalid');
    const session = this.#session;
    const stop = (this.#stop = new AbortController());
    /** @type {Blob[]} */
    const parts = [];
    /** @type {Trouble[]} */
    const troubles = [];
    const stems = new Set();
    let done = 0;
    const begun = performance.now();
    try {
      const app = await session.app;
      await app.results.begin(kinds);
      for (const [i, { id }] of items.entries()) {
        const each = i > 0 ? (performance.now() - begun) / i : null;
        const secondsLeft = each === null ? null : (each * (items.length - i)) / 1000;
        session.store.set({ saving: { done: i, total: items.length, secondsLeft } });
        const item = await this.#read(id, stop.signal);
        if (stop.signal.aborted) return null;
        if (!item) continue;
        try {
          if (item.error) throw item.error;
          const part = await this.#add(item, free(stemOf(item.name), stems), kinds, stop.signal);
          parts.push(...part);
          done += 1;
        } catch (thrown) {
          if (stop.signal.aborted) return null;
          const error = InsituError.from(thrown);
          // Of an engine that is starting anew nothing of the archive is left.
          if (error.kind === 'device' || error.code === 'export.none') throw error;
          troubles.push({ name: item.name, message: error.message });
        }
      }
      if (kinds.length > 0) parts.push(await app.results.end());
      const blob = kinds.length > 0 ? new Blob(parts, { type: 'application/zip' }) : null;
      return { blob, done, troubles };
    } finally {
      this.#stop = null;
      session.store.set({ saving: null });
    }
  }

  /** @param {Item} item @param {string} stem @param {Kind[]} kinds @param {AbortSignal} signal @returns {Promise<Blob[]>} */
  async #add(item, stem, kinds, signal) {
    const session = this.#session;
    const modelId = session.models.for(item);
    if (!modelId) throw InsituError.of('save.noModel', 'invalid');
    const app = await session.app;
    const parts = [];
    for (let slice = 0; slice < (item.scan?.slices ?? 0); slice++) {
      const result = await this.#result(item, slice, modelId, kinds, signal);
      signal.throwIfAborted();
      const place = (item.scan?.slices ?? 1) > 1 ? `_s${String(slice).padStart(4, '0')}` : '';
      if (kinds.length > 0) parts.push(await app.results.add(stem + place, result));
    }
    session.change(item.id, { state: 'done' });
    return parts;
  }

  /** @param {Item} item @param {number} slice @param {string} modelId @param {Kind[]} kinds that will be made of it @param {AbortSignal} signal */
  async #result(item, slice, modelId, kinds, signal) {
    const session = this.#session;
    const { segmenting, models, objects, state } = session;
    const scan = /** @type {import('../insitu.js').Scan} */ (item.scan);
    const mask = await segmenting.maskOf(item, slice, modelId, signal);
    const here = item.id === state.currentId && slice === item.slice;
    // Of models that tell nothing apart pieces are counted only if somebody asks for it; of large images they take another inference.
    const counts = state.objects.byHand[modelId] ?? models.byId(modelId)?.card?.separates ?? false;
    const small = mask.width * mask.height <= (state.constants?.objectsUpTo ?? Infinity);
    const fixed = correctionsOf(item, slice, modelId).length > 0;
    const needed = (counts && small) || fixed || kinds.some((kind) => !PIXELS.includes(kind));
    const found =
      (here && objects.of(mask)) || (needed ? await this.#objects(item, slice, modelId, mask, signal) : null);
    if (found && counts) objects.remember(item, slice, modelId, found);
    return {
      scan,
      slice,
      name: item.name,
      classes: named(session.state, models.byId(modelId), mask.classes),
      labels: found?.classes ?? mask.labels,
      numbers: found?.numbers ?? new Uint32Array(mask.labels.length),
      micrometres: item.micrometres ? { x: item.micrometres, y: item.micrometres } : null,
    };
  }

  /** @param {Item} item @param {number} slice @param {string} modelId @param {import('./state.js').Mask} mask @param {AbortSignal} signal @returns {Promise<import('../wire/results.js').Found>} */
  async #objects(item, slice, modelId, mask, signal) {
    const { models, objects, state } = this.#session;
    const scan = /** @type {import('../insitu.js').Scan} */ (item.scan);
    const app = await this.#session.app;
    const how = {
      slice,
      threshold: models.threshold(modelId),
      head: models.head(modelId),
      settings: state.objects.settings,
      tints: TINTS.length,
      signal,
    };
    const plain = await models.with(
      modelId,
      () => {},
      (begun) => app.results.objects(scan, { ...how, onProgress: begun }),
    );
    return objects.corrected(item, slice, modelId, mask, plain);
  }

  /** A file of the list once it was read. @param {number} id @param {AbortSignal} signal @returns {Promise<Item | undefined>} */
  async #read(id, signal) {
    for (;;) {
      const item = this.#session.state.items.find((other) => other.id === id);
      if (!item || signal.aborted || item.state === 'failed' || item.suggestion || (item.scan && item.modelId))
        return item;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What is told at the end. @param {{ done: number, troubles: Trouble[] }} answer @param {boolean} saved */
  tell({ done, troubles }, saved) {
    const session = this.#session;
    if (troubles.length === 0) return session.say(t(saved ? 'save.all.done' : 'segmentAll.done', { count: done }));
    const which = troubles.slice(0, 5).map(({ name, message }) => t('save.trouble', { name, message }));
    const more = troubles.length > 5 ? [t('save.more', { count: troubles.length - 5 })] : [];
    session.say([t('save.all.partly', { done, all: done + troubles.length }), ...which, ...more].join(' '));
  }
}

/** Classes with the colours that they are shown in. @param {import('./state.js').State} state @param {import('./state.js').Model | null} model @param {number} count */
function named(state, model, count) {
  return coloursOf(state, model, count).map((colour, i) => ({ name: model?.classes[i]?.name ?? `${i + 1}`, colour }));
}

/** @param {Item} item @param {number} slice */
function nameOf(item, slice) {
  return (item.scan?.slices ?? 1) > 1 ? `${stemOf(item.name)}-${slice + 1}` : stemOf(item.name);
}

/** The name, or with a number if another file has it. @param {string} stem @param {Set<string>} taken */
function free(stem, taken) {
  let name = stem;
  for (let i = 2; taken.has(name); i++) name = `${stem} (${i})`;
  taken.add(name);
  return name;
}
