/** Pointer, wheel and touch on the canvas, as panning, zooming, windowing, painting and hovering. */

/**
 * @typedef {object} Meaning
 * @property {(dx: number, dy: number) => void} panBy
 * @property {(factor: number, x: number, y: number) => void} zoomAt
 * @property {(dx: number, dy: number) => void} windowBy
 * @property {() => void} windowBack
 * @property {(x: number | null, y: number | null) => void} hover
 * @property {(x: number, y: number) => void} tap pressed and let go at one place, with nothing that paints
 * @property {() => import('../session/state.js').Tool} tool
 * @property {import('./paint.js').Paint} paint
 */

export class Gestures {
  #element;
  #meaning;
  /** Where each finger or button is. @type {Map<number, { x: number, y: number }>} */
  #down = new Map();
  /** @type {'pan' | 'window' | 'paint' | null} */
  #drag = null;
  #space = false;
  /** Where the press began that may still be a tap. @type {{ x: number, y: number } | null} */
  #tapped = null;
  /** Whether the key is down; a pinch on a touchpad says so, too, without one. */
  #control = false;
  /** A pen that touches the canvas: the palm beside it means nothing. @type {number | null} */
  #pen = null;

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
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    if ((event.altKey || (event.ctrlKey && this.#control)) && this.#meaning.paint.wheel(event.deltaY)) return;
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
    // A pinch on a touchpad comes as a wheel with ctrl and small steps.
    const speed = event.ctrlKey ? 0.01 : 0.0016;
    const { x, y } = this.#at(event);
    this.#meaning.zoomAt(Math.exp(-Math.max(-400, Math.min(400, event.deltaY * lines)) * speed), x, y);
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (this.#down.size >= 2 || this.#pen !== null) return;
    this.#element.setPointerCapture(event.pointerId);
    const at = this.#at(event);
    this.#down.set(event.pointerId, at);
    const { paint, tool } = this.#meaning;
    if (this.#down.size === 2) {
      // Two fingers pinch; what one of them has begun to paint was not meant.
      if (this.#drag === 'paint') paint.giveUp();
      this.#drag = 'pan';
    } else if (event.button === 2) this.#drag = 'window';
    else if (event.button === 1 || this.#space) this.#drag = 'pan';
    else this.#drag = paint.press(event, at) ? 'paint' : tool() === 'window' ? 'window' : 'pan';
    if (this.#drag === 'paint' && event.pointerType === 'pen') this.#pen = event.pointerId;
    this.#tapped = this.#drag === 'pan' && this.#down.size === 1 && event.button === 0 && !this.#space ? at : null;
    this.#element.classList.toggle('grabbing', this.#drag === 'pan');
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.#pen !== null && event.pointerId !== this.#pen) return;
    const at = this.#at(event);
    const before = this.#down.get(event.pointerId);
    this.#meaning.hover(at.x, at.y);
    if (!before) return;
    const other = [...this.#down].find(([id]) => id !== event.pointerId)?.[1];
    this.#down.set(event.pointerId, at);
    if (other) return this.#pinch(other, before, at);
    const dx = at.x - before.x,
      dy = at.y - before.y;
    if (this.#tapped && Math.hypot(at.x - this.#tapped.x, at.y - this.#tapped.y) > 3) this.#tapped = null;
    if (this.#drag === 'paint') this.#meaning.paint.move(event, at);
    else if (this.#drag === 'window') this.#meaning.windowBy(dx, dy);
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
    const { paint } = this.#meaning;
    if (this.#drag === 'paint' && event.type === 'pointercancel') paint.giveUp();
    else if (this.#drag === 'paint') paint.release(event, this.#at(event));
    if (this.#tapped && event.type === 'pointerup') this.#meaning.tap(this.#tapped.x, this.#tapped.y);
    this.#tapped = null;
    this.#drag = null;
    this.#pen = null;
    this.#element.classList.remove('grabbing');
    if (event.pointerType === 'touch') this.#meaning.hover(null, null);
  }
}
