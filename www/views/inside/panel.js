/** The view “Inside the network”: how a U-Net works, shown on the image that is open. */
import { t } from '../../strings/t.js';
import { showDialog } from '../dialogs.js';
import { h } from '../../elements/dom.js';
import { bordersView } from './borders.js';
import { copiesView } from './copies.js';
import { networkView } from './network.js';
import { tilesView } from './tiles.js';
import { windowView } from './window.js';

/** @typedef {{ element: HTMLElement, show(): void, end(): void }} Part `show` when it comes into sight, `end` when the view closes */

/** @param {import('../../session/session.js').Session} session @returns {() => void} opens it, if there is an image */
export function mountInside(session) {
  /** Shows anew what is in sight, if the view is open. */
  let refresh = () => {};
  session.store.on(['mask'], () => refresh());
  return () => {
    if (document.querySelector('dialog[open]') || !session.current?.scan || session.state.models.length === 0) return;
    const model = session.models.byId(session.models.for(session.current) ?? '')?.title;
    if (model === undefined) return session.say(t('suggest.none'));
    const names = /** @type {const} */ (['network', 'tiles', 'borders', 'copies', 'window']);
    /** @type {Part[]} */
    const parts = [networkView, tilesView, bordersView, copiesView, windowView].map((view) => view(session));
    const tabs = names.map((name, i) =>
      h(
        'button',
        {
          type: 'button',
          role: 'tab',
          id: `tab-inside-${name}`,
          'aria-controls': `inside-${name}`,
          onclick: () => choose(i),
        },
        t(`inside.tab.${name}`),
      ),
    );
    const choose = (/** @type {number} */ chosen) => {
      tabs.forEach((tab, i) => {
        tab.setAttribute('aria-selected', String(i === chosen));
        tab.tabIndex = i === chosen ? 0 : -1;
        parts[i].element.hidden = i !== chosen;
      });
      session.inside.sees({ part: names[chosen] });
      refresh = () => parts[chosen].show();
      refresh();
    };
    parts.forEach(({ element }, i) => {
      element.id = `inside-${names[i]}`;
      element.setAttribute('role', 'tabpanel');
      element.setAttribute('aria-labelledby', tabs[i].id);
    });
    const list = h(
      'div',
      {
        role: 'tablist',
        'aria-label': t('inside.tabs'),
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          const step = { ArrowRight: 1, ArrowLeft: tabs.length - 1 }[event.key];
          if (!step) return;
          const next = (tabs.findIndex((tab) => tab.tabIndex === 0) + step) % tabs.length;
          choose(next);
          tabs[next].focus();
        },
      },
      tabs,
    );
    const dialog = showDialog(
      t('inside.title', { name: session.current.name, model }),
      [list, ...parts.map(({ element }) => element)],
      [],
      'inside',
    );
    dialog.addEventListener('close', () => {
      refresh = () => {};
      parts.forEach((part) => part.end());
      session.inside.forget();
    });
    choose(0);
    tabs[0].focus();
  };
}
