/**
 * Values in the order of their use: the longest unused go when all together take more bytes than they may. The newest stays,
 * even if it alone takes more.
 *
 * @template K, V
 */
export class Lru {
  #maxBytes;
  #bytesOf;
  /** The longest unused first. @type {Map<K, { value: V, bytes: number }>} */
  #values = new Map();
  #bytes = 0;

  /** @param {number} maxBytes @param {(value: V) => number} bytesOf asked once, when a value is put in */
  constructor(maxBytes, bytesOf) {
    this.#maxBytes = maxBytes;
    this.#bytesOf = bytesOf;
  }

  /** That all of them take. */
  get bytes() {
    return this.#bytes;
  }

  /** @returns {K[]} the longest unused first */
  get keys() {
    return [...this.#values.keys()];
  }

  /** @param {K} key @returns {V | undefined} */
  get(key) {
    const found = this.#values.get(key);
    if (!found) return undefined;
    this.#values.delete(key);
    this.#values.set(key, found);
    return found.value;
  }

  /** @param {K} key @param {V} value */
  put(key, value) {
    this.delete(key);
    const bytes = this.#bytesOf(value);
    this.#values.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const old of this.#values.keys()) {
      if (this.#bytes <= this.#maxBytes || old === key) return;
      this.delete(old);
    }
  }

  /** @param {K} key */
  delete(key) {
    this.#bytes -= this.#values.get(key)?.bytes ?? 0;
    this.#values.delete(key);
  }

  clear() {
    this.#values.clear();
    this.#bytes = 0;
  }
}
