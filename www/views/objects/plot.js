/** What the histogram and the scatter plot have in common: the frame, the axes, and a choice of columns. */
import { number, t } from '../../strings/t.js';
import { fill, h, say, svg } from '../../elements/dom.js';
import { digitsFor, ticksOf } from './columns.js';

/**
 * @typedef {import('./shown.js').Shown} Shown
 * @typedef {{ width: number, height: number, left: number, right: number, top: number, bottom: number }} Frame
 * @typedef {{ low: number, high: number, name: string, angle?: boolean, whole?: boolean }} Axis `angle`: all directions, in degrees; `whole`: counts
 */

const LETTER = 7;

/** Where the plot lies: the scale at the left has the room of its numbers. @param {number} width @param {number} height @param {Axis} up @returns {Frame} */
export function frameOf(width, height, up) {
  const letters = Math.max(...tickTexts(up, ticksUp(up, height)).map((text) => text.length));
  return { width, height, left: letters * LETTER + 14, right: 16, top: 22, bottom: 36 };
}

/** @param {Frame} frame @param {Axis} across @param {Axis} up */
export function scalesOf({ width, height, left, right, top, bottom }, across, up) {
  const inner = { width: Math.max(1, width - left - right), height: Math.max(1, height - top - bottom) };
  return {
    x: (/** @type {number} */ value) => left + ((value - across.low) / (across.high - across.low)) * inner.width,
    y: (/** @type {number} */ value) => top + (1 - (value - up.low) / (up.high - up.low)) * inner.height,
    /** The value at a place. */
    across: (/** @type {number} */ x) => across.low + ((x - left) / inner.width) * (across.high - across.low),
  };
}

/** @param {Axis} axis @param {number} height */
const ticksUp = (axis, height) => ticksAt(axis, Math.max(2, Math.min(6, (height - 58) / 34)));

/** @param {Axis} axis @param {number} most */
const ticksAt = ({ low, high, angle, whole }, most) =>
  angle ? [-90, -45, 0, 45, 90] : ticksOf(low, high, most).filter((tick) => !whole || Number.isInteger(tick));

/** @param {Axis} axis @param {number[]} ticks */
function tickTexts(axis, ticks) {
  const digits = digitsFor(ticks.length > 1 ? ticks[1] - ticks[0] : axis.high - axis.low);
  return ticks.map((tick) => number(tick, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
}

/** @param {Record<string, unknown>} place @param {string} words */
function text(place, words) {
  const element = svg('text', place);
  say(element, words);
  return element;
}

/** Lines, numbers and names. @param {Frame} frame @param {Axis} across @param {Axis} up */
export function axesOf(frame, across, up) {
  const { width, height, left, right, top, bottom } = frame;
  const scale = scalesOf(frame, across, up);
  const floor = height - bottom;
  const ups = ticksUp(up, height);
  const texts = tickTexts(up, ups);
  const letters = Math.max(...tickTexts(across, [across.low, across.high]).map((words) => words.length)) + 2;
  const acrosses = ticksAt(across, Math.min(10, (width - left - right) / (letters * LETTER + 16)));
  const below = tickTexts(across, acrosses);
  return [
    ups.map((tick) =>
      svg('line', { class: 'grid', x1: left, x2: width - right, y1: scale.y(tick), y2: scale.y(tick) }),
    ),
    ups.map((tick, i) => text({ x: left - 8, y: scale.y(tick) + 4, 'text-anchor': 'end' }, texts[i])),
    acrosses.map((tick) => svg('line', { x1: scale.x(tick), x2: scale.x(tick), y1: floor, y2: floor + 4 })),
    acrosses.map((tick, i) => text({ x: scale.x(tick), y: floor + 16, 'text-anchor': 'middle' }, below[i])),
    svg('line', { x1: left, x2: width - right, y1: floor, y2: floor }),
    text({ class: 'name', x: left, y: top - 9 }, up.name),
    text({ class: 'name', x: (left + width - right) / 2, y: height - 4, 'text-anchor': 'middle' }, across.name),
  ].flat();
}

/**
 * A choice of a measurement. It stays the same for other objects, if these have it.
 * @param {string} label @param {() => void} chosen
 */
export function columnChoice(label, chosen) {
  const select = h('select', { onchange: chosen });
  const element = h('label', { class: 'choice' }, h('span', {}, label), select);
  /** @type {Shown[]} */
  let offered = [];
  return {
    element,
    /** @param {Shown[]} columns @param {string[]} first keys of those that are taken at first, the best first */
    offer(columns, first) {
      const before = select.value;
      offered = columns.filter(({ measured }) => measured);
      fill(
        select,
        offered.map(({ id, full }) => h('option', { value: id }, full)),
      );
      const wished = first.map((key) => offered.find(({ column }) => column.key === key)).find(Boolean);
      select.value = offered.some(({ id }) => id === before) ? before : (wished?.id ?? offered[0]?.id ?? '');
      select.title = this.column?.means ?? '';
    },
    /** @returns {Shown | null} */
    get column() {
      return offered.find(({ id }) => id === select.value) ?? null;
    },
  };
}

/** How many lack a value, in words; nothing if none does. @param {number} missing */
export const missingText = (missing) => (missing > 0 ? t('drawer.valueless', { count: missing }) : '');

/** Calls `draw` whenever the size of a plot has changed. @param {Element} element @param {(size: { width: number, height: number }) => void} draw */
export function sized(element, draw) {
  new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    if (width > 0 && height > 0) draw({ width, height });
  }).observe(element);
}
