/** How large the labels of a volume are: millilitres, surface, values, and a table of each slice. */
import { pagesOf } from '../../session/labelling/marks.js';
import { stemOf } from '../../session/saving.js';
import { significant } from '../../strings/format.js';
import { number, t } from '../../strings/t.js';
import { fill, h } from '../../elements/dom.js';
import { csv } from '../csv.js';
import { download } from '../save.js';

/** @typedef {import('../../session/session.js').Session} Session */
/** @typedef {import('../../../pkg/insitu.js').VolumeSizes} VolumeSizes */

/** @param {Session} session @returns {HTMLElement} */
export function sizeGroup(session) {
  const body = h('div', { class: 'stack' });
  const ask = h(
    'button',
    { type: 'button', title: t('sizes.measure.title'), onclick: () => void show() },
    t('sizes.measure'),
  );
  const element = h(
    'details',
    { class: 'group' },
    h('summary', {}, h('h2', {}, t('sizes.heading'))),
    h('div', { class: 'stack' }, ask, body),
  );
  let shown = '';
  const show = async () => {
    const item = session.current;
    if (!item?.scan) return;
    ask.disabled = true;
    try {
      const app = await session.app;
      const pages = await pagesOf(session, item.id);
      const sizes = await session.labelling.desk.patiently(app.results.sizes(item.scan, item.slice, pages));
      shown = key();
      fill(body, told(session, sizes));
    } catch (error) {
      session.fail(error);
    } finally {
      ask.disabled = false;
    }
  };
  const key = () => JSON.stringify([session.state.currentId, session.state.labelling.labelled]);
  session.store.on(['labelling', 'currentId', 'items'], ({ labelling: { labelled }, currentId }) => {
    element.hidden = (session.current?.scan?.planes.depths ?? 1) < 2;
    ask.disabled = !labelled.some(({ itemId }) => itemId === currentId);
    // What was measured of other labels is not true any more.
    if (shown && shown !== key()) {
      shown = '';
      fill(body, []);
    }
  });
  return element;
}

/** @param {Session} session @param {VolumeSizes} sizes */
function told(session, sizes) {
  const { classes } = session.state.labelling;
  const unit = session.current?.scan?.unit ?? '';
  const name = (/** @type {number} */ value) => classes[value - 1]?.name ?? String(value);
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
    return h('p', {}, h('b', {}, name(value)), ` ${facts.filter(Boolean).join(', ')}`);
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
  const file = `${stemOf(item.name)}-sizes.csv`;
  download(csv([head, ...whole, ...slices]), file);
  session.announce(t('save.done', { name: file }));
}
