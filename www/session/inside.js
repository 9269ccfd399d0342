/** What the view “Inside the network” asks: all of it about the image that is shown, with the model that masks it. */
import { closeLayers } from '../pictures/layers.js';
import { InsituError } from '../insitu.js';
import { Lru } from '../lru.js';
import { coloursOf } from './colours.js';

/**
 * @typedef {import('../pictures/layers.js').Layer} Layer
 * @typedef {{ signal: AbortSignal, onProgress: (progress: { done: number, total: number }) => void }} Waiting
 */

/** Bytes of feature maps that are kept while the view is open. */
const BUDGET = 64e6;

export class Inside {
  #session;
  /** By image, slice, network in use and block. @type {Lru<string, import('../insitu.js').FeatureMaps>} */
  #maps = new Lru(BUDGET, ({ planes }) => planes.byteLength);

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** The engine with the right model in it, and what it is asked about. */
  async #ready() {
    const { models } = this.#session;
    const item = this.#session.current;
    const modelId = item && models.for(item);
    if (!item?.scan || !modelId) throw InsituError.of('scan.closed', 'invalid');
    await models.use(modelId, () => {});
    return { app: await this.#session.app, item, scan: item.scan, modelId };
  }

  async network() {
    const { app, scan } = await this.#ready();
    return app.network(scan);
  }

  /** @param {number} tile pixels a side; 0: as for a mask */
  async tilePlan(tile) {
    const { app, scan } = await this.#ready();
    return app.tilePlan(scan, { tile });
  }

  /** @param {number} node @param {Waiting} waiting */
  async featureMaps(node, waiting) {
    const { app, item, scan } = await this.#ready();
    const key = `${item.id}/${item.slice}/${this.#session.state.modelVersion}/${node}`;
    const kept = this.#maps.get(key);
    if (kept) return kept;
    const maps = await app.featureMaps(scan, { slice: item.slice, node, ...waiting });
    this.#maps.put(key, maps);
    return maps;
  }

  /** The view was closed. */
  forget() {
    this.#maps.clear();
  }

  /** @param {Waiting} waiting */
  async weightMap(waiting) {
    const { app, item, scan, modelId } = await this.#ready();
    const { models } = this.#session;
    return app.weightMap(scan, {
      slice: item.slice,
      threshold: this.#session.state.threshold,
      head: models.head(modelId),
      ...waiting,
    });
  }

  /** @param {number} seed @param {number} size pixels a side; 0: the patch of a training */
  async augmented(seed, size) {
    const { app, item, scan } = await this.#ready();
    const labels = this.#session.state.mask?.labels ?? new Uint8Array(scan.width * scan.height);
    return app.augmented(scan, { slice: item.slice, labels, seed, size, count: 4 });
  }

  /** The image, with its mask if there is one; `close` gives the memory back. */
  async picture() {
    const { app, item, scan } = await this.#ready();
    const { mask } = this.#session.state;
    const image = await app.picture(scan, { slice: item.slice, window: item.window });
    const overlay = mask && (await app.overlay(mask, { colours: this.colours() }));
    return { image, overlay, close: () => closeLayers(image, overlay?.fill, overlay?.outline) };
  }

  /** What each output of the network stands for. */
  outputs() {
    const { models } = this.#session;
    const item = this.#session.current;
    const card = models.byId((item && models.for(item)) ?? '')?.card;
    const rims = card?.outputs.flatMap((output) => (output.role === 'boundary' ? [output.class] : []));
    return (card?.outputs ?? []).map((output) => ({
      part: output.role === 'interior' && rims?.includes(output.class) ? 'inner' : output.role,
      name: card?.classes[output.class - 1]?.name ?? '',
    }));
  }

  /** Of classes 1 and up, as on the image. */
  colours() {
    const { models, modelId, mask } = this.#session.state;
    const model = models.find((other) => other.id === modelId);
    return coloursOf(this.#session.state, model, mask?.classes ?? model?.classes.length ?? 1);
  }
}
