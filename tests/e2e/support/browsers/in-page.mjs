/**
 * Finding elements as people and screen readers do. This function runs in the page: it uses nothing from outside itself.
 *
 * Names follow the W3C's "Accessible Name and Description Computation" as far as the page needs it.
 */

/**
 * @typedef {string | { source: string, flags: string }} Words a whole text, or a regular expression
 * @typedef {{ role?: string, name?: Words, text?: Words, css?: string, inside?: Sought, hidden?: boolean }} Sought
 *   `hidden`: also what cannot be seen
 * @typedef {{ x: number, y: number, width: number, height: number, hit: boolean, disabled: boolean, name: string, text: string, value: string, checked: boolean, attributes: Record<string, string> }} Found
 */

/**
 * @param {Sought} sought
 * @param {{ scroll?: boolean, set?: string | boolean, focus?: boolean }} [act] with the first of them
 * @returns {Found[]} the middle of each in CSS pixels of the window, and whether a click there would hit it
 */
export function seek(sought, { scroll, set, focus } = {}) {
  const flat = (/** @type {string | null | undefined} */ text) => (text ?? '').replace(/\s+/g, ' ').trim();
  const fits = (/** @type {string} */ text, /** @type {Words} */ words) =>
    typeof words === 'string' ? text === flat(words) : new RegExp(words.source, words.flags).test(text);

  const seen = (/** @type {Element} */ element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;

  /** @type {Record<string, string>} */
  const inputs = { checkbox: 'checkbox', radio: 'radio', range: 'slider', number: 'spinbutton', button: 'button' };
  /** @type {Record<string, string>} */
  const tags = {
    button: 'button',
    img: 'img',
    dialog: 'dialog',
    option: 'option',
    textarea: 'textbox',
    select: 'combobox',
  };
  /** @type {(element: Element) => string} */
  const roleOf = (element) => {
    const given = element.getAttribute('role');
    if (given) return given;
    const tag = element.tagName.toLowerCase();
    if (tag === 'input') return inputs[/** @type {HTMLInputElement} */ (element).type] ?? 'textbox';
    if (tag === 'a') return element.hasAttribute('href') ? 'link' : '';
    if (/^h[1-6]$/.test(tag)) return 'heading';
    if (tag === 'section') return element.hasAttribute('aria-label') ? 'region' : '';
    return tags[tag] ?? '';
  };

  /** The words of an element and of what is in it, as one hears them. @type {(node: Node) => string} */
  const said = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
    if (!(node instanceof Element) || node.getAttribute('aria-hidden') === 'true') return '';
    const label = node.getAttribute('aria-label') ?? node.getAttribute('alt');
    if (label) return label;
    if (node instanceof HTMLElement && node.hidden) return '';
    return [...node.childNodes].map(said).join(getComputedStyle(node).display.startsWith('inline') ? '' : ' ');
  };
  /** @type {(element: Element) => string} */
  const nameOf = (element) => {
    const by = element.getAttribute('aria-labelledby');
    if (by)
      return flat(
        by
          .split(/\s+/)
          .map((id) => said(document.getElementById(id) ?? document.head))
          .join(' '),
      );
    const own = flat(element.getAttribute('aria-label') ?? element.getAttribute('alt'));
    if (own) return own;
    const { labels } = /** @type {HTMLInputElement} */ (element);
    if (labels?.length) {
      const words = [...labels].map((label) =>
        [...label.childNodes]
          .filter((n) => n !== element)
          .map(said)
          .join(' '),
      );
      if (flat(words.join(' '))) return flat(words.join(' '));
    }
    const within = ['button', 'link', 'tab', 'heading', 'option', 'row', 'cell', 'menuitem'].includes(roleOf(element));
    return (within && flat(said(element))) || flat(element.getAttribute('title'));
  };

  /** @type {(sought: Sought, within: ParentNode) => Element[]} */
  const all = ({ role, name, text, css, inside, hidden }, within) => {
    const places = inside ? all(inside, within) : [within];
    const found = places
      .flatMap((place) => [...place.querySelectorAll(css ?? '*')])
      .filter((element) => {
        if (role && roleOf(element) !== role) return false;
        if (!hidden && !seen(element)) return false;
        if (
          text !== undefined &&
          !fits(flat(/** @type {HTMLElement} */ (element).innerText ?? element.textContent), text)
        )
          return false;
        return name === undefined || fits(nameOf(element), name);
      });
    // Of elements in each other that have the text, the innermost is meant.
    return text === undefined || css || role
      ? found
      : found.filter((one) => !found.some((o) => o !== one && one.contains(o)));
  };

  const elements = all(sought, document);
  const [first] = elements;
  if (first && focus) /** @type {HTMLElement} */ (first).focus();
  if (first && scroll) {
    const { top, bottom, left, right } = first.getBoundingClientRect();
    const outside = top < 0 || left < 0 || bottom > innerHeight || right > innerWidth;
    const { x, y } = { x: (left + right) / 2, y: (top + bottom) / 2 };
    const covered = !first.contains(document.elementFromPoint(x, y));
    if (outside || covered) first.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  }
  if (first && set !== undefined) {
    const kind = first instanceof HTMLSelectElement ? HTMLSelectElement : HTMLInputElement;
    // Past what a page may have laid over the property.
    Object.getOwnPropertyDescriptor(kind.prototype, 'value')?.set?.call(first, String(set));
    first.dispatchEvent(new Event('input', { bubbles: true }));
    first.dispatchEvent(new Event('change', { bubbles: true }));
  }
  return elements.slice(0, 500).map((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const over = document.elementFromPoint(x, y);
    const input = /** @type {HTMLInputElement} */ (element);
    const hit = over !== null && (element.contains(over) || [...(input.labels ?? [])].some((l) => l.contains(over)));
    return {
      ...{ x, y, width, height, hit, name: nameOf(element), text: flat(input.innerText) },
      ...{ disabled: Boolean(input.disabled), value: String(input.value ?? ''), checked: Boolean(input.checked) },
      attributes: Object.fromEntries([...element.attributes].map((a) => [a.name, a.value])),
    };
  });
}
