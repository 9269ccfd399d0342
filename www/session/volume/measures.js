/** Lengths and angles that a person measures on slices. They stay while their file is open. */
import { micrometresOf } from '../objects/objects.js';

/** @typedef {import('./state.js').Measure} Measure @typedef {import('./state.js').Point} Point */

export class Measures {
  #session;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
    let shown = '';
    let count = 0;
    session.store.on(['items', 'currentId'], ({ items, volume }) => {
      if (this.#key !== shown && volume.chosen !== null) session.volume.set({ chosen: null });
      shown = this.#key;
      if (items.length < count) this.#forget(items);
      count = items.length;
    });
  }

  get #key() {
    const item = this.#session.current;
    return item ? `${item.id}/${item.slice}` : '';
  }

  /** Those of closed files go. @param {{ id: number }[]} items */
  #forget(items) {
    const ids = new Set(items.map(({ id }) => String(id)));
    const { measures } = this.#session.state.volume;
    const rest = Object.entries(measures).filter(([key]) => ids.has(key.split('/')[0]));
    if (rest.length < Object.keys(measures).length) this.#session.volume.set({ measures: Object.fromEntries(rest) });
  }

  /** Those of the slice that is shown. @returns {Measure[]} */
  get here() {
    return this.#session.state.volume.measures[this.#key] ?? [];
  }

  /** @param {Measure[]} here @param {number | null} chosen */
  #put(here, chosen) {
    const { measures } = this.#session.state.volume;
    this.#session.volume.set({ measures: { ...measures, [this.#key]: here }, chosen });
  }

  /** @param {Measure} measure */
  add(measure) {
    const { here } = this;
    this.#put([...here, measure], here.length);
  }

  /** @param {number} index @param {number} point which of its points @param {Point} to */
  move(index, point, to) {
    const moved = this.here.map((one, i) =>
      i === index ? { ...one, points: one.points.map((p, k) => (k === point ? to : p)) } : one,
    );
    this.#put(moved, index);
  }

  /** @param {number | null} index */
  choose(index) {
    this.#session.volume.set({ chosen: index });
  }

  /** Takes the chosen one away, or the last of the slice. @returns {boolean} whether there was one */
  remove(index = this.#session.state.volume.chosen ?? this.here.length - 1) {
    const { here } = this;
    if (!here[index]) return false;
    const rest = here.filter((_, i) => i !== index);
    this.#put(rest, rest.length > 0 ? rest.length - 1 : null);
    return true;
  }

  /** mm between columns and between rows of the image that is shown; null where nobody knows. */
  get spacing() {
    const item = this.#session.current;
    const micrometres = item ? micrometresOf(item) : null;
    return micrometres && { x: micrometres.x / 1000, y: micrometres.y / 1000 };
  }
}

/** From a point to another, in the unit of the spacing. @param {Point} from @param {Point} to @param {Point} spacing */
export const lengthOf = (from, to, { x, y }) => Math.hypot((to.x - from.x) * x, (to.y - from.y) * y);

/** The angle at the middle of three points, degrees; pixels need not be square. @param {Point[]} points @param {Point} spacing */
export function angleOf([a, corner, b], { x, y }) {
  const [from, to] = [a, b].map((p) => Math.atan2((p.y - corner.y) * y, (p.x - corner.x) * x));
  const turn = Math.abs(to - from) % (2 * Math.PI);
  return ((turn > Math.PI ? 2 * Math.PI - turn : turn) * 180) / Math.PI;
}
