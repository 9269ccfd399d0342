/** What a house sets for all who use its copy of the page, in `config.json` beside it: read, checked, and told in sentences where it makes no sense. */
import { LANGUAGES } from '../../strings/languages.js';
import { t } from '../../strings/t.js';

/**
 * @typedef {object} House
 * @property {'keep' | 'ask' | 'forget'} keep `keep`: unless a person says no; `ask`: once a person said yes; `forget`: never
 * @property {number | null} keepDays what was not open for so long is deleted
 * @property {string[]} languages in the order in which they are offered
 * @property {string[] | null} models ids of those that are shown; null: all
 * @property {Record<string, string>} defaultModel ids by modality as DICOM calls it; `*`: of all other images
 * @property {string} notice
 */

/** @type {Readonly<House>} */
export const house = Object.freeze({
  keep: 'keep',
  keepDays: null,
  languages: [],
  models: null,
  defaultModel: {},
  notice: '',
});

const texts = (/** @type {unknown} */ value) =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one !== '');
const MAX_DAYS = 3650;
const MAX_NOTICE = 1000;

/** @type {Record<keyof House, (value: any) => boolean>} */
const CHECKS = {
  keep: (value) => ['keep', 'ask', 'forget'].includes(value),
  keepDays: (value) => Number.isFinite(value) && value > 0 && value <= MAX_DAYS,
  languages: (value) => texts(value) && value.every((/** @type {string} */ one) => Object.hasOwn(LANGUAGES, one)),
  models: texts,
  defaultModel: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && texts(['-', ...Object.values(value)]),
  notice: (value) => typeof value === 'string' && value.length <= MAX_NOTICE,
};

/** Of a file that makes no sense nobody knows whether it was to forbid keeping: then it is asked. @type {Partial<House>} */
const CAREFUL = { keep: 'ask' };

/**
 * Settings, and what is wrong with them.
 * @param {string | null} text of the file; null: there is none
 * @returns {{ house: House, faults: string[] }}
 */
export function readHouse(text) {
  // Hosts that answer with a page where a file is not there.
  if (text === null || /^\s*(<|$)/.test(text)) return { house: { ...house }, faults: [] };
  let read;
  try {
    read = JSON.parse(text);
  } catch (error) {
    return {
      house: { ...house, ...CAREFUL },
      faults: [t('house.broken', { why: error instanceof Error ? error.message : String(error) })],
    };
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    return { house: { ...house, ...CAREFUL }, faults: [t('house.noObject')] };
  /** @type {House} */
  const found = { ...house };
  const faults = [];
  for (const [name, value] of Object.entries(read)) {
    if (!(name in CHECKS)) {
      faults.push(t('house.unknown', { name, known: Object.keys(CHECKS).join(', ') }));
      continue;
    }
    const known = /** @type {keyof House} */ (name);
    if (CHECKS[known](value)) Object.assign(found, { [known]: value });
    else {
      faults.push(t('house.wrong', { name, what: t(`house.must.${known}`) }));
      if (known === 'keep') Object.assign(found, CAREFUL);
    }
  }
  return { house: found, faults };
}

/** Ids of models that are named and do not come with the page. @param {House} house @param {{ id: string }[]} shipped */
export function strangers({ models, defaultModel }, shipped) {
  const named = new Set([...(models ?? []), ...Object.values(defaultModel)]);
  return [...named].filter((id) => shipped.every((model) => model.id !== id));
}

/**
 * The models that are shown; all, if none of those that are named is there.
 * @template {{ id: string }} M @param {House} house @param {M[]} shipped @returns {M[]}
 */
export function shownOf({ models }, shipped) {
  const shown = models ? shipped.filter(({ id }) => models.includes(id)) : shipped;
  return shown.length > 0 ? shown : shipped;
}

/**
 * Which model fits an image, as the house has it.
 * @param {import('../../pictures/suggestion.js').Suggestion} suggestion by the looks of the image @param {House} house @param {{ id: string }[]} shown
 * @returns {import('../../pictures/suggestion.js').Suggestion}
 */
export function fitting(suggestion, { defaultModel }, shown) {
  if (shown.length === 0) return suggestion;
  const there = (/** @type {string | null | undefined} */ id) => shown.some((model) => model.id === id);
  const wanted = defaultModel[suggestion.modality ?? '*'] ?? defaultModel['*'];
  const { id, other } = suggestion;
  const asked = suggestion.others.filter(there);
  if (wanted && there(wanted)) {
    const others = [id, other, ...shown.map((model) => model.id)];
    const next = others.find((one) => one !== wanted && there(one)) ?? wanted;
    return wanted === id ? suggestion : { ...suggestion, id: wanted, others: [], other: next, reason: 'house' };
  }
  const next = there(other) ? other : shown[0].id;
  const unlike = suggestion.others.length > asked.length && asked.length === 0;
  return id === null || there(id)
    ? { ...suggestion, others: asked, other: next, reason: unlike ? 'unlike' : suggestion.reason }
    : { ...suggestion, id: null, other: next, reason: 'hidden' };
}
