/**
 * A small view of a volume: a plane that stands upright on the slices, with its labels and the crosshair, which a click or a drag moves unless a brush
 * is in hand.
 */
import { h, say, svg } from '../elements/dom.js';
import { extent, onPlane, under } from '../pictures/planes.js';
import { planeName, sizesOf } from '../session/volume/space.js';
import { t } from '../strings/t.js';
import { crossLines } from './crosshair.js';
import { sideLetters } from './letters.js';
import { PlaneBrush } from './plane-brush.js';
import { PlaneLabels } from './plane-labels.js';
import { Turns } from './turns.js';

/** Beside the picture, CSS pixels: the letters stand there. */
const MARGIN = 18;
/** What stays free around the middle of the crosshair, CSS pixels. */
const FREE = 9;

export class PlaneView {
  #session;
  #axis;
  #canvas = h('canvas', {});
  #lines = crossLines();
  #letters = sideLetters();
  #name = h('span', { class: 'plane-name' });
  #over = svg('svg', { class: 'volume-over', 'aria-hidden': 'true' }, this.#lines.element);
  element = h(
    'div',
    { class: 'plane', tabindex: 0, role: 'slider' },
    this.#canvas,
    this.#over,
    ...this.#letters.elements,
    this.#name,
  );
  /** @type {import('../api.d.ts').Plane | null} */
  #plane = null;
  #size = { width: 0, height: 0 };
  #ratio = 1;
  #turns = new Turns();
  /** The mask on the plane. @type {OffscreenCanvas | null} */
  #mask = null;
  #brush;
  #labels = new PlaneLabels();
  /** @type {import('../session/volume/label-planes.js').Labels | null} */
  #labelled = null;
  #classes = '';

