/** The choice to save without the patient's identity, wherever files are saved. */
import { h, say } from '../elements/dom.js';
import { t } from '../strings/t.js';
import { copyText } from './copy.js';

/** @param {import('../session/session.js').Session} session @param {string} [kind] a class of the row @returns {HTMLElement} */
export function identityChoice(session, kind = 'choice') {
  const box = h('input', { type: 'checkbox', onchange: () => session.identity.choose(box.checked) });
  const copied = h('span', { class: 'faint', role: 'status' });
  const key = h(
    'button',
    {
      type: 'button',
      class: 'link',
      title: t('identity.key.title'),
      onclick: async () => (await copyText(session.identity.key())) && say(copied, t('privacy.copied')),
    },
    t('identity.key'),
  );
  const more = h('p', { class: 'faint' }, t('identity.means'), ' ', key, ' ', copied);
  session.store.on(['withoutIdentity'], ({ withoutIdentity }) => {
    box.checked = withoutIdentity;
    more.hidden = !withoutIdentity;
  });
  return h('div', { class: 'identity' }, h('label', { class: kind }, box, h('span', {}, t('identity.without'))), more);
}
