/** Dialogs: the keys, how to check the privacy, the device. Each is built when it is opened and gone when closed. */
import { said } from '../strings/engine.js';
import { t } from '../strings/t.js';
import { h, say } from '../elements/dom.js';
import { kindOf } from '../session/device.js';
import { icon } from './icons.js';
import { GROUPS } from './shortcuts.js';

/**
 * @param {string} title @param {(Node | string | false)[]} content @param {(Node | string)[]} [actions] @param {string} [kind] a class
 * @returns {HTMLDialogElement}
 */
export function showDialog(title, content, actions = [], kind = '') {
  const close = h(
    'button',
    { class: 'quiet icon-only', type: 'button', 'aria-label': t('dialog.close'), onclick: () => dialog.close() },
    icon('close'),
  );
  const dialog = h(
    'dialog',
    { class: kind, 'aria-labelledby': 'dialog-title' },
    h('header', {}, h('h2', { id: 'dialog-title' }, title), close),
    h('div', { class: 'dialog-body', tabindex: 0, role: 'document' }, content),
    actions.length > 0 && h('footer', {}, actions),
    // What is beside an open dialog is silent.
    h('div', { class: 'unseen live', role: 'status', 'aria-atomic': 'false' }),
  );
  // A click beside the dialog closes it.
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** @param {() => void} tour begins the guided tour */
export function keysDialog(tour) {
  if (document.querySelector('dialog[open]')) return;
  const key = (/** @type {string} */ name, /** @type {number} */ i) => [i > 0 ? ' ' : '', h('kbd', {}, name)];
  const groups = GROUPS.map(({ title, rows }) =>
    h(
      'section',
      {},
      h('h3', {}, t(title)),
      h(
        'table',
        { class: 'keys' },
        h(
          'tbody',
          {},
          rows.map(({ keys, does }) => h('tr', {}, h('td', {}, keys.flatMap(key)), h('td', {}, t(does)))),
        ),
      ),
    ),
  );
  const begin = () => {
    dialog.close();
    tour();
  };
  const way = h('button', { type: 'button', title: t('tour.take.title'), onclick: begin }, t('tour.take'));
  const dialog = showDialog(t('keys.title'), groups, [way], 'keys-sheet');
}

/** What works without the network, as it is at each moment. @param {import('../session/session.js').Session} session @returns {HTMLElement} */
function withoutNetwork(session) {
  const line = h('li');
  session.store.on(['models', 'modelsHere', 'offline'], ({ models, modelsHere, offline: { wish } }) => {
    const shipped = models.filter(({ file }) => !(file instanceof File));
    const here = shipped.filter(({ id }) => modelsHere.includes(id));
    const all = shipped.length > 0 && here.length === shipped.length;
    const titles = here.map(({ title }) => title).join('; ');
    if (wish === 'used' && !all) return say(line, t('privacy.used', { titles: titles || '–' }));
    say(line, here.length === 0 ? t('privacy.later') : t(all ? 'privacy.offline' : 'privacy.partly', { titles }));
  });
  return line;
}

/** @param {import('../session/session.js').Session} session @param {Node[]} [more] */
export function privacyDialog(session, more = []) {
  /** @type {HTMLElement[]} */
  const steps = [];
  const end = session.store.within(() => steps.push(withoutNetwork(session)));
  const dialog = showDialog(t('privacy.title'), [
    h('p', {}, t('privacy.claim')),
    h('h3', {}, t('privacy.check')),
    h('ol', {}, steps, h('li', {}, t('privacy.network')), h('li', {}, t('privacy.policy'))),
    h('p', { class: 'faint' }, t('privacy.loads')),
    ...more,
  ]);
  dialog.addEventListener('close', end);
}

/** @param {import('../session/session.js').Session} session */
export function deviceDialog(session) {
  const { device, engine } = session.state;
  if (!device) return showDialog(t('device.title'), [h('p', {}, t(`device.${engine}`))]);
  const kind = kindOf(device);
  const name = device.name || t('device.unnamed');
  const called = kind === 'cpu' ? t('device.cpu.long', { name }) : t(`device.${kind}`, { name });
  return showDialog(t('device.title'), [
    h('p', { class: 'lead' }, called),
    // Of a program that stands in for a graphics card the engine says that a graphics card passed.
    kind !== 'software' && h('p', {}, said(device.reason)),
    h('p', { class: 'faint' }, t(`device.${kind}.means`, { name })),
  ]);
}
