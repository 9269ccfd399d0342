/** What can be done with the labels of the slice that is shown, and which slices have labels. */
import { carry, fillBetween } from '../../session/labelling/volume.js';
import { placeName } from '../../session/places.js';
import { number, t } from '../../strings/t.js';
import { fill, h } from '../../elements/dom.js';
import { icon } from '../icons.js';

/** @param {import('../../session/session.js').Session} session @returns {HTMLElement} */
export function sliceGroup(session) {
  const { labelling } = session;
  const heading = h('h2', {});
  const accept = h(
    'button',
    { type: 'button', title: t('label.accept.slice.title'), onclick: () => void labelling.accept(null) },
    icon('accept'),
    t('label.accept.slice'),
  );
  const all = h(
    'button',
    { type: 'button', onclick: () => void labelling.solid.acceptAll() },
    icon('accept'),
    t('label.acceptAll'),
  );
  const rest = h(
    'button',
    { type: 'button', title: t('label.rest.title'), onclick: () => void labelling.fillRest() },
    t('label.rest'),
  );
  const between = h(
    'button',
    { type: 'button', title: t('label.between.title'), onclick: () => void fillBetween(session) },
    t('label.between'),
  );
  const onward = h(
    'button',
    { type: 'button', title: t('label.carry.title'), onclick: () => void carry(session, 1) },
    t('label.carry'),
  );
  const clear = h(
    'button',
    { type: 'button', title: t('label.clear.slice.title'), onclick: () => void labelling.clearSlice() },
    t('label.clear.slice'),
  );
  const shown = h('input', { type: 'checkbox', onchange: () => labelling.draw(shown.checked) });
  const list = h('ul', { class: 'labelled' });
  const nothing = h('p', { class: 'hint' }, t('label.labelled.none'));
  session.store.on(
    ['labelling', 'mask', 'items', 'currentId'],
    ({ labelling: { labelled, shown: drawn }, mask, items, currentId }) => {
      const item = session.current;
      const stack = (item?.scan?.slices ?? 1) > 1;
      fill(heading, t(stack ? 'label.slice' : 'label.image'));
      accept.disabled = !mask;
      rest.disabled = !item?.scan;
      const depths = item?.scan?.planes.depths ?? 1;
      all.hidden = depths < 2;
      all.disabled = all.hidden || !labelling.solid.segmented;
      all.title = t(all.disabled ? 'label.acceptAll.first' : 'label.acceptAll.title');
      between.hidden = depths < 3;
      onward.hidden = depths < 2;
      const own = labelled.filter(({ itemId }) => itemId === currentId);
      between.disabled = own.length < 2;
      onward.disabled = !own.some(({ slice }) => slice === item?.slice);
      clear.disabled = !labelled.some(({ itemId, slice }) => itemId === currentId && slice === item?.slice);
      shown.checked = drawn;
      nothing.hidden = labelled.length > 0;
      fill(
        list,
        labelled.map(({ itemId, slice, counts }) => {
          const file = items.find((other) => other.id === itemId);
          const count = file?.scan?.slices ?? 1;
          const name =
            count > 1
              ? t('label.labelled.slice', { name: file?.name ?? '', slice: placeName(file?.scan, slice) })
              : (file?.name ?? '');
          const pixels = t('unit.px', { value: number(counts.reduce((sum, n) => sum + n, 0)) });
          const here = itemId === currentId && slice === item?.slice;
          return h(
            'li',
            {},
            h(
              'button',
              {
                type: 'button',
                class: 'quiet',
                'aria-current': String(here),
                title: t('label.labelled.title', { name }),
                onclick: () => labelling.show(itemId, slice),
              },
              h('span', { class: 'ellipsis' }, name),
              h('span', { class: 'count' }, pixels),
            ),
          );
        }),
      );
    },
  );
  return h(
    'section',
    { class: 'group', 'aria-label': t('label.here') },
    heading,
    h('div', { class: 'stack' }, accept, all, rest, between, onward, clear),
    h('label', { class: 'row check', title: t('label.shown.title') }, shown, t('label.shown')),
    h('h2', {}, t('label.labelled')),
    nothing,
    list,
  );
}
