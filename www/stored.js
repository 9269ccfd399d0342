/**
 * A text that the browser remembers for the page from one visit to the next. The browser may refuse: then nothing is remembered.
 * @param {string} place @param {string} [now] to be remembered @returns {string | null}
 */
export function stored(place, now) {
  try {
    if (now !== undefined) localStorage.setItem(place, now);
    return localStorage.getItem(place);
  } catch {
    return null;
  }
}
