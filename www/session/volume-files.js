/** Masks of all slices of an image as one file: gathered slice by slice, and written in each kind that is wanted. */
import { InsituError } from '../insitu.js';

/**
 * @typedef {import('../wire/results.js').Volume} Volume
 * @typedef {import('../wire/results.js').LabelVolume} LabelVolume
 * @typedef {import('../wire/results.js').Result} Result
 * @typedef {import('../insitu.js').Scan} Scan
 */

/** Files that hold the labels of all slices of an image. @type {LabelVolume[]} */
export const LABEL_VOLUMES = ['seg', 'rtstruct', 'nifti', 'nrrd', 'ome-tiff'];
/** Those of their probabilities, too. @type {Volume[]} */
export const VOLUMES = [...LABEL_VOLUMES, 'probability-nifti', 'probability-seg'];
/** Those that an archive of a hospital takes. @type {Volume[]} */
const ARCHIVED = ['seg', 'rtstruct', 'probability-seg'];
/** Bytes of probabilities that a page holds, at most: the engine needs twice as many to write them. */
const MOST_CHANCES = 512e6;

/** Whether it is made of what the model says of each class. @param {string} kind */
export const isProbability = (kind) => kind.startsWith('probability');

/** @param {Scan | null | undefined} scan */
export const isDicom = (scan) => scan?.format === 'DICOM';

/** Kinds that make sense for one of some images: those of a volume, and those that belong beside DICOM. @param {(Scan | null | undefined)[]} scans @returns {Volume[]} */
export function volumesFor(scans) {
  const deep = scans.some((scan) => (scan?.planes.depths ?? 1) > 1);
  if (deep) return VOLUMES;
  const archived = scans.some(isDicom);
  const several = scans.some((scan) => (scan?.slices ?? 1) > 1);
  return VOLUMES.filter((kind) => (archived && ARCHIVED.includes(kind)) || (several && kind === 'ome-tiff'));
}

/** Probabilities in steps of 1 / 255, the nearest ones: what files of them hold, in a quarter of the memory. @param {Float32Array} probability */
function inSteps(probability) {
  const steps = new Uint8Array(probability.length);
  for (let i = 0; i < steps.length; i++) steps[i] = Math.round(255 * probability[i]);
  return steps;
}

/** The masks of one image: only slices on which something is marked. */
export class Gathered {
  /** @type {{ slice: number, values: Uint8Array }[]} */
  #pages = [];
  /** @type {Result['classes']} */
  #classes = [];
  #corrected = false;
  /** What the model said of them; null: it was too much. @type {{ slice: number, values: Uint8Array }[] | null} */
  #chances = [];
  #most;

  /** @param {number} [most] bytes of probabilities that are held */
  constructor(most = MOST_CHANCES) {
    this.#most = most;
  }

  /** @param {Result} result with its probabilities, if files of these are wanted @param {boolean} corrected whether a person had a hand in it */
  add({ slice, labels, classes, probability }, corrected) {
    if (probability && this.#chances) {
      const values = inSteps(probability);
      if (values.some((value) => value > 0)) this.#chances.push({ slice, values });
      if (this.#chances.length * values.length > this.#most) this.#chances = null;
    }
    this.#classes = classes;
    this.#corrected ||= corrected;
    if (labels.some((value) => value > 0)) this.#pages.push({ slice, values: labels });
  }

  get classes() {
    return this.#classes;
  }

  /**
   * @param {Pick<import('../wire/results.js').Results, 'volume'>} results @param {Scan} scan @param {Volume} kind @param {string} model its title
   * @param {string[]} [codes] what the classes are in the patient @param {string} [pseudonym] in the place of who the patient is
   */
  async file(results, scan, kind, model, codes = [], pseudonym = '') {
    const chances = isProbability(kind);
    const pages = chances ? this.#chances : this.#pages;
    if (!pages) throw InsituError.of('save.chances', 'limit');
    const by = this.#corrected && !chances ? 'semiautomatic' : 'automatic';
    return results.volume(scan, kind, this.#classes, pages, { by, model, description: model, codes, pseudonym });
  }
}
