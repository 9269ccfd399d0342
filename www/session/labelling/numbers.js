/** Which object a labelled pixel was of when objects were taken over as labels: so that single objects can be learnt, not their class alone. */

/** Marks bytes that hold numbers beside the labels. */
const MAGIC = [0x49, 0x6e, 0x73, 0x4f];

/** Runs of equal numbers, since objects are wider than a pixel: number and length in turn. @param {Uint32Array} numbers @returns {Uint32Array} */
export function runsOf(numbers) {
  /** @type {number[]} */
  const runs = [];
  for (let at = 0; at < numbers.length;) {
    const from = at;
    while (at < numbers.length && numbers[at] === numbers[from]) at++;
    runs.push(numbers[from], at - from);
  }
  return Uint32Array.from(runs);
}

/** The other way round; null if they are not of so many pixels. @param {Uint32Array} runs @param {number} pixels @returns {Uint32Array | null} */
export function numbersOf(runs, pixels) {
  const numbers = new Uint32Array(pixels);
  let at = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    if (runs[i + 1] > pixels - at) return null;
    numbers.fill(runs[i], at, (at += runs[i + 1]));
  }
  return at === pixels ? numbers : null;
}

/** Objects of `before` of which `numbers` has less than half stay; the others are the new ones. @param {Uint32Array} before @param {Uint32Array} numbers @returns {Uint32Array} */
export function together(before, numbers) {
  /** Of each its pixels, and those of them that are new ones, too. @type {Map<number, [number, number]>} */
  const pixels = new Map();
  let highest = 0;
  before.forEach((number, i) => {
    highest = Math.max(highest, numbers[i]);
    if (number === 0) return;
    const [all, again] = pixels.get(number) ?? [0, 0];
    pixels.set(number, [all + 1, again + Number(numbers[i] !== 0)]);
  });
  const kept = [...pixels].filter(([, [all, again]]) => 2 * again < all).map(([number]) => number);
  const place = new Map(kept.map((number, i) => [number, highest + 1 + i]));
  return numbers.map((number, i) => place.get(before[i]) ?? number);
}

export class Numbers {
  /** Runs by file and slice. @type {Map<number, Map<number, Uint32Array>>} */
  #of = new Map();

  /** Objects that were taken over, beside those of before. @param {number} itemId @param {number} slice @param {Uint32Array} numbers object of each pixel, 0 of none */
  put(itemId, slice, numbers) {
    const slices = this.#of.get(itemId) ?? new Map();
    const before = this.get(itemId, slice, numbers.length);
    this.#of.set(itemId, slices.set(slice, runsOf(before ? together(before, numbers) : numbers)));
  }

  /** @param {number} itemId @param {number} slice @param {number} pixels @returns {Uint32Array | null} */
  get(itemId, slice, pixels) {
    const runs = this.#of.get(itemId)?.get(slice);
    return runs ? numbersOf(runs, pixels) : null;
  }

  /** Whether any slice of these has some. @param {{ itemId: number, slice: number }[]} labelled */
  any(labelled) {
    return labelled.some(({ itemId, slice }) => this.#of.get(itemId)?.has(slice));
  }

  /** @param {number} itemId */
  forget(itemId) {
    this.#of.delete(itemId);
  }

  /** Labels and numbers as one: magic, length of the labels, labels, then for each slice its number, the length of its runs, and these. @param {number} itemId @param {Uint8Array} labels @returns {Uint8Array} */
  beside(itemId, labels) {
    const slices = [...(this.#of.get(itemId) ?? [])];
    if (slices.length === 0) return labels;
    const words = slices.flatMap(([slice, runs]) => [slice, runs.length, ...runs]);
    const bytes = new Uint8Array(8 + labels.length + 4 * words.length);
    const view = new DataView(bytes.buffer);
    bytes.set(MAGIC);
    view.setUint32(4, labels.length, true);
    bytes.set(labels, 8);
    words.forEach((word, i) => view.setUint32(8 + labels.length + 4 * i, word, true));
    return bytes;
  }

  /** Takes the numbers out of what `beside` gave, and gives the labels. @param {number} itemId @param {Uint8Array} bytes @returns {Uint8Array} */
  parted(itemId, bytes) {
    if (bytes.length < 8 || MAGIC.some((byte, i) => bytes[i] !== byte)) return bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = Math.min(8 + view.getUint32(4, true), bytes.length);
    const word = (/** @type {number} */ i) => view.getUint32(end + 4 * i, true);
    const count = Math.floor((bytes.length - end) / 4);
    /** @type {Map<number, Uint32Array>} */
    const slices = new Map();
    for (let i = 0; i + 1 < count;) {
      const [slice, length] = [word(i), word(i + 1)];
      if (length > count - i - 2) break;
      slices.set(
        slice,
        Uint32Array.from({ length }, (_, k) => word(i + 2 + k)),
      );
      i += 2 + length;
    }
    this.#of.set(itemId, slices);
    return bytes.subarray(8, end);
  }
}
