/** Taking a file off the list: at once, unless that would take labels along. */
import { t } from '../../strings/t.js';
import { showDialog } from '../dialogs.js';
import { h } from '../../elements/dom.js';
import { saveAll } from './files.js';

/** @param {import('../../session/session.js').Session} session @param {number} id */
export function closeFile(session, id) {
  const item = session.state.items.find((other) => other.id === id);
  const slices = session.state.labelling.labelled.filter(({ itemId }) => itemId === id).length;
  if (!item || slices === 0) return session.files.remove(id);
  const remove = () => {
    dialog.close();
    session.files.remove(id);
  };
  const dialog = showDialog(
    t('label.close.title', { name: item.name }),
    [h('p', {}, t('label.close.text', { count: slices }))],
    [
      h(
        'div',
        { class: 'row choices' },
        h('button', { type: 'button', class: 'primary', onclick: () => dialog.close() }, t('label.close.keep')),
        h('button', { type: 'button', onclick: () => void saveAll(session) }, t('label.save.all')),
        h('button', { type: 'button', onclick: remove }, t('label.close.remove')),
      ),
    ],
  );
}
