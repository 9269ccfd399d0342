/** The panel Train: settings, curve, checkpoints, applying and keeping the model. */
import { h } from '../dom.js';

/** @param {import('../../session/session.js').Session} session @returns {HTMLElement} */
export function trainPanel(session) {
  void session;
  return h('div', { class: 'train-panel' });
}
