/** The masks of all files, small, for the list: as the last one was that was made of the slice that is pictured there. */
import { shrunk } from '../pictures/small.js';

/** @typedef {import('./state.js').Mask} Mask @typedef {import('./state.js').Item} Item */

export class Thumbnails {
  #session;
  /** The last one that was taken. @type {Mask | null} */
  #last = null;

  /** @param {Pick<import('./session.js').Session, 'store' | 'state' | 'current' | 'change'> & { segmenting: Pick<import('./segmenting.js').Segmenting, 'isGlance'> }} session */
  constructor(session) {
    this.#session = session;
    session.store.on(['mask', 'items'], ({ mask, modelId }) => {
      const item = session.current;
      if (!mask || !item || mask === this.#last || session.segmenting.isGlance(mask) || !modelId) return;
      this.#last = mask;
      this.take(item, item.slice, modelId, mask);
    });
  }

  /** @param {Pick<Item, 'id'>} item @param {number} slice @param {string} modelId @param {Mask} mask */
  take({ id }, slice, modelId, mask) {
    const item = this.#session.state.items.find((other) => other.id === id);
    if (item?.scan && slice === item.pictured) this.#session.change(id, { small: { ...shrunk(mask), modelId } });
  }
}
