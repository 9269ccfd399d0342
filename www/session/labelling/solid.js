/** Labels of all slices of a volume at once: masks taken over, pieces removed, holes filled, surfaces smoothed. */
import { number, t } from '../../strings/t.js';
import { significant } from '../../strings/format.js';
import { correctionsOf } from '../objects/corrections.js';
import { isVolume, volumeUnit } from '../volume/space.js';
import { proposal, unsure } from './sources.js';
import { depthsOf } from './volume.js';

/**
 * @typedef {import('../../insitu.js').Scan} Scan
 * @typedef {import('../../../pkg/insitu.js').VolumeMeasurement} Piece
 * @typedef {{ slice: number, values: Uint8Array }[]} Pages
 * @typedef {6 | 18 | 26} Neighbours voxels that touch by a face; by an edge, too; by a corner, too
 *
 * @typedef {object} Wish
 * @property {number} value the class; 0: each of them
 * @property {Neighbours} neighbours what hangs together
 * @property {number} smallest smaller pieces go: ml, mm³ or voxels, as `volumeUnit` says; 0: none
 * @property {boolean} largest only the largest piece stays
 * @property {boolean} fill
 * @property {number} smooth mm, or columns where the file gives no mm; 0: not
 */

/** What takes longer is told of, ms. */
const PATIENCE = 400;

export class Solid {
  #session;
  #desk;
  /** @type {AbortController | null} */
  #stop = null;

  /** @param {import('../session.js').Session} session @param {import('./desk.js').LabelDesk} desk */
  constructor(session, desk) {
    this.#session = session;
    this.#desk = desk;
  }

  cancel() {
    this.#stop?.abort();
  }

  /** The volume that is shown, the slices of its channel and time, and the model that masks it. */
  get #here() {
    const item = this.#session.current;
    const scan = item?.scan;
    if (!item || !isVolume(scan)) return null;
    const depths = depthsOf(scan, item.slice);
    const slices = Array.from({ length: depths.count }, (_, depth) => depths.first + depth * depths.step);
    return { item, scan, depths, slices, modelId: this.#session.models.for(item) };
  }

  /** Whether all slices of the volume that is shown have a mask. */
  get segmented() {
    const here = this.#here;
    return here?.modelId ? this.#session.seen.all(here.item, here.modelId, here.slices) : false;
  }

