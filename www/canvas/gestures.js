/** Pointer, wheel and touch on the canvas, as panning, zooming, windowing, scrolling, and what tools do. */
import { Turns } from './turns.js';
import { turned } from './viewport.js';

/** @typedef {{ x: number, y: number }} Point */

/**
 * What takes a press in hand: it then gets all movements until the pointer is let go.
 * @typedef {object} Hand
 * @property {(event: PointerEvent, at: Point) => boolean} press whether it takes it
 * @property {(event: PointerEvent, at: Point) => void} move
 * @property {(event: PointerEvent, at: Point) => void} release
 * @property {() => void} giveUp a second finger: it was no stroke but a pinch
 */

/**
 * Places are CSS pixels from the canvas's corner; of a mirrored canvas from its right one.
 * @typedef {object} Meaning
 * @property {(dx: number, dy: number) => void} panBy
 * @property {(factor: number, x: number, y: number) => void} zoomAt
 * @property {(dx: number, dy: number) => void} windowBy
 * @property {() => void} windowBack
 * @property {(x: number | null, y: number | null, shift?: boolean) => void} hover `shift`: the key is held and nothing is pressed
 * @property {() => void} press whatever it will be
 * @property {(x: number, y: number) => void} tap pressed and let go at one place, with nothing that paints
 * @property {() => import('../session/state.js').Tool} tool
 * @property {() => boolean} mirrored
 * @property {(() => ((steps: number) => void) | null)} scroll goes through slices; null where there is one
 * @property {Hand[]} hands the first that takes a press has it
 * @property {(turn: number) => boolean} resize changes the size of the brush; whether there is one
 */

export class Gestures {
  #element;
  #meaning;
  /** Where each finger or button is. @type {Map<number, { x: number, y: number }>} */
  #down = new Map();
  /** @type {'pan' | 'window' | Hand | null} */
  #drag = null;
  #space = false;
  /** Where the press began that may still be a tap. @type {{ x: number, y: number } | null} */
  #tapped = null;
  /** Whether the key is down; a pinch on a touchpad says so, too, without one. */
  #control = false;
  /** A pen that touches the canvas: the palm beside it means nothing. @type {number | null} */
  #pen = null;
  #turns = new Turns();

