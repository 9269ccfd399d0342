/** The choice of the language, each by its own name: who landed in one that they cannot read finds theirs. */
import { LANGUAGES, offered, TAGS } from '../strings/languages.js';
import { t } from '../strings/t.js';
import { fill, h } from '../elements/dom.js';
import { icon } from './icons.js';

/** @typedef {import('../strings/languages.js').Language} Language */

/** @param {import('../session/session.js').Session} session @returns {HTMLElement} */
export function languageChoice(session) {
  const select = h('select', {
    'aria-label': t('header.language'),
    onchange: async () => {
      forgetAsked();
      await session.display.speak(/** @type {Language} */ (select.value));
      // This one may be gone by now.
      const now = document.querySelector('#header .language select');
      if (!(now instanceof HTMLSelectElement)) return;
      now.value = session.state.language;
      now.focus();
    },
  });
  session.store.on(['house'], ({ house, language }) => {
    const options = offered(house.languages).map((name) =>
      h('option', { value: name, lang: TAGS[name], selected: name === language }, LANGUAGES[name]),
    );
    fill(select, ...options);
  });
  return h('label', { class: 'language', title: t('header.language') }, icon('language'), select);
}

/** Who chooses by hand does not mean what an address asked for any more. */
function forgetAsked() {
  const url = new URL(location.href);
  url.searchParams.delete('lang');
  const hash = new URLSearchParams(url.hash.slice(1));
  if (hash.has('lang')) {
    hash.delete('lang');
    url.hash = hash.toString();
  }
  if (url.href !== location.href) history.replaceState(history.state, '', url);
}
