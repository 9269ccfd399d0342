/** How large the labels of a volume are: millilitres, surface, values, and a table of each slice. */
import { pagesOf } from '../../session/labelling/marks.js';
import { className } from '../../strings/engine.js';
import { listed, significant } from '../../strings/format.js';
import { number, t } from '../../strings/t.js';
import { fill, h } from '../../elements/dom.js';
import { csv } from '../csv.js';
import { download } from '../save.js';

/** @typedef {import('../../session/session.js').Session} Session */
/** @typedef {import('../../../pkg/insitu.js').VolumeSizes} VolumeSizes */

/**
 * @typedef {object} Source what is measured
 * @property {'labels' | 'masks'} of
 * @property {() => boolean} ready whether there is something to measure
 * @property {() => string} key differs where what is measured differs
 * @property {() => Promise<{ slice: number, values: Uint8Array }[] | null>} pages null: it was stopped, or failed, which was told
 * @property {(value: number) => string} name of a class
 * @property {(keyof import('../../session/state.js').State)[]} on what it depends on
 */

/** The labels of the image that is shown. @param {Session} session @returns {Source} */
export function ofLabels(session) {
  const { solid } = session.labelling;
  return {
    of: 'labels',
    ready: () => session.state.labelling.labelled.some(({ itemId }) => itemId === session.state.currentId),
    key: () => JSON.stringify([session.state.currentId, session.state.labelling.labelled]),
    pages: async () => (session.current ? pagesOf(session, session.current.id) : null),
    name: solid.name,
    on: ['labelling', 'currentId', 'items'],
  };
}

/** The masks of all slices. @param {Session} session @returns {Source} */
export function ofMasks(session) {
  const { labelling, models } = session;
  return {
    of: 'masks',
    ready: () => labelling.solid.segmented,
    key: () => {
      const { currentId, modelId, threshold, head, modelVersion } = session.state;
      return [currentId, modelId, threshold, head, modelVersion].join();
    },
    pages: () => labelling.solid.masks(),
    name: (value) =>
      models.byId(session.state.modelId ?? '')?.classes[value - 1]?.name ?? t('class.unnamed', { number: value }),
    on: ['mask', 'currentId', 'items', 'modelId', 'threshold', 'head', 'modelVersion'],
  };
}

/** @param {Session} session @param {Source} source @returns {HTMLElement} */
export function sizeGroup(session, source) {
  const body = h('div', { class: 'stack' });
  const ask = h(
    'button',
    { type: 'button', onclick: () => void show() },
    t(source.of === 'labels' ? 'sizes.measure' : 'sizes.masks'),
  );
  const first = h('p', { class: 'hint' }, t('sizes.masks.first'));
  const element = h(
    'details',
    { class: 'group' },
    h('summary', {}, h('h2', {}, t('sizes.heading'))),
    h('div', { class: 'stack' }, first, ask, body),
  );
  ask.title = t(source.of === 'labels' ? 'sizes.measure.title' : 'sizes.masks.title');
  let shown = '';
  const show = async () => {
    const item = session.current;
    if (!item?.scan) return;
    ask.disabled = true;
    try {
      const app = await session.app;
      const pages = await source.pages();
      if (!pages) return;
      const sizes = await session.labelling.desk.patiently(app.results.sizes(item.scan, item.slice, pages));
      shown = key();
      fill(body, told(session, sizes, source.name));
    } catch (error) {
      session.fail(error);
    } finally {
      ask.disabled = !source.ready();
    }
  };
  const key = () => source.key();
  session.store.on(source.on, () => {
    element.hidden = (session.current?.scan?.planes.depths ?? 1) < 2;
    ask.disabled = element.hidden || !source.ready();
    first.hidden = source.of === 'labels' || !ask.disabled;
    // What was measured of other labels is not true any more.
    if (shown && shown !== key()) {
      shown = '';
      fill(body, []);
    }
  });
  return element;
}

/** @param {Session} session @param {VolumeSizes} sizes @param {Source['name']} name of a class */
function told(session, sizes, name) {
  const unit = session.current?.scan?.unit ?? '';
  if (sizes.classes.length === 0) return [h('p', { class: 'hint' }, t('sizes.nothing'))];
  const rows = sizes.classes.map(({ number: value, voxels, physical, values }) => {
    const facts = [
      physical
        ? t('sizes.ml', { value: significant(physical.volumeMl, 4) })
        : t('sizes.voxels', { value: number(voxels) }),
      physical ? t('sizes.cm2', { value: significant(physical.surfaceCm2, 3) }) : '',
      physical ? t('sizes.mm', { value: significant(physical.diameterMm, 3) }) : '',
      values
        ? t('sizes.mean', { mean: significant(values.mean, 4), deviation: significant(values.deviation, 3), unit })
        : '',
    ];
    return h('p', {}, h('b', {}, className(name(value))), ` ${listed(facts)}`);
  });
  const save = h(
    'button',
    { type: 'button', title: t('sizes.save.title'), onclick: () => saveSizes(session, sizes, name) },
    t('sizes.save'),
  );
  const list = h('div', {}, rows);
  const unknown = sizes.classes.some(({ physical }) => !physical);
  return [list, unknown ? h('p', { class: 'hint' }, t('sizes.unknown')) : null, save].filter((part) => part !== null);
}

/** A row for each class, and for each class on each slice. @param {Session} session @param {VolumeSizes} sizes @param {(value: number) => string} name */
function saveSizes(session, sizes, name) {
  const item = session.current;
  if (!item) return;
  const head = [
    'class',
    'slice',
    'voxels',
    'volume_ml',
    'surface_cm2',
    'diameter_mm',
    'area_mm2',
    'mean',
    'sd',
    'min',
    'max',
  ];
  const whole = sizes.classes.map(({ number: value, voxels, physical, values }) => [
    ...[
      name(value),
      'all',
      voxels,
      physical?.volumeMl ?? NaN,
      physical?.surfaceCm2 ?? NaN,
      physical?.diameterMm ?? NaN,
    ],
    ...[NaN, values?.mean ?? NaN, values?.deviation ?? NaN, values?.min ?? NaN, values?.max ?? NaN],
  ]);
  const slices = sizes.slices.map(({ slice, number: value, pixels, areaMm2, mean }) => [
    ...[name(value), slice + 1, pixels, NaN, NaN, NaN, areaMm2 ?? NaN, mean ?? NaN, NaN, NaN, NaN],
  ]);
  const file = `${session.identity.stem(item)}-sizes.csv`;
  download(csv([head, ...whole, ...slices]), file);
  session.announce(t('save.done', { name: file }));
}
