/** Pointer events as calls of tools: strokes of brush and eraser, outlines, clicks of flood and wand. */
import { paints } from '../session/labelling/state.js';
import { corrects } from '../session/objects/state.js';
import { brushes, differs, radiusOf, valueOf } from './dabs.js';
import { Outline } from './outline.js';
import { PaintOver } from './paint-over.js';
import { inImage, onCanvas } from './viewport.js';

/** @typedef {{ x: number, y: number }} Point */

/** A click of a finger may move so much, CSS pixels. */
const CLICK = 10;
/** Turn of a wheel that is one step of the brush's size. */
const NOTCH = 40;
/** How long the size of the brush is shown after it changed, ms. */
const PREVIEW = 1000;
const OUTLINED = ['polygon', 'smooth', 'accept', 'wand', 'draw'];
/** Tools that go along a line, and how far apart its points are, CSS pixels. */
const LINED = ['delete', 'merge', 'split'];
const STEP = 2;

export class Paint {
  #session;
  #place;
  #over = new PaintOver();
  element = this.#over.element;
  #outline = new Outline();
  /** The last dab of the stroke. @type {import('../labels/client.js').Dab | null} */
  #last = null;
  #value = 0;
  /** Where a click began, CSS pixels. @type {Point | null} */
  #clicked = null;
  /** @type {Point | null} */
  #hovered = null;
  #turned = 0;
  /** A line at work, pixels of the image. @type {Point[]} */
  #line = [];
  /** While the size changes and the pointer is elsewhere, the brush is shown in the middle. @type {ReturnType<typeof setTimeout> | undefined} */
  #preview;

  /**
   * @param {import('../session/session.js').Session} session
   * @param {{ view(): import('./viewport.js').View, image(): { width: number, height: number } | null, mirrored(): boolean }} place
   */
  constructor(session, place) {
    this.#session = session;
    this.#place = place;
    session.labelling.takeBack = () => this.key('Backspace');
    let shown = '';
    let { size } = session.state.labelling;
    session.store.on(['tool', 'currentId', 'items', 'labelling'], ({ tool, currentId, labelling }) => {
      // An outline belongs to its tool and its slice.
      const now = [tool, currentId, session.current?.slice].join();
      if (now !== shown) this.giveUp(true);
      shown = now;
      this.#over.element.dataset.tool = tool;
      const colour = labelling.classes[labelling.ink - 1]?.colour ?? '#ffffff';
      this.#over.element.style.setProperty('--ink', colour);
      if (labelling.size !== size) this.#showSize();
      size = labelling.size;
      this.moved();
    });
  }

