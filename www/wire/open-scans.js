/**
 * The scans that are open, over the life of several engines. A scan is known outside by a record that never changes;
 * inside the engine it has a number that does: after a restart it is opened again from its file, and when many are
 * open the ones unused for longest are put down and picked up again when they are asked for.
 */
import { InsituError } from './error.js';

/** Bytes of pixels that the engine is asked to hold; a tab's WebAssembly memory ends at 4 GB. */
const BUDGET = 1e9;
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
 * @property {Blob} file
 * @property {string} name
 * @property {number} bytes
 * @property {Promise<number> | null} number the engine's, or null while it is not open there
 */

export class Open {
  /** In the order of their last use. @type {Map<Scan, Entry>} */
  #entries = new Map();
  #next = 1;
  #call;

  /** @param {import('./life.js').Life['call']} call to the engine */
  constructor(call) {
    this.#call = call;
  }

  /** @param {Blob} file @returns {Promise<Scan>} */
  async add(file) {
    const name = file instanceof File ? file.name : 'image';
    const record = await this.#read(file, name);
    /** @type {Scan} */
    const scan = Object.freeze({ ...record, id: this.#next++ });
    const bytes = scan.width * scan.height * scan.slices * scan.channels * (BYTES[scan.sample] ?? 4);
    this.#entries.set(scan, { file, name, bytes, number: Promise.resolve(record.id) });
    await this.#makeRoom();
    return scan;
  }

  /** The engine's number of a scan; opens it there if it is not. @param {Scan} scan @returns {Promise<number>} */
  async number(scan) {
    const entry = this.#entries.get(scan);
    if (!entry) throw InsituError.of('scan.closed', 'invalid');
    this.#entries.delete(scan);
    this.#entries.set(scan, entry);
    if (!entry.number) {
      const opening = this.#read(entry.file, entry.name).then((record) => record.id);
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
  }

  /** A new engine has none of them open. */
  forget() {
    for (const entry of this.#entries.values()) entry.number = null;
  }

  /** @param {Blob} file @param {string} name @returns {Promise<Scan>} */
  async #read(file, name) {
    let bytes;
    try {
      bytes = await file.arrayBuffer();
    } catch (error) {
      throw InsituError.of('file.unreadable', 'io', error);
    }
    return this.#call('openScan', [new Uint8Array(bytes), name], { transfer: [bytes] });
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