  /** @param {import('../session/session.js').Session} session @param {import('../session/volume/planes.js').Axis} axis that stands upright on it */
  constructor(session, axis) {
    this.#session = session;
    this.#axis = axis;
    this.#brush = new PlaneBrush(session, axis, {
      lie: () => this.#plane,
      place: () => this.#place(),
      point: (event) => this.#point(event),
    });
    this.#over.after(this.#brush.element);
    session.volume.planes.show[axis] = (plane) => {
      this.#plane = plane;
      this.#letters.put(plane?.letters ?? null);
      this.#cover();
      this.#relabel();
    };
    session.store.on(['mask', 'maskShown', 'opacity', 'hidden', 'colours', 'threshold', 'saving'], () => {
      if (this.#cover()) this.#draw();
    });
    session.volume.labels.show[axis] = (labels) => {
      this.#labelled = labels;
      this.#relabel();
    };
    session.store.on(['labelling'], ({ labelling }) => {
      const classes = labelling.classes.map(({ colour }) => colour).join();
      if (classes === this.#classes) return;
      this.#classes = classes;
      this.#relabel();
    });
    session.store.on(['items', 'currentId', 'volume', 'tool', 'language'], () => this.#tell());
    const { element } = this;
    new ResizeObserver(() => this.#resized()).observe(element);
    element.addEventListener('pointerdown', (event) => {
      const erases = this.#brush.inHand && (event.buttons & 32) !== 0;
      if (event.button !== 0 && !erases) return;
      element.setPointerCapture(event.pointerId);
      if (!this.#brush.press(event)) this.#to(event);
    });
    element.addEventListener('pointermove', (event) => {
      this.#brush.move(event);
      const drags = event.buttons & 1 && element.hasPointerCapture(event.pointerId);
      if (drags && !this.#brush.inHand) this.#to(event);
    });
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel']))
      element.addEventListener(end, (event) => this.#brush.release(event));
    element.addEventListener('pointerleave', () => this.#brush.leave());
    element.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const steps = this.#turns.steps(event);
        // As on the slices: with Alt the wheel changes the size of a brush.
        if (event.altKey && this.#brush.inHand) this.#grow(-steps);
        else if (!event.ctrlKey) this.#step(steps);
      },
      { passive: false },
    );
    element.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
      if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.#step(step);
    });
  }

  /** Along its own axis. @param {number} steps */
  #step(steps) {
    const { voxel } = this.#session.volume;
    // Nobody paints on one plane and sees another.
    if (!voxel || steps === 0 || this.#brush.painting) return;
    voxel[this.#axis] += steps;
    this.#session.volume.moveTo(voxel);
  }

  /** @param {number} steps */
  #grow(steps) {
    for (let i = 0; i < Math.abs(steps); i++) this.#session.labelling.grow(steps > 0 ? 1 : -1);
  }

  /** The labels of the plane that is pointed at, if those came. */
  #relabel() {
    const { voxel } = this.#session.volume;
    const { classes } = this.#session.state.labelling;
    const labelled = this.#labelled;
    const now = labelled?.id === this.#session.state.currentId && labelled?.index === voxel?.[this.#axis];
    this.#labels.put(this.#plane, now ? (labelled?.values ?? null) : null, classes);
    this.#draw();
  }

  /** Where the picture lies, CSS pixels: as large as there is room, in the proportions of the patient. */
  #place() {
    const { width, height } = this.#plane ? extent(this.#plane) : { width: 1, height: 1 };
    const scale = Math.max(
      Math.min((this.#size.width - 2 * MARGIN) / width, (this.#size.height - 2 * MARGIN) / height),
      0,
    );
    return {
      x: (this.#size.width - width * scale) / 2,
      y: (this.#size.height - height * scale) / 2,
      width: width * scale,
      height: height * scale,
    };
  }

  /** Pixels of the picture. @param {PointerEvent} event */
  #point(event) {
    const plane = this.#plane;
    if (!plane) return null;
    const box = this.element.getBoundingClientRect();
    const place = this.#place();
    if (place.width === 0 || place.height === 0) return null;
    return {
      x: ((event.clientX - box.left - place.x) / place.width) * plane.width,
      y: ((event.clientY - box.top - place.y) / place.height) * plane.height,
    };
  }

  /** @param {PointerEvent} event */
  #to(event) {
    const { voxel } = this.#session.volume;
    const point = this.#point(event);
    if (this.#plane && voxel && point) this.#session.volume.moveTo(under(this.#plane, point, voxel));
  }

  /** Looks for the mask anew. @returns {boolean} whether there is something to draw or to take away */
  #cover() {
    const had = this.#mask !== null;
    const plane = this.#plane;
    const pixels = plane && this.#session.volume.maskOn(plane, this.#axis);
    this.#mask = pixels && new OffscreenCanvas(plane.width, plane.height);
    if (pixels) this.#mask?.getContext('2d')?.putImageData(new ImageData(pixels, plane.width, plane.height), 0, 0);
    return had || this.#mask !== null;
  }

  #resized() {
    this.#ratio = devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.element;
    this.#size = { width, height };
    this.#canvas.width = Math.max(1, Math.round(width * this.#ratio));
    this.#canvas.height = Math.max(1, Math.round(height * this.#ratio));
    this.#draw();
  }

  #draw() {
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext('2d'));
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (this.#plane && this.#size.width > 0) {
      const { x, y, width, height } = this.#place();
      const [left, top, right, bottom] = [x, y, x + width, y + height].map((at) => Math.round(at * this.#ratio));
      // Large voxels are shown as what they are, as on the large view.
      context.imageSmoothingEnabled = right - left < 2 * this.#plane.width || bottom - top < 2 * this.#plane.height;
      context.imageSmoothingQuality = 'high';
      const place = /** @type {const} */ ([left, top, Math.max(right - left, 1), Math.max(bottom - top, 1)]);
      context.drawImage(this.#plane.picture, ...place);
      context.imageSmoothingEnabled = false;
      context.globalAlpha = this.#session.state.opacity;
      if (this.#mask) context.drawImage(this.#mask, ...place);
      context.globalAlpha = 1;
      this.#labels.draw(context, ...place);
    }
    this.#cross();
    this.#brush.moved();
  }

  #cross() {
    const { voxel } = this.#session.volume;
    const plane = this.#plane;
    if (!plane || !voxel) return this.#lines.put(null, this.#size);
    const place = this.#place();
    const at = onPlane(plane, voxel);
    const middle = {
      x: place.x + (at.x / plane.width) * place.width,
      y: place.y + (at.y / plane.height) * place.height,
    };
    this.#lines.put(middle, this.#size, FREE);
  }

  /** Its name, and where it is, for people who do not see it, too. */
  #tell() {
    const scan = this.#session.current?.scan;
    const { voxel } = this.#session.volume;
    if (!scan || !voxel) return;
    const name = t(`plane.${planeName(scan, this.#axis)}`);
    const count = sizesOf(scan)[this.#axis];
    const at = voxel[this.#axis] + 1;
    say(this.#name, name);
    this.#letters.put(this.#plane?.letters ?? null);
    this.element.title = t(this.#brush.inHand ? 'plane.title.paint' : 'plane.title');
    const told = {
      label: name,
      valuemin: 1,
      valuemax: count,
      valuenow: at,
      valuetext: t('slices.of', { slice: at, count }),
    };
    for (const [key, value] of Object.entries(told)) this.element.setAttribute(`aria-${key}`, String(value));
    this.#cross();
  }
}
