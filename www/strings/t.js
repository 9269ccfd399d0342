/** Words and numbers for people. Another language is another table with the same keys: `languages.js` loads it. */
import { table as english } from './en.js';

/** @typedef {Record<string, string | Record<string, string>>} Table */

/** What is spoken, for `Intl`; English until another is loaded, and always in workers. */
export let language = 'en';
/** @type {Table} */
let table = english;
let plural = new Intl.PluralRules(language);

/** From now on these words and its numbers. @param {string} name @param {Table} [words] */
export function speak(name, words = english) {
  language = name;
  table = words;
  plural = new Intl.PluralRules(name);
  formats.clear();
}

/**
 * The words for `key`, with `{name}` replaced by values; numbers are written as the language writes them. An entry
 * with `one` and `other` is chosen by the value `count`.
 * @param {string} key @param {Record<string, string | number>} [values] @returns {string}
 */
export function t(key, values = {}) {
  /** @type {any} */
  let entry = table[key] ?? english[key];
  if (entry === undefined) return key;
  if (typeof entry !== 'string') entry = entry[plural.select(Number(values.count))] ?? entry.other;
  return entry.replace(/\{(\w+)\}/g, (/** @type {string} */ _whole, /** @type {string} */ name) => {
    const value = values[name];
    // Never the name in braces: that says nothing to anybody.
    if (value === undefined || value === null) return '–';
    return typeof value === 'number' ? number(value) : value;
  });
}

/** @param {string} key */
export const has = (key) => key in table || key in english;

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options] at most three decimals if none are given
 */
export function number(value, options = { maximumFractionDigits: 3 }) {
  const key = JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(language, options)));
  return format.format(value);
}
