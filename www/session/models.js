/** Which model is in the engine, and why. */
import { InsituError } from '../insitu.js';
import { modelInWords } from '../strings/engine.js';
import { t } from '../strings/t.js';
import { shownOf } from './house/settings.js';
import { fileStem } from './training/names.js';

/**
 * @typedef {import('./state.js').Item} Item
 * @typedef {(bytes: { done: number, total: number }) => void} Waiting told again and again how much of a model has come
 */

export class Models {
  #session;
  /** What the engine holds. @type {string | null} */
  #loaded = null;
  /** Loading happens one after the other. @type {Promise<unknown>} */
  #lane = Promise.resolve();
  /** Thresholds set by hand. @type {Map<string, number>} */
  #thresholds = new Map();
  /** Heads chosen by hand. @type {Map<string, number>} */
  #heads = new Map();
  #own = 0;
  /** As they come. @type {import('../insitu.js').ModelEntry[]} */
  #shipped = [];
  /** An ONNX file that was refused without its weights: they may come by themselves. @type {File | null} */
  incomplete = null;
  /** While a training runs, the one model for all files. @type {string | null} */
  #held = null;
  /** How often the weights of a model have changed. @type {Map<string, number>} */
  #versions = new Map();

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  get #models() {
    return this.#session.state.models;
  }

  /** Reads the list of shipped models. */
  async list() {
    if (this.#models.length > 0) return;
    const app = await this.#session.app;
    this.#shipped = await app.models();
    this.#session.house.check(this.#shipped);
    const shown = shownOf(this.#session.state.house, this.#shipped);
    const models = shown.map((model) => ({ ...modelInWords(model), card: null }));
    this.#session.store.set({ models });
  }

  /** Shipped models in the language that is spoken now; a person's own keep their words. */
  retell() {
    const models = this.#models.map((model) => {
      const known = this.#isOwn(model.id) ? null : this.#shipped.find(({ id }) => id === model.id);
      return known ? { ...model, title: modelInWords(known).title, summary: modelInWords(known).summary } : model;
    });
    this.#session.store.set({ models });
  }

  /**
   * The model for a file: chosen by hand, or the one that fits; null while nothing is known of it, and for an image that none was
   * made for: that gets a shipped model only if a person asks for it there.
   * @param {Item} item @returns {string | null}
   */
  for(item) {
    if (this.#held) return this.#held;
    const byHand = this.byHand(item);
    if (byHand) return byHand;
    return this.#known(item.suggestion?.id);
  }

  /**
   * What a person chose: for this file, for files that look like it, or a model of their own for all.
   * @param {Item} item @returns {string | null}
   */
  byHand(item) {
    const { preferred, alike } = this.#session.state;
    const fits = look(item);
    return (
      this.#known(item.modelId) ??
      (fits ? this.#known(alike[fits]) : null) ??
      (this.#isOwn(preferred) ? this.#known(preferred) : null)
    );
  }

  /** @param {string | null | undefined} id */
  #known(id) {
    return id && this.byId(id) ? id : null;
  }

  /** Why nothing was run on the image that is shown; null if something was, or will be. @returns {import('../insitu.js').Suggestion | null} */
  unsuited() {
    const item = this.#session.current;
    if (!item?.scan || item.suggestion?.id !== null || this.for(item)) return null;
    return item.suggestion;
  }

  /** Why a mask of what is shown is not to be relied on: its model was not made for such images; null if it is. @returns {import('../insitu.js').Suggestion | null} */
  doubt() {
    const item = this.#session.current;
    const id = item && this.for(item);
    const found = item?.suggestion;
    return found?.id === null && id && !this.#isOwn(id) && !found.others.includes(id) ? found : null;
  }

  /** The image that is shown is of no kind that was asked about. */
  noneOf() {
    const item = this.#session.current;
    if (!item?.suggestion) return;
    this.#session.change(item.id, { suggestion: { ...item.suggestion, others: [], reason: 'unlike' } });
  }

  /** Whether a person brought a model along, or taught it here. @param {string | null} id */
  #isOwn(id) {
    return id !== null && this.byId(id)?.file instanceof File;
  }

  /** @param {string} id */
  byId(id) {
    return this.#models.find((model) => model.id === id) ?? null;
  }

  /** Makes sure that the engine holds a model. @param {string} id @param {Waiting} onWait called if it has to be loaded */
  use(id, onWait) {
    return this.#inTurn(() => this.#load(id, onWait));
  }

  /**
   * What the engine does with a model; no other takes its place before that has begun.
   * @template T @param {string} id @param {Waiting} onWait called if it has to be loaded
   * @param {(begun: () => void) => Promise<T>} work calls `begun` once the engine is at it; at the latest it is at its end
   * @returns {Promise<T>}
   */
  async with(id, onWait, work) {
    /** @type {Promise<T> | undefined} */
    let answer;
    await this.#inTurn(async () => {
      await this.#load(id, onWait);
      await new Promise((begun) => {
        answer = work(() => begun(null));
        answer.then(begun, begun);
      });
    });
    return /** @type {Promise<T>} */ (answer);
  }

  /** @param {() => Promise<void>} work */
  #inTurn(work) {
    const next = this.#lane.then(work);
    this.#lane = next.catch(() => {});
    return next;
  }

  /** @param {string} id @param {Waiting} onWait */
  async #load(id, onWait) {
    if (this.#loaded === id) return;
    onWait({ done: 0, total: 0 });
    const model = this.byId(id);
    if (!model) throw InsituError.of('model.unknown', 'invalid', id);
    const app = await this.#session.app;
    this.#loaded = null;
    const card = await app.loadModel(model.file instanceof File ? model.file : id, { onProgress: onWait });
    this.#inUse({ ...model, card });
    if (!(model.file instanceof File)) this.#session.ahead.here(id);
  }

  /** From now on this model alone, whatever was chosen; null ends that. @param {string | null} id */
  hold(id) {
    this.#held = id;
  }

  /** The engine holds a model with new weights, as a training leaves it. @param {import('./state.js').Model} model */
  trained(model) {
    this.#versions.set(model.id, this.version(model.id) + 1);
    this.#inUse(model);
  }

  /** Takes a model off the list. @param {string} id */
  drop(id) {
    this.#session.store.set({ models: this.#models.filter((model) => model.id !== id) });
  }

  /** @param {string} id */
  version(id) {
    return this.#versions.get(id) ?? 0;
  }

  /** The engine holds another network now. @param {import('./state.js').Model} model */
  #inUse(model) {
    this.#loaded = model.id;
    const rest = this.#models.some((other) => other.id === model.id)
      ? this.#models.map((other) => (other.id === model.id ? model : other))
      : [...this.#models, model];
    this.#session.store.set({ models: rest, modelVersion: this.#session.state.modelVersion + 1 });
  }

  /** @param {string} id @returns {number} */
  threshold(id) {
    return this.#thresholds.get(id) ?? this.byId(id)?.card?.threshold ?? 0.5;
  }

  /** @param {string} id @param {number} value */
  setThreshold(id, value) {
    this.#thresholds.set(id, value);
  }

  /** Where a model with several heads stops; 0 is the last. @param {string} id @returns {number} */
  head(id) {
    return this.#heads.get(id) ?? 0;
  }

  /** @param {string} id @param {number} value */
  setHead(id, value) {
    this.#heads.set(id, value);
  }

  /**
   * For all files of the list; a model of a person's own for those to come, too. A shipped one not where none was made for the image.
   * @param {string} id
   */
  preferForAll(id) {
    const { store } = this.#session;
    if (this.#isOwn(id)) {
      const items = store.state.items.map((item) => ({ ...item, modelId: null }));
      return store.set({ preferred: id, alike: {}, items });
    }
    store.set({ items: store.state.items.map((item) => (this.reaches(id, item) ? { ...item, modelId: id } : item)) });
  }

  /** Whether a file gets a model that is chosen for all. @param {string} id @param {Item} item */
  reaches(id, item) {
    const { suggestion } = item;
    return (
      this.#isOwn(id) || Boolean(suggestion?.id) || Boolean(suggestion?.others.includes(id)) || item.modelId === id
    );
  }

  /**
   * For this file and those that look like it; a model of a person's own for all, those to come too; null lets each have the one
   * that fits.
   * @param {string | null} id
   */
  prefer(id) {
    if (this.#held) return;
    const { store } = this.#session;
    const item = this.#session.current;
    const fits = item ? look(item) : null;
    if (id === null || this.#isOwn(id))
      store.set({ preferred: id, alike: id || !fits ? {} : without(this.#alike, fits) });
    else if (item && fits && this.reaches(id, item)) store.set({ alike: { ...this.#alike, [fits]: id } });
    // What is tried on an image that no model was made for is no choice for others.
    else return this.tryOn(id);
    if (!item) return;
    this.#session.change(item.id, { modelId: null });
    this.#again(item.id);
  }

  get #alike() {
    return this.#session.state.alike;
  }

  /** All that was chosen by hand, so that it can be put back. */
  choices() {
    const { preferred, alike, items } = this.#session.state;
    return { preferred, alike, files: new Map(items.map(({ id, modelId }) => [id, modelId])) };
  }

  /** @param {ReturnType<Models['choices']>} choices */
  putBack({ preferred, alike, files }) {
    const { store } = this.#session;
    const items = store.state.items.map((item) => ({ ...item, modelId: files.get(item.id) ?? null }));
    store.set({ preferred, alike, items });
  }

  /** For the current file only. @param {string} id */
  tryOn(id) {
    const item = this.#session.current;
    if (!item || this.#held) return;
    this.#session.change(item.id, { modelId: id });
    this.#again(item.id);
  }

  /** @param {number} itemId */
  #again(itemId) {
    const item = this.#session.state.items.find((other) => other.id === itemId);
    if (item?.scan) this.#session.segmenting.wanted(item);
  }

  /** A model of one's own. @param {File[]} files first the one with the network, then those with its weights, if they are not inside */
  async add(files) {
    const session = this.#session;
    if (this.#held) return session.say(t('train.held'));
    const id = `file-${++this.#own}`;
    const app = await session.app;
    const next = this.#lane.then(async () => {
      this.#loaded = null;
      const card = await app.loadModel(files);
      // What is kept and loaded again is one file.
      const file =
        files.length > 1 ? new File([await app.saveModel()], `${fileStem(files[0].name)}.safetensors`) : files[0];
      this.#inUse({
        id,
        title: card.title || file.name,
        file,
        sizeBytes: file.size,
        licence: card.licence ?? '',
        classes: card.classes,
        inputChannels: 0,
        summary: card.summary ?? '',
        card,
      });
    });
    this.#lane = next.catch(() => {});
    this.incomplete = null;
    try {
      await next;
      this.prefer(id);
      const { title, summary } = /** @type {import('./state.js').Model} */ (this.byId(id));
      session.say(t('model.added', { title, summary }));
    } catch (error) {
      if (InsituError.from(error).code === 'weights.onnx.unsupported.external') this.incomplete = files[0];
      session.fail(error);
    }
  }
}

/** What files look like that a choice by hand holds for; null if no model was made for such. @param {Item} item */
const look = ({ suggestion }) => suggestion?.id ?? (suggestion?.others.length ? `?${suggestion.others[0]}` : null);

/** @param {Record<string, string>} alike @param {string} key */
const without = (alike, key) => Object.fromEntries(Object.entries(alike).filter(([other]) => other !== key));
