/** On the toolbar: three views, the crosshair, the ruler and the angle. */
import { h } from '../../elements/dom.js';
import { isVolume, threeViews } from '../../session/volume/space.js';
import { t } from '../../strings/t.js';
import { icon } from '../icons.js';

/** @typedef {import('../../session/session.js').Session} Session */

/** @param {string} key of its words @param {import('../icons.js').Icon} shape @param {() => void} onclick */
const button = (key, shape, onclick) =>
  h(
    'button',
    { type: 'button', class: 'quiet icon-only', 'aria-label': t(key), title: t(`${key}.title`), onclick },
    icon(shape),
  );

/** @param {Session} session @returns {HTMLElement[]} */
export function volumeTools(session) {
  const { store, display, volume } = session;
  const views = button('volume.views', 'views', () => volume.toggleViews());
  const cross = button('volume.cross', 'cross', () => display.use('cross'));
  store.on(['volume', 'items', 'currentId', 'tool'], (state) => {
    const scan = session.current?.scan;
    views.hidden = cross.hidden = !isVolume(scan);
    views.setAttribute('aria-pressed', String(threeViews(scan, state.volume)));
    cross.setAttribute('aria-pressed', String(state.tool === 'cross'));
  });
  return [views, cross];
}

/** @param {Session} session @returns {HTMLElement[]} */
export function measureTools(session) {
  return /** @type {const} */ (['ruler', 'angle']).map((name) => {
    const tool = button(`measure.${name}`, name, () => session.display.use(name));
    session.store.on(['tool'], (state) => tool.setAttribute('aria-pressed', String(state.tool === name)));
    return tool;
  });
}
