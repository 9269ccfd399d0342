/** What is painted: background or a class; and the classes' names, colours and order. */
import { className } from '../../strings/engine.js';
import { number, t } from '../../strings/t.js';
import { h, say } from '../../elements/dom.js';
import { icon } from '../icons.js';

/**
 * @typedef {import('../../session/session.js').Session} Session
 * @typedef {import('../../session/labelling/state.js').LabelClass} LabelClass
 */

/** Below it a count is written in full. */
const LONG = 1e5;

/** @param {Session} session @returns {HTMLElement} */
export function classGroup(session) {
  const list = h('ul', { class: 'inks', 'aria-labelledby': 'label-inks' });
  const rowList = h('ul', { class: 'class-rows' });
  const summary = h('summary', {}, t('label.classes.edit'));
  const edit = h('details', { class: 'edit-classes' }, summary, rowList);
  /** @type {ReturnType<typeof inkButton>[]} */
  const inks = [];
  /** @type {ReturnType<typeof classRow>[]} */
  const rows = [];
  // The keyboard stays with a class that is moved, and near one that is removed.
  const focus = (/** @type {number} */ value, /** @type {'up' | 'down' | 'remove'} */ name) => {
    const row = rows[Math.min(value, rows.length) - 1];
    const wanted = [name, /** @type {const} */ ('up'), /** @type {const} */ ('down')]
      .map((key) => row?.[key])
      .find((button) => button && !button.disabled);
    (wanted ?? summary).focus();
  };
  const add = h(
    'button',
    {
      type: 'button',
      class: 'link',
      title: t('label.class.add.title'),
      onclick: async () => {
        await session.labelling.addClass(t('class.unnamed', { number: session.state.labelling.classes.length + 1 }));
        edit.open = true;
        // Its row comes with the store's next word.
        await Promise.resolve();
        rows.at(-1)?.field.focus();
        rows.at(-1)?.field.select();
      },
    },
    t('label.class.add'),
  );

  session.store.on(['labelling', 'constants'], ({ labelling: { classes, ink, counts }, constants }) => {
    add.disabled = constants !== null && classes.length >= constants.maxClasses;
    fit(inks, classes.length + 1, list, (i) => inkButton(session, i));
    fit(rows, classes.length, rowList, (i) => classRow(session, i + 1, focus));
    inks.forEach((one, value) => one.update(classes[value - 1] ?? null, value === ink, counts[value] ?? 0));
    rows.forEach((row, i) => row.update(classes[i], classes.length));
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

/** As many rows as there are classes; those that stay keep the focus. @template {{ li: HTMLElement }} R @param {R[]} rows @param {number} count @param {HTMLElement} list @param {(i: number) => R} make */
function fit(rows, count, list, make) {
  while (rows.length > count) rows.pop()?.li.remove();
  while (rows.length < count) {
    const row = make(rows.length);
    rows.push(row);
    list.append(row.li);
  }
}

/** @param {Session} session @param {number} value */
function inkButton(session, value) {
  const key = value < 10 ? String(value) : '';
  const swatch = h('span', { class: value ? 'swatch' : 'swatch background' });
  const name = h('span', { class: 'ellipsis' });
  const count = h('span', { class: 'count' });
  const button = h(
    'button',
    { type: 'button', class: 'ink', onclick: () => session.labelling.pick(value) },
    swatch,
    name,
    h('span', { class: 'spring' }),
    count,
    key ? h('kbd', { 'aria-hidden': 'true' }, key) : null,
  );
  return {
    li: h('li', {}, button),
    /** @param {LabelClass | null} one null: background @param {boolean} chosen @param {number} pixels */
    update(one, chosen, pixels) {
      const title = className(one?.name ?? t('label.background'));
      say(name, title);
      button.title = key ? t('label.ink.title', { name: title, key }) : title;
      if (one) swatch.style.backgroundColor = one.colour;
      button.setAttribute('aria-pressed', String(chosen));
      say(
        count,
        pixels === 0
          ? ''
          : t('unit.px', {
              value: number(pixels, pixels < LONG ? {} : { notation: 'compact', maximumSignificantDigits: 3 }),
            }),
      );
    },
  };
}

/** @param {Session} session @param {number} value @param {(value: number, name: 'up' | 'down' | 'remove') => void} focus */
function classRow(session, value, focus) {
  const { labelling } = session;
  const paint = h('input', { type: 'color', onchange: () => void labelling.recolourClass(value, paint.value) });
  const field = h('input', {
    type: 'text',
    maxlength: 60,
    spellcheck: 'false',
    onchange: () => {
      const wanted = field.value.trim();
      if (wanted && wanted !== name) void labelling.renameClass(value, wanted);
      else field.value = name;
    },
    // Done with typing: keys are tools again.
    onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === 'Enter' && field.blur(),
  });
  let name = '';
  const button = (/** @type {'up' | 'down' | 'bin'} */ shape, /** @type {() => void} */ onclick) =>
    h('button', { type: 'button', class: 'quiet icon-only', onclick }, icon(shape));
  const move = async (/** @type {1 | -1} */ step) => {
    await labelling.moveClass(value, value + step);
    await Promise.resolve();
    focus(value + step, step < 0 ? 'up' : 'down');
  };
  const up = button('up', () => void move(-1)),
    down = button('down', () => void move(1));
  const remove = button('bin', async () => {
    await labelling.removeClass(value);
    await Promise.resolve();
    focus(value, 'remove');
  });
  return {
    li: h('li', {}, paint, field, up, down, remove),
    field,
    up,
    down,
    remove,
    /** @param {LabelClass} one @param {number} count of classes */
    update(one, count) {
      name = one.name;
      paint.value = one.colour;
      if (document.activeElement !== field) field.value = name;
      up.disabled = value === 1;
      down.disabled = value === count;
      remove.disabled = count === 1;
      for (const [element, key] of /** @type {const} */ ([
        [paint, 'label.class.colour'],
        [field, 'label.class.name'],
        [up, 'label.class.up'],
        [down, 'label.class.down'],
        [remove, 'label.class.remove'],
      ])) {
        const words = t(key, { name });
        element.setAttribute('aria-label', words);
        element.title = words;
      }
    },
  };
}
