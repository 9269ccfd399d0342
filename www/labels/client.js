/**
 * Labels that are painted, in a worker of their own, so that a training step never holds a stroke up. `labels.d.ts` tells what
 * each method does; failures are `InsituError`s.
 */
import { Bridge } from '../wire/bridge.js';

/**
 * @typedef {import('../labels.d.ts').Dab} Dab
 * @typedef {import('../labels.d.ts').Outcome} Outcome
 * @typedef {import('../labels.d.ts').Piece} Piece
 * @typedef {import('../labels.d.ts').Where} Where
 * @typedef {import('../labels.d.ts').Labels} Contract
 */

/**
 * Starts the worker; it loads the engine's module once more, without a GPU.
 * @param {{ onDied?: (cause: string) => void }} [options] `onDied`: it stopped unexpectedly, after all open calls were rejected
 * @returns {Promise<Labels>}
 */
export async function openLabels({ onDied = () => {} } = {}) {
  const died = (/** @type {string} */ cause) => {
    labels.close();
    onDied(cause);
  };
  const bridge = new Bridge(new URL('./worker.js', import.meta.url), () => {}, died);
  const labels = new Labels(bridge);
  try {
    await bridge.call('open', []);
  } catch (error) {
    bridge.end(null);
    throw error;
  }
  return labels;
}

/** @implements {Contract} */
export class Labels {
  #bridge;
  /** Slice whose grey values the worker has, as `doc/slice`. */
  #image = '';
  /** Settles when no command is open: the middle of a stroke is not to be stored. @type {Promise<void>} */
  #whole = Promise.resolve();
  #ended = () => {};

  /** @param {Bridge} bridge to the worker; made by `openLabels` */
  constructor(bridge) {
    this.#bridge = bridge;
  }

  /** @param {number} doc @param {{ width: number, height: number, slices: number }} shape @returns {Promise<Outcome>} */
  async add(doc, { width, height, slices }) {
    return this.#closing('add', doc, width, height, slices);
  }

  /** @param {number} doc @returns {Promise<Outcome>} */
  async remove(doc) {
    if (this.#image.startsWith(`${doc}/`)) this.#image = '';
    return this.#closing('remove', doc);
  }

  /** @param {number} doc @param {number} slice @param {Float32Array} values @returns {Promise<void>} */
  async image(doc, slice, values) {
    const [key, had] = [`${doc}/${slice}`, this.#image];
    this.#image = key;
    try {
      await this.#call('image', doc, slice, values);
    } catch (error) {
      // The worker kept the one before.
      if (this.#image === key) this.#image = had;
      throw error;
    }
  }

  /** @param {number} doc @param {number} slice */
  hasImage(doc, slice) {
    return this.#image === `${doc}/${slice}`;
  }

  /** @returns {Promise<void>} */
  async begin() {
    this.#ended();
    this.#whole = new Promise((resolve) => {
      this.#ended = resolve;
    });
    return this.#call('begin');
  }

  /** @returns {Promise<Outcome>} */
  async end() {
    return this.#closing('end');
  }

  /** @returns {Promise<Outcome>} */
  async cancel() {
    return this.#closing('cancel');
  }

  /** @param {number} doc @param {number} slice @param {Dab} from @param {Dab} to @param {number} value @returns {Promise<Piece | null>} */
  async brush(doc, slice, from, to, value) {
    return this.#call('brush', doc, slice, from.x, from.y, from.radius, to.x, to.y, to.radius, value);
  }

  /** @param {number} doc @param {number} slice @param {Float64Array} points @param {number} value @returns {Promise<Outcome>} */
  async polygon(doc, slice, points, value) {
    return this.#call('polygon', doc, slice, points, value);
  }

  /** @param {number} doc @param {number} slice @param {number} x @param {number} y @param {number} tolerance @param {number} value @returns {Promise<Outcome>} */
  async flood(doc, slice, x, y, tolerance, value) {
    return this.#call('flood', doc, slice, x, y, tolerance, value);
  }

  /** @param {number} doc @param {number} slice @param {number} x @param {number} y @param {number} tolerance @param {Where} where @param {number} value @returns {Promise<Outcome>} */
  async wand(doc, slice, x, y, tolerance, where, value) {
    return this.#call('wand', doc, slice, x, y, tolerance, where, value);
  }

  /** @param {number} doc @param {number} slice @param {Where} where @param {number} radius @returns {Promise<Outcome>} */
  async smooth(doc, slice, where, radius) {
    return this.#call('smooth', doc, slice, where, radius);
  }

  /** @param {number} doc @param {number} slice @param {Where} where @returns {Promise<Outcome>} */
  async clear(doc, slice, where) {
    return this.#call('clear', doc, slice, where);
  }

  /** @returns {Promise<Outcome>} */
  async clearAll() {
    return this.#call('clearAll');
  }

  /** @param {number} doc @param {number} slice @param {Where} where @param {{ labels: Uint8Array, probability: Float32Array, classes: number }} mask @param {number} sure @returns {Promise<Outcome>} */
  async accept(doc, slice, where, { labels, probability, classes }, sure) {
    return this.#call('accept', doc, slice, where, labels, probability, classes, sure);
  }

  /** @param {number} doc @param {number} slice @param {number} value @returns {Promise<Outcome>} */
  async fillRest(doc, slice, value) {
    return this.#call('fillRest', doc, slice, value);
  }

  /** @param {string} name @param {string | null} colour @returns {Promise<Outcome>} */
  async addClass(name, colour) {
    return this.#call('addClass', name, colour);
  }

  /** @param {number} value @param {string} name @returns {Promise<Outcome>} */
  async renameClass(value, name) {
    return this.#call('renameClass', value, name);
  }

  /** @param {number} value @param {string} colour @returns {Promise<Outcome>} */
  async recolourClass(value, colour) {
    return this.#call('recolourClass', value, colour);
  }

  /** @param {number} value @param {number} instead @returns {Promise<Outcome>} */
  async removeClass(value, instead) {
    return this.#call('removeClass', value, instead);
  }

  /** @param {number} from @param {number} to @returns {Promise<Outcome>} */
  async moveClass(from, to) {
    return this.#call('moveClass', from, to);
  }

  /** @param {{ name: string, colour: string }[]} classes @returns {Promise<Outcome>} */
  async setClasses(classes) {
    // No more than these: a class of a model's card may have other fields.
    return this.#call(
      'setClasses',
      classes.map(({ name, colour }) => ({ name, colour })),
    );
  }

