/** Two measurements of each object against each other. */
import { sentences } from '../../strings/format.js';
import { number, t } from '../../strings/t.js';
import { fill, h, say, svg } from '../../elements/dom.js';
import { pearson } from './columns.js';
import { axesOf, columnChoice, frameOf, missingText, scalesOf, sized } from './plot.js';

/** @typedef {import('./shown.js').Shown} Shown */

/** How near to a point the pointer must be, px. */
const REACH = 10;

/** More points than these are drawn smaller and fainter, or they would be one patch. */
const MANY = 1500;

/** @param {(number: number | null) => void} select */
export function scatterView(select) {
  const across = columnChoice(t('drawer.across'), () => refresh());
  const up = columnChoice(t('drawer.up'), () => refresh());
  const axes = svg('g', { class: 'axes', 'aria-hidden': 'true' });
  const drawing = svg('svg', { 'aria-hidden': 'true' }, axes);
  const canvas = h('canvas', { role: 'img' });
  const ring = h('i', { class: 'ring selected', hidden: true }),
    near = h('i', { class: 'ring', hidden: true });
  const told = h('p', { class: 'told' });
  const words = h('p', { class: 'words', title: t('drawer.correlation.title') });
  const legend = h('ul', { class: 'classes-legend' });
  const plot = h('div', { class: 'plot' }, drawing, canvas, near, ring, told);
  const aside = h('div', { class: 'aside' }, across.element, up.element, legend);
  const element = h('div', { class: 'objects-plot' }, aside, h('div', { class: 'picture' }, plot, words));

  /** @type {Shown[]} */
  let columns = [];
  /** @type {import('./shown.js').About | null} */
  let about = null;
  /** @type {number | null} */
  let selected = null;
  let size = { width: 0, height: 0 };
  /** Where the points are, px; NaN where there is none. */
  let places = { x: new Float64Array(0), y: new Float64Array(0) };

  /** A little more than the values of a column take. @param {Shown} column */
  function axisOf({ sorted, full, column }) {
    if (column.kind === 'angle') return { low: -90, high: 90, name: full, angle: true };
    const [low, high] = [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 1];
    const room = (high - low) * 0.03 || Math.abs(high) * 0.1 || 1;
    return { low: low >= 0 ? Math.max(0, low - room) : low - room, high: high + room, name: full };
  }

  function draw() {
    const [x, y] = [across.column, up.column];
    if (!x || !y || size.width === 0) return;
    drawing.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
    const lines = { x: axisOf(x), y: axisOf(y) };
    const frame = frameOf(size.width, size.height, lines.y);
    const scale = scalesOf(frame, lines.x, lines.y);
    const full = size.height > 80 && x.sorted.length > 0 && y.sorted.length > 0;
    fill(axes, full ? axesOf(frame, lines.x, lines.y) : []);
    places = { x: x.values.map(scale.x), y: y.values.map(scale.y) };
    dots(full);
    rings(near, -1);
    rings(ring, rowOf(selected));
  }

  /** @param {boolean} full */
  function dots(full) {
    const ratio = devicePixelRatio || 1;
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    const context = canvas.getContext('2d');
    if (!context || !full) return;
    const many = places.x.length > MANY;
    const side = (many ? 2.5 : 5) * ratio;
    context.globalAlpha = many ? 0.5 : 0.65;
    const dot = dotOf(side);
    const plain = getComputedStyle(canvas).color;
    const kinds = coloured();
    /** @type {Map<string, HTMLCanvasElement>} */
    const known = new Map();
    for (let i = 0; i < places.x.length; i++) {
      const [x, y] = [places.x[i], places.y[i]];
      if (Number.isNaN(x + y)) continue;
      const colour = kinds ? (about?.colours[kinds[i] - 1] ?? plain) : plain;
      let picture = known.get(colour);
      if (!picture) known.set(colour, (picture = dot(colour)));
      context.drawImage(picture, x * ratio - side, y * ratio - side);
    }
  }

  /** Classes of the objects, if there are several. */
  function coloured() {
    const classes = columns.find(({ column }) => column.kind === 'class');
    return classes && classes.sorted[0] !== classes.sorted[classes.sorted.length - 1] ? classes.values : null;
  }

  function legends() {
    const kinds = coloured();
    const present = kinds ? [...new Set(kinds)].sort((a, b) => a - b) : [];
    fill(
      legend,
      present.map((kind) => {
        const swatch = h('span', { class: 'swatch' });
        swatch.style.backgroundColor = about?.colours[kind - 1] ?? '';
        return h('li', {}, swatch, h('span', { class: 'ellipsis' }, about?.classes[kind - 1] ?? '–'));
      }),
    );
    legend.hidden = present.length === 0;
  }

  /** @param {number | null} wanted */
  const rowOf = (wanted) => (wanted === null || !columns[0] ? -1 : columns[0].values.indexOf(wanted));

  /** Puts a ring around a point. @param {HTMLElement} element @param {number} row */
  function rings(element, row) {
    const [x, y] = [places.x[row] ?? NaN, places.y[row] ?? NaN];
    element.hidden = Number.isNaN(x + y);
    if (!element.hidden) element.style.transform = `translate(${x}px, ${y}px)`;
  }

  /** The row whose point is nearest, if it is near. @param {PointerEvent | MouseEvent} event */
  function nearest(event) {
    const box = canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let [best, least] = [-1, REACH ** 2];
    for (let i = 0; i < places.x.length; i++) {
      const distance = (places.x[i] - px) ** 2 + (places.y[i] - py) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }

  /** Says what is pointed at, or else what is selected. @param {number} row */
  function tell(row) {
    rings(near, row);
    canvas.classList.toggle('near', row >= 0);
    const shown = row >= 0 ? row : rowOf(selected);
    const [x, y] = [across.column, up.column];
    if (shown < 0 || !x || !y) return say(told, t('drawer.hint.points'));
    const value = (/** @type {Shown} */ column) => [column.name, column.quantity(column.values[shown])].join(' ');
    const named = String(columns[0].values[shown]);
    say(told, t('drawer.point', { number: named, across: value(x), up: value(y) }));
  }

  function refresh() {
    const [x, y] = [across.column, up.column];
    if (!x || !y) return say(words, t('drawer.plotless'));
    across.element.title = x.means;
    up.element.title = y.means;
    const r = [x, y].some(({ column }) => column.kind === 'angle') ? NaN : pearson(x.values, y.values);
    const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    const correlation = Number.isNaN(r)
      ? t('drawer.correlation.none')
      : t('drawer.correlation', { r: number(r, digits) });
    const both = x.values.filter((value, i) => Number.isFinite(value) && Number.isFinite(y.values[i])).length;
    const missing = missingText(x.values.length - both);
    say(words, sentences([correlation, missing]));
    canvas.setAttribute(
      'aria-label',
      t('drawer.scatter.text', { count: both, across: x.full, up: y.full, correlation }),
    );
    draw();
    tell(-1);
  }

  canvas.addEventListener('pointermove', (event) => tell(nearest(event)));
  canvas.addEventListener('pointerleave', () => tell(-1));
  canvas.addEventListener('click', (event) => {
    const row = nearest(event);
    select(row < 0 ? null : columns[0].values[row]);
  });
  sized(plot, (now) => {
    size = now;
    draw();
  });
  // Points are pixels: they do not take the colours of the other appearance by themselves.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draw());

  return {
    element,
    /** @param {Shown[]} next @param {import('./shown.js').About} now */
    show(next, now) {
      columns = next;
      about = now;
      across.offer(columns, ['area']);
      up.offer(columns, ['mean', 'circularity']);
      legends();
      refresh();
    },
    /** @param {number | null} wanted */
    select(wanted) {
      if (wanted === selected) return;
      selected = wanted;
      rings(ring, rowOf(selected));
      if (near.hidden) tell(-1);
    },
  };
}

/** Draws one dot, once for each colour; its picture is twice as wide as the dot. @param {number} side */
const dotOf = (side) => (/** @type {string} */ colour) => {
  const picture = h('canvas', { width: Math.ceil(side * 2), height: Math.ceil(side * 2) });
  const context = picture.getContext('2d');
  if (context) {
    context.fillStyle = colour;
    context.arc(side, side, side * 0.6, 0, 2 * Math.PI);
    context.fill();
  }
  return picture;
};
