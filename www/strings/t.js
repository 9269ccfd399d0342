/** Words and numbers for people. Another language is another table with the same keys. */
import { table } from './en.js';

export const language = 'en';

const plural = new Intl.PluralRules(language);

/**
 * The words for `key`, with `{name}` replaced by values; numbers are written as the language writes them. An entry
 * with `one` and `other` is chosen by the value `count`.
 * @param {string} key @param {Record<string, string | number>} [values] @returns {string}
 */
export function t(key, values = {}) {
  /** @type {any} */
  let entry = table[key];
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
export const has = (key) => key in table;

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