  /** @param {HTMLElement} element @param {Meaning} meaning */
  constructor(element, meaning) {
    this.#element = element;
    this.#meaning = meaning;
    element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    element.addEventListener('pointerdown', (event) => this.#press(event));
    element.addEventListener('pointermove', (event) => this.#move(event));
    for (const end of ['pointerup', 'pointercancel'])
      element.addEventListener(end, (event) => this.#release(/** @type {PointerEvent} */ (event)));
    element.addEventListener('pointerleave', () => this.#down.size === 0 && meaning.hover(null, null));
    element.addEventListener('dblclick', () => meaning.tool() === 'window' && meaning.windowBack());
    element.addEventListener('contextmenu', (event) => event.preventDefault());
    // The middle button would start the browser's own scrolling.
    element.addEventListener('mousedown', (event) => event.button === 1 && event.preventDefault());
    document.addEventListener('keydown', (event) => this.#key(event, true));
    document.addEventListener('keyup', (event) => this.#key(event, false));
    addEventListener('blur', () => {
      this.#control = false;
      this.#hold(false);
    });
  }

  /** @param {KeyboardEvent} event @param {boolean} down */
  #key(event, down) {
    this.#control = event.ctrlKey;
    if (event.key !== ' ') return;
    const target = /** @type {Element} */ (event.target);
    // Space presses a button that has the focus.
    if (target.matches('button, input, select, textarea, summary, a') || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    this.#hold(down);
  }

  /** @param {boolean} space */
  #hold(space) {
    this.#space = space;
    this.#element.classList.toggle('panning', space);
  }

  /** @param {MouseEvent} event */
  #at(event) {
    const box = this.#element.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    return turned(at, box, this.#meaning.mirrored());
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const scroll = this.#meaning.scroll();
    // Where a plain wheel goes through slices, Ctrl is left for zooming.
    const sizes = event.altKey || (event.ctrlKey && this.#control && !scroll);
    if (sizes && this.#meaning.resize(event.deltaY)) return;
    if (scroll && !event.ctrlKey && !event.metaKey) {
      const steps = this.#turns.steps(event);
      if (steps !== 0) scroll(steps);
      return;
    }
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
    // A pinch on a touchpad comes as a wheel with ctrl and small steps.
    const speed = event.ctrlKey && !this.#control ? 0.01 : 0.0016;
    const { x, y } = this.#at(event);
    this.#meaning.zoomAt(Math.exp(-Math.max(-400, Math.min(400, event.deltaY * lines)) * speed), x, y);
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (this.#down.size >= 2 || this.#pen !== null) return;
    this.#meaning.press();
    this.#element.setPointerCapture(event.pointerId);
    const at = this.#at(event);
    this.#down.set(event.pointerId, at);
    const { hands, tool } = this.#meaning;
    if (this.#down.size === 2) {
      // Two fingers pinch; what one of them has begun to paint was not meant.
      if (typeof this.#drag === 'object') this.#drag?.giveUp();
      this.#drag = 'pan';
    } else if (event.button === 2) this.#drag = 'window';
    else if (event.button === 1 || this.#space) this.#drag = 'pan';
    else this.#drag = hands.find((hand) => hand.press(event, at)) ?? (tool() === 'window' ? 'window' : 'pan');
    if (typeof this.#drag === 'object' && event.pointerType === 'pen') this.#pen = event.pointerId;
    this.#tapped = this.#drag === 'pan' && this.#down.size === 1 && event.button === 0 && !this.#space ? at : null;
    this.#element.classList.toggle('grabbing', this.#drag === 'pan');
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.#pen !== null && event.pointerId !== this.#pen) return;
    const at = this.#at(event);
    const before = this.#down.get(event.pointerId);
    this.#meaning.hover(at.x, at.y, event.shiftKey && this.#down.size === 0);
    if (!before) return;
    const other = [...this.#down].find(([id]) => id !== event.pointerId)?.[1];
    this.#down.set(event.pointerId, at);
    if (other) return this.#pinch(other, before, at);
    const dx = at.x - before.x,
      dy = at.y - before.y;
    if (this.#tapped && Math.hypot(at.x - this.#tapped.x, at.y - this.#tapped.y) > 3) this.#tapped = null;
    if (this.#drag === 'window') this.#meaning.windowBy(this.#meaning.mirrored() ? -dx : dx, dy);
    else if (typeof this.#drag === 'object') this.#drag?.move(event, at);
    else this.#meaning.panBy(dx, dy);
  }

  /** One finger rests at `other`, one goes from `before` to `now`. @param {{ x: number, y: number }} other @param {{ x: number, y: number }} before @param {{ x: number, y: number }} now */
  #pinch(other, before, now) {
    const span = (/** @type {{ x: number, y: number }} */ p) => Math.max(Math.hypot(p.x - other.x, p.y - other.y), 1);
    this.#meaning.panBy((now.x - before.x) / 2, (now.y - before.y) / 2);
    this.#meaning.zoomAt(span(now) / span(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    if (!this.#down.delete(event.pointerId) || this.#down.size > 0) return;
    const hand = typeof this.#drag === 'object' ? this.#drag : null;
    if (event.type === 'pointercancel') hand?.giveUp();
    else hand?.release(event, this.#at(event));
    if (this.#tapped && event.type === 'pointerup') this.#meaning.tap(this.#tapped.x, this.#tapped.y);
    this.#tapped = null;
    this.#drag = null;
    this.#pen = null;
    this.#element.classList.remove('grabbing');
    if (event.pointerType === 'touch') this.#meaning.hover(null, null);
  }
}