  /** @returns {Promise<Outcome>} */
  async undo() {
    return this.#closing('undo');
  }

  /** @returns {Promise<Outcome>} */
  async redo() {
    return this.#closing('redo');
  }

  /** @param {number} doc @param {number} slice @returns {Promise<Uint8Array>} */
  async read(doc, slice) {
    return this.#call('read', doc, slice);
  }

  /** @param {number} doc @param {number} slice @returns {Promise<Piece[]>} */
  async pieces(doc, slice) {
    return this.#call('pieces', doc, slice);
  }

  /** @param {number} doc @param {number} slice @returns {Promise<Uint8Array>} */
  async png(doc, slice) {
    return this.#call('png', doc, slice);
  }

  /** @param {Record<number, string>} names @returns {Promise<Uint8Array>} */
  async zip(names) {
    return this.#call('zip', names);
  }

  /** @param {number} doc @param {number} slice @param {Uint8Array} bytes @param {string} name @returns {Promise<Outcome & { added: number }>} */
  async import(doc, slice, bytes, name) {
    return this.#call('import', doc, slice, bytes, name);
  }

  /** @param {number} doc @returns {Promise<Uint8Array>} */
  async store(doc) {
    await this.#closed();
    return this.#call('store', doc);
  }

  /** @param {number} doc @param {Uint8Array} bytes @returns {Promise<Outcome>} */
  async restore(doc, bytes) {
    return this.#closing('restore', doc, bytes);
  }

  /** @returns {Promise<Uint8Array>} */
  async storeOrder() {
    await this.#closed();
    return this.#call('storeOrder');
  }

  /** @param {Uint8Array} bytes @returns {Promise<Outcome>} */
  async restoreOrder(bytes) {
    return this.#call('restoreOrder', bytes);
  }

  close() {
    this.#bridge.end(null);
    this.#ended();
  }

  /** @param {string} method @param {unknown[]} args */
  #call(method, ...args) {
    return this.#bridge.call(method, args);
  }

  /** Until no command is open. */
  async #closed() {
    for (let whole; whole !== this.#whole;) {
      whole = this.#whole;
      await whole;
    }
  }

  /** A call that ends an open command. @param {string} method @param {unknown[]} args */
  async #closing(method, ...args) {
    const call = this.#call(method, ...args);
    this.#ended();
    return call;
  }
}
