/** Objects of slices, and results as files: what `app.results` is. */

/**
 * @typedef {import('../insitu.js').Scan} Scan
 * @typedef {import('../insitu.js').SegmentOptions} SegmentOptions
 * @typedef {import('./engine-worker.js').EngineMethods} EngineMethods
 * @typedef {Partial<import('../../pkg/insitu.js').ObjectSettings>} ObjectSettings
 * @typedef {Omit<Awaited<ReturnType<EngineMethods['objects']>>, 'key' | 'tints'> & { labels: Uint8Array, classes?: Uint8Array, areas?: number[] }} Found `labels`: the tint of each
 *   pixel, from 1 on, so that `app.overlay` draws it
 * @typedef {Omit<Awaited<ReturnType<EngineMethods['score']>>, 'key' | 'difference'> & { labels: Uint8Array }} Scores `labels`: 1 right, 2 missed,
 *   3 too much, so that `app.overlay` draws it
 * @typedef {import('../../pkg/insitu.js').Meaning} LabelMeaning
 * @typedef {import('../../pkg/insitu.js').ObjectEdit} ObjectEdit
 * @typedef {Found & { classes: Uint8Array, done: boolean[] }} Corrected `classes`: class of each pixel then; `done`: whether each edit changed anything
 * @typedef {'seg' | 'rtstruct' | 'nifti' | 'nrrd' | 'ome-tiff'} LabelVolume
 * @typedef {LabelVolume | 'probability-nifti' | 'probability-seg'} Volume files that hold all slices of an image
 * @typedef {'mask' | 'objects' | 'csv' | 'roi' | 'geojson' | 'coco' | 'overlay' | 'probability'} Kind
 *
 * @typedef {object} Result a slice with what was found in it
 * @property {Scan} scan
 * @property {number} slice from 0
 * @property {string} name of the file
 * @property {{ name: string, colour: string }[]} classes 1 and up
 * @property {Uint8Array} labels class of each pixel
 * @property {Uint32Array} numbers object of each pixel
 * @property {Float32Array} [probability] of each class, `[class][row][column]`, to save files of probabilities
 * @property {{ x: number, y: number } | null} micrometres from pixel to pixel, if not as the file says
 *
 * @typedef {object} Doors
 * @property {<M extends keyof EngineMethods>(method: M, args: Parameters<EngineMethods[M]>) => Promise<Awaited<ReturnType<EngineMethods[M]>>>} call
 * @property {(scan: Scan, args: [number, number | undefined, number, import('../../pkg/insitu.js').ObjectSettings, number, string?], options: import('./bridge.js').CallOptions) => Promise<Awaited<ReturnType<EngineMethods['objects']>>>} objects
 * @property {(scan: Scan, args: [number, number | undefined, number, import('../../pkg/insitu.js').TruthGiven, string?], options: import('./bridge.js').CallOptions) => Promise<Awaited<ReturnType<EngineMethods['score']>>>} score
 * @property {(scan: Scan, args: [number, string, number], options: import('./bridge.js').CallOptions) => Promise<import('../../pkg/insitu.js').PlanesDone>} plane
 * @property {(scan: Scan) => Promise<number>} number
 * @property {(found: object, key: number) => void} known
 */

/** What each kind of file is. @type {Record<Kind, string>} */
const TYPES = {
  mask: 'image/png',
  objects: 'image/tiff',
  csv: 'text/csv',
  roi: 'application/zip',
  geojson: 'application/geo+json',
  coco: 'application/json',
  overlay: 'image/png',
  probability: 'image/tiff',
};

/** @type {Record<Volume, string>} */
const VOLUMES = {
  seg: 'application/dicom',
  rtstruct: 'application/dicom',
  nifti: 'application/gzip',
  nrrd: 'application/octet-stream',
  'ome-tiff': 'image/tiff',
  'probability-nifti': 'application/gzip',
  'probability-seg': 'application/dicom',
};

export class Results {
  #doors;

  /** @param {Doors} doors */
  constructor(doors) {
    this.#doors = doors;
  }

