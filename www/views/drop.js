/** Files come in by a drop anywhere, by pasting, or through the choosers of files and of a folder. */
import { filesIn, filesOf } from '../session/dropped.js';
import { t } from '../strings/t.js';
import { h, say } from '../elements/dom.js';

/** @typedef {{ pick: () => void, pickFolder: (() => void) | null }} Choosers they open; null: this browser has none */

/** @param {import('../session/session.js').Session} session @returns {Choosers} */
export function mountDrop(session) {
  const words = h('p');
  session.store.on(['language'], () => say(words, t('drop.here')));
  const veil = h('div', { class: 'veil', hidden: true }, words);
  const input = h('input', { type: 'file', multiple: true, hidden: true, tabindex: -1, 'aria-hidden': 'true' });
  const folder = h('input', { type: 'file', webkitdirectory: true, hidden: true, tabindex: -1, 'aria-hidden': 'true' });
  document.body.append(veil, input, folder);

  const holdsFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    veil.hidden = false;
  });
  addEventListener('dragleave', (event) => {
    // Null: the pointer left the window, not just an element of it.
    if (event.relatedTarget === null) veil.hidden = true;
  });
  addEventListener('dragend', () => (veil.hidden = true));
  addEventListener('drop', async (event) => {
    veil.hidden = true;
    if (!event.dataTransfer || !holdsFiles(event)) return;
    event.preventDefault();
    document.querySelector('dialog')?.close();
    try {
      const files = await filesOf(event.dataTransfer);
      if (files.length === 0) session.say(t('drop.nothing'));
      else session.files.add(files);
    } catch (error) {
      session.fail(error);
    }
  });
  addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) {
      event.preventDefault();
      session.files.add(files);
    } else if (!(event.target instanceof HTMLInputElement)) {
      session.say(t('drop.pasteNothing'));
    }
  });
  input.addEventListener('change', () => {
    session.files.add([...(input.files ?? [])]);
    // So that the same file can be chosen again.
    input.value = '';
  });
  folder.addEventListener('change', () => {
    const files = filesIn(folder.files ?? []);
    if (files.length === 0) session.say(t('drop.emptyFolder'));
    else session.files.add(files);
    folder.value = '';
  });
  return { pick: () => input.click(), pickFolder: 'webkitdirectory' in folder ? () => folder.click() : null };
}
