/** An image that no model was chosen for: one sentence, and the ways on. Nothing is run unasked; where it may be one of a few kinds, which? */
import { t } from '../strings/t.js';
import { fill, h } from '../elements/dom.js';
import { paints } from '../session/labelling/state.js';
import { nothing } from './doubt.js';
import { drawing } from './kinds.js';

/** @param {import('../session/session.js').Session} session @param {() => void} pick @returns {HTMLElement} */
export function unsuitedBar(session, pick) {
  const bar = h('section', { class: 'unsuited', 'aria-label': t('unsuited.label'), hidden: true });
  let shown = '';
  session.store.on(['items', 'currentId', 'models', 'preferred', 'modelId', 'training', 'tool'], ({ tool }) => {
    const suggestion = session.models.unsuited();
    // Who paints has chosen a way.
    const open = suggestion !== null && !paints(tool);
    const now = open ? JSON.stringify([suggestion, session.state.currentId]) : '';
    if (now === shown) return;
    shown = now;
    bar.hidden = !open;
    if (!suggestion) return;
    const other = session.models.byId(suggestion.other);
    const asked = suggestion.reason === 'unsure';
    const way = (/** @type {string} */ key, /** @type {() => void} */ onclick, values = {}) =>
      h('button', { type: 'button', title: t(`${key}.title`), onclick }, t(key, values));
    const kind = (/** @type {string} */ id) =>
      h(
        'button',
        { type: 'button', title: session.models.byId(id)?.title, onclick: () => session.models.prefer(id) },
        drawing(id),
        h('span', {}, t(`kind.${id}`)),
      );
    fill(
      bar,
      h('p', {}, nothing(suggestion)),
      asked && h('div', { class: 'kinds' }, suggestion.others.map(kind)),
      h(
        'div',
        { class: 'ways' },
        asked &&
          way(suggestion.others.length > 1 ? 'unsuited.noneOf' : 'unsuited.notThis', () => session.models.noneOf()),
        way('unsuited.teach', () => session.display.use('brush')),
        way('unsuited.own', pick),
        !asked && other && way('unsuited.try', () => session.models.tryOn(other.id), { title: other.title }),
      ),
    );
  });
  return bar;
}
