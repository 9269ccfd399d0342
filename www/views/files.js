/** The list of files, and the slices of the one that is shown. */
import { channelName, placeOf, positionText } from '../session/places.js';
import { t } from '../strings/t.js';
import { byId, fill, h, say } from '../elements/dom.js';
import { ordered, SORTS } from './file-order.js';
import { fileChoice } from './file-choice.js';
import { fileRow } from './file-row.js';
import { folderButton } from './folder.js';
import { icon } from './icons.js';
import { keepPlace } from './keep.js';
import { saveDialog, segmentAll, segmentSlices } from './save.js';
import { alongChoice } from './volume/along.js';
import { cine } from './volume/cine.js';

/** Files from which on they can be filtered and sorted. */
const MANY = 8;

/** @param {import('../session/session.js').Session} session @param {() => void} pick @param {(() => void) | null} pickFolder */
export function mountFiles(session, pick, pickFolder) {
  const list = h('ul', { class: 'files', onkeydown: (/** @type {KeyboardEvent} */ event) => along(event, choice) });
  /** @type {Map<number, ReturnType<typeof fileRow>>} */
  const rows = new Map();
  /** Which file the list was moved to. @type {number | null} */
  let inSight = null;

  const find = finder(
    () => update(session.state),
    () => choice.all(),
  );
  const inOrder = () => ordered(session.state.items, find.words, find.sort).map(({ id }) => id);
  const choice = fileChoice(session, inOrder, () => update(session.state));

  /** @param {Pick<import('../session/state.js').State, 'items' | 'currentId'>} state */
  function update({ items, currentId }) {
    choice.keep(items);
    for (const id of rows.keys()) {
      if (items.some((item) => item.id === id)) continue;
      rows.get(id)?.li.remove();
      rows.delete(id);
    }
    for (const item of items) {
      let known = rows.get(item.id);
      if (!known) {
        const { id } = item;
        known = fileRow(session, id, (event) => choice.click(event, id) || session.files.show(id));
        rows.set(item.id, known);
      }
      known.update(item, item.id === currentId, choice.has(item.id));
    }
    find.element.hidden = items.length < MANY;
    const shown = inOrder().flatMap((id) => rows.get(id)?.li ?? []);
    find.tell(shown.length);
    if (shown.length !== list.children.length || shown.some((li, i) => li !== list.children[i])) fill(list, shown);
    if (currentId === inSight) return;
    inSight = currentId;
    if (currentId !== null) rows.get(currentId)?.li.scrollIntoView({ block: 'nearest' });
  }
  session.store.on(['items', 'currentId', 'colours', 'models', 'constants'], update);

  fill(
    byId('files'),
    h('button', { type: 'button', class: 'quiet add', onclick: pick }, icon('plus'), t('files.add')),
    pickFolder && folderButton('quiet add folder', pickFolder, 'files.addFolder'),
    ...everything(session),
    find.element,
    choice.element,
    list,
    slices(session),
    keepPlace(session),
  );
}

/** Up and down from file to file, with Shift choosing them; and away with those that are chosen. @param {KeyboardEvent} event @param {import('./file-choice.js').FileChoice} choice */
function along(event, choice) {
  const list = /** @type {HTMLElement} */ (event.currentTarget);
  const files = () => [...list.querySelectorAll('button')].filter((button) => button.classList.contains('file'));
  const all = files();
  const at = all.findIndex((button) => button === event.target);
  if (at < 0) return;
  const idOf = (/** @type {number} */ place) => Number(all[place]?.closest('li')?.dataset.id);
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step !== undefined) {
    const next = Math.min(all.length - 1, Math.max(0, at + step));
    if (event.shiftKey) choice.reach(idOf(next), idOf(at));
    all[next].focus();
  } else if (event.key === 'Delete') {
    choice.take(idOf(at));
    const left = files();
    if (!document.querySelector('dialog[open]')) left[Math.min(at, left.length - 1)]?.focus();
  } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) choice.all();
  else if (event.key !== 'Escape' || !choice.clear()) return;
  event.preventDefault();
  event.stopPropagation();
}

