/** The mask in colours over the image: painted anew when the mask, its colours, or what is shown of it changes. */
import { closeLayers } from '../pictures/layers.js';
import { TINTS } from '../pictures/tints.js';
import { coloursOf } from './colours.js';
import { latest } from './latest.js';
import { DIFFERENCE } from './scores/state.js';

/**
 * @typedef {import('./state.js').Mask} Mask
 * @typedef {import('../pictures/layers.js').Layer} Layer
 * @typedef {{ fill: Layer, outline: Layer }} Layers
 */

export class Overlay {
  #session;
  /** @type {Layers | null} */
  #shown = null;
  /** @type {(overlay: Layers | null) => void} */
  show = () => {};

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
    session.store.on(['hidden'], () => void this.repaint());
  }

  /** @param {Layers | null} layers */
  put(layers) {
    const old = this.#shown;
    this.#shown = layers;
    this.show(layers);
    closeLayers(old?.fill, old?.outline);
  }

  /** Paints the mask anew: its colours, or which classes are shown, have changed. */
  repaint = latest(() => this.#paint());

  /** A mask that will still be refined: it is seen, and nothing else is made of it. @param {Mask} mask @param {string} modelId @param {() => unknown} mine */
  async preview(mask, modelId, mine) {
    try {
      const layers = await this.#of(mask, modelId);
      if (mine() && !this.#session.state.mask) this.put(layers);
      else closeLayers(layers.fill, layers.outline);
    } catch {
      // The mask itself comes, or its error is told.
    }
  }

  /** @param {Mask} mask @param {string | null} modelId */
  async #of(mask, modelId) {
    const { hidden, models } = this.#session.state;
    const model = models.find((other) => other.id === modelId);
    const all = coloursOf(this.#session.state, model, mask.classes);
    const colours = all.map((colour, i) => (hidden.includes(i + 1) ? null : colour));
    const app = await this.#session.app;
    const scored = this.#session.scores.of(mask);
    if (scored) return app.overlay(/** @type {any} */ (scored), { colours: DIFFERENCE });
    // Single objects stand off from each other, unless some class is hidden.
    const found = hidden.length === 0 ? this.#session.objects.of(mask) : null;
    return found ? app.overlay(/** @type {any} */ (found), { colours: TINTS }) : app.overlay(mask, { colours });
  }

  async #paint() {
    const { mask, modelId } = this.#session.state;
    if (!mask) return;
    try {
      const layers = await this.#of(mask, modelId);
      if (this.#session.state.mask === mask) this.put(layers);
      else closeLayers(layers.fill, layers.outline);
    } catch (error) {
      this.#session.fail(error);
    }
  }
}
