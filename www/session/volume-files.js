/** Masks of all slices of an image as one file: gathered slice by slice, and written in each kind that is wanted. */

/**
 * @typedef {import('../wire/results.js').Volume} Volume
 * @typedef {import('../wire/results.js').Result} Result
 * @typedef {import('../insitu.js').Scan} Scan
 */

/** Files that hold all slices of an image. @type {Volume[]} */
export const VOLUMES = ['seg', 'rtstruct', 'nifti', 'nrrd'];
/** Those that an archive of a hospital takes. @type {Volume[]} */
const ARCHIVED = ['seg', 'rtstruct'];

/** @param {Scan | null | undefined} scan */
export const isDicom = (scan) => scan?.format === 'DICOM';

/** Kinds that make sense for one of some images: those of a volume, and those that belong beside DICOM. @param {(Scan | null | undefined)[]} scans @returns {Volume[]} */
export function volumesFor(scans) {
  const deep = scans.some((scan) => (scan?.planes.depths ?? 1) > 1);
  return deep ? VOLUMES : scans.some(isDicom) ? ARCHIVED : [];
}

/** The masks of one image: only slices on which something is marked. */
export class Gathered {
  /** @type {{ slice: number, values: Uint8Array }[]} */
  #pages = [];
  /** @type {Result['classes']} */
  #classes = [];
  #corrected = false;

  /** @param {Result} result @param {boolean} corrected whether a person had a hand in it */
  add({ slice, labels, classes }, corrected) {
    this.#classes = classes;
    this.#corrected ||= corrected;
    if (labels.some((value) => value > 0)) this.#pages.push({ slice, values: labels });
  }

  /** @param {Pick<import('../wire/results.js').Results, 'volume'>} results @param {Scan} scan @param {Volume} kind @param {string} model its title */
  file(results, scan, kind, model) {
    const by = this.#corrected ? 'semiautomatic' : 'automatic';
    return results.volume(scan, kind, this.#classes, this.#pages, { by, model, description: model });
  }
}
