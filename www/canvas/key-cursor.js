/** A cursor over the image that keys move in the place of a pointer: whoever has no mouse paints, outlines, fills, measures and points with it. */
import { t } from '../strings/t.js';
import { brushes } from './dabs.js';
import { onCanvas } from './viewport.js';

/**
 * @typedef {{ x: number, y: number }} Point
 * @typedef {import('./gestures.js').Hand} Hand
 *
 * @typedef {object} Ways what the cursor does to the page
 * @property {Hand[]} hands the first that takes a press has it
 * @property {(at: Point | null, down: boolean) => void} show at a place of the canvas; null: not at all
 * @property {(at: Point) => void} reveal moves the image until a place of the canvas is in sight
 * @property {(at: Point) => void} rest what is under it is told
 * @property {(at: Point) => void} tap pressed with nothing that paints
 * @property {(key: string) => boolean} work a key for an outline or a measure at work; whether it had a meaning
 * @property {() => number} corners of an outline at work
 */

/** With Shift it goes so many steps. */
const FAR = 10;
/** Two presses by keys are never one double click, however fast: ms. */
const APART = 1000;
/** Tools that go along a line while they are down. */
const LINED = ['delete', 'merge', 'split'];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const QUIET = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'];

/**
 * A step further: a pixel of the image, or of the screen where that is larger. It stays on the image.
 * @param {Point} at pixels of the image @param {readonly number[]} way across and down @param {number} scale of the view @param {{ width: number, height: number }} image
 */
export function stepped(at, [across, down], scale, image) {
  const step = Math.max(1, 1 / scale);
  const within = (/** @type {number} */ to, /** @type {number} */ length) =>
    Math.min(Math.max(to, 0.5), Math.max(length - 0.5, 0.5));
  return { x: within(at.x + across * step, image.width), y: within(at.y + down * step, image.height) };
}

export class KeyCursor {
  #session;
  #place;
  #ways;
  /** In the middle of a pixel of the image. @type {Point | null} */
  #at = null;
  /** What is pressed. @type {Hand | null} */
  #held = null;
  /** The corner that was set last. @type {Point | null} */
  #corner = null;
  #time = 0;
  #focused = false;

  /** @param {import('../session/session.js').Session} session @param {import('./stage.js').Place} place @param {Ways} ways */
  constructor(session, place, ways) {
    this.#session = session;
    this.#place = place;
    this.#ways = ways;
    session.store.on(['keyCursor', 'currentId'], () => this.#begin());
  }

  get on() {
    return this.#session.state.keyCursor && this.#place.image() !== null;
  }

  #begin() {
    this.#held = null;
    if (!this.#session.state.keyCursor) this.#at = null;
    this.moved();
  }

  /** Whether the canvas has the focus: only there keys are heard. @param {boolean} focused */
  focus(focused) {
    this.#focused = focused;
    if (!focused) this.#lift();
    this.moved();
  }

  /** Begins in the middle of what is in sight. @param {{ width: number, height: number }} image @returns {Point} */
  #where(image) {
    if (this.#at && this.#at.x < image.width && this.#at.y < image.height) return this.#at;
    const { scale, x, y } = this.#place.view();
    const { width, height } = this.#place.size();
    const middle = { x: Math.floor((width / 2 - x) / scale) + 0.5, y: Math.floor((height / 2 - y) / scale) + 0.5 };
    return (this.#at = stepped(middle, [0, 0], scale, image));
  }

  /** The view has changed, or what is shown. */
  moved() {
    const image = this.#place.image();
    const shown = this.on && this.#focused && image ? onCanvas(this.#place.view(), this.#where(image)) : null;
    this.#ways.show(shown, this.#held !== null);
  }

  /** As a pointer's, for hands. @param {{ shiftKey: boolean }} event @returns {PointerEvent} */
  #pointer({ shiftKey }) {
    const event = { pointerType: 'keys', buttons: 1, pressure: 0, shiftKey, timeStamp: (this.#time += APART) };
    return /** @type {PointerEvent} */ (/** @type {unknown} */ (event));
  }

  /** @param {string} key @param {Record<string, string | number>} [values] */
  #tell(key, values) {
    this.#session.announce(t(key, values));
  }

  /**
   * @param {Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>} event
   * @returns {boolean} whether it had a meaning
   */
  key(event) {
    const image = this.#place.image();
    if (!this.on || !image || QUIET.includes(event.key)) return false;
    const way = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (plain && way) this.#go(way, event, image);
    else if (plain && (event.key === ' ' || event.key === 'Enter')) this.#act(event, image);
    else if (plain && event.key === 'Escape') this.#escape();
    else {
      // Another tool, another size: a stroke does not go on with that.
      if (!['[', ']', '+', '-', '='].includes(event.key)) this.#lift();
      return false;
    }
    return true;
  }

  /** @param {readonly number[]} way @param {{ shiftKey: boolean }} event @param {{ width: number, height: number }} image */
  #go([across, down], event, image) {
    const steps = event.shiftKey ? FAR : 1;
    // A mirrored image is drawn turned over: right is to its left.
    const along = this.#place.mirrored() ? -across : across;
    this.#at = stepped(this.#where(image), [along * steps, down * steps], this.#place.view().scale, image);
    this.#ways.reveal(onCanvas(this.#place.view(), this.#at));
    const at = onCanvas(this.#place.view(), this.#at);
    this.#held?.move(this.#pointer({ shiftKey: false }), at);
    this.moved();
    this.#ways.rest(at);
  }

  /** @param {{ shiftKey: boolean }} event @param {{ width: number, height: number }} image */
  #act(event, image) {
    if (this.#held) return this.#lift();
    const { tool } = this.#session.state;
    const here = this.#where(image);
    const at = onCanvas(this.#place.view(), here);
    const corners = this.#ways.corners();
    const again = corners > 0 && this.#corner?.x === here.x && this.#corner.y === here.y;
    if (again) {
      // Where the last corner is there can be no other: it closes.
      if (corners < 3) return this.#tell('keyCursor.few');
      this.#ways.work('Enter');
      return this.#tell('keyCursor.closed');
    }
    const pointer = this.#pointer(event);
    const hand = this.#ways.hands.find((one) => one.press(pointer, at));
    if (!hand) this.#ways.tap(at);
    else if (brushes(tool) || LINED.includes(tool)) {
      this.#held = hand;
      this.#tell('keyCursor.down');
    } else {
      hand.release(pointer, at);
      const now = this.#ways.corners();
      this.#corner = now > 0 ? here : null;
      if (now > 0) this.#tell('keyCursor.corner', { count: now });
      else this.#tell(corners > 0 ? 'keyCursor.closed' : 'keyCursor.pressed');
    }
    this.moved();
    this.#ways.rest(at);
  }

  /** Ends the stroke. */
  #lift() {
    const hand = this.#held;
    if (!hand || !this.#at) return;
    this.#held = null;
    hand.release(this.#pointer({ shiftKey: false }), onCanvas(this.#place.view(), this.#at));
    this.#tell('keyCursor.up');
    this.moved();
  }

  /** Takes back what is at work; with nothing at work it is over. */
  #escape() {
    const hand = this.#held;
    this.#held = null;
    if (hand) hand.giveUp();
    if (hand || this.#ways.work('Escape')) this.#tell('keyCursor.givenUp');
    else this.#session.display.steer(false);
    this.moved();
  }
}
