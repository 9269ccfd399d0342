/** The canvas with the image, its mask and its labels, and what lies over it: zoom at the cursor, pan, pinch, window by drag, slices by wheel. */
import { drawLayer } from '../pictures/draw.js';
import { closeLayers } from '../pictures/layers.js';
import * as viewport from './viewport.js';
import { chosenWindow } from '../session/channels/mix.js';
import { drawn } from '../session/labelling/state.js';
import { lettersOf, mirrored, projected } from '../session/volume/space.js';
import { h, svg } from '../elements/dom.js';
import { t } from '../strings/t.js';
import { Crosshair } from './crosshair.js';
import { Gestures } from './gestures.js';
import { KeyCursor } from './key-cursor.js';
import { LabelLayer } from './label-layer.js';
import { sideLetters } from './letters.js';
import { MeasureHand } from './measure.js';
import { Paint } from './paint.js';

/**
 * @typedef {import('../pictures/layers.js').Layer} Layer
 * @typedef {{ x: number, y: number }} Point
 *
 * @typedef {object} Place where the image lies, for what is drawn over it
 * @property {() => import('./viewport.js').View} view
 * @property {() => { width: number, height: number } | null} image
 * @property {() => boolean} mirrored
 * @property {() => { width: number, height: number }} size of the canvas, CSS pixels
 * @property {(at: Point) => Point} onScreen from the canvas's place, which may be mirrored
 */

/** So far from the canvas's sides the cursor that keys move stays, CSS pixels. */
const MARGIN = 24;

export class Stage {
  element = h('canvas', { class: 'image', tabindex: 0, role: 'img', 'aria-keyshortcuts': 'K' });
  #session;
  #context;
  /** @type {Layer | null} */
  #picture = null;
  /** @type {{ fill: Layer, outline: Layer } | null} */
  #overlay = null;
  /** The outline of the object that is chosen. @type {Layer | null} */
  #chosen = null;
  /** @type {import('./viewport.js').View} */
  #view = { scale: 1, x: 0, y: 0 };
  #size = { width: 1, height: 1 };
  #ratio = 1;
  /** Whether the view follows the window's size. */
  #fitted = true;
  /** @type {number | null} */
  #shownId = null;
  #scheduled = false;
  labels = new LabelLayer(() => this.draw());
  paint;
  measure;
  #cross;
  #keys;
  /** The canvas and what lies over it. */
  frame;
  /** Whether slices are turned over, left for right. */
  #mirrored = false;
  #letters = sideLetters();
  /** The colour beside the image; asked for once, since asking makes the browser work out all styles. */
  #ground = '';

