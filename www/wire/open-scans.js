/**
 * The scans that are open, over the life of several engines. A scan is known outside by a record that never changes;
 * inside the engine it has a number that does: after a restart it is opened again from its files, and when many are
 * open the ones unused for longest are put down and picked up again when they are asked for.
 */
import { laid, pathIn } from './bundle.js';
import { InsituError } from './error.js';

/** Bytes of pixels that the engine is asked to hold; a tab's WebAssembly memory ends at 4 GB. */
const BUDGET = 1e9;
/** Times that the engine may stop over one image. */
const DEATHS = 2;
/** @type {Record<string, number>} */
const BYTES = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
};

/**
 * @typedef {import('../../pkg/insitu.js').ScanRecord} Scan
 * @typedef {object} Entry
 * @property {Blob[]} files one, or several that are one image
 * @property {string | null} name null: as the files say
 * @property {number} bytes
 * @property {Promise<number> | null} number the engine's, or null while it is not open there
 * @property {number} deaths how often the engine stopped while it was the one asked for last
 */

export class Open {
  /** In the order of their last use. @type {Map<Scan, Entry>} */
  #entries = new Map();
  #next = 1;
  #call;
  #tidy;
  /** What was asked for last. @type {Entry | null} */
  #last = null;

  /** @param {import('./life.js').Life['call']} call to the engine @param {(used: number) => unknown} [tidy] told the bytes in use when some may have become free */
  constructor(call, tidy = () => {}) {
    this.#call = call;
    this.#tidy = tidy;
  }

  /** @param {Blob[]} files @param {import('./bridge.js').CallOptions} [options] @returns {Promise<Scan>} */
  async add(files, options) {
    const [first, ...others] = files;
    const name = others.length > 0 ? null : first instanceof File ? first.name : 'image';
    const record = await this.#read({ files, name }, options).catch((error) => {
      this.#freed();
      throw error;
    });
    /** @type {Scan} */
    const scan = Object.freeze({ ...record, id: this.#next++ });
    const bytes = scan.width * scan.height * scan.slices * scan.channels * (BYTES[scan.sample] ?? 4);
    this.#entries.set(scan, { files, name, bytes, number: Promise.resolve(record.id), deaths: 0 });
    await this.#makeRoom();
    return scan;
  }

  /** The engine's number of a scan; opens it there if it is not. @param {Scan} scan @returns {Promise<number>} */
  async number(scan) {
    const entry = this.#entries.get(scan);
    if (!entry) throw InsituError.of('scan.closed', 'invalid');
    if (entry.deaths >= DEATHS) throw InsituError.of('scan.deadly', 'limit');
    this.#last = entry;
    this.#entries.delete(scan);
    this.#entries.set(scan, entry);
    if (!entry.number) {
      const opening = this.#read(entry).then((record) => record.id);
      entry.number = opening;
      opening.catch(() => {
        if (entry.number === opening) entry.number = null;
      });
      await this.#makeRoom();
    }
    return entry.number;
  }

  /** @param {Scan} scan */
  async remove(scan) {
    const entry = this.#entries.get(scan);
    this.#entries.delete(scan);
    const number = await entry?.number;
    if (number !== undefined && number !== null) await this.#call('closeScan', [number]);
    this.#freed();
  }

  #freed() {
    const open = [...this.#entries.values()].filter((entry) => entry.number);
    this.#tidy(open.reduce((sum, entry) => sum + entry.bytes, 0));
  }

  /** A new engine has none of them open. @param {boolean} [died] whether the one before stopped by itself */
  forget(died = false) {
    if (died && this.#last) this.#last.deaths++;
    this.#last = null;
    for (const entry of this.#entries.values()) entry.number = null;
  }

  /**
   * As an engine wants the labelled slices of a training.
   * @param {import('../training/request.js').LabelledSlice[]} samples @returns {Promise<import('../../pkg/insitu.js').LabelledSlice[]>}
   */
  async given(samples) {
    const given = [];
    for (const { scan, slice = 0, axis, index, labels, objects = new Uint32Array(0) } of samples)
      given.push({ scan: await this.number(scan), slice, axis, index, labels, objects });
    return given;
  }

  /** @param {Pick<Entry, 'files' | 'name'>} entry @param {import('./bridge.js').CallOptions} [options] @returns {Promise<Scan>} */
  #read({ files, name }, options) {
    return this.#call('openScan', [files, name, files.map(pathIn)], options);
  }

  async #makeRoom() {
    let held = 0;
    const open = [...this.#entries.values()].filter((entry) => entry.number).reverse();
    for (const [i, entry] of open.entries()) {
      held += entry.bytes;
      // The latest one stays whatever its size.
      if (i === 0 || held <= BUDGET) continue;
      const number = await entry.number;
      entry.number = null;
      if (number !== null) await this.#call('closeScan', [number]);
    }
  }
}

/**
 * Which files are one image.
 * @param {import('./life.js').Life['call']} call to the engine @param {File[]} files @param {import('../api.d.ts').SeriesOptions} options
 * @returns {Promise<import('../api.d.ts').Found>}
 */
export async function seriesOf(call, files, { paths = [], ...options }) {
  // Opening them takes that into account, too.
  const names = files.map((file, i) => pathIn(paths[i] ? laid(file, paths[i]) : file));
  const { series, leftOut } = await call('groupFiles', [files, names], options);
  return {
    series: series.map((one) => ({
      ...one,
      files: one.files.map((place) => files[place]),
      beside: one.beside.map((place) => files[place]),
    })),
    leftOut: leftOut.map(({ file, why }) => ({ file: files[file], why })),
  };
}
