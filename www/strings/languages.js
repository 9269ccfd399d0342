/** Which language the page speaks. A table is loaded when somebody wants its language, English alone is always there. */
import { stored } from '../stored.js';
import { speak } from './t.js';

/** @typedef {keyof typeof LANGUAGES} Language */

/** What each is called in itself. */
export const LANGUAGES = { en: 'English', zh: '简体中文', de: 'Deutsch' };

/** For the page's `lang`: by it a browser chooses the shapes of characters. @type {Record<Language, string>} */
export const TAGS = { en: 'en', zh: 'zh-Hans', de: 'de' };

/** @type {Record<Language, () => Promise<{ table?: import('./t.js').Table }>>} */
const TABLES = {
  en: async () => ({}),
  zh: () => import('./zh.js'),
  de: () => import('./de.js'),
};

/** Where the choice is remembered. */
const PLACE = 'insitu.language';

/** @param {string | null | undefined} tag as `de-AT` @returns {Language | null} */
function known(tag) {
  const name = (tag ?? '').toLowerCase().split(/[-_]/)[0];
  return Object.hasOwn(LANGUAGES, name) ? /** @type {Language} */ (name) : null;
}

/** What the address asks for, as `?lang=de` or `#lang=de`. @param {{ search: string, hash: string }} address */
export const asked = ({ search, hash }) =>
  known(new URLSearchParams(hash.slice(1)).get('lang')) ?? known(new URLSearchParams(search).get('lang'));

/** Those of a list, in its order, that there is a table for; all where it names none. @param {readonly string[]} names */
export function offered(names) {
  const found = /** @type {Language[]} */ (names.filter((name) => Object.hasOwn(LANGUAGES, name)));
  return found.length > 0 ? found : /** @type {Language[]} */ (Object.keys(LANGUAGES));
}

/**
 * The first of these that is offered; else English, or what is offered first.
 * @param {{ search: string, hash: string }} address @param {string | null} remembered @param {readonly string[]} wished of the browser
 * @param {Language[]} [among]
 * @returns {Language}
 */
export function chosen(address, remembered, wished, among = offered([])) {
  const all = [asked(address), known(remembered), ...wished.map(known)];
  const found = all.find((language) => language !== null && among.includes(language));
  return found ?? (among.includes('en') ? 'en' : among[0]);
}

/** What a person chose, or chooses now. @param {Language} [language] */
export const memory = (language) => stored(PLACE, language);

/** The last that was asked for: who is quick to change their mind gets what they said last. @type {Language} */
let latest = 'en';

/** Loads the words of a language. @param {Language} language @returns {Promise<boolean>} whether it is spoken now */
export async function take(language) {
  latest = language;
  const { table } = await TABLES[language]();
  if (latest === language) speak(language, table);
  return latest === language;
}
