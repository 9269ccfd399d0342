/** Correcting objects by hand, in the Results panel: tools, undo and redo. */
import { h, say } from '../../elements/dom.js';
import { CORRECTING_TOOLS, corrects } from '../../session/objects/state.js';
import { t } from '../../strings/t.js';
import { icon } from '../icons.js';

/** @typedef {import('../../session/session.js').Session} Session */

/** @param {Session} session @returns {HTMLElement} */
export function correctionsGroup(session) {
  const { objects, store } = session;
  const step = (/** @type {'undo' | 'redo'} */ way) => {
    const label = t(`correct.${way}`);
    const onclick = () => void objects.step(way);
    const button = h(
      'button',
      { type: 'button', class: 'quiet icon-only', 'aria-label': label, title: label, onclick },
      icon(way),
    );
    store.on(['items', 'currentId', 'modelId', 'objects'], () => {
      button.disabled = objects.corrections.steps[way] === 0;
    });
    return button;
  };
  const tools = CORRECTING_TOOLS.map((name) => {
    const button = h(
      'button',
      {
        type: 'button',
        class: 'tool',
        title: t(`correct.how.${name}`),
        // The same button gives the hand back.
        onclick: () => session.display.use(store.state.tool === name ? 'pan' : name),
      },
      icon(name),
      t(`correct.tool.${name}`),
    );
    store.on(['tool'], ({ tool }) => button.setAttribute('aria-pressed', String(tool === name)));
    return button;
  });
  const how = h('p', { class: 'hint' });
  const made = h('p', { class: 'faint' });
  store.on(['tool'], ({ tool }) => {
    say(how, corrects(tool) ? t(`correct.how.${tool}`) : '');
    how.hidden = !corrects(tool);
  });
  store.on(['items', 'currentId', 'modelId', 'objects'], () => {
    const count = objects.corrections.steps.undo;
    made.hidden = count === 0;
    if (count > 0) say(made, t('correct.count', { count }));
  });
  return h(
    'div',
    { class: 'corrections' },
    h(
      'div',
      { class: 'row' },
      h('h3', {}, t('correct.title')),
      h('span', { class: 'spring' }),
      step('undo'),
      step('redo'),
    ),
    h('div', { class: 'tools', role: 'group', 'aria-label': t('correct.title') }, tools),
    how,
    made,
  );
}
