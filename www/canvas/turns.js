/** A wheel's movement as whole steps: a notch of a mouse is one, and the fine movements of a touchpad add up. */

/** More than so much at once is a notch of a mouse, pixels. */
const NOTCH = 50;
/** What a notch is with most mice. */
const FULL = 100;
/** Of a touchpad, one step. */
const FINE = 24;
/** Pixels of a line. */
const LINE = 33;

export class Turns {
  #rest = 0;

  /** @param {{ deltaY: number, deltaMode: number }} event of the wheel @returns {number} down is positive */
  steps({ deltaY, deltaMode }) {
    const turn = deltaMode === 0 ? deltaY : deltaY * LINE;
    if (Math.abs(turn) >= NOTCH) {
      this.#rest = 0;
      return Math.sign(turn) * Math.max(1, Math.round(Math.abs(turn) / FULL));
    }
    // The other way round begins anew.
    if (this.#rest * turn < 0) this.#rest = 0;
    this.#rest += turn;
    // Not a zero with a sign.
    const steps = Math.trunc(this.#rest / FINE) || 0;
    this.#rest -= steps * FINE;
    return steps;
  }
}
