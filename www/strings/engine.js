/**
 * Words of the engine and of shipped models in the language of the page. They come in English; other tables have entries for what
 * people meet most: failures by their code, models by their id, a few names and sentences as they are. All else stays as it came.
 */
import { has, language, t } from './t.js';

/**
 * A failure in words. What the English sentence tells in particular (numbers, names) stays in sight where the entry asks for it, as `{original}`.
 * @param {string} code @param {string} message in English; empty if there is none
 */
export function failure(code, message) {
  const key = `error.${code}`;
  if (!has(key)) return message || t('error.engine.unexpected');
  return language === 'en' && message ? message : t(key, { original: message });
}

/** A sentence or a name as the engine says it. @param {string} words */
export const said = (words) => (has(`said.${words}`) ? t(`said.${words}`) : words);

/** The name of a class; those of shipped models are known. @param {string} name */
export const className = (name) => (has(`class.of.${name}`) ? t(`class.of.${name}`) : name);

/**
 * A shipped model with its words.
 * @template {{ id: string, title: string, summary: string }} M @param {M} model @returns {M}
 */
export function modelInWords(model) {
  const word = (/** @type {'title' | 'summary'} */ part) => {
    const key = `model.${model.id}.${part}`;
    return has(key) ? t(key) : model[part];
  };
  return { ...model, title: word('title'), summary: word('summary') };
}
