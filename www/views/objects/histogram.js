/** A histogram of one measurement of all objects. */
import { sentences } from '../../strings/format.js';
import { number, t } from '../../strings/t.js';
import { summaryOf } from '../../session/objects/spread.js';
import { fill, h, say, svg } from '../../elements/dom.js';
import { angleBinsOf, binAt, binsOf, digitsFor, roundStep } from './columns.js';
import { axesOf, columnChoice, frameOf, missingText, scalesOf, sized } from './plot.js';
import { withUnit } from './shown.js';

/** @typedef {import('./shown.js').Shown} Shown */

export function histogramView() {
  const choice = columnChoice(t('drawer.measurement'), () => refresh());
  const axes = svg('g', { class: 'axes', 'aria-hidden': 'true' });
  const bars = svg('g', { class: 'bars', 'aria-hidden': 'true' });
  const mark = svg('line', { class: 'selected' });
  const drawing = svg('svg', { role: 'img', tabindex: 0 }, axes, bars, mark);
  const told = h('p', { class: 'told', 'aria-live': 'polite' });
  const words = h('p', { class: 'words', title: t('drawer.summary.title') });
  const aside = h('div', { class: 'aside' }, choice.element);
  const plot = h('div', { class: 'plot' }, drawing, told);
  const element = h('div', { class: 'objects-plot' }, aside, h('div', { class: 'picture' }, plot, words));

  /** @type {Shown[]} */
  let columns = [];
  /** @type {number | null} */
  let selected = null;
  /** The bar that is pointed at. @type {number | null} */
  let at = null;
  let size = { width: 0, height: 0 };
  /** @type {import('./columns.js').Bins} */
  let bins = binsOf(new Float64Array(0));

  /** The value of the selected object; NaN without one. */
  function selectedValue() {
    const row = selected === null ? -1 : columns[0].values.indexOf(selected);
    return row < 0 ? NaN : (choice.column?.values[row] ?? NaN);
  }

  function scale() {
    const across = {
      low: bins.from,
      high: bins.from + bins.width * bins.counts.length,
      name: choice.column?.full ?? '',
      angle: choice.column?.column.kind === 'angle',
    };
    const most = bins.counts.reduce((most, count) => Math.max(most, count), 1);
    const step = roundStep(most / 5);
    const up = { low: 0, high: Math.max(1, Math.ceil(most / step) * step), name: t('drawer.objects'), whole: true };
    const frame = frameOf(size.width, size.height, up);
    return { ...scalesOf(frame, across, up), frame, lines: { across, up } };
  }

  /** A bar in words. @param {number} bar */
  function barText(bar) {
    const { from, width, whole, counts } = bins;
    const [low, high] = [from + bar * width, from + (bar + 1) * width];
    const digits = digitsFor(width);
    const write = (/** @type {number} */ value) =>
      number(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    // Whole numbers have no others between them: 10 to 14, not 10 to below 15.
    const single = whole && width === 1;
    const range = single
      ? write(low)
      : t(whole ? 'drawer.range' : 'drawer.range.below', { from: write(low), to: write(whole ? high - 1 : high) });
    return t('drawer.bar', { range: withUnit(range, choice.column?.unit ?? ''), count: counts[bar] });
  }

  function tell() {
    const { column } = choice;
    const value = selectedValue();
    bars.querySelectorAll('rect').forEach((bar, i) => bar.classList.toggle('at', i === at));
    if (at !== null) say(told, barText(at));
    else if (column && selected !== null && !Number.isNaN(value))
      say(told, t('drawer.selected', { number: String(selected), value: column.quantity(value) }));
    else say(told, bins.counts.length > 0 ? t('drawer.hint.bars') : '');
  }

  function draw() {
    drawing.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
    const { x, y, frame, lines } = scale();
    const full = bins.counts.length > 0 && size.height > 80;
    fill(axes, full ? axesOf(frame, lines.across, lines.up) : []);
    const value = selectedValue();
    const holds = Number.isNaN(value) ? -1 : Math.min(bins.counts.length - 1, binAt(bins, value));
    fill(
      bars,
      [...(full ? bins.counts : [])].map((count, i) => {
        const [left, right] = [x(bins.from + i * bins.width), x(bins.from + (i + 1) * bins.width)];
        const gap = right - left > 4 ? 1 : 0;
        const place = { x: left + gap / 2, y: y(count), width: right - left - gap, height: y(0) - y(count) };
        return svg('rect', { ...place, class: i === holds ? 'holds' : '' });
      }),
    );
    mark.classList.toggle('none', holds < 0 || !full);
    if (holds >= 0)
      for (const [name, to] of Object.entries({ x1: x(value), x2: x(value), y1: frame.top, y2: y(0) }))
        mark.setAttribute(name, String(to));
    tell();
  }

  /** The column in words. */
  function summarize() {
    const { column } = choice;
    if (!column || column.sorted.length === 0) return t('drawer.plotless');
    const { count, mean, median, deviation } = summaryOf(column.sorted);
    const digits = column.digits + (bins.whole ? 1 : 0);
    const sentence =
      column.column.kind === 'angle'
        ? t('drawer.summary.angles')
        : count === 1
          ? t('drawer.summary.one', { median: column.quantity(median) })
          : t('drawer.summary', {
              median: column.quantity(median, digits),
              mean: column.quantity(mean, digits),
              deviation: column.quantity(deviation, digits),
            });
    return sentences([sentence, missingText(column.values.length - count)]);
  }

  function refresh() {
    const { column } = choice;
    at = null;
    bins = (column?.column.kind === 'angle' ? angleBinsOf : binsOf)(column?.sorted ?? new Float64Array(0));
    const text = summarize();
    say(words, text);
    choice.element.title = column?.means ?? '';
    const lowest = column?.sorted[0] ?? NaN;
    const highest = column?.sorted[column.sorted.length - 1] ?? NaN;
    const range = { low: column?.quantity(lowest) ?? '', high: column?.quantity(highest) ?? '' };
    const named = t('drawer.histogram.text', { name: column?.name ?? '', count: column?.sorted.length ?? 0, ...range });
    drawing.setAttribute('aria-label', `${named} ${text}`);
    draw();
  }

  /** @param {number | null} bar */
  function point(bar) {
    if (bar === at) return;
    at = bar;
    tell();
  }

  drawing.addEventListener('pointermove', (event) => {
    const box = drawing.getBoundingClientRect();
    const bar = binAt(bins, scale().across(event.clientX - box.left));
    point(bar >= 0 && bar < bins.counts.length ? bar : null);
  });
  drawing.addEventListener('pointerleave', () => point(null));
  drawing.addEventListener('blur', () => point(null));
  drawing.addEventListener('keydown', (event) => {
    const last = bins.counts.length - 1;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const bar =
      event.key === 'Home' ? 0 : event.key === 'End' ? last : step && (at ?? (step > 0 ? -1 : last + 1)) + step;
    if (bar === undefined || last < 0) return;
    point(Math.min(last, Math.max(0, bar)));
    event.preventDefault();
    event.stopPropagation();
  });
  sized(plot, (now) => {
    size = now;
    if (columns.length > 0) draw();
  });

  return {
    element,
    /** @param {Shown[]} next */
    show(next) {
      columns = next;
      choice.offer(columns, ['area']);
      refresh();
    },
    /** @param {number | null} number */
    select(number) {
      if (number === selected) return;
      selected = number;
      if (columns.length > 0) draw();
    },
  };
}
