/** The picture of the current slice through its window: made in the worker, the latest wish wins. */
import { closeLayers } from '../pictures/layers.js';
import { placeOf, sliceAt, windowOf } from '../insitu.js';
import { latest } from './latest.js';

export class Picture {
  #session;
  /** @type {((layer: import('../pictures/layers.js').Layer | null) => void)} */
  show = () => {};
  /** The part of the image that is in sight; null if nobody knows. @type {() => import('../pictures/pieces.js').Rect | null} */
  inSight = () => null;
  /** @type {import('../pictures/layers.js').Layer | null} */
  #layer = null;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  clear() {
    this.#put(null);
  }

  /** @param {import('../pictures/layers.js').Layer | null} layer */
  #put(layer) {
    const old = this.#layer;
    this.#layer = layer;
    this.show(layer);
    closeLayers(old);
  }

  /** Draws anew; while one is being made, wishes collect into one. */
  refresh = latest(() => this.#draw());

  async #draw() {
    const item = this.#session.current;
    if (!item?.scan) return;
    try {
      const app = await this.#session.app;
      const layer = await app.picture(item.scan, { slice: item.slice, window: item.window });
      if (this.#session.current?.id === item.id) this.#put(layer);
      else closeLayers(layer);
    } catch (error) {
      this.#session.fail(error);
    }
  }

  /** @param {number} slice from 0 */
  toSlice(slice) {
    const item = this.#session.current;
    if (!item?.scan) return;
    const next = Math.min(Math.max(Math.round(slice), 0), item.scan.slices - 1);
    if (next === item.slice) return;
    const window = item.windowByHand ? item.window : windowOf(item.scan, next);
    this.#session.change(item.id, { slice: next, window });
    this.refresh();
    const changed = this.#session.current;
    if (changed) this.#session.segmenting.soon(changed);
  }

  /** Another slice of the channel that is shown, or another channel at the same place. @param {{ channel?: number, position?: number }} place */
  toPlace(place) {
    const item = this.#session.current;
    if (!item?.scan) return;
    const { channel, position } = { ...placeOf(item.scan, item.slice), ...place };
    const last = item.scan.planes.slices - 1;
    this.toSlice(sliceAt(item.scan, { channel, position: Math.min(Math.max(Math.round(position), 0), last) }));
  }

  /** A window that a person chooses holds for all slices. @param {import('../insitu.js').Window} window */
  toWindow(window) {
    const item = this.#session.current;
    if (!item?.scan) return;
    const { low, high } = item.scan.range;
    // Narrower than this shows nothing; a window must have a width.
    const narrowest = Math.max((high - low) / 1e4, 1e-6);
    if (!Number.isFinite(window.center) || !Number.isFinite(window.width)) return;
    const wide = { center: window.center, width: Math.max(window.width, narrowest) };
    this.#session.change(item.id, { window: wide, windowByHand: true });
    this.refresh();
  }

  /** Each slice gets the window that the file asks for again, or that shows all. */
  resetWindow() {
    const item = this.#session.current;
    if (!item?.scan) return;
    this.#session.change(item.id, { window: windowOf(item.scan, item.slice), windowByHand: false });
    this.refresh();
  }
}
