/** Taking files off the list: at once, unless that would take labels along. */
import { t } from '../../strings/t.js';
import { showDialog } from '../dialogs.js';
import { h } from '../../elements/dom.js';
import { saveAll } from './files.js';

/** @param {import('../../session/session.js').Session} session @param {number[]} ids */
export function closeFiles(session, ids) {
  const { items, labelling } = session.state;
  const closed = items.filter(({ id }) => ids.includes(id));
  const slices = labelling.labelled.filter(({ itemId }) => ids.includes(itemId)).length;
  if (closed.length === 0 || slices === 0) return session.files.removeAll(ids);
  const remove = () => {
    dialog.close();
    session.files.removeAll(ids);
  };
  const one = closed.length === 1;
  const dialog = showDialog(
    one ? t('label.close.title', { name: closed[0].name }) : t('label.close.several', { count: closed.length }),
    [h('p', {}, t(one ? 'label.close.text' : 'label.close.severalText', { count: slices }))],
    [
      h(
        'div',
        { class: 'row choices' },
        h(
          'button',
          { type: 'button', class: 'primary', onclick: () => dialog.close() },
          t(one ? 'label.close.keep' : 'label.close.keepAll'),
        ),
        h('button', { type: 'button', onclick: () => void saveAll(session) }, t('label.save.all')),
        h('button', { type: 'button', onclick: remove }, t(one ? 'label.close.remove' : 'label.close.removeAll')),
      ),
    ],
  );
}