  /**
   * The objects of a slice, told apart and measured in pixels.
   * @param {Scan} scan @param {SegmentOptions & { settings?: ObjectSettings, tints?: number }} [options] `tints`: how many there are
   * @returns {Promise<Found>}
   */
  async objects(scan, { slice = 0, threshold, head = 0, settings = {}, tints = 8, along, signal, onProgress } = {}) {
    const wanted = /** @type {any} */ (settings);
    const { key, ...found } = await this.#doors.objects(scan, [slice, threshold, head, wanted, tints, along], {
      signal,
      onProgress,
    });
    this.#doors.known(found, key);
    return found;
  }

  /**
   * Segments the next plane of the volume that a slice belongs to, across its slices, and tells how many are done. After the last one `app.segment` with the
   * same `along` gives slices of the result.
   * @param {Scan} scan @param {Pick<SegmentOptions, 'slice' | 'head' | 'signal' | 'onProgress'> & { along: string }} options `rows`, `columns`: planes that stand
   *   upright on these; `axial`, `coronal`, `sagittal`; `three`: all three orientations, of which each voxel gets the mean
   * @returns {Promise<{ done: number, total: number }>}
   */
  async segmentPlane(scan, { slice = 0, along, head = 0, signal, onProgress }) {
    return this.#doors.plane(scan, [slice, along, head], { signal, onProgress });
  }

  /**
   * Objects corrected by hand, one edit after the other.
   * @param {Result} result with its objects @param {ObjectEdit[]} edits @param {number} [tints] how many there are
   * @returns {Promise<Corrected>}
   */
  async correct(result, edits, tints = 8) {
    const given = await this.#given(result);
    const { objects, classes, done } = await this.#doors.call('correctObjects', [given, edits, tints]);
    const { tints: labels, ...found } = objects;
    return { ...found, labels, classes, done };
  }

  /** What a file of labels holds. @param {File} file @returns {Promise<import('../../pkg/insitu.js').TruthRecord>} */
  async readTruth(file) {
    return this.#doors.call('readTruth', [new Uint8Array(await file.arrayBuffer()), file.name]);
  }

  /**
   * How well the mask of a slice agrees with labels: the scores that `insitu eval` gives.
   * @param {Scan} scan @param {SegmentOptions & { truth: File, meaning: LabelMeaning }} options @returns {Promise<Scores>}
   */
  async score(scan, { slice = 0, threshold, head = 0, truth, meaning, along, signal, onProgress }) {
    const given = { name: truth.name, bytes: new Uint8Array(await truth.arrayBuffer()), meaning };
    const { key, ...scores } = await this.#doors.score(scan, [slice, threshold, head, given, along], {
      signal,
      onProgress,
    });
    this.#doors.known(scores, key);
    return scores;
  }

  /** One file of a slice. @param {Kind} kind @param {Result} result @returns {Promise<Blob>} */
  async file(kind, result) {
    const bytes = await this.#doors.call('objectsFile', [kind, await this.#given(result)]);
    return new Blob([bytes], { type: TYPES[kind] });
  }

  /**
   * The labels of a file for an image: of a DICOM SEG or RTSTRUCT by the images that they were drawn on, of a volume by where it lies in the patient.
   * `labels.elsewhere` if they belong to other images.
   * @param {Scan} scan @param {File} file @returns {Promise<import('../../pkg/insitu.js').Marks>}
   */
  async marks(scan, file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return this.#doors.call('marksOnto', [await this.#doors.number(scan), bytes, file.name]);
  }

  /**
   * All slices as one file that lies over the image: labels as DICOM SEG, RTSTRUCT, NIfTI, OME-TIFF, 3D Slicer's segmentation; probabilities as NIfTI, DICOM SEG.
   * @param {Scan} scan @param {Volume} kind @param {{ name: string, colour: string }[]} classes @param {{ slice: number, values: Uint8Array }[]} pages slices with something
   *   on them: the class of each pixel, or probabilities of all classes, `[class][row][column]`, in steps of 1 / 255
   * @param {Partial<import('../../pkg/insitu.js').VolumeMaking>} [making] @returns {Promise<Blob>}
   */
  async volume(scan, kind, classes, pages, making = {}) {
    const made = {
      description: '',
      by: /** @type {const} */ ('manual'),
      model: '',
      codes: [],
      pseudonym: '',
      ...making,
    };
    const id = await this.#doors.number(scan);
    const bytes = await this.#doors.call('volumeFile', [id, kind, classes, { classes: [], pages }, made]);
    return new Blob([bytes], { type: VOLUMES[kind] });
  }

  /** What names of classes say that they are in the patient: `id`s of `app.constants.properties`. @param {string[]} names @returns {Promise<string[]>} */
  codes(names) {
    return this.#doors.call('codesOf', [names]);
  }

  /**
   * Sizes of the classes of a volume: millilitres, surface, values, and areas slice by slice.
   * @param {Scan} scan @param {number} slice any of the channel and time that are meant @param {{ slice: number, values: Uint8Array }[]} pages slices with labels
   * @returns {Promise<import('../../pkg/insitu.js').VolumeSizes>}
   */
  async sizes(scan, slice, pages) {
    return this.#doors.call('measureVolume', [await this.#doors.number(scan), slice, { classes: [], pages }]);
  }

  /**
   * The largest pieces of a class of a volume, each with its sizes; with class 0 of all classes.
   * @param {Scan} scan @param {number} slice as of `sizes` @param {{ slice: number, values: Uint8Array }[]} pages slices with labels
   * @param {number} value the class @param {number} neighbours what hangs together: 6 by faces, 18 by edges, 26 by corners, too
   * @returns {Promise<import('../../pkg/insitu.js').PieceSizes>}
   */
  async pieces(scan, slice, pages, value, neighbours) {
    const id = await this.#doors.number(scan);
    return this.#doors.call('measurePieces', [id, slice, { classes: [], pages }, value, neighbours]);
  }

  /** The end of the name of such a file, without a point. @param {Kind | Volume} kind @returns {Promise<string>} */
  ending(kind) {
    return this.#doors.call('fileEnding', [kind]);
  }

  /** Begins a ZIP archive of these kinds of files, in the place of one that was begun before. @param {Kind[]} kinds */
  async begin(kinds) {
    await this.#doors.call('packBegin', [kinds]);
  }

  /** Adds the files of a slice, whose names begin with `stem`. @param {string} stem @param {Result} result @returns {Promise<Blob>} by what the archive grew */
  async add(stem, result) {
    return new Blob([await this.#doors.call('packAdd', [stem, await this.#given(result)])]);
  }

  /** Ends the archive with the files of all images. @returns {Promise<Blob>} its last part */
  async end() {
    return new Blob([await this.#doors.call('packEnd', [])]);
  }

  /** @param {Result} result @returns {Promise<import('../../pkg/insitu.js').ObjectsOf>} */
  async #given({ scan, micrometres, probability = new Float32Array(0), ...result }) {
    const { x, y } = micrometres ?? {};
    const own = x === undefined || y === undefined ? undefined : /** @type {[number, number]} */ ([x, y]);
    return { ...result, probability, scan: await this.#doors.number(scan), micrometres: own };
  }
}
