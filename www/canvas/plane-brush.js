/** Brush and eraser on a small view: strokes on the plane that stands upright on the slices. */
import { toVoxels } from '../pictures/planes.js';
import { depthsOf } from '../session/labelling/volume.js';
import { brushes, differs, radiusOf, valueOf } from './dabs.js';
import { PaintOver } from './paint-over.js';

/**
 * @typedef {import('../pictures/planes.js').Lie} Lie
 * @typedef {{ x: number, y: number }} Point
 *
 * @typedef {object} Ground where the picture lies
 * @property {() => Lie | null} lie
 * @property {() => { x: number, y: number, width: number, height: number }} place CSS pixels
 * @property {(event: PointerEvent) => Point | null} point pixels of the picture
 */

export class PlaneBrush {
  #session;
  #axis;
  #ground;
  #over = new PaintOver();
  element = this.#over.element;
  /** Whose stroke it is. @type {number | null} */
  #pointer = null;
  #index = 0;
  #value = 0;
  /** @type {import('../labels/client.js').Dab | null} */
  #last = null;
  /** Where the pointer is, pixels of the picture. @type {Point | null} */
  #hovered = null;

  /** @param {import('../session/session.js').Session} session @param {import('../session/volume/planes.js').Axis} axis @param {Ground} ground */
  constructor(session, axis, ground) {
    this.#session = session;
    this.#axis = axis;
    this.#ground = ground;
    session.store.on(['tool', 'labelling'], () => this.moved());
  }

  /** Whether a drag paints. */
  get inHand() {
    return brushes(this.#session.state.tool);
  }

  get painting() {
    return this.#pointer !== null && this.#session.labelling.desk.stroking;
  }

  /** @param {PointerEvent} event @returns {boolean} whether it paints, or ends a stroke */
  press(event) {
    const { desk, state } = this.#session.labelling;
    const { tool } = this.#session.state;
    const { voxel } = this.#session.volume;
    // A second finger: it was no stroke.
    if (this.painting) {
      desk.cancelStroke();
      this.#pointer = null;
      return true;
    }
    if (!this.inHand) return false;
    if (!voxel || !this.#ground.lie() || !desk.beginStroke()) return true;
    this.#pointer = event.pointerId;
    this.#index = voxel[this.#axis];
    this.#value = valueOf(event, tool, state);
    this.#last = null;
    this.#dab(event);
    return true;
  }

  /** @param {PointerEvent} event */
  move(event) {
    this.#hovered = this.#ground.point(event);
    this.moved();
    if (event.pointerId !== this.#pointer) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length > 1 ? all : [event]) this.#dab(one);
  }

  /** @param {PointerEvent} event */
  release(event) {
    if (event.pointerId !== this.#pointer) return;
    if (this.painting) this.#session.labelling.desk.endStroke();
    this.#pointer = null;
  }

  /** @param {PointerEvent} event */
  #dab(event) {
    const lie = this.#ground.lie();
    const point = this.#ground.point(event);
    const { desk, state } = this.#session.labelling;
    const { voxel } = this.#session.volume;
    // A stroke that ended with its plane goes on nowhere.
    if (!lie || !point || !this.painting || voxel?.[this.#axis] !== this.#index) return;
    const place = toVoxels(lie, point, voxel);
    const dab = { x: place[this.#axis === 1 ? 0 : 1], y: place[2], radius: radiusOf(event, state) };
    if (!differs(this.#last, dab)) return;
    desk.sweep(this.#axis, this.#index, this.#last ?? dab, dab, this.#value);
    this.#last = dab;
  }

  leave() {
    this.#hovered = null;
    this.moved();
  }

  /** Shows the brush: a circle in millimetres, whatever the voxels. */
  moved() {
    const lie = this.#ground.lie();
    const item = this.#session.current;
    this.element.dataset.tool = this.#session.state.tool;
    if (!lie || !item?.scan || !this.#hovered || !this.inHand) return this.#over.cursor(null);
    const { spacing } = depthsOf(item.scan, item.slice);
    const place = this.#ground.place();
    const across = place.width / lie.width,
      down = place.height / lie.height;
    const radius = (this.#session.state.labelling.size / 2) * spacing[0];
    this.#over.cursor({
      x: place.x + this.#hovered.x * across,
      y: place.y + this.#hovered.y * down,
      radius: (radius / spacing[lie.across.axis]) * across,
      high: (radius / spacing[lie.down.axis]) * down,
      erases: this.#session.state.tool === 'eraser',
    });
  }
}
