/** What is folded out, typed in and scrolled to, so that a page that is made anew in another language looks as it did. */

const ROOMS = ['files', 'panel', 'drawer'];
const FIELDS = 'input:is([type=number], [type=text], [type=search], [type=checkbox]), select';

/** @template {Element} E @param {string} what @returns {E[]} */
const all = (what) =>
  ROOMS.flatMap((room) => [.../** @type {NodeListOf<E>} */ (document.querySelectorAll(`#${room} ${what}`))]);

/** @param {HTMLInputElement | HTMLSelectElement} field */
const valueOf = (field) => (field.type === 'checkbox' ? /** @type {HTMLInputElement} */ (field).checked : field.value);

/** Notes how the page looks. @returns {() => void} puts that back into elements that have taken the place of those */
export function looks() {
  const folds = /** @type {HTMLDetailsElement[]} */ (all('details')).map(({ open }) => open);
  const values = /** @type {(HTMLInputElement | HTMLSelectElement)[]} */ (all(FIELDS)).map(valueOf);
  const scrolled = all('*').map(({ scrollTop }) => scrollTop);
  return () => {
    const details = /** @type {HTMLDetailsElement[]} */ (all('details'));
    if (details.length === folds.length) details.forEach((one, i) => (one.open = folds[i]));
    const fields = /** @type {(HTMLInputElement | HTMLSelectElement)[]} */ (all(FIELDS));
    if (fields.length === values.length) fields.forEach((field, i) => set(field, values[i]));
    const places = all('*');
    if (places.length === scrolled.length) places.forEach((one, i) => scrolled[i] > 0 && (one.scrollTop = scrolled[i]));
  };
}

/** Those that show the state are right already. @param {HTMLInputElement | HTMLSelectElement} field @param {string | boolean} value */
function set(field, value) {
  if (valueOf(field) === value) return;
  if (typeof value === 'boolean') /** @type {HTMLInputElement} */ (field).checked = value;
  else field.value = value;
  for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
}
