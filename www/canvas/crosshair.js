/** The crosshair on the slices: two thin lines that stay out of the middle. It follows the pointer with its tool in hand, or while Shift is held. */
import { svg } from '../elements/dom.js';
import { isVolume, threeViews } from '../session/volume/space.js';
import { inImage, onCanvas } from './viewport.js';

/** What stays free around the middle, CSS pixels. */
const FREE = 22;

/** @typedef {{ x: number, y: number }} Point */

/** Four lines from the sides to the middle. @returns {{ element: SVGGElement, put(at: Point | null, size: { width: number, height: number }, free?: number): void }} */
export function crossLines() {
  const lines = Array.from({ length: 8 }, (_, i) => svg('line', { class: i < 4 ? 'under' : 'upper' }));
  const element = svg('g', { class: 'crosshair' }, ...lines);
  return {
    element,
    put(at, { width, height }, free = FREE) {
      element.style.display = at ? '' : 'none';
      if (!at) return;
      const ends = [
        [0, at.y, at.x - free, at.y],
        [at.x + free, at.y, width, at.y],
        [at.x, 0, at.x, at.y - free],
        [at.x, at.y + free, at.x, height],
      ];
      lines.forEach((line, i) => {
        const [x1, y1, x2, y2] = ends[i % 4];
        // Where the middle is beside the picture, a line would run backwards.
        line.style.display = x2 > x1 || y2 > y1 ? '' : 'none';
        Object.entries({ x1, y1, x2, y2 }).forEach(([name, value]) => line.setAttribute(name, value.toFixed(1)));
      });
    },
  };
}

export class Crosshair {
  #session;
  #place;
  #lines = crossLines();
  element = this.#lines.element;

  /**
   * @param {import('../session/session.js').Session} session
   * @param {import('./stage.js').Place} place
   */
  constructor(session, place) {
    this.#session = session;
    this.#place = place;
    session.store.on(['volume', 'items', 'currentId', 'tool'], () => this.moved());
  }

  get #scan() {
    return this.#session.current?.scan ?? null;
  }

  /** Whether Shift moves it: not while it takes labels away. */
  get #follows() {
    const { tool, volume } = this.#session.state;
    return tool === 'cross' || ((tool === 'pan' || tool === 'window') && threeViews(this.#scan, volume));
  }

  /** @param {PointerEvent} event @param {Point} at @returns {boolean} whether it moves with the pointer now */
  press(event, at) {
    if (!isVolume(this.#scan) || !this.#follows) return false;
    if (this.#session.state.tool !== 'cross' && !event.shiftKey) return false;
    this.#to(at);
    return true;
  }

  /** @param {PointerEvent} _event @param {Point} at */
  move(_event, at) {
    this.#to(at);
  }

  release() {}

  giveUp() {}

  /** The pointer moves with Shift. @param {Point} at */
  hover(at) {
    if (isVolume(this.#scan) && this.#follows) this.#to(at);
  }

  /** @param {Point} at */
  #to(at) {
    const voxel = this.#session.volume.voxel;
    if (!voxel) return;
    const { x, y } = inImage(this.#place.view(), at);
    this.#session.volume.moveTo([Math.floor(x), Math.floor(y), voxel[2]]);
  }

  /** The view has changed, or the crosshair. */
  moved() {
    const { tool, volume } = this.#session.state;
    const voxel = this.#place.image() && this.#session.volume.voxel;
    const shown = voxel && (tool === 'cross' || threeViews(this.#scan, volume));
    const middle = shown && onCanvas(this.#place.view(), { x: voxel[0] + 0.5, y: voxel[1] + 0.5 });
    this.#lines.put(middle ? this.#place.onScreen(middle) : null, this.#place.size());
  }
}
