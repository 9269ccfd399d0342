/** What people see of the tour: a bar below the page, or below the view of the network while that is open, and an outline around what is meant. */
import { t } from '../strings/t.js';
import { fill, h, say } from '../elements/dom.js';

/** What is highlighted carries this. */
const SPOT = 'data-tour-spot';

/** @typedef {{ title: string, why: string, now: string, progress: string, done: boolean }} Said */

export class Bar {
  #title = h('h2', { tabindex: -1 });
  #why = h('p', {});
  #now = h('p', { class: 'now' });
  #progress = h('p', { class: 'progress' });
  #buttons = h('div', { class: 'tour-ways' });
  element = h(
    'section',
    { class: 'tour' },
    h('div', { class: 'tour-words' }, h('div', { class: 'row' }, this.#title, this.#progress), this.#why, this.#now),
    this.#buttons,
  );
  /** @type {Element | null} */
  #spot = null;

  /** @param {Said} said */
  say({ title, why, now, progress, done }) {
    say(this.#title, title);
    // Its steps are called after parts of the page, which are regions themselves.
    this.element.setAttribute('aria-label', t('tour.region', { title }));
    say(this.#why, why);
    say(this.#now, now);
    say(this.#progress, progress);
    this.#progress.classList.toggle('done', done);
  }

  /** @param {{ words: string, primary?: boolean, does(): void }[]} ways */
  offer(ways) {
    const had = [...this.#buttons.children].indexOf(/** @type {Element} */ (document.activeElement));
    fill(
      this.#buttons,
      ways.map(({ words, primary, does }) =>
        h('button', { type: 'button', class: primary ? 'primary' : null, onclick: does }, t(words)),
      ),
    );
    // Who was at a button of the bar stays there.
    if (had >= 0) /** @type {HTMLElement} */ (this.#buttons.children[Math.min(had, ways.length - 1)]).focus();
  }

  focus() {
    this.#title.focus();
  }

  /** Where it can be reached: beside an open dialog nothing can. */
  settle() {
    const dialog = document.querySelector('dialog.inside[open]');
    const host = dialog ?? document.body;
    if (this.element.parentElement === host) return;
    const focus = this.element.contains(document.activeElement) ? document.activeElement : null;
    host.insertBefore(this.element, dialog?.querySelector(':scope > .live') ?? null);
    if (focus instanceof HTMLElement) focus.focus();
  }

  /** Outlines what is meant. @param {string | undefined} selector @param {boolean} anew whether it has only come up */
  point(selector, anew) {
    const found = selector ? [...document.querySelectorAll(selector)].find((one) => one.checkVisibility()) : null;
    if (found !== this.#spot) {
      this.#spot?.removeAttribute(SPOT);
      this.#spot = found ?? null;
      this.#spot?.setAttribute(SPOT, '');
    } else if (!anew) return;
    this.#spot?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** The keyboard goes to what is meant. */
  goThere() {
    const control = 'button, input, select, [tabindex="0"]';
    const target = this.#spot?.matches(control) ? this.#spot : this.#spot?.querySelector(control);
    this.#spot?.scrollIntoView({ block: 'nearest' });
    if (target instanceof HTMLElement || target instanceof SVGElement) target.focus();
  }

  end() {
    const within = this.element.contains(document.activeElement);
    this.point(undefined, false);
    this.element.remove();
    if (within) document.getElementById('stage')?.focus();
  }
}
