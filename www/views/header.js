/** The bar at the top: name, opening files, the device, the privacy sentence, the keys. */
import { said } from '../strings/engine.js';
import { arrivedText } from '../strings/format.js';
import { t } from '../strings/t.js';
import { byId, fill, h } from '../elements/dom.js';
import { kindOf } from '../session/device.js';
import { icon } from './icons.js';
import { deviceDialog, keysDialog } from './dialogs.js';
import { languageChoice } from './language.js';
import { offlineButton } from './offline.js';
import { openPrivacy } from './privacy/open.js';

/** @param {import('../session/session.js').Session} session @param {() => void} pick opens the file chooser @param {() => void} tour begins the guided tour */
export function mountHeader(session, pick, tour) {
  const device = h('button', { class: 'quiet badge', type: 'button', onclick: () => deviceDialog(session) });
  const toggle = (/** @type {'filesFolded' | 'panelFolded'} */ key, /** @type {string} */ side) => {
    const button = h('button', {
      class: 'quiet icon-only fold',
      type: 'button',
      onclick: () => session.display.fold(key),
    });
    session.store.on([key, 'items'], (state) => {
      const folded = state[key];
      button.hidden = state.items.length === 0;
      const name = t(`header.${key}.${folded ? 'show' : 'hide'}`);
      button.setAttribute('aria-label', name);
      button.setAttribute('aria-expanded', String(!folded));
      button.title = name;
      fill(button, icon((side === 'left') === folded ? 'right' : 'left'));
      document.body.classList.toggle(key === 'filesFolded' ? 'files-folded' : 'panel-folded', folded);
    });
    return button;
  };

  fill(
    byId('header'),
    toggle('filesFolded', 'left'),
    h('h1', {}, t('app.name')),
    h(
      'button',
      {
        class: 'quiet open',
        type: 'button',
        'aria-label': t('header.open'),
        title: t('header.open.title'),
        onclick: pick,
      },
      icon('open'),
      h('span', {}, t('header.open')),
    ),
    h('span', { class: 'spring' }),
    device,
    offlineButton(session),
    h(
      'button',
      {
        class: 'quiet',
        type: 'button',
        title: t('header.privacy.title'),
        onclick: () => openPrivacy(session),
      },
      icon('lock'),
      h('span', { class: 'wide' }, t('header.privacy')),
    ),
    languageChoice(session),
    h(
      'button',
      {
        class: 'quiet icon-only',
        type: 'button',
        'aria-label': t('header.keys'),
        title: t('header.keys.title'),
        onclick: () => keysDialog(tour),
      },
      '?',
    ),
    toggle('panelFolded', 'right'),
  );

  session.store.on(['device', 'engine', 'arriving'], (state) => {
    device.className = `quiet badge ${state.engine === 'ready' ? kindOf(state.device) : state.engine}`;
    if (state.engine !== 'ready' || !state.device) {
      const { arriving, engine } = state;
      const bytes = arriving && arrivedText(arriving);
      const text = bytes ? t('device.arriving', { bytes }) : t(`device.${engine}`);
      const part = (/** @type {string} */ where, /** @type {string} */ words) =>
        h('span', { class: `ellipsis ${where}` }, words);
      // In a narrow window there is room for the numbers alone, and beside what an open image brings not even for them: the bar below tells them then.
      const parts = [part('wide', text), part('narrow', bytes ?? ''), part('least', t(`device.${engine}`))];
      fill(device, ...(bytes ? parts : [text]));
      device.title = bytes ? text : '';
      return;
    }
    const { name } = state.device;
    const reason = said(state.device.reason);
    const kind = kindOf(state.device);
    const shown = t(`device.${kind}`, { name: name || t('device.unnamed'), reason });
    fill(device, h('span', { class: 'lamp' }), h('span', { class: 'ellipsis' }, shown));
    device.title = kind === 'software' ? t('device.software.means', { name }) : reason;
  });
}
