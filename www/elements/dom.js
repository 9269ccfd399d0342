/** Building elements. Text is always text: nothing here, or anywhere in Insitu, parses HTML from a string. */

/**
 * @typedef {Node | string | null | false | undefined} Child
 * @typedef {Record<string, any>} Props attributes, `class`, and listeners as `onclick`
 */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Props} [props] @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  fill(element, ...children);
  return element;
}

/**
 * An SVG element; attributes and listeners as for `h`.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag @param {Props} [props] @param {...(Child | Child[])} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, props = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, String(value));
  }
  fill(element, ...children);
  return element;
}

/**
 * Puts children in the place of what is there. A single text takes the place of another in the same node: WebKit makes no click of a press on text
 * that was exchanged before the release, even for the same words.
 * @param {Element} element @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  const now = children.flat().filter((child) => child !== null && child !== undefined && child !== false);
  const [text, ...more] = element.childNodes;
  if (now.length === 1 && typeof now[0] === 'string' && text?.nodeType === 3 && more.length === 0) {
    if (text.nodeValue !== now[0]) text.nodeValue = now[0];
  } else element.replaceChildren(...now);
}

/** Sets text only if it differs, so that a screen reader is not told twice. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) fill(element, text);
}

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element;
}

/**
 * Does something that moves elements once no pointer is pressed: a field that loses the focus changes while the next element is being
 * clicked, and what moves away under a pressed pointer is not clicked.
 * @param {() => void} work
 */
export function whenReleased(work) {
  if (!document.querySelector(':active')) return work();
  document.addEventListener('pointerup', () => setTimeout(work), { once: true });
}

/** How what is scrolled to is reached, as people have asked their system. @returns {ScrollBehavior} */
export const motion = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth');
