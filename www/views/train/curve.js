/** The curve: loss and Dice over the steps, and the points that can be gone back to. */
import { smoothed } from '../../session/training/curve.js';
import { number, t } from '../../strings/t.js';
import { fill, h, say, svg } from '../../elements/dom.js';
import { FRAME, line, nearest, scales, thinned, ticks } from './geometry.js';

/** @typedef {import('../../session/training/state.js').CurrentTraining} CurrentTraining */

const two = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
const three = { maximumSignificantDigits: 3 };

/** @param {(step: number) => void} goBack @returns {{ element: HTMLElement, show(current: CurrentTraining, turnable: boolean): void }} */
export function curveView(goBack) {
  const raw = svg('path', { class: 'loss raw' }),
    smooth = svg('path', { class: 'loss' }),
    dice = svg('path', { class: 'dice' });
  const here = svg('line', { class: 'here', y1: FRAME.top, y2: FRAME.height - FRAME.bottom });
  const axes = svg('g', { class: 'axes', 'aria-hidden': 'true' });
  const dots = svg('g', {});
  /** @type {CurrentTraining | null} */
  let shown = null;
  let turnable = false;
  const drawing = svg(
    'svg',
    { viewBox: `0 0 ${FRAME.width} ${FRAME.height}`, role: 'group' },
    axes,
    raw,
    smooth,
    dice,
    here,
    dots,
  );
  drawing.addEventListener('click', (event) => {
    if (!shown || !turnable) return;
    const box = drawing.getBoundingClientRect();
    const step = scales(span(shown), shown.loss).step(((event.clientX - box.left) / box.width) * FRAME.width);
    const point = nearest(shown.points, step);
    if (point !== null && point !== shown.at) goBack(point);
  });

  /** @type {Map<number, SVGElement>} */
  const known = new Map();
  const rows = h('tbody', {});
  const nameOfDice = h('span', {}),
    headOfDice = h('th', { scope: 'col', title: t('train.legend.dice.title') }, t('train.dice'));
  const table = h(
    'details',
    {},
    h('summary', {}, t('train.table')),
    h(
      'div',
      { class: 'scroll' },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, t('train.table.step')),
            h('th', { scope: 'col', title: t('train.legend.loss.title') }, t('train.table.loss')),
            headOfDice,
            h('th', { scope: 'col', title: t('train.table.error.title') }, t('train.table.error')),
          ),
        ),
        rows,
      ),
    ),
  );
  const legend = h(
    'ul',
    { class: 'legend' },
    h('li', { class: 'of-loss', title: t('train.legend.loss.title') }, h('i', {}), t('train.legend.loss')),
    h('li', { class: 'of-dice', title: t('train.legend.dice.title') }, h('i', {}), nameOfDice),
    h('li', { class: 'of-best' }, h('i', {}), t('train.legend.best')),
    h('li', { class: 'of-here' }, h('i', {}), t('train.legend.here')),
  );
  const hint = h('p', { class: 'hint' }, t('train.curve.hint'));
  const element = h('div', { class: 'curve' }, drawing, legend, hint, table);

  /** A point that the keyboard reaches with the arrows. @param {number} step */
  function dot(step) {
    const group = svg(
      'g',
      { role: 'button', tabindex: -1 },
      svg('circle', { class: 'reach', r: 9 }),
      svg('circle', { class: 'face', r: 3.5 }),
    );
    group.addEventListener('keydown', (event) => {
      const order = [...known.keys()].sort((a, b) => a - b);
      const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (move !== undefined) known.get(order[order.indexOf(step) + move])?.focus();
      else if (event.key !== 'Enter' && event.key !== ' ') return;
      else if (turnable && shown && step !== shown.at) goBack(step);
      event.preventDefault();
      event.stopPropagation();
    });
    return group;
  }

  return {
    element,
    show(current, free) {
      shown = current;
      turnable = free;
      const { loss, validations, points, at, best } = current;
      const on = measuredOn(current);
      const dices = on ? t('train.dice.on', { on }) : t('train.dice');
      say(nameOfDice, t('train.legend.dice', { dice: dices }));
      say(headOfDice, dices);
      const scale = scales(span(current), loss);
      // What another way from an earlier point will replace is still there, but fainter.
      element.classList.toggle('turned', at < loss.length && !current.ended);
      fill(axes, axesOf(scale, validations.length > 0));
      const smoothLoss = smoothed(loss);
      raw.setAttribute('d', line(thinned(loss, 160).map(([step, value]) => [scale.x(step), scale.loss(value)])));
      smooth.setAttribute(
        'd',
        line(thinned(smoothLoss, 160).map(([step, value]) => [scale.x(step), scale.loss(value)])),
      );
      const validated = validations.flatMap((v) => (v.dice === null ? [] : [{ step: v.step, dice: v.dice }]));
      dice.setAttribute('d', line(validated.map((v) => [scale.x(v.step), scale.dice(v.dice)])));
      here.setAttribute('x1', String(scale.x(at)));
      here.setAttribute('x2', String(scale.x(at)));

      for (const [step, group] of known) {
        if (points.includes(step)) continue;
        group.remove();
        known.delete(step);
      }
      const focused = [...known].find(([, group]) => group === document.activeElement)?.[0];
      for (const step of points) {
        const group = known.get(step) ?? dot(step);
        if (!known.has(step)) {
          known.set(step, group);
          dots.append(group);
        }
        const score = validated.find((v) => v.step === step)?.dice;
        const y = score !== undefined ? scale.dice(score) : scale.loss(smoothLoss[step - 1] ?? scale.most);
        for (const circle of group.children) {
          circle.setAttribute('cx', String(scale.x(step)));
          circle.setAttribute('cy', String(y));
        }
        group.setAttribute(
          'class',
          [step === best && 'best', step === at && 'now', score === undefined && 'unvalidated']
            .filter(Boolean)
            .join(' '),
        );
        const words = t(step === at ? 'train.curve.point.here' : 'train.curve.point', {
          step,
          score: score === undefined ? '' : t('train.curve.point.dice', { dice: number(score, two), on }),
          best: step === best ? t('train.curve.point.best') : '',
        });
        group.setAttribute('aria-label', words);
        group.setAttribute('aria-disabled', String(!free));
        group.setAttribute(
          'tabindex',
          step === (focused ?? (points.includes(at) ? at : points[points.length - 1])) ? '0' : '-1',
        );
      }
      hint.hidden = points.length < 2 || !free;
      drawing.setAttribute('aria-label', summary(current, validated));
      fill(
        rows,
        validations.map((v) =>
          h(
            'tr',
            { class: v.step === best ? 'best' : '' },
            h('th', { scope: 'row' }, number(v.step)),
            h('td', {}, v.step > 0 && v.step <= loss.length ? number(smoothLoss[v.step - 1], three) : '–'),
            h('td', {}, v.dice === null ? '–' : number(v.dice, two)),
            h(
              'td',
              {},
              v.pixelError === null ? '–' : number(v.pixelError, { style: 'percent', maximumFractionDigits: 1 }),
            ),
          ),
        ),
      );
      table.hidden = validations.length === 0;
    },
  };
}

