/** Putting the labels of a volume in order in 3-D, and a table of their pieces. */
import { pagesOf } from '../../session/labelling/marks.js';
import { volumeUnit } from '../../session/volume/space.js';
import { t } from '../../strings/t.js';
import { fill, h } from '../../elements/dom.js';
import { pieceTable } from './pieces.js';

/** @typedef {import('../../session/labelling/solid.js').Neighbours} Neighbours */

/** @param {import('../../session/session.js').Session} session @returns {HTMLElement} */
export function tidyGroup(session) {
  const { solid, desk } = session.labelling;
  const which = h('select', { onchange: () => changed() });
  const by = h(
    'select',
    { title: t('tidy.neighbours.title'), onchange: () => changed() },
    [6, 18, 26].map((n) => h('option', { value: n, selected: n === 26 }, t(`tidy.neighbours.${n}`))),
  );
  const amount = (/** @type {string} */ title) =>
    h('input', { type: 'number', min: 0, step: 'any', title, oninput: () => update() });
  const box = (/** @type {string} */ title) => h('input', { type: 'checkbox', title, onchange: () => update() });
  const smallest = amount(t('tidy.smallest.title'));
  const smooth = amount(t('tidy.smooth.title'));
  const largest = box(t('tidy.largest.title'));
  const holes = box(t('tidy.fill.title'));
  const units = [h('span', {}), h('span', {})];
  const row = (/** @type {Element} */ input, /** @type {import('../../elements/dom.js').Child} */ label) =>
    h('label', { class: 'row field' }, typeof label === 'string' ? h('span', {}, label) : label, input);
  const apply = h(
    'button',
    { type: 'button', title: t('tidy.apply.title'), onclick: () => void work() },
    t('tidy.apply'),
  );
  const list = h(
    'button',
    { type: 'button', title: t('pieces.list.title'), onclick: () => void show() },
    t('pieces.list'),
  );
  const body = h('div', { class: 'stack' });
  const element = h(
    'details',
    { class: 'group tidy' },
    h('summary', {}, h('h2', {}, t('tidy.heading'))),
    h(
      'div',
      { class: 'stack' },
      row(which, t('tidy.class')),
      row(by, t('tidy.neighbours')),
      row(smallest, units[0]),
      h('label', { class: 'row check', title: t('tidy.largest.title') }, largest, t('tidy.largest')),
      h('label', { class: 'row check', title: t('tidy.fill.title') }, holes, t('tidy.fill')),
      row(smooth, units[1]),
      apply,
      list,
      body,
    ),
  );

  /** Of which labels the pieces are listed; nothing if they are not. */
  let shown = '';
  let busy = false;
  const value = () => Number(which.value) || 0;
  const neighbours = () => /** @type {Neighbours} */ (Number(by.value));
  const above = (/** @type {HTMLInputElement} */ { valueAsNumber: n }) => (n > 0 && Number.isFinite(n) ? n : 0);
  const key = () => JSON.stringify([session.state.currentId, session.state.labelling.labelled]);
  const changed = () => {
    shown = '';
    fill(body, []);
  };
  const update = () => {
    const { labelled } = session.state.labelling;
    const nothing = busy || !labelled.some(({ itemId }) => itemId === session.state.currentId);
    const wanted = largest.checked || holes.checked || above(smallest) > 0 || above(smooth) > 0;
    apply.disabled = nothing || !wanted;
    list.disabled = nothing;
  };
  /** One thing after the other. @param {() => Promise<unknown>} task */
  const alone = async (task) => {
    busy = true;
    update();
    try {
      await task();
    } catch (error) {
      session.fail(error);
    } finally {
      busy = false;
      update();
    }
  };
  const work = () =>
    alone(() =>
      solid.tidy({
        ...{ value: value(), neighbours: neighbours(), smallest: above(smallest), largest: largest.checked },
        ...{ fill: holes.checked, smooth: above(smooth) },
      }),
    );
  const show = () =>
    alone(async () => {
      const item = session.current;
      if (!item?.scan) return;
      const { scan, slice, id } = item;
      const [own, by] = [value(), neighbours()];
      const app = await session.app;
      const measured = pagesOf(session, id).then((pages) => app.results.pieces(scan, slice, pages, own, by));
      const found = await desk.patiently(measured);
      shown = key();
      const remove = async (/** @type {import('../../../pkg/insitu.js').VolumeMeasurement} */ piece) => {
        await solid.remove(own, by, piece);
        await show();
        list.focus();
      };
      fill(body, pieceTable(session, found, solid.name, remove));
    });
  let names = '';
  session.store.on(['labelling', 'currentId', 'items'], ({ labelling: { classes } }) => {
    const scan = session.current?.scan;
    element.hidden = (scan?.planes.depths ?? 1) < 2;
    if (!scan || element.hidden) return;
    const unit = volumeUnit(scan);
    fill(units[0], t('tidy.smallest', { unit: t(`tidy.unit.${unit}`) }));
    fill(units[1], t('tidy.smooth', { unit: t(unit === 'voxels' ? 'tidy.unit.voxels' : 'tidy.unit.mm') }));
    const now = JSON.stringify(classes.map(({ name }) => name));
    if (now !== names) {
      names = now;
      const before = which.value;
      fill(
        which,
        h('option', { value: 0 }, t('tidy.class.all')),
        classes.map(({ name }, i) => h('option', { value: i + 1 }, name)),
      );
      which.value = Number(before) <= classes.length ? before || '0' : '0';
    }
    // What was listed of other labels is not true any more.
    if (shown && shown !== key()) changed();
    update();
  });
  return element;
}
