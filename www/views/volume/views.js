/** The slices with the two small views beside or below them, and what the large one shows if it is not a single slice. */
import { h, say } from '../../elements/dom.js';
import { projected, threeViews } from '../../session/volume/space.js';
import { t } from '../../strings/t.js';
import { thickness } from './thickness.js';

/** @param {import('../../session/session.js').Session} session @param {HTMLElement} frame of the large view @param {HTMLElement[]} small the others @returns {HTMLElement} */
export function mountViews(session, frame, small) {
  const planes = h('div', { class: 'planes', role: 'group', 'aria-label': t('volume.planes') }, small);
  const sign = h('span', { class: 'slab-sign', hidden: true });
  frame.append(sign);
  session.store.on(['volume', 'items', 'currentId'], ({ volume }) => {
    const scan = session.current?.scan;
    planes.hidden = !threeViews(scan, volume);
    sign.hidden = !projected(scan, volume);
    if (scan) say(sign, t(`slab.sign.${volume.projection}`, { thick: thickness(scan, volume.slab) }));
  });
  return h('div', { class: 'views' }, h('div', { class: 'views-inner' }, frame, planes));
}
