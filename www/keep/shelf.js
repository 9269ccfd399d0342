/**
 * Named bytes in a folder of the origin's private file system, where a tab that is closed in the middle of a write loses
 * that write alone: each goes to a new file, whose last bytes say that it is whole, and only then the one before is removed.
 */

/**
 * What of the file system is used, so that tests can bring their own.
 * @typedef {object} Folder
 * @property {() => Promise<string[]>} names
 * @property {(name: string) => Promise<Uint8Array<ArrayBuffer>>} read
 * @property {(name: string, parts: AsyncIterable<Uint8Array<ArrayBuffer>>) => Promise<void>} write a new file; rejects with a QuotaExceededError if there is no room
 * @property {(name: string) => Promise<number>} size
 * @property {(name: string) => Promise<void>} remove
 */

/** Behind the content: its length, its CRC-32, and this. */
const MARK = 0x4b504e49;
const TAIL = 12;
/** A name in the folder: that of the content, and which writing of it. */
const FILE = /^([a-z0-9-]+)~(\d{1,15})$/;
const NAME = /^[a-z0-9-]{1,80}$/;

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (0xedb88320 & -(c & 1));
  return c >>> 0;
});

/** Bytes of a file that are read at once. */
const PIECE = 1 << 23;

/** CRC-32 as in PNG. @param {Uint8Array} bytes @param {number} [before] that of what comes before them */
export function checksum(bytes, before = 0) {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]) & 255];
  return ~crc >>> 0;
}

export class Shelf {
  #folder;
  /** One thing after the other. @type {Promise<unknown>} */
  #lane = Promise.resolve();

  /** @param {Folder} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  #next(work) {
    const next = this.#lane.then(work);
    this.#lane = next.catch(() => {});
    return next;
  }

  /** Files of a name, the newest first. @param {string} name */
  async #writings(name) {
    if (!NAME.test(name)) throw new TypeError(`not a name: ${name}`);
    const files = await this.#folder.names();
    const numbers = files.flatMap((file) => {
      const match = FILE.exec(file);
      return match && match[1] === name ? [Number(match[2])] : [];
    });
    return numbers.sort((a, b) => b - a);
  }

  /** In the place of what has the name. @param {string} name @param {Uint8Array<ArrayBuffer> | Blob} content a file is read piece by piece; rejects with an `UnreadableError` if that fails */
  put(name, content) {
    return this.#next(async () => {
      const before = await this.#writings(name);
      const file = `${name}~${(before[0] ?? 0) + 1}`;
      try {
        await this.#folder.write(file, written(content));
      } catch (error) {
        await this.#folder.remove(file).catch(() => {});
        throw error;
      }
      for (const number of before) await this.#folder.remove(`${name}~${number}`);
    });
  }

  /** The last whole content of a name; null if there is none. @param {string} name @returns {Promise<Uint8Array<ArrayBuffer> | null>} */
  get(name) {
    return this.#next(async () => {
      for (const number of await this.#writings(name)) {
        const file = await this.#folder.read(`${name}~${number}`);
        const content = whole(file);
        if (content) return content;
      }
      return null;
    });
  }

  /** Names, and the bytes that each takes. @returns {Promise<{ name: string, bytes: number }[]>} */
  list() {
    return this.#next(async () => {
      /** @type {Map<string, number>} */
      const found = new Map();
      for (const file of await this.#folder.names()) {
        const match = FILE.exec(file);
        if (match) found.set(match[1], (found.get(match[1]) ?? 0) + (await this.#folder.size(file)));
      }
      return [...found].map(([name, bytes]) => ({ name, bytes }));
    });
  }

  /** @param {string} name */
  remove(name) {
    return this.#next(async () => {
      // The oldest first: cut short, what is left is the newest.
      for (const number of (await this.#writings(name)).reverse()) await this.#folder.remove(`${name}~${number}`);
    });
  }

  /** Everything. */
  clear() {
    return this.#next(async () => {
      for (const file of await this.#folder.names()) await this.#folder.remove(file);
    });
  }
}

/** What is written: the content, and what tells that it is whole. @param {Uint8Array<ArrayBuffer> | Blob} content */
async function* written(content) {
  let [length, crc] = [0, 0];
  for await (const piece of content instanceof Blob ? piecesOf(content) : [content]) {
    length += piece.length;
    crc = checksum(piece, crc);
    yield piece;
  }
  const tail = new DataView(new ArrayBuffer(TAIL));
  tail.setUint32(0, length, true);
  tail.setUint32(4, crc, true);
  tail.setUint32(8, MARK, true);
  yield new Uint8Array(tail.buffer);
}

/** @param {Blob} file */
async function* piecesOf(file) {
  for (let at = 0; at < file.size; at += PIECE) {
    try {
      yield new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
    } catch (error) {
      throw Object.assign(new Error(String(error)), { name: 'UnreadableError' });
    }
  }
}

/** The content of a file that was written to its end; else null. @param {Uint8Array<ArrayBuffer>} file */
function whole(file) {
  if (file.length < TAIL) return null;
  const tail = new DataView(file.buffer, file.byteOffset + file.length - TAIL, TAIL);
  const content = file.subarray(0, file.length - TAIL);
  const fits =
    tail.getUint32(8, true) === MARK &&
    tail.getUint32(0, true) === content.length &&
    tail.getUint32(4, true) === checksum(content);
  return fits ? content.slice() : null;
}