/** A filter by name, and the order; where there are many files. @param {() => void} onChange @param {() => void} choose all that it shows */
function finder(onChange, choose) {
  const words = h('input', {
    type: 'search',
    placeholder: t('files.filter'),
    'aria-label': t('files.filter'),
    oninput: onChange,
  });
  const sort = h(
    'select',
    { 'aria-label': t('files.sort'), title: t('files.sort'), onchange: onChange },
    SORTS.map((value) => h('option', { value }, t(`files.sort.${value}`))),
  );
  const these = h('button', { type: 'button', class: 'quiet', title: t('files.choose.title'), onclick: choose });
  const element = h('div', { class: 'finder', hidden: true }, words, these, sort);
  return {
    element,
    /** @param {number} count of the files that are shown */
    tell(count) {
      these.hidden = count === 0 || words.value.trim() === '';
      say(these, t('files.choose', { count }));
    },
    get words() {
      return element.hidden ? '' : words.value;
    },
    get sort() {
      return /** @type {import('./file-order.js').Sort} */ (sort.value);
    },
  };
}

/** Goes through all files, where there are several. @param {import('../session/session.js').Session} session */
function everything(session) {
  const button = h('button', {
    type: 'button',
    class: 'quiet add',
    title: t('segmentAll.button.title'),
    onclick: () => void segmentAll(session),
  });
  const save = h(
    'button',
    {
      type: 'button',
      class: 'quiet add',
      title: t('segmentAll.save.title'),
      onclick: () => saveDialog(session, true),
    },
    t('segmentAll.save'),
  );
  session.store.on(['items', 'saving', 'engine'], ({ items, saving, engine }) => {
    save.hidden = !saving || saving.writes || !saving.every;
    button.hidden = items.length < 2 || !save.hidden;
    button.disabled = saving !== null || engine !== 'ready';
    say(button, t('segmentAll.button', { count: items.length }));
  });
  return [button, save];
}

/** @param {import('../session/session.js').Session} session @returns {HTMLElement} */
function slices(session) {
  const slider = h('input', {
    type: 'range',
    id: 'slice',
    min: 1,
    step: 1,
    title: t('slices.title'),
    oninput: () => session.picture.toPlace({ position: slider.valueAsNumber - 1 }),
  });
  const output = h('output', { for: 'slice', 'aria-live': 'off' });
  const label = h('label', { for: 'slice' }, t('slices.label'));
  const channel = h('select', {
    id: 'channel',
    title: t('channels.title'),
    onchange: () => session.picture.toPlace({ channel: channel.selectedIndex }),
  });
  const channelLabel = h('label', { for: 'channel' }, t('channels.label'));
  const every = h(
    'button',
    {
      type: 'button',
      class: 'every-slice',
      title: t('segmentSlices.button.title'),
      onclick: () => void segmentSlices(session),
    },
    t('segmentSlices.button'),
  );
  session.store.on(
    ['items', 'currentId', 'models', 'modelId', 'preferred', 'alike', 'saving', 'engine'],
    ({ saving, engine }) => {
      const item = session.current;
      every.disabled = saving !== null || engine !== 'ready' || !item?.scan || !session.models.for(item);
    },
  );
  const along = alongChoice(session);
  const group = h(
    'div',
    { class: 'slices' },
    ...[channelLabel, channel, label, slider, output, cine(session), along, every],
  );
  let listed = '';
  session.store.on(['items', 'currentId'], () => {
    const item = session.current;
    const scan = item?.scan;
    group.hidden = (scan?.slices ?? 1) < 2;
    if (!scan || group.hidden) return;
    const { channels, slices: count } = scan.planes;
    channelLabel.hidden = channel.hidden = channels.length < 2;
    label.hidden = slider.hidden = output.hidden = count < 2;
    const names = channels.map((_, i) => channelName(scan, i));
    if (listed !== JSON.stringify(names)) {
      listed = JSON.stringify(names);
      fill(
        channel,
        names.map((name) => h('option', {}, name)),
      );
    }
    const place = placeOf(scan, item.slice);
    channel.selectedIndex = place.channel;
    slider.max = String(count);
    slider.value = String(place.position + 1);
    const text = positionText(scan, item.slice);
    say(output, text);
    slider.setAttribute('aria-valuetext', text);
  });
  return group;
}
