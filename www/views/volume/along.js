/** Which planes of a volume the network sees when all slices are segmented. */
import { ORIENTATIONS, orientationName } from '../../session/volume/along.js';
import { isVolume } from '../../session/volume/space.js';
import { fill, h } from '../../elements/dom.js';
import { t } from '../../strings/t.js';

/** @param {import('../../session/session.js').Session} session @returns {HTMLElement} */
export function alongChoice(session) {
  const { along } = session.volume;
  const choice = h('select', {
    id: 'along',
    title: t('along.title'),
    onchange: () => {
      const item = session.current;
      if (item) along.choose(item.id, ORIENTATIONS[choice.selectedIndex] ?? 'slices');
    },
  });
  const group = h(
    'div',
    { class: 'along' },
    h('label', { for: 'along', title: t('along.title') }, t('along.label')),
    choice,
  );
  let listed = '';
  session.store.on(['items', 'currentId', 'volume', 'saving'], ({ saving }) => {
    const item = session.current;
    const scan = item?.scan;
    group.hidden = !isVolume(scan);
    choice.disabled = saving !== null;
    if (!isVolume(scan) || !item) return;
    const names = ORIENTATIONS.map((one) => orientationName(one, scan));
    if (listed !== names.join()) {
      listed = names.join();
      fill(
        choice,
        names.map((name) => h('option', {}, name)),
      );
    }
    choice.selectedIndex = ORIENTATIONS.indexOf(along.chosen(item));
  });
  return group;
}
