/** The drawer under the image: objects as a table, a histogram and a scatter plot, and a summary of all files. */
import { coloursOf } from '../../session/colours.js';
import { byId, fill, h, say } from '../../elements/dom.js';
import { t } from '../../strings/t.js';
import { copyText } from '../copy.js';
import { csv } from '../csv.js';
import { icon } from '../icons.js';
import { download } from '../save.js';
import { histogramView } from './histogram.js';
import { scatterView } from './scatter.js';
import { shownOf, tableText } from './shown.js';
import { tableView } from './table.js';
import { totalsCells, totalsOf } from './totals.js';

/**
 * @typedef {import('../../session/session.js').Session} Session
 * @typedef {import('../../session/state.js').State} State
 * @typedef {import('../../session/objects/state.js').Found} Found
 */

/** @typedef {import('../../session/objects/state.js').View} Name */

/** @type {Name[]} */
const NAMES = ['table', 'histogram', 'scatter', 'summary'];

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
  /** @param {number | null} number of a row of the summary */
  const showFile = (number) => {
    const id = number === null ? null : (rows[number - 1]?.id ?? null);
    if (id !== null) session.files.show(id);
  };
  const views = {
    table: tableView(select),
    histogram: histogramView(),
    scatter: scatterView(select),
    summary: tableView(showFile, 'total', t('summary.table')),
  };
  /** Of the summary. @type {import('../../session/objects/summary.js').Row[]} */
  let rows = [];
  const open = () => session.state.objects.view;
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
  const tabs = tabList(open, (name) => session.objects.openDrawer(true, name));
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
  const save = h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      title: t('summary.save.title'),
      onclick: () => download(csv(totalsCells(rows.map(unnamed))), 'summary.csv'),
    },
    t('summary.save'),
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
    h('header', {}, count, scope, tabs.element, busy, h('span', { class: 'spring' }), save, copy, close),
    instead,
    panels,
  );

  /** A row as it is saved. @param {import('../../session/objects/summary.js').Row} row */
  const unnamed = ({ id, file, ...row }) => ({
    ...row,
    id,
    file: id === null ? file : session.identity.name({ id, name: file }),
  });

  async function copyTable() {
    try {
      const totals = open() === 'summary';
      if (!totals) refresh('table');
      const { order } = totals ? views.summary : views.table;
      if (await copyText(tableText(totals ? totalsOf(rows) : columns, order)))
        session.say(t(totals ? 'summary.copied' : 'drawer.copied', { count: order.length }));
    } catch (error) {
      session.fail(error);
    }
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
    tabs.show();
    const totals = open() === 'summary';
    save.hidden = !totals;
    if (totals) return updateSummary(state);
    const all = session.objects.all();
    scope.hidden = all === null;
    wide &&= all !== null;
    scope.value = wide ? 'all' : 'this';
    const item = session.current;
    const found = wide && all ? all.found : state.objects.found;
    const filled = found !== null && found.count > 0;
    say(count, found ? t('drawer.count', { count: found.count }) : t('drawer.label'));
    busy.hidden = !working || !filled;
    turn(filled, t(working ? 'drawer.working' : found ? 'drawer.none' : 'drawer.without'));
    if (!filled) return;
    take(found, state);
    refresh(open());
    const row = wide && all && item && selected !== null ? all.rowOf(item.id, item.slice, selected) : selected;
    views[open()].select(row);
  }

  /** @param {State} state */
  function updateSummary({ currentId }) {
    const next = session.seen.summary();
    scope.hidden = busy.hidden = true;
    say(count, t('summary.count', { count: new Set(next.flatMap(({ id }) => id ?? [])).size }));
    turn(next.length > 0, t('summary.none'));
    if (next !== rows) views.summary.show(totalsOf(next));
    rows = next;
    const here = rows.findIndex(({ id }) => id === currentId);
    views.summary.select(here < 0 ? null : here + 1);
  }

  /** Shows the panel that is open, or what is told instead. @param {boolean} filled @param {string} otherwise */
  function turn(filled, otherwise) {
    copy.disabled = save.disabled = !filled;
    instead.hidden = filled;
    say(instead, filled ? '' : otherwise);
    panels.forEach((panel, i) => (panel.hidden = !filled || NAMES[i] !== open()));
  }

  session.store.on(['objects', 'items', 'currentId', 'models', 'modelId', 'mask', 'threshold', 'constants'], update);
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
