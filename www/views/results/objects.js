/** Objects in the Results panel: how many, how large, and how they are told apart. */
import { fill, h, say, whenReleased } from '../../elements/dom.js';
import { summaryOf } from '../../session/objects/spread.js';
import { areasOf } from '../../session/objects/summary.js';
import { number, t } from '../../strings/t.js';
import { correctionsGroup } from './corrections.js';

/** @typedef {import('../../session/session.js').Session} Session */

/** @param {Session} session @param {number} pixels @returns {string} */
function areaText(session, pixels) {
  const scale = session.objects.micrometres();
  if (!scale) return t('unit.px', { value: Math.round(pixels) });
  return `${number(pixels * scale.x * scale.y, { maximumSignificantDigits: 4 })} µm²`;
}

/** @param {Session} session @returns {HTMLElement} */
export function objectsGroup(session) {
  const { objects, store } = session;
  const apart = h('input', { type: 'checkbox', onchange: () => objects.tellApart(apart.checked) });
  const count = h('p', { class: 'figure' });
  const sizes = h('p', {});
  const table = h('button', {
    type: 'button',
    title: t('objects.table.title'),
    onclick: () => objects.openDrawer(!store.state.objects.drawer),
  });
  const correcting = correctionsGroup(session);
  const found = h('div', {}, count, sizes, table, correcting);
  const settings = settingsFold(session);
  store.on(['objects', 'modelId', 'models', 'items', 'mask'], ({ objects: state, mask }) => {
    apart.checked = objects.wanted;
    apart.disabled = !mask;
    found.hidden = settings.hidden = !objects.wanted;
    say(table, t(state.drawer ? 'objects.table.hide' : 'objects.table'));
    const all = state.found;
    say(count, all ? t('objects.count', { count: all.count }) : t('objects.working'));
    sizes.hidden = !all || all.count === 0;
    correcting.hidden = !all;
    if (!all || all.count === 0) return;
    const { mean, median } = summaryOf(Float64Array.from(areasOf(all)).sort());
    say(sizes, t('objects.size', { area: areaText(session, mean), median: areaText(session, median) }));
  });
  return h(
    'section',
    { class: 'group objects' },
    h('h2', {}, t('objects.title')),
    h('label', { class: 'row check', title: t('objects.apart.title') }, apart, t('objects.apart')),
    found,
    settings,
  );
}

/** @param {Session} session */
function settingsFold({ objects, store }) {
  const numbers = /** @type {const} */ ([
    ['minPixels', 0, 10_000, 1],
    ['smoothing', 0, 5, 1],
    ['split', 0, 20, 0.25],
  ]).map(([key, min, max, step]) => {
    const input = h('input', {
      type: 'number',
      min,
      max,
      step,
      title: t(`objects.${key}.title`),
      onchange: () => {
        const value = input.valueAsNumber;
        if (Number.isFinite(value)) objects.change({ [key]: Math.min(Math.max(value, min), max) });
      },
    });
    const line = h('label', { class: 'row field' }, h('span', {}, t(`objects.${key}`)), input);
    return { key, input, line };
  });
  const boxes = /** @type {const} */ (['fillHoles', 'withoutBorder']).map((key) => {
    const input = h('input', { type: 'checkbox', onchange: () => objects.change({ [key]: input.checked }) });
    return {
      key,
      input,
      line: h('label', { class: 'row check', title: t(`objects.${key}.title`) }, input, t(`objects.${key}`)),
    };
  });
  store.on(['objects', 'modelId', 'models'], ({ objects: { settings } }) => {
    for (const { key, input, line } of numbers) {
      if (document.activeElement !== input) input.value = String(settings[key]);
      // Rims part objects where the model knows them.
      line.hidden = key === 'split' && objects.separates;
    }
    for (const { key, input } of boxes) input.checked = settings[key];
  });
  return h(
    'details',
    {},
    h('summary', {}, t('objects.settings')),
    numbers.map(({ line }) => line),
    boxes.map(({ line }) => line),
  );
}

/** How large a pixel is, as the file says or as a person types it in. @param {Session} session */
export function scaleGroup(session) {
  const { objects, store } = session;
  const all = h('input', { type: 'checkbox' });
  const input = h('input', {
    type: 'number',
    min: 0,
    step: 'any',
    title: t('scale.title'),
    onchange: () => whenReleased(() => objects.measure(input.value === '' ? null : input.valueAsNumber, all.checked)),
  });
  const from = h('p', { class: 'faint' });
  const many = h('label', { class: 'row check', title: t('scale.all.title') }, all, t('scale.all'));
  all.addEventListener('change', () => all.checked && objects.measure(input.valueAsNumber, true));
  store.on(['items', 'currentId'], () => {
    const item = session.current;
    const own = objects.micrometres();
    if (document.activeElement !== input) input.value = own ? String(Number(own.x.toPrecision(6))) : '';
    say(from, t(item?.micrometres ? 'scale.typed' : own ? 'scale.file' : 'scale.none'));
    many.hidden = store.state.items.length < 2;
  });
  const group = h('section', { class: 'group scale' });
  fill(group, h('label', { class: 'row' }, t('scale.label'), input, t('scale.unit')), many, from);
  return group;
}
