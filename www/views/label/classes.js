/** What is painted: background or a class; and the classes' names, colours and order. */
import { number, t } from '../../strings/t.js';
import { fill, h, say } from '../dom.js';
import { icon } from '../icons.js';

/** @typedef {import('../../session/session.js').Session} Session */

/** @param {Session} session @returns {HTMLElement} */
export function classGroup(session) {
  const list = h('ul', { class: 'inks', 'aria-labelledby': 'label-inks' });
  const rows = h('ul', { class: 'class-rows' });
  const edit = h('details', { class: 'edit-classes' }, h('summary', {}, t('label.classes.edit')), rows);
  const add = h('button', { type: 'button', class: 'link', title: t('label.class.add.title'), onclick: async () => {
    await session.labelling.addClass(t('class.unnamed', { number: session.state.labelling.classes.length + 1 }));
    edit.open = true;
    const names = rows.querySelectorAll('input[type=text]');
    const last = /** @type {HTMLInputElement | undefined} */ (names[names.length - 1]);
    last?.focus();
    last?.select();
  } }, t('label.class.add'));

  /** @type {{ button: HTMLButtonElement, count: HTMLElement }[]} */
  let inks = [];
  let listed = '';
  session.store.on(['labelling'], ({ labelling }) => {
    const { classes, ink, counts } = labelling;
    // Built anew only for other classes, so that what has the focus keeps it.
    const now = JSON.stringify(classes);
    if (now !== listed) {
      const focused = listed ? place(rows) : null;
      listed = now;
      inks = [t('label.background'), ...classes.map(({ name }) => name)].map((name, value) => inkButton(session, value, name, classes[value - 1]?.colour ?? null));
      fill(list, inks.map(({ button }) => h('li', {}, button)));
      fill(rows, classes.map((one, i) => classRow(session, i + 1, one, classes.length)));
      if (focused) refocus(rows, focused);
    }
    inks.forEach(({ button, count }, value) => {
      button.setAttribute('aria-pressed', String(value === ink));
      say(count, counts[value] ? t('unit.px', { value: number(counts[value], { notation: counts[value] < 1e5 ? 'standard' : 'compact', maximumSignificantDigits: 5 }) }) : '');
    });
  });
  return h(
    'section',
    { class: 'group', 'aria-label': t('label.inks') },
    h('h2', { id: 'label-inks' }, t('label.inks')),
    list,
    add,
    h('p', { class: 'hint' }, t('label.inks.hint')),
    edit,
  );
}

/** @param {Session} session @param {number} value @param {string} name @param {string | null} colour null: background */
function inkButton(session, value, name, colour) {
  const swatch = h('span', { class: colour ? 'swatch' : 'swatch background' });
  if (colour) swatch.style.backgroundColor = colour;
  const count = h('span', { class: 'count' });
  const key = value < 10 ? h('kbd', { 'aria-hidden': 'true' }, String(value)) : null;
  const button = h('button', { type: 'button', class: 'ink', title: t('label.ink.title', { name, key: value < 10 ? String(value) : '–' }), onclick: () => session.labelling.pick(value) }, swatch, h('span', { class: 'ellipsis' }, name), h('span', { class: 'spring' }), count, key);
  return { button, count };
}

/** @param {Session} session @param {number} value @param {{ name: string, colour: string }} one @param {number} count of classes */
function classRow(session, value, { name, colour }, count) {
  const { labelling } = session;
  const paint = h('input', { type: 'color', value: colour, 'aria-label': t('label.class.colour', { name }), title: t('label.class.colour', { name }), onchange: () => void labelling.recolourClass(value, paint.value) });
  const field = h('input', { type: 'text', value: name, maxlength: 60, spellcheck: 'false', 'aria-label': t('label.class.name', { name }), onchange: () => {
    const wanted = field.value.trim();
    if (wanted && wanted !== name) void labelling.renameClass(value, wanted);
    else field.value = name;
  } });
  const button = (/** @type {'up' | 'down' | 'bin'} */ shape, /** @type {string} */ key, /** @type {boolean} */ off, /** @type {() => void} */ onclick) =>
    h('button', { type: 'button', class: 'quiet icon-only', disabled: off, 'aria-label': t(key, { name }), title: t(key, { name }), onclick }, icon(shape));
  return h(
    'li',
    {},
    paint,
    field,
    button('up', 'label.class.up', value === 1, () => void labelling.moveClass(value, value - 1)),
    button('down', 'label.class.down', value === count, () => void labelling.moveClass(value, value + 1)),
    button('bin', 'label.class.remove', count === 1, () => void labelling.removeClass(value)),
  );
}

/** Which control of which row has the focus. @param {Element} rows */
function place(rows) {
  const active = document.activeElement;
  const row = [...rows.children].findIndex((li) => li.contains(active));
  return row < 0 ? null : { row, column: [...rows.children[row].children].indexOf(/** @type {Element} */ (active)) };
}

/** @param {Element} rows @param {{ row: number, column: number }} at */
function refocus(rows, { row, column }) {
  const li = rows.children[Math.min(row, rows.children.length - 1)];
  const wanted = /** @type {HTMLElement | undefined} */ (li?.children[column]);
  if (wanted && !(/** @type {HTMLButtonElement} */ (wanted).disabled)) wanted.focus();
  else li?.querySelector('input')?.focus();
}