  /** Work that tells how far it is, and can be stopped. @template T @param {(signal: AbortSignal, told: (done: number, total: number) => void) => Promise<T>} work @returns {Promise<T | null>} null if it failed or was stopped */
  async #long(work) {
    this.cancel();
    const stop = (this.#stop = new AbortController());
    let progress = { done: 0, total: 0 };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#desk.set({ progress });
    }, PATIENCE);
    const told = (/** @type {number} */ done, /** @type {number} */ total) => {
      progress = { done, total };
      if (late && this.#stop === stop) this.#desk.set({ progress });
    };
    try {
      return await work(stop.signal, told);
    } catch (error) {
      this.#session.fail(error);
      return null;
    } finally {
      clearTimeout(timer);
      if (this.#stop === stop) {
        this.#stop = null;
        if (this.#desk.state.progress) this.#desk.set({ progress: null });
      }
    }
  }

  /**
   * The masks of all slices; what is not kept any more is segmented again.
   * @param {(mask: import('../state.js').Mask) => Uint8Array} [labels] what is made of each @returns {Promise<Pages | null>} null if it failed or was stopped
   */
  async masks(labels = (mask) => mask.labels) {
    const here = this.#here;
    const modelId = here?.modelId;
    if (!modelId) return null;
    const { segmenting, objects } = this.#session;
    const { item, slices } = here;
    return this.#long(async (signal, told) => {
      /** @type {Pages} */
      const pages = [];
      for (const [done, slice] of slices.entries()) {
        told(done, slices.length);
        const mask = await segmenting.maskOf(item, slice, modelId, signal);
        // Objects that were corrected by hand are what a person takes over.
        const corrected = correctionsOf(item, slice, modelId).length > 0;
        const found = corrected ? (objects.of(mask) ?? (await objects.find(item, slice, modelId, mask, signal))) : null;
        signal.throwIfAborted();
        pages.push({ slice, values: labels(found?.classes ? { ...mask, labels: found.classes } : mask) });
      }
      return pages;
    });
  }

  /** Takes the masks of all slices over; labels that are there stay. */
  async acceptAll() {
    const here = this.#here;
    const doc = this.#desk.document(here?.item ?? null);
    if (!here?.modelId || doc === null) return;
    const predicted = this.#session.models.byId(here.modelId)?.classes ?? [];
    const { classes, sure } = this.#desk.state;
    const pages = await this.masks((mask) => unsure(proposal(mask, predicted, classes), sure));
    if (!pages) return;
    const outcome = await this.#desk.run((labels) => labels.acceptPages(doc, { classes: [], pages }));
    if (!outcome) return;
    const count = new Set(outcome.pieces.map(({ slice }) => slice)).size;
    this.#session.say(count > 0 ? t('label.acceptAll.done', { count }) : t('label.accept.nothing'));
  }

  /** @param {Wish} wish */
  async tidy({ value, smallest, smooth, ...wish }) {
    const here = this.#here;
    const doc = this.#desk.document(here?.item ?? null);
    if (!here || doc === null) return;
    const { scan, depths } = here;
    const [x, y, z] = depths.spacing;
    const unit = volumeUnit(scan);
    const cubic = { ml: 1000, mm3: 1, voxels: x * y * z }[unit];
    const wanted = {
      ...{ ...wish, class: value, smallest: smallest * cubic },
      smooth: unit === 'voxels' ? smooth * x : smooth,
    };
    const outcome = await this.#long(async (signal, told) => {
      const onProgress = (/** @type {{ done: number, total: number }} */ { done, total }) => told(done, total);
      const done = await this.#desk.run((labels) => labels.tidy(doc, depths, wanted, { signal, onProgress }));
      // It may have been done when it was stopped: what holds now is asked for.
      if (signal.aborted) {
        await this.#desk.run((labels) => labels.end());
        this.#desk.drawAnew();
      }
      return /** @type {import('../../../pkg/insitu.js').TidyOutcome | null} */ (done);
    });
    if (!outcome) return;
    const name = value === 0 ? '' : this.name(value);
    const size = (/** @type {number} */ voxels) => volumeText(scan, voxels, x * y * z);
    const { removed, removedVoxels, holes, holeVoxels, smoothed } = outcome;
    const done = [
      removed > 0 && t(name ? 'tidy.removed' : 'tidy.removed.all', { count: removed, name, size: size(removedVoxels) }),
      holes > 0 && t('tidy.filled', { count: holes, size: size(holeVoxels) }),
      smoothed > 0 && t('tidy.smoothed', { size: size(smoothed) }),
    ].filter(Boolean);
    this.#session.say(done.length > 0 ? `${done.join(t('list.semicolon'))}${t('list.end')}` : t('tidy.nothing'));
  }

  /** Makes background of a piece that was listed. @param {number} value the class that they were listed of @param {Neighbours} neighbours @param {Piece} piece */
  async remove(value, neighbours, { number: own, voxels }) {
    const here = this.#here;
    const doc = this.#desk.document(here?.item ?? null);
    if (!here || doc === null) return;
    const choice = { class: value, neighbours, number: own, voxels };
    const outcome = await this.#desk.run((labels) => labels.removePiece(doc, here.depths, choice));
    if (outcome) this.#session.announce(t('pieces.removed'));
  }

  /** The name of a class of the labels. @param {number} value */
  name = (value) => this.#desk.state.classes[value - 1]?.name ?? String(value);
}

/** A volume as people of this image tell it. @param {Scan} scan @param {number} voxels @param {number} cubic millimetres of one */
function volumeText(scan, voxels, cubic) {
  const unit = volumeUnit(scan);
  if (unit === 'voxels') return t('sizes.voxels', { value: number(voxels) });
  return t(`sizes.${unit}`, { value: significant((voxels * cubic) / (unit === 'ml' ? 1000 : 1), 3) });
}
