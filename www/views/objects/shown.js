/** Columns of measured objects as people read them: names, units, values, text; and the table as text. */
import { number, t } from '../../strings/t.js';
import { digitsOf, sorted, unitOf, valuesOf } from './columns.js';

/**
 * @typedef {import('../../session/objects/state.js').Found} Found
 * @typedef {import('../../session/objects/state.js').Column} Column
 *
 * @typedef {object} About what columns are shown by
 * @property {import('./columns.js').Micrometres} micrometres
 * @property {string | null} unit of the file's values
 * @property {string[]} files names, where objects of several are shown
 * @property {string[]} classes names of the classes 1 and up
 * @property {string[]} colours of the classes 1 and up
 */

/** A column as it is shown. What takes time is worked out when it is first asked for. */
export class Shown {
  #found;
  #at;
  #about;
  /** @type {Float64Array | null} */
  #values = null;
  /** @type {Float64Array | null} */
  #sorted = null;
  /** @type {number | null} */
  #digits = null;

  /** @param {Found} found @param {number} at @param {About} about */
  constructor(found, at, about) {
    this.#found = found;
    this.#at = at;
    this.#about = about;
    this.column = found.columns[at];
    const { key, channel } = this.column;
    this.id = `${key}/${channel ?? ''}`;
    this.name = nameOf(this.column, found.columns);
    this.means = t(`drawer.means.${key}`);
    const unit = unitOf(this.column, about.micrometres);
    this.unit = unit ? t(`drawer.unit.${unit}`) : this.column.kind === 'value' ? (about.unit ?? '') : '';
  }

  /** The name with its unit. */
  get full() {
    return this.unit ? t('drawer.withUnit', { name: this.name, unit: this.unit }) : this.name;
  }

  get values() {
    return (this.#values ??= valuesOf(this.#found, this.#at, this.#about.micrometres));
  }

  /** Those that are there, the lowest first. */
  get sorted() {
    return (this.#sorted ??= sorted(this.values));
  }

  get digits() {
    return (this.#digits ??= digitsOf(this.sorted, this.column.kind));
  }

  /** Whether it can be plotted: numbers of objects and classes are names. */
  get measured() {
    return !['number', 'class', 'file'].includes(this.column.kind);
  }

  /** A value without its unit. @param {number} value @param {number} [digits] */
  text(value, digits = this.digits) {
    if (this.column.kind === 'class') return className(this.#about, value);
    if (this.column.kind === 'file') return this.#about.files[value - 1] ?? '–';
    if (Number.isNaN(value)) return '–';
    if (this.column.kind === 'number') return String(value);
    return number(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  /** A value with its unit. @param {number} value @param {number} [digits] */
  quantity(value, digits) {
    return withUnit(this.text(value, digits), Number.isNaN(value) ? '' : this.unit);
  }

  /** Letters of the longest text. */
  get letters() {
    // Letters of names are wider than digits.
    if (this.column.kind === 'class')
      return Math.ceil(1.2 * Math.max(1, ...this.#about.classes.map((name) => name.length)));
    if (this.column.kind === 'file') return Math.max(1, ...this.#about.files.map((name) => name.length));
    const { sorted } = this;
    return Math.max(1, ...[sorted[0], sorted[sorted.length - 1]].map((value) => this.text(value ?? NaN).length));
  }

  /** A cell for a spreadsheet, which reads plain numbers only. @param {number} value */
  cell(value) {
    if (this.column.kind === 'class') return defused(className(this.#about, value));
    if (this.column.kind === 'file') return defused(this.#about.files[value - 1] ?? '');
    return Number.isNaN(value) ? '' : String(Number(value.toPrecision(10)));
  }
}

/** @param {string} value @param {string} unit */
export function withUnit(value, unit) {
  if (unit === t('drawer.unit.degrees')) return t('drawer.angle', { value });
  return unit ? t('drawer.quantity', { value, unit }) : value;
}

/** @param {Column} column @param {Column[]} all */
function nameOf({ key, channel }, all) {
  const name = t(`drawer.name.${key}`);
  const channels = 1 + Math.max(...all.map((other) => other.channel ?? 0));
  if (channel === null || channels < 2) return name;
  const which = channels === 3 ? t(`drawer.colour.${channel}`) : t('drawer.channel', { number: channel + 1 });
  return t('drawer.ofChannel', { name, channel: which });
}

/** @param {About} about @param {number} value */
const className = ({ classes }, value) => classes[value - 1] ?? '–';

/** All columns as they are shown. @param {Found} found @param {About} about */
export const shownOf = (found, about) => found.columns.map((_, at) => new Shown(found, at, about));

/**
 * Text that a spreadsheet takes for text: with an apostrophe in front of what it would compute, and in one cell.
 * @param {string} text
 */
export function defused(text) {
  const line = text.replace(/[\t\r\n]+/g, ' ');
  return /^\s*[=+\-@]/.test(line) && !/^-\d+(\.\d+)?$/.test(line) ? `'${line}` : line;
}

/** The table for a spreadsheet: cells with tabs between them, a header line first. @param {Shown[]} columns @param {Iterable<number>} order of the rows */
export function tableText(columns, order) {
  const lines = [columns.map((column) => defused(column.full)).join('\t')];
  for (const row of order) lines.push(columns.map((column) => column.cell(column.values[row])).join('\t'));
  return lines.map((line) => `${line}\n`).join('');
}
