/** What is drawn over the canvas while one paints: the brush's circle, the outline at work. */
import { svg } from '../elements/dom.js';

/** Radius of the first corner, CSS pixels. */
const CORNER = 5;
/** Arms of the cursor that keys move: from where to where, CSS pixels from its middle. */
const ARMS = [4, 15];

export class PaintOver {
  // A dark line under a light one shows on any ground.
  #circles = ['under', 'upper'].map((name) => svg('ellipse', { class: `cursor ${name}` }));
  #lines = ['under', 'upper'].map((name) => svg('polyline', { class: `outline ${name}` }));
  #start = svg('circle', { class: 'start' });
  #steered = svg('g', { class: 'steered' });
  element = svg(
    'svg',
    { class: 'paint-over', 'aria-hidden': 'true' },
    ...this.#lines,
    this.#start,
    ...this.#circles,
    this.#steered,
  );

  constructor() {
    const arms = [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ].map(([x, y]) => `M${x * ARMS[0]} ${y * ARMS[0]}L${x * ARMS[1]} ${y * ARMS[1]}`);
    this.#steered.append(...['under', 'upper'].map((name) => svg('path', { class: name, d: arms.join('') })));
    this.steered(null, false);
    this.cursor(null);
    this.outline([], false);
  }

  /** CSS pixels from the canvas's corner; null without a brush; `high`: half its height, if it is no circle. @param {{ x: number, y: number, radius: number, high?: number, erases: boolean } | null} at */
  cursor(at) {
    for (const circle of this.#circles) {
      circle.style.display = at ? '' : 'none';
      if (!at) continue;
      circle.setAttribute('cx', at.x.toFixed(1));
      circle.setAttribute('cy', at.y.toFixed(1));
      circle.setAttribute('rx', Math.max(at.radius, 0.5).toFixed(1));
      circle.setAttribute('ry', Math.max(at.high ?? at.radius, 0.5).toFixed(1));
      circle.classList.toggle('erases', at.erases);
    }
  }

  /** @param {{ x: number, y: number } | null} at CSS pixels from the canvas's corner @param {boolean} down whether it paints just now */
  steered(at, down) {
    this.#steered.style.display = at ? '' : 'none';
    this.#steered.classList.toggle('down', down);
    if (at) this.#steered.setAttribute('transform', `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`);
  }

  /** @param {{ x: number, y: number }[]} points CSS pixels from the canvas's corner @param {boolean} closing whether a click would close it */
  outline(points, closing) {
    const shown = points.length > 0;
    const text = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
    for (const line of this.#lines) {
      line.style.display = shown ? '' : 'none';
      if (shown) line.setAttribute('points', text);
    }
    this.#start.style.display = shown ? '' : 'none';
    if (!shown) return;
    this.#start.setAttribute('cx', points[0].x.toFixed(1));
    this.#start.setAttribute('cy', points[0].y.toFixed(1));
    this.#start.setAttribute('r', String(closing ? CORNER * 1.6 : CORNER));
    this.#start.classList.toggle('closing', closing);
  }
}
