/** What the promise of the page opens: how to check it, with the check a press away. */
import { h } from '../../elements/dom.js';
import { t } from '../../strings/t.js';
import { privacyDialog } from '../dialogs.js';
import { keepFacts } from '../keep.js';
import { checkDialog } from './check.js';

/** @param {import('../../session/session.js').Session} session */
export function openPrivacy(session) {
  if (document.querySelector('dialog[open]')) return;
  const button = h(
    'button',
    { type: 'button', class: 'primary', onclick: () => checkDialog(session) },
    t('privacy.self'),
  );
  privacyDialog(session, [h('p', {}, t('privacy.self.what')), h('p', {}, button), ...keepFacts(session)]);
}
