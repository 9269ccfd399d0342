/** The table of objects. Only rows in sight are elements, so that ten thousand scroll like ten. */
import { t } from '../../strings/t.js';
import { fill, h } from '../../elements/dom.js';
import { icon } from '../icons.js';
import { orderOf } from './columns.js';
import { inSight, moved, scrolledTo } from './rows.js';

/** @typedef {import('./shown.js').Shown} Shown */

/** Height of a row as the style sheets have it, px: a finger needs more. */
export const ROW = globalThis.matchMedia?.('(pointer: coarse)').matches ? 44 : 26;

/** Letters of the longest name of a class that is not cut off. */
const MAX_LETTERS = 24;

/** @param {(number: number | null) => void} select @param {string} [name] of the table, of which there may be several @param {string} [label] */
export function tableView(select, name = 'object', label = t('drawer.table')) {
  const head = h('div', { role: 'row', 'aria-rowindex': 1 });
  const body = h('div', { role: 'rowgroup', class: 'rows' });
  const heads = h('div', { role: 'rowgroup', class: 'heads' }, head);
  const element = h('div', { role: 'grid', class: 'objects-table', tabindex: 0, 'aria-label': label });
  fill(element, heads, body);

  /** @type {Shown[]} */
  let columns = [];
  /** Rows of `found` in the order shown, and the place of each in it. */
  let order = new Uint32Array(0);
  let places = new Uint32Array(0);
  /** @type {Map<number, number>} the row of an object */
  let rowOf = new Map();
  /** @type {{ id: string, descending: boolean }} */
  let sort = { id: '', descending: false };
  /** @type {number | null} */
  let selected = null;
  /** The place that the keyboard is at. @type {number | null} */
  let active = null;
  /** Grows with what is shown: rows of another are filled again. */
  let stamp = 0;
  /** @type {ReturnType<typeof slot>[]} */
  const slots = [];

  function slot() {
    const row = h('div', { role: 'row', class: 'object' });
    body.append(row);
    return { row, cells: /** @type {Text[]} */ ([]), place: -1, stamp: -1 };
  }

  const sightHeight = () => element.clientHeight - heads.offsetHeight;

  /** @param {ReturnType<typeof slot>} slot @param {number} place */
  function put(slot, place) {
    const { row, cells } = slot;
    if (cells.length !== columns.length) {
      cells.splice(0, cells.length, ...columns.map(() => document.createTextNode('')));
      fill(
        row,
        cells.map((cell, i) => h('div', { role: 'gridcell', 'aria-colindex': i + 1 }, cell)),
      );
    }
    const at = order[place];
    columns.forEach((column, i) => (cells[i].data = column.text(column.values[at])));
    // A long name is cut off.
    row.title = columns[0].column.kind === 'file' ? columns[0].text(numberAt(place)) : '';
    row.id = `${name}-at-${place}`;
    row.style.top = `${place * ROW}px`;
    row.setAttribute('aria-rowindex', String(place + 2));
    mark(row, place);
    row.hidden = false;
    Object.assign(slot, { place, stamp });
  }

  /** @param {HTMLElement} row @param {number} place */
  function mark(row, place) {
    row.setAttribute('aria-selected', String(selected !== null && numberAt(place) === selected));
    row.classList.toggle('active', place === active);
  }

  /** @param {number} place */
  const numberAt = (place) => columns[0].values[order[place]];

  function draw() {
    const height = sightHeight();
    if (height <= 0) return;
    const { from, to } = inSight(element.scrollTop, height, ROW, order.length);
    while (slots.length < to - from) slots.push(slot());
    for (let place = from; place < to; place++) {
      const slot = slots[place % slots.length];
      if (slot.place !== place || slot.stamp !== stamp) put(slot, place);
    }
    for (const slot of slots) {
      if (slot.place >= from && slot.place < to && slot.stamp === stamp) continue;
      slot.row.hidden = true;
      slot.place = -1;
    }
    const here = active !== null && active >= from && active < to;
    if (here) element.setAttribute('aria-activedescendant', `${name}-at-${active}`);
    else element.removeAttribute('aria-activedescendant');
  }

  function marks() {
    for (const { row, place } of slots) if (place >= 0) mark(row, place);
  }

  /** @param {number} place */
  function moveTo(place) {
    active = place;
    element.scrollTop = scrolledTo(element.scrollTop, sightHeight(), ROW, place);
    draw();
    marks();
  }

  function arrange() {
    const by = columns.find(({ id }) => id === sort.id) ?? columns[0];
    const at = active === null ? null : order[active];
    order = by ? orderOf(by.values, sort.descending && by.id === sort.id) : new Uint32Array(0);
    places = new Uint32Array(order.length);
    order.forEach((row, place) => (places[row] = place));
    active = at === null || at >= order.length ? null : places[at];
    stamp++;
  }

  /** @param {Shown} column */
  function sortBy(column) {
    sort = { id: column.id, descending: sort.id === column.id && !sort.descending };
    arrange();
    heading();
    element.scrollTop = 0;
    draw();
  }

  /** @param {Shown} column @param {number} i */
  function header(column, i) {
    const sorted = sort.id === column.id;
    const direction = sort.descending ? 'descending' : 'ascending';
    const button = h(
      'button',
      { type: 'button', class: 'quiet', title: column.means, tabindex: -1, onclick: () => sortBy(column) },
      h('span', { class: 'name' }, column.name),
      h('span', { class: 'unit' }, sorted && icon(sort.descending ? 'down' : 'up'), h('span', {}, column.unit)),
    );
    return h('div', { role: 'columnheader', 'aria-colindex': i + 1, 'aria-sort': sorted ? direction : 'none' }, button);
  }

  /** The heads, one of which the Tab key reaches, and the widths. */
  function heading() {
    const focused = [...head.children].findIndex((cell) => cell.contains(document.activeElement));
    fill(head, columns.map(header));
    const buttons = head.querySelectorAll('button');
    const sorted = columns.findIndex(({ id }) => id === sort.id);
    buttons.forEach((button, i) => (button.tabIndex = i === Math.max(0, sorted) ? 0 : -1));
    buttons[focused]?.focus();
    // In letters, and the room beside them; those of names are bold.
    const widths = columns.map(({ letters, name }) =>
      Math.max(Math.min(letters, MAX_LETTERS) + 2.5, name.length + 2.75),
    );
    element.style.setProperty('--columns', widths.map((width) => `${width}ch`).join(' '));
    element.style.setProperty('--wide', `${widths.reduce((sum, width) => sum + width, 0)}ch`);
  }

  /** From head to head. @param {KeyboardEvent} event */
  function alongHeads(event) {
    const buttons = [...head.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button === event.target);
    const last = buttons.length - 1;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return event.key.startsWith('Arrow');
    const next = buttons[Math.min(last, Math.max(0, to))];
    buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next.focus();
    event.preventDefault();
    return true;
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key was for the table */
  function key(event) {
    if (event.target !== element) return alongHeads(event) || event.key === 'Enter' || event.key === ' ';
    // The browser scrolls to the sides by itself.
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') return true;
    const page = Math.max(1, Math.floor(sightHeight() / ROW) - 1);
    const to = moved(event.key, active, order.length, page);
    if (to !== null) moveTo(to);
    else if (active !== null && (event.key === 'Enter' || event.key === ' ')) select(numberAt(active));
    else if (event.key === 'Escape' && selected !== null) select(null);
    else return false;
    event.preventDefault();
    return true;
  }

  element.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (key(event)) event.stopPropagation();
  });
  element.addEventListener('scroll', draw, { passive: true });
  body.addEventListener('click', (event) => {
    const row = /** @type {Element} */ (event.target).closest('.object');
    const found = slots.find((slot) => slot.row === row);
    if (!found || found.place < 0) return;
    active = found.place;
    select(numberAt(found.place));
    marks();
    draw();
  });
  new ResizeObserver(draw).observe(element);

  return {
    element,
    /** Rows in the order shown, as they are copied. */
    get order() {
      return order;
    },
    /** @param {Shown[]} next */
    show(next) {
      columns = next;
      rowOf = new Map();
      columns[0]?.values.forEach((number, row) => rowOf.set(number, row));
      arrange();
      heading();
      body.style.height = `${order.length * ROW}px`;
      element.classList.toggle('by-file', columns[0]?.column.kind === 'file');
      element.classList.toggle('with-classes', columns[1] !== undefined && !columns[1].measured);
      element.classList.toggle('with-files', columns[1]?.column.kind === 'file');
      element.setAttribute('aria-rowcount', String(order.length + 1));
      element.setAttribute('aria-colcount', String(columns.length));
      draw();
    },
    /** Marks an object and brings it into sight. @param {number | null} number */
    select(number) {
      if (number === selected) return;
      selected = number;
      const row = number === null ? undefined : rowOf.get(number);
      if (row === undefined) return marks();
      moveTo(places[row]);
    },
  };
}
