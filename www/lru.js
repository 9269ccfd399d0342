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
  #dropped;

  /**
   * @param {number} maxBytes @param {(value: V) => number} bytesOf asked once, when a value is put in
   * @param {(value: V) => void} [dropped] told of each that goes
   */
  constructor(maxBytes, bytesOf, dropped = () => {}) {
    this.#maxBytes = maxBytes;
    this.#bytesOf = bytesOf;
    this.#dropped = dropped;
  }

  /** That all of them take. */
  get bytes() {
    return this.#bytes;
  }

  /** @returns {K[]} the longest unused first */
  get keys() {
    return [...this.#values.keys()];
  }

  /** What is here, without a use of it. @param {K} key @returns {V | undefined} */
  peek(key) {
    return this.#values.get(key)?.value;
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
    const found = this.#values.get(key);
    if (!found) return;
    this.#bytes -= found.bytes;
    this.#values.delete(key);
    this.#dropped(found.value);
  }

  clear() {
    for (const key of this.keys) this.delete(key);
  }
}
