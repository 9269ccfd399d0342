/** The right panel: View, Label, Train and Results, one at a time, and the button that most people come for. */
import { t } from '../strings/t.js';
import { byId, fill, h } from '../elements/dom.js';
import { icon } from './icons.js';
import { labelPanel } from './label/panel.js';
import { trainPanel } from './train/panel.js';
import { viewPanel } from './view/panel.js';
import { resultsPanel } from './results/panel.js';
import { saveButtons } from './save.js';

/**
 * @typedef {{ save(): void, pick(): void, inside(): void }} Doors `pick` opens the file chooser, `inside` the view of the network
 */

/** @param {import('../session/session.js').Session} session @param {Doors} doors */
export function mountPanel(session, { save, pick, inside }) {
  const names = /** @type {const} */ (['view', 'label', 'train', 'results']);
  const tabs = names.map((name) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${name}`,
        'aria-controls': `panel-${name}`,
        onclick: () => session.display.open(name),
      },
      t(`panel.${name}-tab`),
    ),
  );
  const bodies = {
    view: viewPanel(session, { pick, inside }),
    label: labelPanel(session),
    train: trainPanel(session),
    results: resultsPanel(session),
  };
  for (const name of names) {
    bodies[name].id = `panel-${name}`;
    bodies[name].setAttribute('role', 'tabpanel');
    bodies[name].setAttribute('aria-labelledby', `tab-${name}`);
  }
  const list = h(
    'div',
    {
      role: 'tablist',
      'aria-label': t('panel.label'),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        const step = event.key === 'ArrowRight' ? 1 : names.length - 1;
        const other = names[(names.indexOf(session.state.panel) + step) % names.length];
        session.display.open(other);
        tabs[names.indexOf(other)].focus();
      },
    },
    tabs,
  );
  session.store.on(['panel'], ({ panel }) => {
    names.forEach((name, i) => {
      tabs[i].setAttribute('aria-selected', String(name === panel));
      tabs[i].tabIndex = name === panel ? 0 : -1;
      bodies[name].hidden = name !== panel;
    });
  });
  const foot = saveButtons(session, icon('save'), save);
  // Where labels are painted, "save" would be taken for theirs.
  session.store.on(['panel'], ({ panel }) => (foot.hidden = panel === 'label' || panel === 'train'));
  fill(
    byId('panel'),
    list,
    names.map((name) => bodies[name]),
    foot,
  );
}
