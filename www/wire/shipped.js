/** The models that come with the page: their list, their cards, their files, each fetched once. */
import { counted } from './arriving.js';
import { InsituError } from './error.js';

/**
 * @typedef {import('../insitu.js').ModelEntry} ModelEntry
 * @typedef {(arrived: import('./arriving.js').Arrived) => void} Tell
 */

export class Shipped {
  /** @type {Promise<ModelEntry[]> | null} */
  #list = null;
  /** @type {Map<string, Promise<ArrayBuffer>>} */
  #files = new Map();
  /** Those who wait for a file that is on its way, whoever asked for it first. @type {Map<string, Set<Tell>>} */
  #waiting = new Map();
  #read;

  /** @param {(name: string) => Promise<Response>} [read] a file from models/ */
  constructor(read = fetched) {
    this.#read = read;
  }

  /** @returns {Promise<ModelEntry[]>} */
  list() {
    this.#list ??= this.#read('index.json')
      .then((answer) => answer.json())
      .catch((error) => {
        this.#list = null;
        throw error instanceof InsituError ? error : InsituError.of('model.index', 'io', error);
      });
    return this.#list;
  }

  /** Markdown. @param {string} id @returns {Promise<string>} */
  async card(id) {
    return (await this.#read(`${encodeURIComponent(id)}.md`)).text();
  }

  /** Of a shipped model, or of a file of one's own. @param {string | Blob} idOrFile @param {Tell} [onProgress] told how much of a shipped one has come @returns {Promise<ArrayBuffer>} */
  async bytes(idOrFile, onProgress) {
    if (typeof idOrFile === 'string' && onProgress) this.#of(idOrFile).add(onProgress);
    try {
      if (typeof idOrFile !== 'string') return await idOrFile.arrayBuffer();
      let file = this.#files.get(idOrFile);
      if (!file) {
        file = this.#fetch(idOrFile);
        this.#files.set(idOrFile, file);
        file.catch(() => this.#files.delete(idOrFile));
      }
      return await file;
    } catch (error) {
      throw InsituError.from(error);
    } finally {
      if (typeof idOrFile === 'string' && onProgress) this.#of(idOrFile).delete(onProgress);
    }
  }

  /** Who waits for a model. @param {string} id */
  #of(id) {
    const waiting = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiting);
    return waiting;
  }

  /** As `bytes`, of all files of a model; a list has at least one. @param {string | Blob | Blob[]} idOrFiles @param {Tell} [onProgress] @returns {Promise<{ name: string, bytes: Uint8Array }[]>} */
  async files(idOrFiles, onProgress) {
    const all = Array.isArray(idOrFiles) ? idOrFiles : [idOrFiles];
    if (all.length === 0) throw InsituError.of('model.unknown', 'invalid');
    const read = async (/** @type {string | Blob} */ one) => ({
      name: one instanceof File ? one.name : '',
      bytes: new Uint8Array(await this.bytes(one, onProgress)),
    });
    return Promise.all(all.map(read));
  }

  /** @param {string} id */
  async #fetch(id) {
    const entry = (await this.list()).find((model) => model.id === id);
    if (!entry) throw InsituError.of('model.unknown', 'invalid', id);
    const tell = (/** @type {import('./arriving.js').Arrived} */ arrived) => {
      for (const told of this.#of(id)) told(arrived);
    };
    const answer = counted(await this.#read(entry.file), { raw: entry.sizeBytes, packed: 0 }, tell);
    const bytes = await answer.arrayBuffer();
    // Half a file, or a page that asks for a password: not kept, so that the next try asks the host again.
    if (bytes.byteLength !== entry.sizeBytes)
      throw InsituError.of('model.fetch', 'io', `${bytes.byteLength} of ${entry.sizeBytes} bytes of ${entry.file}`);
    return bytes;
  }
}

/** A file from models/. @param {string} name @returns {Promise<Response>} */
async function fetched(name) {
  const answer = await fetch(new URL(`../../models/${name}`, import.meta.url)).catch((error) => {
    throw InsituError.of('model.fetch', 'io', error);
  });
  if (!answer.ok) throw InsituError.of('model.fetch', 'io', `${answer.status} ${name}`);
  return answer;
}
