/** The choice to save without the patient's identity, wherever files are saved. */
import { h, say } from '../elements/dom.js';
import { t } from '../strings/t.js';
import { copyText } from './copy.js';

/**
 * @param {import('../session/session.js').Session} session @param {{ kind?: string, changed?: () => void }} [options] `kind`: a class of the row
 * @returns {{ element: HTMLElement, show: () => void }} `show`: as it is chosen now, after it was chosen elsewhere
 */
export function identityChoice(session, { kind = 'choice', changed } = {}) {
  const box = h('input', {
    type: 'checkbox',
    onchange: () => {
      session.identity.choose(box.checked);
      show();
      changed?.();
    },
  });
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
  const show = () => {
    const { withoutIdentity } = session.state;
    box.checked = withoutIdentity;
    more.hidden = !withoutIdentity;
  };
  show();
  const label = h('label', { class: kind }, box, h('span', {}, t('identity.without')));
  return { element: h('div', { class: 'identity' }, label, more), show };
}
