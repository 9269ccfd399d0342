/** Before the first image: one sentence, one drop area as large as the window, samples, and who sees the images. */
import { SAMPLES, originOf, sampleUrl } from '../session/samples.js';
import { t } from '../strings/t.js';
import { h, say } from '../elements/dom.js';
import { folderButton } from './folder.js';
import { icon } from './icons.js';
import { keepOffer, keepQuestion } from './keep.js';
import { openPrivacy } from './privacy/open.js';

/** @param {import('../session/session.js').Session} session @param {() => void} pick @param {(() => void) | null} pickFolder @param {() => void} tour @returns {HTMLElement} */
export function emptyState(session, pick, pickFolder, tour) {
  const sample = (/** @type {string} */ name) => {
    const button = h(
      'button',
      {
        class: 'sample',
        type: 'button',
        title: t(originOf(name)),
        onclick: async () => {
          button.disabled = true;
          await session.files.addSample(name);
          button.disabled = false;
          // The button is gone with the page that it was on; the keyboard goes to what it opened.
          if (session.current) /** @type {HTMLElement | null} */ (document.querySelector('canvas.image'))?.focus();
        },
      },
      h('img', { src: sampleUrl(name).href, alt: '', width: 128, height: 128, loading: 'eager' }),
      h('span', {}, t(`sample.${name}`)),
    );
    return button;
  };
  const notice = h('p', { class: 'house-notice' });
  session.store.on(['house'], ({ house }) => {
    notice.hidden = house.notice === '';
    say(notice, house.notice);
  });
  const empty = h(
    'section',
    { class: 'empty', 'aria-label': t('empty.label') },
    h(
      'div',
      { class: 'empty-inner' },
      keepOffer(session, ({ items }) => items.length === 0),
      keepQuestion(session, ({ items }) => items.length === 0),
      notice,
      h('h2', {}, t('empty.lead')),
      h('p', { class: 'faint' }, t('empty.formats')),
      h(
        'p',
        { class: 'ways' },
        h('button', { type: 'button', class: 'primary large', onclick: pick }, icon('open'), t('empty.pick')),
        pickFolder && folderButton('large', pickFolder, 'empty.pickFolder'),
      ),
      h('p', { class: 'faint or' }, t('empty.or')),
      h('div', { class: 'samples' }, SAMPLES.map(sample)),
      h(
        'p',
        { class: 'ways' },
        h('button', { type: 'button', title: t('tour.take.title'), onclick: tour }, t('tour.take')),
      ),
      h(
        'p',
        { class: 'privacy' },
        icon('lock'),
        h(
          'span',
          {},
          t('empty.privacy'),
          ' ',
          h('button', { class: 'link', type: 'button', onclick: () => openPrivacy(session) }, t('empty.check')),
        ),
      ),
    ),
  );
  session.store.on(['items'], ({ items }) => {
    empty.hidden = items.length > 0;
    document.body.classList.toggle('is-empty', items.length === 0);
  });
  return empty;
}
