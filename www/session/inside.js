/** What the view “Inside the network” asks: all of it about the image that is shown, with the model that masks it. */
import { closeLayers } from '../pictures/layers.js';
import { InsituError } from '../insitu.js';
import { Lru } from '../lru.js';
import { className } from '../strings/engine.js';
import { coloursOf } from './colours.js';
import { closed } from './state.js';

/**
 * @typedef {import('../pictures/layers.js').Layer} Layer
 * @typedef {{ signal: AbortSignal, onProgress: (progress: { done: number, total: number }) => void }} Waiting
 */

/** Bytes of feature maps that are kept while the view is open. */
const BUDGET = 64e6;

export class Inside {
  #session;
  /** By image, slice, network in use and block. @type {Lru<string, import('../api.d.ts').FeatureMaps>} */
  #maps = new Lru(BUDGET, ({ planes }) => planes.byteLength);

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /**
   * Asks the engine with the right model in it.
   * @template T @param {(about: { app: import('../insitu.js').App, item: import('./state.js').Item, scan: import('../insitu.js').Scan, modelId: string }, begun: () => void) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async #ask(work) {
    const { models } = this.#session;
    const item = this.#session.current;
    const modelId = item && models.for(item);
    if (!item?.scan || !modelId) throw InsituError.of('scan.closed', 'invalid');
    const about = { app: await this.#session.app, item, scan: item.scan, modelId };
    return models.with(
      modelId,
      () => {},
      (begun) => work(about, begun),
    );
  }

  /** @returns {Promise<import('../api.d.ts').Network>} */
  network() {
    return this.#ask(({ app, scan }) => app.network(scan));
  }

  /** @param {number} tile pixels a side; 0: as for a mask */
  tilePlan(tile) {
    return this.#ask(({ app, scan }) => app.tilePlan(scan, { tile }));
  }

  /** @param {number} node @param {Waiting} waiting */
  featureMaps(node, waiting) {
    return this.#ask(async ({ app, item, scan }, begun) => {
      const key = `${item.id}/${item.slice}/${this.#session.state.modelVersion}/${node}`;
      const kept = this.#maps.get(key);
      if (kept) return kept;
      const maps = await app.featureMaps(scan, { slice: item.slice, node, ...heard(waiting, begun) });
      this.#maps.put(key, maps);
      return maps;
    });
  }

  /** @param {{ x: number, y: number, side: number }} wanted a place, 0 to 1 over the image, and pixels a side @param {Waiting} waiting */
  slidingWindow(wanted, waiting) {
    return this.#ask(({ app, item, scan }, begun) =>
      app.slidingWindow(scan, { slice: item.slice, ...wanted, ...heard(waiting, begun) }),
    );
  }

  /** Tells what is looked at. @param {Partial<import('./state.js').Inside>} patch */
  sees(patch) {
    this.#session.store.set({ inside: { ...this.#session.state.inside, ...patch } });
  }

  /** The view was closed. */
  forget() {
    this.#maps.clear();
    this.#session.store.set({ inside: closed });
  }

  /** @param {Waiting} waiting */
  weightMap(waiting) {
    return this.#ask(({ app, item, scan, modelId }, begun) =>
      app.weightMap(scan, {
        slice: item.slice,
        threshold: this.#session.state.threshold,
        head: this.#session.models.head(modelId),
        ...heard(waiting, begun),
      }),
    );
  }

  /** @param {number} seed @param {number} size pixels a side; 0: the patch of a training */
  augmented(seed, size) {
    return this.#ask(({ app, item, scan }) => {
      const labels = this.#session.state.mask?.labels ?? new Uint8Array(scan.width * scan.height);
      return app.augmented(scan, { slice: item.slice, labels, seed, size, count: 4 });
    });
  }

  /** The image, with its mask if there is one; `close` gives the memory back. */
  picture() {
    return this.#ask(async ({ app, item, scan }) => {
      const { mask } = this.#session.state;
      const image = await app.picture(scan, { slice: item.slice, window: item.window });
      const overlay = mask && (await app.overlay(mask, { colours: this.colours() }));
      return { image, overlay, close: () => closeLayers(image, overlay?.fill, overlay?.outline) };
    });
  }

  /** What each output of the network stands for. */
  outputs() {
    const { models } = this.#session;
    const item = this.#session.current;
    const card = models.byId((item && models.for(item)) ?? '')?.card;
    const rims = card?.outputs.flatMap((output) => (output.role === 'boundary' ? [output.class] : []));
    return (card?.outputs ?? []).map((output) => ({
      part: output.role === 'interior' && rims?.includes(output.class) ? 'inner' : output.role,
      name: className(card?.classes[output.class - 1]?.name ?? ''),
    }));
  }

  /** Of classes 1 and up, as on the image. */
  colours() {
    const { models, modelId, mask } = this.#session.state;
    const model = models.find((other) => other.id === modelId);
    return coloursOf(this.#session.state, model, mask?.classes ?? model?.classes.length ?? 1);
  }
}

/** The same, and the first progress says that the engine is at it. @param {Waiting} waiting @param {() => void} begun @returns {Waiting} */
function heard({ signal, onProgress }, begun) {
  return {
    signal,
    onProgress(progress) {
      begun();
      onProgress(progress);
    },
  };
}
