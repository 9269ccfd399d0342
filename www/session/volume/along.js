/** In which orientation the network is shown a volume, and which masks were made so: the slices as they are, planes across them, or all three. */
import { atDepth, InsituError, placeOf } from '../../insitu.js';
import { t } from '../../strings/t.js';
import { isVolume, planeName } from './space.js';

/**
 * @typedef {import('../state.js').Item} Item
 * @typedef {import('../../insitu.js').Scan} Scan
 * @typedef {import('./state.js').Orientation} Orientation
 *
 * @typedef {object} Made of a file whose masks are not of its slices as they are
 * @property {Orientation} along
 * @property {string} model that they are of, as it was
 * @property {number} serial another one each time
 * @property {Set<number>} volumes that are segmented, each by its first slice: one for each channel and time
 */

/** What can be chosen, by the axis that stands upright on the planes. @type {readonly Orientation[]} */
export const ORIENTATIONS = ['slices', 'rows', 'columns', 'three'];
/** What the engine says if it does not hold a volume any more. */
const GONE = ['volume.none', 'volume.unfinished'];

/** @param {Orientation} along @param {Scan} scan */
export function orientationName(along, scan) {
  if (along === 'slices' || along === 'three') return t(`along.${along}`);
  const name = planeName(scan, along === 'rows' ? 1 : 0);
  return t(`along.${scan.geometry ? name : along}`);
}

export class AlongPlanes {
  #session;
  /** By file. @type {Map<number, Made>} */
  #made = new Map();
  #serial = 0;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** What a person chose for a file. @param {Pick<Item, 'id' | 'scan'>} item @returns {Orientation} */
  chosen({ id, scan }) {
    return (isVolume(scan) && this.#session.state.volume.orientations[id]) || 'slices';
  }

  /** @param {number} id of a file @param {Orientation} along */
  choose(id, along) {
    const { volume } = this.#session.state;
    this.#session.volume.set({ orientations: { ...volume.orientations, [id]: along } });
  }

  /** @param {string} modelId */
  #model(modelId) {
    const { models } = this.#session;
    return `${modelId}/${models.head(modelId)}/${models.version(modelId)}`;
  }

  /** @param {number} id @param {string} modelId */
  #of(id, modelId) {
    const made = this.#made.get(id);
    return made && made.model === this.#model(modelId) ? made : null;
  }

  /** The planes that the mask of a slice is of; undefined: the slice itself. @param {Pick<Item, 'id' | 'scan' | 'slice'>} item @param {string} modelId @returns {Orientation | undefined} */
  of({ id, scan, slice }, modelId) {
    const made = this.#of(id, modelId);
    return scan && made?.volumes.has(atDepth(scan, slice, 0)) ? made.along : undefined;
  }

  /** A word that changes with what masks of a slice are made of. @param {Pick<Item, 'id' | 'scan' | 'slice'>} item @param {string} modelId */
  key(item, modelId) {
    const along = this.of(item, modelId);
    return along ? `${along}${this.madeWith(item.id, modelId)}` : '';
  }

  /** The same of a whole file. @param {number} id @param {string} modelId */
  madeWith(id, modelId) {
    return this.#of(id, modelId)?.serial ?? 0;
  }

  /** All slices of a file are to be segmented anew, in the orientation that was chosen. @param {Item} item @param {string} modelId @returns {Orientation} */
  begin(item, modelId) {
    const along = this.chosen(item);
    if (along === 'slices') this.#made.delete(item.id);
    else {
      const made = { along, model: this.#model(modelId), serial: ++this.#serial, volumes: new Set() };
      this.#made.set(item.id, made);
    }
    return along;
  }

  /** Forgets a file that was closed. @param {number} id */
  forget(id) {
    this.#made.delete(id);
  }

  /**
   * All planes of the volume that a slice belongs to, unless the masks are to be of slices as they are. Those that the engine holds already cost nothing.
   * One volume after the other: those of the channels of a time, then those of the next.
   * @param {Item} item @param {string} modelId @param {import('../queue.js').Queue<number>} queue asked before each plane @param {Set<number>} ready volumes, by their first
   *   slices, for which this was done
   * @returns {Promise<boolean>} whether masks are of planes
   */
  async segment(item, modelId, queue, ready) {
    const made = this.#of(item.id, modelId);
    const { scan, slice } = item;
    if (!made || !scan) return false;
    const first = atDepth(scan, slice, 0);
    if (ready.has(first)) return true;
    const { channel, position } = placeOf(scan, slice);
    const { channels, depths } = scan.planes;
    const before = channel + channels.length * Math.floor(position / depths);
    const { models, app: opening } = this.#session;
    const app = await opening;
    for (;;) {
      const { done, total } = await models.with(
        modelId,
        () => {},
        (begun) => {
          const how = { slice, along: made.along, head: models.head(modelId), signal: queue.signal };
          return app.results.segmentPlane(scan, { ...how, onProgress: begun });
        },
      );
      queue.part(done + before * total, (scan.slices / depths) * total, 'planes');
      await queue.pass();
      if (done >= total) break;
    }
    // Only now: until then slices keep the masks that they have.
    if (this.#made.get(item.id) === made) made.volumes.add(first);
    ready.add(first);
    return true;
  }

  /**
   * Asks the engine for something of a slice's mask; if it does not hold the volume any more, of the slice as it is, which is told.
   * @template T @param {Pick<Item, 'id' | 'scan' | 'slice'>} item @param {string} modelId @param {(along: Orientation | undefined) => Promise<T>} ask @returns {Promise<T>}
   */
  async ask(item, modelId, ask) {
    const along = this.of(item, modelId);
    try {
      return await ask(along);
    } catch (thrown) {
      const error = InsituError.from(thrown);
      if (!along || !GONE.includes(error.code)) throw error;
      this.#made.delete(item.id);
      this.#session.journal.note(error.code);
      this.#session.say(t('along.gone'));
      // What is seen is not what is asked for now.
      void this.#session.segmenting.renew().catch((error) => this.#session.fail(error));
      return ask(undefined);
    }
  }
}
