/** Names in files that are saved: those of the images, which may be names of patients, or running numbers in their place. */
import { stored } from '../stored.js';
import { t } from '../strings/t.js';
import { stemOf } from './saving.js';

/** @typedef {import('./state.js').Item} Item */

/** Where it is remembered what a person chose. */
const CHOICE = 'insitu.identity';

/** @param {'with' | 'without'} [now] @returns {string | null} */
const choice = (now) => stored(CHOICE, now);

export class Identity {
  #session;
  /** Of each image: given in the order of the list when something is first saved, and kept as long as the tab is open. @type {Map<number, number>} */
  #numbers = new Map();

  /** @param {Pick<import('./session.js').Session, 'store' | 'state'>} session */
  constructor(session) {
    this.#session = session;
    session.store.set({ withoutIdentity: choice() === 'without' });
  }

  /** @param {boolean} without */
  choose(without) {
    choice(without ? 'without' : 'with');
    this.#session.store.set({ withoutIdentity: without });
  }

  get #without() {
    return this.#session.state.withoutIdentity;
  }

  /** @param {number} id of an image */
  #numbered(id) {
    for (const item of [...this.#session.state.items, { id }])
      if (!this.#numbers.has(item.id)) this.#numbers.set(item.id, this.#numbers.size + 1);
    return `image-${this.#numbers.get(id)}`;
  }

  /** What names of files begin with. @param {Pick<Item, 'id' | 'name'>} item */
  stem(item) {
    return this.#without ? this.#numbered(item.id) : stemOf(item.name);
  }

  /** What tables call it. @param {Pick<Item, 'id' | 'name'>} item */
  name(item) {
    return this.#without ? this.#numbered(item.id) : item.name;
  }

  /** What stands for the patient; empty: the patient is named. @param {Pick<Item, 'id'>} item */
  pseudonym(item) {
    return this.#without ? this.#numbered(item.id) : '';
  }

  /** What a file says that a model is called: one that was trained here may be called after an image. @param {import('./state.js').Model | null} model */
  model(model) {
    if (!model) return '';
    return this.#without && model.file instanceof File ? t('identity.model') : model.title;
  }

  /** Which number is which image, to be kept apart from the files: a line each. */
  key() {
    return this.#session.state.items.map((item) => `${this.#numbered(item.id)}\t${item.name}`).join('\n');
  }
}
