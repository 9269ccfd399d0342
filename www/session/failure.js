/** What went wrong, in words. */
import { InsituError } from '../insitu.js';

/** What is to be said of a failure; null of a stop that the person asked for. @param {unknown} thrown @returns {string | null} */
export function sentenceOf(thrown) {
  const error = InsituError.from(thrown);
  return error.isCancelled ? null : error.message;
}
