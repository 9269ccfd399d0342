/** Objects corrected by hand: what was drawn over which slice, and undo. What a correction does is up to the engine. */

/**
 * @typedef {import('../../../pkg/insitu.js').ObjectEdit} Edit
 * @typedef {import('../state.js').Item} Item
 * @typedef {import('./state.js').CorrectingTool} CorrectingTool
 */

/** Under which name a file has the corrections of a slice: they were made on the objects of one model. @param {number} slice @param {string} modelId */
const placeOf = (slice, modelId) => `${slice}/${modelId}`;

/** @param {Item} item @param {number} slice @param {string} modelId @returns {Edit[]} */
export const correctionsOf = ({ corrections }, slice, modelId) => corrections[placeOf(slice, modelId)] ?? [];

export class Corrections {
  #session;
  /** What was taken back, by file and slice. @type {Map<string, Edit[]>} */
  #undone = new Map();

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** Of what is shown. */
  get #here() {
    const item = this.#session.current;
    const { modelId } = this.#session.state;
    return item && modelId
      ? { item, place: placeOf(item.slice, modelId), key: `${item.id}/${item.slice}/${modelId}` }
      : null;
  }

  /** Whether there are objects to be corrected. */
  get ready() {
    const { found } = this.#session.state.objects;
    return found !== null && this.#here !== null;
  }

  /** Of the slice that is shown. @returns {Edit[]} */
  get edits() {
    const here = this.#here;
    return here ? (here.item.corrections[here.place] ?? []) : [];
  }

  /** How many steps there are either way. */
  get steps() {
    const here = this.#here;
    return { undo: this.edits.length, redo: here ? (this.#undone.get(here.key)?.length ?? 0) : 0 };
  }

  /** @param {Edit[]} edits @param {Edit[]} undone */
  #put(edits, undone) {
    const here = this.#here;
    if (!here) return;
    this.#undone.set(here.key, undone);
    const { [here.place]: _, ...others } = here.item.corrections;
    this.#session.change(here.item.id, {
      corrections: edits.length > 0 ? { ...others, [here.place]: edits } : others,
    });
  }

  /** @param {CorrectingTool} deed @param {Float64Array | number[]} points x and y in turn, pixels of the image @param {number} objectClass of what is drawn */
  add(deed, points, objectClass) {
    // A tenth of a pixel says all that a hand can.
    const fine = Array.from(points, (value) => Math.round(value * 10) / 10);
    this.#put([...this.edits, { deed, points: fine, class: objectClass }], []);
  }

  /** The last one did nothing. */
  drop() {
    this.#put(this.edits.slice(0, -1), []);
  }

  /** @returns {boolean} whether there was anything */
  undo() {
    const here = this.#here;
    const last = this.edits.at(-1);
    if (!here || !last) return false;
    this.#put(this.edits.slice(0, -1), [...(this.#undone.get(here.key) ?? []), last]);
    return true;
  }

  /** @returns {boolean} whether there was anything */
  redo() {
    const here = this.#here;
    const undone = here ? (this.#undone.get(here.key) ?? []) : [];
    const next = undone.at(-1);
    if (!next) return false;
    this.#put([...this.edits, next], undone.slice(0, -1));
    return true;
  }
}
