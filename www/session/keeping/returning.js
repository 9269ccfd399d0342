/** An earlier session on its way back: its files and models, and its labels, each of which goes to its file once that is open. */
import { modelKey } from './index.js';

/**
 * The models and files of an earlier session that are still there.
 * @param {Pick<import('../../keep/store.js').Kept, 'get'>} kept @param {import('./index.js').Index} earlier
 */
export async function storedOf(kept, earlier) {
  const models = [];
  for (const { id, name, at: _at, ...about } of earlier.models) {
    const bytes = await kept.get(modelKey(id));
    const file = bytes && new File([bytes], name);
    if (file) models.push({ ...about, id, file, sizeBytes: file.size, inputChannels: 0, card: null });
  }
  const items = [];
  for (const { id, name, type, modified, at: _at, ...place } of earlier.items) {
    const bytes = await kept.get(`file-${id}`);
    if (bytes) items.push({ ...place, id, file: new File([bytes], name, { type, lastModified: modified }) });
  }
  return { models, items };
}

export class Returning {
  #session;
  #get;
  /** Files whose labels are still to be put back. @type {Set<number>} */
  #awaited = new Set();
  /** Those of them whose labels are being put back. @type {Set<number>} */
  #underWay = new Set();
  /** Labelled slices of the session that comes back, until they are there. */
  labelled = 0;
  /** Called when all labels are back. */
  #allBack = () => {};

  /**
   * @param {import('./state.js').SessionToKeep} session
   * @param {(name: string) => Promise<Uint8Array | null | undefined>} get what is stored
   */
  constructor(session, get) {
    this.#session = session;
    this.#get = get;
  }

  /** Whether the labels of a file, or of any, are still to be put back. @param {number} [id] */
  awaits(id) {
    return id === undefined ? this.#awaited.size > 0 : this.#awaited.has(id);
  }

  /** @param {number} id */
  await(id) {
    this.#awaited.add(id);
  }

  /** Settles when all of them are back. */
  async all() {
    const back = new Promise((resolve) => (this.#allBack = () => resolve(null)));
    this.putBack();
    if (this.awaits()) await back;
    this.labelled = 0;
  }

  /** Labels go back as their files are open. */
  putBack() {
    const { items } = this.#session.state;
    for (const { id, scan, state } of items) {
      if (!this.#awaited.has(id) || (!scan && state !== 'failed') || this.#underWay.has(id)) continue;
      this.#underWay.add(id);
      void this.#labelsOf(id, scan !== null).finally(() => this.#arrived(id));
    }
    // One that was taken off the list before it was open.
    for (const id of this.#awaited) if (!items.some((item) => item.id === id)) this.#arrived(id);
  }

  /** @param {number} id */
  #arrived(id) {
    this.#underWay.delete(id);
    if (this.#awaited.delete(id) && this.#awaited.size === 0) this.#allBack();
  }

  /** @param {number} id @param {boolean} open */
  async #labelsOf(id, open) {
    try {
      const bytes = await this.#get(`labels-${id}`);
      if (bytes && open) await this.#session.labelling.restore(id, bytes);
    } catch (error) {
      this.#session.fail(error);
    }
  }
}
