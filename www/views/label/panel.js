/** The panel Label: tools, classes, what is labelled. */
import { h } from '../dom.js';

/** @param {import('../../session/session.js').Session} session @returns {HTMLElement} */
export function labelPanel(session) {
  void session;
  return h('div', { class: 'label-panel' });
}
