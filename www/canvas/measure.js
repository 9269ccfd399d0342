/** Rulers and angles over the slices: pressing and dragging, or clicking from point to point. */
import { svg } from '../elements/dom.js';
import { angleOf, lengthOf } from '../session/volume/measures.js';
import { measures } from '../session/volume/state.js';
import { number, t } from '../strings/t.js';
import { inImage, onCanvas } from './viewport.js';

/** @typedef {import('../session/volume/state.js').Measure} Measure @typedef {import('../session/volume/state.js').Point} Point */

/** As close to an end one takes hold of it, CSS pixels. */
const REACH = 9;
/** A click of a finger may move so much, CSS pixels. */
const CLICK = 4;
/** From an end to the words, CSS pixels. */
const BESIDE = 12;
/** Spacing below which lengths are told in micrometres, mm. */
const SMALL = 0.01;

/** What a measure says: mm, or pixels where nobody knows how large one is; degrees. @param {Measure} measure @param {Point | null} spacing mm */
export function wordsOf({ kind, points }, spacing) {
  const one = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const unit = spacing ?? { x: 1, y: 1 };
  if (kind === 'angle')
    return points.length < 3 ? '' : t('measure.degrees', { value: number(angleOf(points, unit), one) });
  const length = lengthOf(points[0], points[1], unit);
  if (!spacing) return t('unit.px', { value: number(length, one) });
  const small = Math.max(spacing.x, spacing.y) < SMALL;
  return t(small ? 'unit.um' : 'unit.mm', { value: number(small ? 1000 * length : length, one) });
}

export class MeasureHand {
  #session;
  #place;
  element = svg('g', { class: 'measures' });
  /** At work; its last point follows the pointer. @type {Measure | null} */
  #draft = null;
  /** Whether the press that is held began it. */
  #began = false;
  /** Where it was pressed, CSS pixels. @type {Point | null} */
  #pressed = null;
  /** An end that is being moved. @type {{ index: number, point: number } | null} */
  #held = null;
  /** @type {unknown[]} */
  #drawn = [];

  /**
   * @param {import('../session/session.js').Session} session
   * @param {import('./stage.js').Place} place
   */
  constructor(session, place) {
    this.#session = session;
    this.#place = place;
    let shown = '';
    session.store.on(['tool', 'items', 'currentId', 'volume'], ({ tool, currentId, volume }) => {
      // What is at work belongs to its tool and its slice.
      const now = [tool, currentId, session.current?.slice].join();
      if (now !== shown) this.giveUp();
      const { measures: all, chosen } = volume;
      const drawn = [now, all, chosen, session.current?.micrometres, session.current?.scan];
      if (drawn.some((one, i) => one !== this.#drawn[i])) this.moved();
      shown = now;
      this.#drawn = drawn;
    });
  }

  get #all() {
    return this.#session.volume.measures;
  }

  /** @param {PointerEvent} _event @param {Point} at @returns {boolean} whether it measures */
  press(_event, at) {
    const { tool } = this.#session.state;
    if (!measures(tool) || !this.#place.image()) return false;
    const here = inImage(this.#place.view(), at);
    this.#pressed = at;
    if (this.#draft) {
      this.#began = false;
      this.#loose(here);
    } else if ((this.#held = this.#endAt(at))) {
      this.#all.choose(this.#held.index);
    } else {
      this.#began = true;
      this.#draft = { kind: tool, points: [here, here] };
    }
    this.moved();
    return true;
  }

  /** The last point of what is at work. @param {Point} to */
  #loose(to) {
    if (this.#draft) this.#draft = { ...this.#draft, points: [...this.#draft.points.slice(0, -1), to] };
  }

  /** @param {PointerEvent} _event @param {Point} at */
  move(_event, at) {
    const here = inImage(this.#place.view(), at);
    if (this.#held) return this.#all.move(this.#held.index, this.#held.point, here);
    this.#loose(here);
    this.moved();
  }

  /** @param {PointerEvent} _event @param {Point} at */
  release(_event, at) {
    const from = this.#pressed;
    this.#pressed = this.#held = null;
    if (!this.#draft || !from) return;
    // A click leaves the next point at the pointer.
    if (this.#began && Math.hypot(at.x - from.x, at.y - from.y) < CLICK) return;
    const { kind, points } = this.#draft;
    const last = points[points.length - 1];
    if (points.length < (kind === 'angle' ? 3 : 2)) this.#draft = { kind, points: [...points, last] };
    else {
      const [a, b] = points.slice(-2).map((point) => onCanvas(this.#place.view(), point));
      const made = this.#draft;
      this.#draft = null;
      // Of no length: a double click.
      if (Math.hypot(a.x - b.x, a.y - b.y) >= 1) this.#all.add(made);
    }
    this.moved();
  }

  giveUp() {
    if (!this.#draft && !this.#held) return;
    this.#draft = this.#pressed = this.#held = null;
    this.moved();
  }

  /** The pointer moves with nothing pressed. @param {Point} at */
  hover(at) {
    if (!this.#draft || this.#pressed) return;
    this.#loose(inImage(this.#place.view(), at));
    this.moved();
  }

  /** @param {string} key @returns {boolean} whether it had a meaning */
  key(key) {
    if (!measures(this.#session.state.tool)) return false;
    if (this.#draft && ['Escape', 'Delete', 'Backspace', 'z'].includes(key)) {
      this.giveUp();
      return true;
    }
    if (key === 'z') return this.#all.remove(this.#all.here.length - 1);
    return (key === 'Delete' || key === 'Backspace') && this.#all.remove();
  }

  /** The end of a measure under a place, the newest first. @param {Point} at */
  #endAt(at) {
    const view = this.#place.view();
    const { here } = this.#all;
    for (let index = here.length - 1; index >= 0; index--) {
      const point = here[index].points.findIndex((end) => {
        const { x, y } = onCanvas(view, end);
        return Math.hypot(x - at.x, y - at.y) <= REACH;
      });
      if (point >= 0) return { index, point };
    }
    return null;
  }

  /** The view has changed, or what is measured. */
  moved() {
    const { chosen } = this.#session.state.volume;
    const shown = this.#place.image()
      ? [
          ...this.#all.here.map((one, i) => this.#drawing(one, i === chosen)),
          this.#draft && this.#drawing(this.#draft, true),
        ]
      : [];
    this.element.replaceChildren(...shown.filter((one) => one !== null));
  }

  /** @param {Measure} measure @param {boolean} chosen */
  #drawing(measure, chosen) {
    const view = this.#place.view();
    const points = measure.points.map((point) => this.#place.onScreen(onCanvas(view, point)));
    const line = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
    // Beside the end that is further right, or beside the corner.
    const end = measure.kind === 'angle' ? points[1] : points.reduce((most, p) => (p.x > most.x ? p : most));
    return svg(
      'g',
      { class: chosen ? 'measure chosen' : 'measure' },
      svg('polyline', { class: 'under', points: line }),
      svg('polyline', { class: 'upper', points: line }),
      ...points.map(({ x, y }) => svg('circle', { cx: x.toFixed(1), cy: y.toFixed(1), r: 3.5 })),
      svg('text', { x: end.x + BESIDE, y: end.y + BESIDE / 3 }, wordsOf(measure, this.#all.spacing)),
    );
  }
}
