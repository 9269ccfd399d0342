/** The clipboard, also where the browser keeps its API for secure pages. */
import { t } from '../strings/t.js';
import { h } from '../elements/dom.js';
import { showDialog } from './dialogs.js';

/** @param {string} text @returns {Promise<boolean>} whether it is on the clipboard; if not, it is shown to be copied by hand */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http has no navigator.clipboard; some browsers refuse it.
  }
  const area = h('textarea', { class: 'unseen', 'aria-hidden': 'true' });
  area.value = text;
  // Beside an open dialog nothing can be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (copied) return true;
  const shown = h('textarea', { class: 'diagnostics', readonly: true, 'aria-label': t('notice.byHand') });
  shown.value = text;
  showDialog(t('notice.byHand'), [shown]);
  shown.select();
  return false;
}
