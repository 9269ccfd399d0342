/** Apply to all, and where the model is least sure. */
import { percent } from '../../strings/format.js';
import { learns } from '../../session/training/state.js';
import { placeName } from '../../session/places.js';
import { t } from '../../strings/t.js';
import { fill, h, say } from '../../elements/dom.js';

/** Places that are listed at first. */
const LISTED = 8;

/** @param {import('../../session/session.js').Session} session */
export function sweepView(session) {
  const { store } = session;
  const { sweep: sweeping } = session.training;
  const apply = h('button', {
    type: 'button',
    title: t('train.sweep.apply.title'),
    onclick: () => void sweeping.run(),
  });
  const next = h(
    'button',
    { type: 'button', title: t('train.sweep.next.title'), onclick: () => void sweeping.run() },
    t('train.sweep.next'),
  );
  const one = h('p', { class: 'hint' }, t('train.sweep.one'));
  const said = h('p', { class: 'hint' });
  const bar = h('progress', { 'aria-label': t('job.label') });
  const cancel = h(
    'button',
    { type: 'button', class: 'quiet', onclick: () => sweeping.cancel() },
    t('train.sweep.cancel'),
  );
  const progress = h('div', { class: 'row' }, bar, cancel);
  const list = h('ol', { class: 'unsure' });
  let most = LISTED;
  const rest = h('button', {
    type: 'button',
    class: 'link',
    onclick: () => {
      most = Infinity;
      draw();
      list.querySelectorAll('button')[LISTED]?.focus();
    },
  });
  const heading = h('h3', { class: 'term', title: t('train.sweep.next.title') }, t('train.sweep.list'));
  const element = h(
    'section',
    { class: 'group sweep', 'aria-label': t('train.sweep') },
    h('h2', {}, t('train.sweep')),
    one,
    h('div', { class: 'buttons' }, apply, next),
    said,
    progress,
    heading,
    list,
    rest,
  );

  let shown = '';
  const draw = () => {
    const { training, items, labelling } = store.state;
    const { sweep } = training;
    const total = items.reduce((sum, item) => sum + (item.scan?.slices ?? 0), 0);
    element.hidden = total === 0 || learns(training);
    if (element.hidden) return;
    const running = sweep.phase === 'running';
    const { count } = sweeping;
    one.hidden = total > 1;
    apply.parentElement?.toggleAttribute('hidden', count < 2);
    say(apply, t('train.sweep.apply', { count }));
    apply.disabled = next.disabled = running || store.state.engine !== 'ready';
    progress.hidden = !running;
    [bar.max, bar.value] = [Math.max(1, sweep.total), sweep.done];
    say(
      said,
      sweep.phase === 'idle'
        ? ''
        : running
          ? t('train.sweep.progress', { done: sweep.done, total: sweep.total, name: sweep.name })
          : sweep.phase === 'done'
            ? t('train.sweep.done', { count: sweep.done })
            : t('train.sweep.stopped', { done: sweep.done, total: sweep.total }),
    );
    const open = sweep.unsure.filter(({ itemId }) => items.some((item) => item.id === itemId));
    heading.hidden = list.hidden = open.length < 2;
    rest.hidden = open.length <= most;
    say(rest, t('train.sweep.rest', { count: open.length - LISTED }));
    const rows = open.slice(0, most).map((place) => ({
      ...place,
      name: nameOf(items, place),
      labelled: labelling.labelled.some(({ itemId, slice }) => itemId === place.itemId && slice === place.slice),
    }));
    const key = JSON.stringify(rows);
    if (key === shown) return;
    shown = key;
    fill(
      list,
      rows.map(({ itemId, slice, share, name, labelled }) =>
        h(
          'li',
          {},
          h(
            'button',
            {
              type: 'button',
              class: 'link ellipsis',
              title: name,
              onclick: () => {
                session.files.show(itemId);
                session.picture.toSlice(slice);
              },
            },
            name,
          ),
          h(
            'span',
            { class: 'faint' },
            t('train.sweep.item', { percent: percent(share) }),
            labelled && ` · ${t('train.sweep.labelled')}`,
          ),
        ),
      ),
    );
  };
  store.on(['training', 'items', 'currentId', 'preferred', 'alike', 'models', 'labelling', 'engine'], draw);
  return element;
}

/** @param {import('../../session/state.js').Item[]} items @param {{ itemId: number, slice: number }} place */
function nameOf(items, { itemId, slice }) {
  const item = items.find((other) => other.id === itemId);
  if (!item) return '';
  return (item.scan?.slices ?? 1) > 1
    ? t('train.sweep.slice', { name: item.name, slice: placeName(item.scan, slice) })
    : item.name;
}
