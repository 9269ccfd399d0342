/**
 * A region that is being outlined: corner by corner with clicks, or in one go with a drag. Coordinates are pixels of the
 * image; distances that a hand or an eye judges are CSS pixels of the screen, of which the image's have `scale`.
 *
 * @typedef {{ x: number, y: number }} Point
 */

/** A press that moves less is a click, CSS pixels. */
const STILL = 4;
/** So near to the first corner a click closes. */
const NEAR = 9;
/** Corners of a drag are so far apart. */
const STEP = 3;
/** Two clicks within this are one double click, ms. */
const DOUBLE = 400;

export class Outline {
  /** @type {Point[]} */
  corners = [];
  /** Where the pointer is, for the line that follows it. @type {Point | null} */
  #pointer = null;
  /** @type {Point | null} */
  #pressed = null;
  #dragged = false;
  /** How many corners there were before the drag. */
  #before = 0;
  /** @type {{ at: Point, time: number } | null} */
  #lastClick = null;

  get open() {
    return this.corners.length > 0;
  }

  get dragging() {
    return this.#dragged;
  }

  /** @param {Point} at */
  press(at) {
    this.#pressed = at;
    this.#pointer = at;
    this.#dragged = false;
    this.#before = this.corners.length;
  }

  /** @param {Point} at @param {number} scale */
  move(at, scale) {
    this.#pointer = at;
    const from = this.#pressed;
    if (!from) return;
    if (!this.#dragged) {
      if (far(from, at) * scale < STILL) return;
      this.#dragged = true;
      this.corners.push(from);
    }
    const last = this.corners[this.corners.length - 1];
    if (far(last, at) * scale >= STEP) this.corners.push(at);
  }

  /** @param {Point} at @param {number} scale @param {number} time ms @returns {boolean} whether the region is closed */
  release(at, scale, time) {
    if (!this.#pressed) return false;
    this.#pressed = null;
    if (this.#dragged) {
      this.#dragged = false;
      // A drag alone is a lasso; after clicks it is a piece of the outline drawn by hand.
      return this.#before === 0 && this.corners.length > 2;
    }
    const last = this.#lastClick;
    this.#lastClick = { at, time };
    const double = last !== null && this.open && time - last.time < DOUBLE && far(last.at, at) * scale < STILL + 2;
    if (double) return this.corners.length > 2;
    if (this.corners.length > 2 && far(this.corners[0], at) * scale <= NEAR) return true;
    this.corners.push(at);
    return false;
  }

  /** A press that means something else: a pinch. */
  letGo() {
    if (this.#dragged) this.corners.length = this.#before;
    this.#pressed = null;
    this.#dragged = false;
    this.#pointer = null;
  }

  /** Takes the last corner back. */
  back() {
    this.corners.pop();
  }

  clear() {
    this.corners = [];
    this.#pressed = null;
    this.#dragged = false;
    this.#lastClick = null;
  }

  /** The region, and an end of the outline; null if it is none. @returns {Float64Array | null} x and y in turn */
  close() {
    const { corners } = this;
    this.clear();
    return corners.length > 2 ? Float64Array.from(corners.flatMap(({ x, y }) => [x, y])) : null;
  }

  /** What is to be drawn: the corners and the pointer. @returns {Point[]} */
  get line() {
    return this.open && this.#pointer && !this.#dragged ? [...this.corners, this.#pointer] : this.corners;
  }

  /** Whether a click here would close. @param {number} scale */
  nearStart(scale) {
    return (
      !this.#dragged &&
      this.corners.length > 2 &&
      this.#pointer !== null &&
      far(this.corners[0], this.#pointer) * scale <= NEAR
    );
  }

  /** The pointer has left. */
  leave() {
    this.#pointer = null;
  }
}

/** @param {Point} a @param {Point} b */
const far = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
