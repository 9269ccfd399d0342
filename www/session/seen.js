/** What is kept of the masks of all files once their pixels are gone: a small picture for the list, and the areas of the classes. */
import { shrunk } from '../pictures/small.js';
import { t } from '../strings/t.js';
import { micrometresOf } from './objects/objects.js';
import { summed } from './objects/summary.js';

/**
 * @typedef {import('./state.js').Mask} Mask
 * @typedef {import('./state.js').Item} Item
 * @typedef {import('./objects/summary.js').Slice} Slice
 */

export class Seen {
  #session;
  /** The last one of what was shown. @type {Mask | null} */
  #last = null;
  /** By file and slice, and what they were made with. @type {Map<string, { made: string, id: number, slice: number, pixels: number, areas: number[] }>} */
  #areas = new Map();
  /** The last summary, and of what. @type {{ of: unknown[], rows: import('./objects/summary.js').Row[] }} */
  #summary = { of: [], rows: [] };

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
    session.store.on(['mask', 'items'], ({ mask, modelId }) => {
      const item = session.current;
      if (!mask || !item || mask === this.#last || session.segmenting.isGlance(mask) || !modelId) return;
      this.#last = mask;
      this.take(item, item.slice, modelId, mask);
    });
  }

  /** @param {number} id of the file @param {string} modelId */
  #made(id, modelId) {
    const { models, volume } = this.#session;
    const along = volume.along.madeWith(id, modelId);
    return JSON.stringify([modelId, models.threshold(modelId), models.head(modelId), models.version(modelId), along]);
  }

  /** @param {Pick<Item, 'id'>} item @param {number} slice @param {string} modelId @param {Mask} mask */
  take({ id }, slice, modelId, mask) {
    const item = this.#session.state.items.find((other) => other.id === id);
    if (!item?.scan) return;
    const pixels = mask.width * mask.height;
    this.#areas.set(`${id}/${slice}`, { made: this.#made(id, modelId), id, slice, pixels, areas: [...mask.areas] });
    if (slice === item.pictured) this.#session.change(id, { small: { ...shrunk(mask), modelId } });
  }

  /** Forgets a file that was taken off the list. @param {number} id */
  forget(id) {
    for (const [key, area] of this.#areas) if (area.id === id) this.#areas.delete(key);
  }

  /** Whether each of some slices of a file was looked at with the present settings. @param {Pick<Item, 'id'>} item @param {string} modelId @param {number[]} slices */
  all({ id }, modelId, slices) {
    const made = this.#made(id, modelId);
    return slices.every((slice) => this.#areas.get(`${id}/${slice}`)?.made === made);
  }

  /** @returns {Slice[]} those that were looked at with the present settings */
  #slices() {
    const { models, objects, state } = this.#session;
    const parts = new Map(objects.parts().map((part) => [`${part.id}/${part.slice}`, part]));
    const upTo = state.constants?.objectsUpTo ?? Infinity;
    return state.items.flatMap((item) => {
      const modelId = models.for(item);
      if (!modelId) return [];
      const made = this.#made(item.id, modelId);
      const model = models.byId(modelId);
      const counts = state.objects.byHand[modelId] ?? model?.card?.separates ?? false;
      const own = [...this.#areas.values()].filter((area) => area.id === item.id && area.made === made);
      own.sort((a, b) => a.slice - b.slice);
      return own.flatMap(({ slice, pixels, areas }) => {
        const part = parts.get(`${item.id}/${slice}`) ?? null;
        // Those that were told apart with other settings do not belong beside the others.
        if (counts && !part && pixels <= upTo) return [];
        const classes = areas.map((_, i) => model?.classes[i]?.name ?? t('class.unnamed', { number: i + 1 }));
        return [{ id: item.id, file: item.name, pixels, micrometres: micrometresOf(item), classes, areas, part }];
      });
    });
  }

  /** Objects and areas by class, of each file that was looked at with the present settings and of all. */
  summary() {
    const slices = this.#slices();
    const of = slices.flatMap(({ id, file, micrometres, areas, part }) => [
      ...[id, file, micrometres?.x, micrometres?.y, part?.values, ...areas],
    ]);
    const same = of.length === this.#summary.of.length && of.every((one, i) => one === this.#summary.of[i]);
    if (!same) this.#summary = { of, rows: summed(slices, (count) => t('summary.all', { count })) };
    return this.#summary.rows;
  }
}