  /** @param {import('../session/session.js').Session} session @param {(pixel: { x: number, y: number } | null, aloud?: boolean) => void} onHover `aloud`: also for people who do not see it */
  constructor(session, onHover) {
    this.#session = session;
    this.#context = /** @type {CanvasRenderingContext2D} */ (this.element.getContext('2d', { alpha: false }));
    session.picture.show = (layer) => {
      this.#picture = layer;
      this.#frameNew();
      this.draw();
    };
    session.picture.inSight = () => this.#image && viewport.inSight(this.#view, this.#size, this.#image);
    session.segmenting.overlay.show = (overlay) => {
      this.#overlay = overlay;
      this.draw();
    };
    session.objects.show = (layer) => {
      closeLayers(this.#chosen);
      this.#chosen = layer;
      this.draw();
    };
    session.labelling.desk.layer = this.labels;
    /** @type {Place} */
    const place = {
      view: () => this.#view,
      image: () => this.#picture,
      mirrored: () => this.#mirrored,
      size: () => this.#size,
      onScreen: (at) => viewport.turned(at, this.#size, this.#mirrored),
    };
    this.paint = new Paint(session, place);
    this.measure = new MeasureHand(session, place);
    this.#cross = new Crosshair(session, place);
    const over = svg('svg', { class: 'volume-over', 'aria-hidden': 'true' }, this.#cross.element, this.measure.element);
    const how = h('p', { class: 'steering', hidden: true }, t('keyCursor.how'));
    this.frame = h('div', { class: 'frame' }, this.element, this.paint.element, over, ...this.#letters.elements, how);
    this.#keys = this.#steering(session, place, onHover);
    session.store.on(['keyCursor'], ({ keyCursor }) => {
      how.hidden = !keyCursor;
      // A screen reader leaves the keys of an application to it.
      this.element.setAttribute('role', keyCursor ? 'application' : 'img');
      if (keyCursor) this.element.focus();
    });
    session.store.on(['maskShown', 'opacity', 'maskStyle'], () => this.draw());
    session.store.on(['volume', 'items', 'currentId', 'language'], () => this.#face());
    let shown = true;
    session.store.on(['labelling', 'panel', 'training'], (state) => {
      this.labels.recolour(state.labelling.classes);
      if (drawn(state) !== shown) this.draw();
      shown = drawn(state);
    });
    new ResizeObserver(() => this.#resized()).observe(this.element);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#ground = '';
      this.draw();
    });
    new Gestures(this.element, {
      panBy: (dx, dy) => this.#pan(dx, dy),
      zoomAt: (factor, x, y) => this.zoomAt(factor, x, y),
      windowBy: (dx, dy) => this.#windowBy(dx, dy),
      windowBack: () => session.picture.resetWindow(),
      mirrored: () => this.#mirrored,
      scroll: () => ((session.current?.scan?.planes.slices ?? 1) > 1 ? (steps) => session.picture.scroll(steps) : null),
      press: () => session.display.steer(false),
      hover: (x, y, shift) => {
        const at = x === null || y === null ? null : { x, y };
        this.paint.hover(at);
        if (at) this.measure.hover(at);
        if (at && shift) this.#cross.hover(at);
        onHover(this.#image && at ? viewport.pixelAt(this.#view, this.#image, at.x, at.y) : null);
      },
      tap: (x, y) => this.#tap({ x, y }),
      tool: () => session.state.tool,
      hands: [this.#cross, this.measure, this.paint],
      resize: (turn) => this.paint.wheel(turn),
    });
  }

  /** What keys do in the place of a pointer. @param {import('../session/session.js').Session} session @param {Place} place @param {(pixel: Point | null, aloud?: boolean) => void} onHover */
  #steering(session, place, onHover) {
    const keys = new KeyCursor(session, place, {
      hands: [this.#cross, this.measure, this.paint],
      show: (at, down) => {
        this.paint.steered(at, down);
        if (at) this.measure.hover(at);
      },
      reveal: (at) => this.#reveal(at),
      rest: (at) => onHover(this.#image && viewport.pixelAt(this.#view, this.#image, at.x, at.y), true),
      tap: (at) => this.#tap(at),
      work: (key) => this.paint.key(key) || this.measure.key(key),
      corners: () => this.paint.corners,
    });
    this.element.addEventListener('focus', () => keys.focus(true));
    this.element.addEventListener('blur', () => keys.focus(false));
    this.element.addEventListener('keydown', (event) => {
      if (!keys.key(event)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    return keys;
  }

  /** Moves the image until a place of the canvas is in sight. @param {Point} at */
  #reveal({ x, y }) {
    const back = (/** @type {number} */ at, /** @type {number} */ room) =>
      Math.max(0, MARGIN - at) - Math.max(0, at - room + MARGIN);
    const [dx, dy] = [back(x, this.#size.width), back(y, this.#size.height)];
    if (dx !== 0 || dy !== 0) this.#pan(dx, dy);
  }

  /** A place of the canvas is pointed at with nothing that paints: the object there is chosen. @param {Point} at */
  #tap({ x, y }) {
    const pixel = this.#image && !this.#projects && viewport.pixelAt(this.#view, this.#image, x, y);
    this.#session.objects.select(pixel ? this.#session.objects.at(pixel.x, pixel.y) : null);
  }

  /** Whether several slices are seen at once: what is known of one of them does not lie on that. */
  get #projects() {
    return projected(this.#session.current?.scan, this.#session.state.volume);
  }

  /** Which way round slices are shown. */
  #face() {
    const scan = this.#session.current?.scan;
    const { volume } = this.#session.state;
    this.#letters.put(lettersOf(scan, volume));
    const now = mirrored(scan, volume);
    if (now === this.#mirrored) return;
    this.#mirrored = now;
    this.frame.classList.toggle('mirrored', now);
    if (this.#image) this.#look(this.#view);
  }

  get #image() {
    return this.#picture;
  }

  /** Another file starts fitted; another slice or window of the same keeps the view. */
  #frameNew() {
    const id = this.#session.state.currentId;
    if (!this.#picture || id === this.#shownId) return;
    this.#shownId = id;
    this.fit();
  }

  #resized() {
    const ratio = devicePixelRatio || 1;
    const { clientWidth, clientHeight } = this.element;
    const width = Math.max(1, Math.round(clientWidth * ratio)),
      height = Math.max(1, Math.round(clientHeight * ratio));
    this.#ratio = ratio;
    this.#size = { width: clientWidth, height: clientHeight };
    if (this.element.width !== width) this.element.width = width;
    if (this.element.height !== height) this.element.height = height;
    if (this.#fitted) this.fit();
    else if (this.#image) this.#look(viewport.kept(this.#view, this.#size, this.#image));
    // Now, not in the next frame: a resized canvas is empty until it is drawn.
    this.#paint();
  }

  /** @param {import('./viewport.js').View} view */
  #look(view) {
    this.#view = view;
    this.#session.display.zoomed(view.scale * this.#ratio);
    this.paint.moved();
    this.#cross.moved();
    this.measure.moved();
    this.#keys.moved();
    this.draw();
  }

  fit() {
    // Without room, as for a moment while a device is turned, nothing fits.
    if (!this.#image || Math.min(this.#size.width, this.#size.height) < 2) return;
    this.#fitted = true;
    this.#look(viewport.fit(this.#size, this.#image));
  }

  oneToOne() {
    if (!this.#image) return;
    this.#fitted = false;
    this.#look(viewport.oneToOne(this.#view, this.#size, this.#image, this.#ratio));
  }

  /** Around the middle. @param {number} factor */
  zoomBy(factor) {
    this.zoomAt(factor, this.#size.width / 2, this.#size.height / 2);
  }

  /** @param {number} factor @param {number} x @param {number} y CSS pixels from the canvas's corner */
  zoomAt(factor, x, y) {
    if (!this.#image) return;
    this.#fitted = false;
    this.#look(viewport.zoomTo(this.#view, this.#size, this.#image, this.#view.scale * factor, x, y));
  }

  /** @param {number} dx @param {number} dy CSS pixels on the screen */
  panBy(dx, dy) {
    this.#pan(this.#mirrored ? -dx : dx, dy);
  }

  /** @param {number} dx @param {number} dy CSS pixels */
  #pan(dx, dy) {
    if (!this.#image) return;
    this.#fitted = false;
    this.#look(viewport.panBy(this.#view, this.#size, this.#image, dx, dy));
  }

  /** Right is wider, up is brighter, as on the viewers that radiologists know. @param {number} dx @param {number} dy */
  #windowBy(dx, dy) {
    const item = this.#session.current;
    if (!item?.scan || item.scan.channels !== 1) return;
    const { low, high } = item.scan.range;
    const { center, width } = chosenWindow({ ...item, scan: item.scan });
    const step = Math.max(width, (high - low) / 100) / 250;
    this.#session.picture.toWindow({ center: center + dy * step, width: width + dx * step });
  }

  /** In the next frame. */
  draw() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#paint();
    });
  }

  #paint() {
    const context = this.#context;
    context.globalAlpha = 1;
    this.#ground ||= getComputedStyle(this.element).getPropertyValue('--canvas').trim() || '#000';
    context.fillStyle = this.#ground;
    context.fillRect(0, 0, this.element.width, this.element.height);
    if (!this.#picture) return;
    const { width } = this.element;
    if (this.#mirrored) context.setTransform(-1, 0, 0, 1, width, 0);
    this.#paintImage(context, this.#picture);
    context.resetTransform();
  }

  /** @param {CanvasRenderingContext2D} context @param {Layer} picture */
  #paintImage(context, picture) {
    drawLayer(context, picture, this.#view, this.#ratio, 1);
    if (this.#projects) return;
    const { maskShown, opacity, maskStyle } = this.#session.state;
    if (maskShown && this.#overlay) {
      const { fill, outline } = this.#overlay;
      if (maskStyle !== 'outline') drawLayer(context, fill, this.#view, this.#ratio, opacity);
      // The outline stays clear while the fill is faint, and goes with it at 0; without one its pixels are filled.
      const rim = maskStyle === 'fill' ? opacity : Math.min(1, opacity * 2.2);
      drawLayer(context, outline, this.#view, this.#ratio, rim);
    }
    if (maskShown && this.#chosen) drawLayer(context, this.#chosen, this.#view, this.#ratio, 1);
    if (drawn(this.#session.state)) this.labels.draw(context, this.#view, this.#ratio);
  }
}
