/**
 * What was used last, within a number of bytes.
 * @template K, V
 */
export class Lru {
  /** The one used last comes last. @type {Map<K, V>} */
  #kept = new Map();
  #maxBytes;
  #bytesOf;
  /** Of all that is kept. */
  bytes = 0;

  /** @param {number} maxBytes the newest is kept even if it alone is larger @param {(value: V) => number} bytesOf */
  constructor(maxBytes, bytesOf) {
    this.#maxBytes = maxBytes;
    this.#bytesOf = bytesOf;
  }

  /** It becomes the last to be dropped. @param {K} key @returns {V | undefined} */
  get(key) {
    const value = this.#kept.get(key);
    if (value === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, value);
    return value;
  }

  /** @param {K} key @param {V} value */
  put(key, value) {
    this.delete(key);
    this.#kept.set(key, value);
    this.bytes += this.#bytesOf(value);
    for (const oldest of this.#kept.keys()) {
      if (this.bytes <= this.#maxBytes || oldest === key) break;
      this.delete(oldest);
    }
  }

  /** @param {K} key */
  delete(key) {
    const value = this.#kept.get(key);
    if (value === undefined) return;
    this.#kept.delete(key);
    this.bytes -= this.#bytesOf(value);
  }

  clear() {
    this.#kept.clear();
    this.bytes = 0;
  }
}