/** What a Dice of a training was measured on, in words; none before it is known. @param {CurrentTraining} current */
export const measuredOn = ({ begun }) =>
  !begun || begun.held.kind === 'nothing' ? '' : t(`train.on.${begun.held.kind}`);

/** Steps at the right edge: all of them while it runs, those that were taken when it is over. @param {CurrentTraining} current */
const span = (current) =>
  current.ended ? Math.max(current.loss.length, 1) : Math.max(current.steps, current.loss.length);

/** @param {ReturnType<typeof scales>} scale @param {boolean} validated */
function axesOf(scale, validated) {
  const { left, right, top, bottom, width, height } = FRAME;
  const text = (/** @type {Record<string, unknown>} */ place, /** @type {string} */ words) => {
    const element = svg('text', place);
    say(element, words);
    return element;
  };
  const rows = [0, 0.5, 1].flatMap((part) => {
    const y = scale.dice(part);
    return [
      svg('line', { x1: left, x2: width - right, y1: y, y2: y }),
      text(
        { class: 'of-loss', x: left - 8, y: y + 3, 'text-anchor': 'end' },
        number(scale.most * part, { maximumSignificantDigits: 2 }),
      ),
      validated && text({ class: 'of-dice', x: width - right + 8, y: y + 3 }, number(part)),
    ];
  });
  const below = ticks(scale.last).map((step) =>
    text({ x: scale.x(step), y: height - bottom + 13, 'text-anchor': 'middle' }, number(step)),
  );
  return [...rows, ...below, svg('line', { x1: left, x2: left, y1: top, y2: height - bottom })];
}

/** The curve in words. @param {CurrentTraining} current @param {{ step: number, dice: number }[]} validated */
function summary(current, validated) {
  const { loss, best } = current;
  if (loss.length === 0) return t('train.curve.empty', { count: 0 });
  const smooth = smoothed(loss);
  const top = validated.find((v) => v.step === best) ?? validated[validated.length - 1];
  const words =
    validated.length === 0
      ? t('train.curve.unvalidated')
      : t('train.curve.validated', {
          on: measuredOn(current),
          first: number(validated[0].dice, two),
          last: number(validated[validated.length - 1].dice, two),
          best: number(top.dice, two),
          step: top.step,
        });
  return t('train.curve.text', {
    first: number(smooth[0], three),
    last: number(smooth[smooth.length - 1], three),
    steps: loss.length,
    judged: words,
  });
}
