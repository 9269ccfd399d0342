/** Whether a person wants the session to be kept. */
import { stored } from '../../stored.js';

/** Where it is remembered that a person wants nothing to be kept. */
const CHOICE = 'insitu.keep';

/** What a person chose, or chooses now. @param {'on' | 'off'} [now] @returns {string | null} */
export const choice = (now) => stored(CHOICE, now);