  get #tool() {
    return this.#session.state.tool;
  }

  /** In pixels of the image. @param {Point} at CSS pixels from the canvas's corner @returns {Point} */
  #inImage(at) {
    return inImage(this.#place.view(), at);
  }

  /** @param {PointerEvent} event @param {Point} at CSS pixels from the canvas's corner @returns {boolean} whether it is painting */
  press(event, at) {
    const tool = this.#tool;
    const { labelling, objects } = this.#session;
    const can = paints(tool) || (corrects(tool) && objects.corrections.ready);
    if (!can || !this.#place.image()) return false;
    this.#value = valueOf(event, tool, labelling.state);
    this.#clicked = at;
    if (LINED.includes(tool)) {
      this.#line = [this.#inImage(at)];
      this.#drawOutline();
    } else if (brushes(tool)) {
      if (!labelling.desk.beginStroke()) return false;
      this.#last = null;
      this.#dab(event, at);
    } else if (OUTLINED.includes(tool)) {
      this.#outline.press(this.#inImage(at));
      this.#drawOutline();
    }
    return true;
  }

  /** @param {PointerEvent} event @param {Point} at */
  move(event, at) {
    if (brushes(this.#tool)) {
      // Between two frames a pen reports many places; a curve needs them all.
      const all = event.getCoalescedEvents?.() ?? [];
      if (all.length < 2) return this.#dab(event, at);
      const along = this.#place.mirrored() ? -1 : 1;
      for (const one of all)
        this.#dab(one, { x: at.x + along * (one.clientX - event.clientX), y: at.y + one.clientY - event.clientY });
      return;
    }
    if (this.#line.length > 0) {
      const here = this.#inImage(at);
      const last = this.#line[this.#line.length - 1];
      if (Math.hypot(here.x - last.x, here.y - last.y) * this.#place.view().scale >= STEP) this.#line.push(here);
      this.#drawOutline();
    } else if (OUTLINED.includes(this.#tool)) {
      this.#outline.move(this.#inImage(at), this.#place.view().scale);
      this.#drawOutline();
    }
  }

  /** @param {PointerEvent} event @param {Point} at */
  release(event, at) {
    const { labelling } = this.#session;
    const tool = this.#tool;
    const pressed = this.#clicked;
    this.#clicked = null;
    if (!pressed) return;
    if (this.#line.length > 0) {
      const points = this.#line.flatMap(({ x, y }) => [x, y]);
      this.#line = [];
      this.#drawOutline();
      if (corrects(tool)) void this.#session.objects.correct(tool, points);
    } else if (brushes(tool)) {
      this.#last = null;
      labelling.desk.endStroke();
    } else if (tool === 'flood') {
      if (Math.hypot(at.x - pressed.x, at.y - pressed.y) <= CLICK) this.#pour(this.#inImage(pressed), null);
    } else if (tool === 'wand') {
      const closed = this.#outline.release(this.#inImage(at), this.#place.view().scale, event.timeStamp);
      const region = this.#outline.close();
      this.#pour(this.#inImage(pressed), closed ? region : null);
      this.#drawOutline();
    } else if (this.#outline.release(this.#inImage(at), this.#place.view().scale, event.timeStamp)) {
      this.#commit();
    } else {
      this.#drawOutline();
    }
  }

  /** Flood or wand. @param {Point} at pixels of the image @param {Float64Array | null} where */
  #pour(at, where) {
    const image = this.#place.image();
    if (!image || at.x < 0 || at.y < 0 || at.x >= image.width || at.y >= image.height) return;
    const { labelling } = this.#session;
    if (this.#tool === 'flood') void labelling.flood(at.x, at.y, this.#value);
    else void labelling.wand(at.x, at.y, where, this.#value);
  }

  /** @param {PointerEvent} event @param {Point} at */
  #dab(event, at) {
    const { labelling } = this.#session;
    // A stroke that ended with its slice goes on nowhere.
    if (!labelling.desk.stroking) return;
    const dab = { ...this.#inImage(at), radius: radiusOf(event, labelling.state) };
    if (!differs(this.#last, dab)) return;
    labelling.desk.brush(this.#last ?? dab, dab, this.#value);
    this.#last = dab;
  }

  /** Closes the outline. */
  #commit() {
    const points = this.#outline.close();
    this.#drawOutline();
    if (!points) return;
    const { labelling, objects } = this.#session;
    if (this.#tool === 'draw') void objects.correct('draw', points);
    else if (this.#tool === 'polygon') void labelling.polygon(points, this.#value);
    else if (this.#tool === 'smooth') void labelling.smooth(points);
    else if (this.#tool === 'accept') void labelling.accept(points);
  }

  /** A second finger: it was no stroke but a pinch. @param {boolean} [all] the corners clicked before, too */
  giveUp(all = false) {
    this.#clicked = null;
    this.#last = null;
    this.#line = [];
    // When the slice changes, the stroke ends by itself and stays.
    if (!all) this.#session.labelling.desk.cancelStroke();
    if (all) this.#outline.clear();
    else this.#outline.letGo();
    this.#drawOutline();
  }

  /** Keys of an outline or a stroke at work. @param {string} key @returns {boolean} whether it had a meaning */
  key(key) {
    if (key === 'Escape' && (this.#session.labelling.desk.stroking || this.#line.length > 0)) this.giveUp();
    else if (!this.#outline.open || this.#outline.dragging) return false;
    else if (key === 'Enter') {
      if (this.#outline.corners.length > 2) this.#commit();
    } else if (key === 'Escape') this.#outline.clear();
    else if (key === 'Backspace') this.#outline.back();
    else return false;
    this.#drawOutline();
    return true;
  }

  /** A wheel with Alt or Ctrl changes the size of the brush. @param {number} turn @returns {boolean} whether there is a brush */
  wheel(turn) {
    if (!brushes(this.#tool)) return false;
    this.#turned += turn;
    for (; Math.abs(this.#turned) >= NOTCH; this.#turned -= Math.sign(this.#turned) * NOTCH) {
      this.#session.labelling.grow(this.#turned < 0 ? 1 : -1);
    }
    return true;
  }

  /** @param {Point | null} at CSS pixels from the canvas's corner; null when the pointer has left */
  hover(at) {
    this.#hovered = at;
    if (this.#outline.open && this.#clicked === null) {
      if (at) this.#outline.move(this.#inImage(at), this.#place.view().scale);
      else this.#outline.leave();
      this.#drawOutline();
    }
    this.#drawCursor();
  }

  #showSize() {
    clearTimeout(this.#preview);
    this.#preview = setTimeout(() => {
      this.#preview = undefined;
      this.#drawCursor();
    }, PREVIEW);
  }

  #middle() {
    const { width, height } = this.element.getBoundingClientRect();
    return { x: width / 2, y: height / 2 };
  }

  #drawCursor() {
    const at = this.#hovered ?? (this.#preview === undefined ? null : this.#middle());
    const brush = brushes(this.#tool);
    const { size } = this.#session.state.labelling;
    this.#over.cursor(
      at && brush && this.#place.image()
        ? { ...at, radius: (size / 2) * this.#place.view().scale, erases: this.#tool === 'eraser' }
        : null,
    );
  }

  #drawOutline() {
    const view = this.#place.view();
    const line = this.#line.length > 0 ? this.#line : this.#outline.line;
    const points = line.map((point) => onCanvas(view, point));
    this.#over.outline(points, this.#outline.nearStart(view.scale));
  }

  /** Of an outline at work. */
  get corners() {
    return this.#outline.corners.length;
  }

  /** The cursor that keys move. @param {Point | null} at CSS pixels from the canvas's corner @param {boolean} down */
  steered(at, down) {
    this.#over.steered(at, down);
    this.hover(at);
  }

  /** The view has changed, or the brush. */
  moved() {
    this.#drawCursor();
    if (this.#outline.open) this.#drawOutline();
  }
}
