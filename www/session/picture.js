/**
 * The picture of the current slice through its window: made in the worker, the latest wish wins. Pictures of slices that were seen are kept, and while
 * one scrolls those to come are made ahead.
 */
import { closeLayers } from '../pictures/layers.js';
import { placeOf, sliceAt } from '../insitu.js';
import { drawnAt, followed, windowAt, windowed } from './channels/mix.js';
import { Lru } from '../lru.js';
import { latest } from './latest.js';
import { lookOf } from './volume/space.js';

/** @typedef {import('../pictures/layers.js').Layer} Layer @typedef {import('./state.js').Item} Item */

/** Bytes of pictures that are kept. */
const BUDGET = 256e6;
/** Slices that are made ahead, at most. */
const AHEAD = 12;
/** A mask is waited for so long while slices play, ms: longer than a frame. */
const PLAYING = 1000;

/** @param {Layer} layer */
const bytesOf = ({ levels }) => levels.reduce((sum, { width, height }) => sum + 4 * width * height, 0);

export class Picture {
  #session;
  /** @type {((layer: Layer | null) => void)} */
  show = () => {};
  /** The part of the image that is in sight; null if nobody knows. @type {() => import('../pictures/pieces.js').Rect | null} */
  inSight = () => null;
  /** What is shown. @type {Layer | null} */
  #layer = null;
  /** By file, slice, window, channels and look. @type {Lru<string, Layer>} */
  #kept = new Lru(BUDGET, bytesOf, (layer) => this.#drop(layer));
  /** Those that are kept. @type {Set<Layer>} */
  #held = new Set();
  /** Those that are being made. @type {Map<string, Promise<Layer>>} */
  #making = new Map();
  /** Another number with each picture that is asked for: what is made ahead for the one before is not wanted any more. */
  #turn = 0;
  /** How the slice number changes while one scrolls. */
  #step = 0;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
    let look = '';
    let count = 0;
    session.store.on(['volume', 'items'], ({ volume, items }) => {
      const scan = session.current?.scan;
      const now = JSON.stringify(scan ? lookOf(scan, volume) : null);
      if (scan && now !== look) void this.refresh();
      look = now;
      if (items.length < count) this.#forget(new Set(items.map(({ id }) => String(id))));
      count = items.length;
    });
  }

  clear() {
    this.#step = 0;
    this.#turn++;
    this.#put(null);
  }

  /** Those of closed files go. @param {Set<string>} ids */
  #forget(ids) {
    for (const key of this.#kept.keys) if (!ids.has(key.split('/')[0])) this.#kept.delete(key);
  }

  /** A picture is not kept any more; what is shown stays until another takes its place. @param {Layer} layer */
  #drop(layer) {
    this.#held.delete(layer);
    if (layer !== this.#layer) closeLayers(layer);
  }

  /** @param {Layer | null} layer */
  #put(layer) {
    const old = this.#layer;
    if (old === layer) return;
    this.#layer = layer;
    this.show(layer);
    if (old && !this.#held.has(old)) closeLayers(old);
  }

  /** Draws anew; while one is being made, wishes collect into one. */
  refresh = latest(() => this.#draw());

  async #draw() {
    const item = this.#session.current;
    if (!item?.scan) return;
    const turn = ++this.#turn;
    try {
      const layer = await this.#of(item, item.slice);
      if (this.#session.current?.id !== item.id) return;
      this.#put(layer);
      void this.#makeAhead(item, turn, bytesOf(layer));
    } catch (error) {
      this.#session.fail(error);
    }
  }

  /** The picture of a slice, kept or made now. @param {Item} item @param {number} slice @returns {Promise<Layer>} */
  #of(item, slice) {
    const scan = /** @type {import('../insitu.js').Scan} */ (item.scan);
    const look = lookOf(scan, this.#session.state.volume);
    const drawn = drawnAt({ ...item, scan }, slice);
    const key = `${item.id}/${JSON.stringify([drawn, look])}`;
    const kept = this.#kept.get(key);
    if (kept) return Promise.resolve(kept);
    const under = this.#making.get(key);
    if (under) return under;
    const making = this.#session.app
      .then((app) => app.picture(scan, { ...drawn, look }))
      .then((layer) => {
        this.#held.add(layer);
        this.#kept.put(key, layer);
        return layer;
      })
      .finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  /** Those that come next in the direction of scrolling, one after the other. @param {Item} item @param {number} turn @param {number} bytes of one of them */
  async #makeAhead(item, turn, bytes) {
    const count = Math.min(AHEAD, Math.floor(BUDGET / 4 / bytes));
    const last = item.scan?.slices ?? 1;
    for (let i = 1; i <= count && this.#step !== 0; i++) {
      const slice = item.slice + i * this.#step;
      if (slice < 0 || slice >= last || turn !== this.#turn) return;
      // What fails here is told when it is wanted.
      const layer = await this.#of(item, slice).catch(() => null);
      if (!layer) return;
    }
  }

  /** @param {number} slice from 0 */
  toSlice(slice) {
    const item = this.#session.current;
    if (!item?.scan) return;
    const next = Math.min(Math.max(Math.round(slice), 0), item.scan.slices - 1);
    if (next === item.slice) return;
    this.#step = stepOf(item.scan, next - item.slice);
    const shown = { ...item, scan: item.scan };
    this.#session.change(item.id, { slice: next, window: windowAt(shown, next), mix: followed(shown, next) });
    void this.refresh();
    const changed = this.#session.current;
    const playing = this.#session.state.volume.playing;
    if (changed) this.#session.segmenting.soon(changed, playing ? PLAYING : undefined);
  }

  /** Another slice of the channel that is shown, or another channel at the same place. @param {{ channel?: number, position?: number }} place */
  toPlace(place) {
    const item = this.#session.current;
    if (!item?.scan) return;
    const { channel, position } = { ...placeOf(item.scan, item.slice), ...place };
    const last = item.scan.planes.slices - 1;
    this.toSlice(sliceAt(item.scan, { channel, position: Math.min(Math.max(Math.round(position), 0), last) }));
  }

  /** So many slices on, in the channel that is shown. @param {number} steps */
  scroll(steps) {
    const item = this.#session.current;
    if (item?.scan) this.toPlace({ position: placeOf(item.scan, item.slice).position + steps });
  }

  /** A window that a person chooses holds for all slices, of the channel that is chosen. @param {import('../insitu.js').Window} window */
  toWindow(window) {
    const item = this.#session.current;
    if (!item?.scan) return;
    const { low, high } = item.scan.range;
    // Narrower than this shows nothing; a window must have a width.
    const narrowest = Math.max((high - low) / 1e4, 1e-6);
    if (!Number.isFinite(window.center) || !Number.isFinite(window.width)) return;
    const wide = { center: window.center, width: Math.max(window.width, narrowest) };
    this.#step = 0;
    this.#session.change(item.id, windowed({ ...item, scan: item.scan }, wide));
    void this.refresh();
  }

  /** Each slice gets the window that the file asks for again, or that shows all. */
  resetWindow() {
    const item = this.#session.current;
    if (!item?.scan) return;
    this.#step = 0;
    this.#session.change(item.id, windowed({ ...item, scan: item.scan }, null));
    void this.refresh();
  }
}

/** From a slice to the next in the direction of a move: the next depth, or with the same depth the next time. 0 for another channel. @param {import('../insitu.js').Scan} scan @param {number} move */
export function stepOf({ planes: { channels, depths, times } }, move) {
  const time = depths * channels.length;
  if (move % channels.length !== 0) return 0;
  return Math.sign(move) * (times > 1 && depths > 1 && move % time === 0 ? time : channels.length);
}
