/** The drawer under the image: the objects of the slice that is shown as a table, a histogram and a scatter plot. */
import { coloursOf } from '../../session/colours.js';
import { byId, fill, h, say } from '../../elements/dom.js';
import { t } from '../../strings/t.js';
import { copyText } from '../copy.js';
import { icon } from '../icons.js';
import { histogramView } from './histogram.js';
import { scatterView } from './scatter.js';
import { shownOf, tableText } from './shown.js';
import { tableView } from './table.js';

/**
 * @typedef {import('../../session/session.js').Session} Session
 * @typedef {import('../../session/state.js').State} State
 * @typedef {import('../../session/objects/state.js').Found} Found
 */

const NAMES = /** @type {const} */ (['table', 'histogram', 'scatter']);

/** @typedef {(typeof NAMES)[number]} Name */

/** @param {Session} session */
export function mountDrawer(session) {
  const drawer = byId('drawer');
  /** Whether the objects of all files are shown. */
  let wide = false;
  const select = (/** @type {number | null} */ number) => {
    const goal = wide && number !== null ? session.objects.all()?.at(number) : null;
    if (goal) session.objects.goTo(goal);
    else session.objects.select(number);
  };
  const views = { table: tableView(select), histogram: histogramView(), scatter: scatterView(select) };
  /** @type {Name} */
  let open = 'table';
  /** What is shown, and by what; another is shown anew. @type {{ found: Found, key: string } | null} */
  let known = null;
  /** @type {import('./shown.js').Shown[]} */
  let columns = [];
  /** @type {import('./shown.js').About | null} */
  let about = null;
  /** Views that show `columns`. @type {Set<Name>} */
  const fresh = new Set();

  const count = h('h2', {});
  const busy = h('span', { class: 'faint updating' }, t('drawer.updating'));
  const instead = h('p', { class: 'instead faint' });
  const tabs = tabList(() => open, turnTo);
  const scope = h(
    'select',
    {
      class: 'scope',
      'aria-label': t('drawer.scope'),
      onchange: () => {
        wide = scope.value === 'all';
        update(session.state);
      },
    },
    h('option', { value: 'this' }, t('drawer.scope.this')),
    h('option', { value: 'all' }, t('drawer.scope.all')),
  );
  const copy = h(
    'button',
    { type: 'button', class: 'quiet copy', title: t('drawer.copy.title'), onclick: () => void copyTable() },
    icon('copy'),
    h('span', {}, t('drawer.copy')),
  );
  const close = h(
    'button',
    { type: 'button', class: 'quiet icon-only', onclick: () => session.objects.openDrawer(false) },
    icon('close'),
  );
  close.title = t('drawer.close');
  close.setAttribute('aria-label', t('drawer.close'));
  for (const name of NAMES) {
    const { element } = views[name];
    const panel = h('div', { class: 'objects-view', role: 'tabpanel', id: `objects-${name}` }, element);
    panel.setAttribute('aria-labelledby', `objects-tab-${name}`);
  }
  const panels = NAMES.map((name) => /** @type {HTMLElement} */ (views[name].element.parentElement));
  fill(
    drawer,
    h('header', {}, count, scope, tabs.element, busy, h('span', { class: 'spring' }), copy, close),
    instead,
    panels,
  );

  async function copyTable() {
    try {
      refresh('table');
      if (await copyText(tableText(columns, views.table.order)))
        session.say(t('drawer.copied', { count: views.table.order.length }));
    } catch (error) {
      session.fail(error);
    }
  }

  /** @param {Name} name */
  function turnTo(name) {
    open = name;
    update(session.state);
  }

  /** Lets a view show what there is, if it does not yet. @param {Name} name */
  function refresh(name) {
    if (fresh.has(name) || !about) return;
    fresh.add(name);
    views[name].show(columns, about);
  }

  /** @param {Found} found @param {State} state */
  function take(found, state) {
    const next = aboutOf(session, found, state, wide ? session.objects.all() : null);
    const key = JSON.stringify(next);
    if (known?.found === found && known.key === key) return;
    known = { found, key };
    about = next;
    columns = shownOf(found, next);
    fresh.clear();
  }

  /** @param {State} state */
  function update(state) {
    const { working, selected, drawer: wanted } = state.objects;
    drawer.hidden = !wanted || !session.current?.scan;
    // What is not seen takes no time.
    if (drawer.hidden) {
      known = null;
      return;
    }
    const all = session.objects.all();
    scope.hidden = all === null;
    wide &&= all !== null;
    scope.value = wide ? 'all' : 'this';
    const item = session.current;
    const found = wide && all ? all.found : state.objects.found;
    const filled = found !== null && found.count > 0;
    say(count, found ? t('drawer.count', { count: found.count }) : t('drawer.label'));
    busy.hidden = !working || !filled;
    copy.disabled = !filled;
    instead.hidden = filled;
    say(instead, filled ? '' : t(working ? 'drawer.working' : found ? 'drawer.none' : 'drawer.without'));
    tabs.show();
    panels.forEach((panel, i) => (panel.hidden = !filled || NAMES[i] !== open));
    if (!filled) return;
    take(found, state);
    refresh(open);
    const row = wide && all && item && selected !== null ? all.rowOf(item.id, item.slice, selected) : selected;
    views[open].select(row);
  }

  session.store.on(['objects', 'items', 'currentId', 'models', 'modelId', 'constants'], update);
}

/** What the columns are shown by. @param {Session} session @param {Found} found @param {State} state @param {import('../../session/objects/all.js').All | null} all @returns {import('./shown.js').About} */
function aboutOf(session, found, state, all) {
  const at = found.columns.findIndex(({ kind }) => kind === 'class');
  let most = 0;
  for (let row = 0; at >= 0 && row < found.count; row++) {
    most = Math.max(most, found.values[row * found.columns.length + at] || 0);
  }
  const model = state.models.find(({ id }) => id === state.modelId);
  return {
    micrometres: all ? all.micrometres : session.objects.micrometres(),
    files: all?.files ?? [],
    unit: session.current?.scan?.unit ?? null,
    classes: Array.from({ length: most }, (_, i) => session.objects.nameOfClass(i + 1)),
    colours: coloursOf(state, model, most),
  };
}

/** @param {() => Name} open @param {(name: Name) => void} turnTo */
function tabList(open, turnTo) {
  const tabs = NAMES.map((name) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `objects-tab-${name}`,
        'aria-controls': `objects-${name}`,
        onclick: () => turnTo(name),
      },
      t(`drawer.tab.${name}`),
    ),
  );
  const element = h('div', { role: 'tablist', 'aria-label': t('drawer.tabs') }, tabs);
  element.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: NAMES.length - 1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    const next = (NAMES.indexOf(open()) + step) % NAMES.length;
    turnTo(NAMES[next]);
    tabs[next].focus();
  });
  return {
    element,
    show() {
      tabs.forEach((tab, i) => {
        tab.setAttribute('aria-selected', String(NAMES[i] === open()));
        tab.tabIndex = NAMES[i] === open() ? 0 : -1;
      });
    },
  };
}
