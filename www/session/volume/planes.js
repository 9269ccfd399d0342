/** The pictures of the two small views: made in the worker, the latest wish wins. */
import { latest } from '../latest.js';
import { requestOf, threeViews } from './space.js';

/** The axes that stand upright on the small views: first the rows, as on coronal planes of axial slices. */
export const SMALL = /** @type {const} */ ([1, 0]);

/** @typedef {import('../../api.d.ts').Plane} Plane @typedef {typeof SMALL[number]} Axis */

export class Planes {
  #session;
  /** Who draws each of them. @type {Record<Axis, (plane: Plane | null) => void>} */
  show = { 0: () => {}, 1: () => {} };
  /** @type {Record<Axis, { key: string, plane: Plane | null }>} */
  #shown = { 0: { key: '', plane: null }, 1: { key: '', plane: null } };

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
    session.store.on(['items', 'currentId', 'volume', 'engine'], () => this.#follow());
  }

  /** What is to be seen; null if no small views are shown. @param {Axis} axis */
  #wanted(axis) {
    const { current, state } = this.#session;
    const scan = current?.scan;
    // A new engine is asked anew.
    if (!scan || state.engine !== 'ready' || !threeViews(scan, state.volume)) return null;
    const request = requestOf({ ...current, scan }, axis, state.volume);
    return { id: current.id, scan, request, key: JSON.stringify([current.id, request]) };
  }

  #follow() {
    for (const axis of SMALL) {
      const wanted = this.#wanted(axis);
      if (!wanted) this.#put(axis, '', null);
      else if (wanted.key !== this.#shown[axis].key) void this.#refresh[axis]();
    }
  }

  /** @type {Record<Axis, () => Promise<void>>} */
  #refresh = { 0: latest(() => this.#draw(0)), 1: latest(() => this.#draw(1)) };

  /** @param {Axis} axis */
  async #draw(axis) {
    const wanted = this.#wanted(axis);
    if (!wanted || wanted.key === this.#shown[axis].key) return;
    try {
      const app = await this.#session.app;
      const plane = await app.plane(wanted.scan, wanted.request);
      if (this.#session.state.currentId === wanted.id && this.#wanted(axis)) this.#put(axis, wanted.key, plane);
      else plane.picture.close();
    } catch (error) {
      // Not asked for again and again.
      this.#put(axis, wanted.key, null);
      this.#session.fail(error);
    }
  }

  /** @param {Axis} axis @param {string} key @param {Plane | null} plane */
  #put(axis, key, plane) {
    const { plane: old } = this.#shown[axis];
    this.#shown[axis] = { key, plane };
    if (plane === old) return;
    this.show[axis](plane);
    old?.picture.close();
  }
}
