/** Whether a person wants the session to be kept. */

/** Where it is remembered that a person wants nothing to be kept. */
const CHOICE = 'insitu.keep';

/** What a person chose, or chooses now. @param {'on' | 'off'} [now] @returns {string | null} */
export function choice(now) {
  try {
    if (now) localStorage.setItem(CHOICE, now);
    return localStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}
