/** Files come in by a drop anywhere, by pasting, or through the file chooser. */
import { filesOf } from '../session/files.js';
import { t } from '../strings/t.js';
import { h } from '../elements/dom.js';

/** @param {import('../session/session.js').Session} session @returns {() => void} opens the file chooser */
export function mountDrop(session) {
  const veil = h('div', { class: 'veil', hidden: true }, h('p', {}, t('drop.here')));
  const input = h('input', { type: 'file', multiple: true, hidden: true, tabindex: -1, 'aria-hidden': 'true' });
  document.body.append(veil, input);

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
  return () => input.click();
}
