/** In View: the usual windows and inversion, which side is left, and slabs. */
import { h, fill, say } from '../../elements/dom.js';
import { inMillimetres, isVolume, projected } from '../../session/volume/space.js';
import { THICKEST } from '../../session/volume/state.js';
import { number, t } from '../../strings/t.js';
import { thickness } from './thickness.js';

/** @typedef {import('../../session/session.js').Session} Session */

/** Windows that radiologists know by name. @param {Session} session @returns {HTMLElement} */
export function presetButtons(session) {
  const { volume, store } = session;
  const element = h('div', { class: 'presets', role: 'group', 'aria-label': t('preset.label') });
  /** @type {HTMLButtonElement[]} */
  let buttons = [];
  let listed = '';
  store.on(['items', 'currentId', 'constants'], () => {
    const { presets } = volume;
    const item = session.current;
    const unit = item?.scan?.unit ?? '';
    element.hidden = presets.length === 0;
    if (listed !== JSON.stringify([presets, unit])) {
      listed = JSON.stringify([presets, unit]);
      buttons = presets.map(({ name, center, width }, i) => {
        const values = { name, center, width, number: String(i + 1) };
        const title = i < 9 ? t('preset.title', values) : t('preset.title.plain', values);
        return h('button', { type: 'button', title, onclick: () => volume.preset(i) }, name);
      });
      fill(element, buttons);
    }
    presets.forEach(({ center, width }, i) => {
      const same = item?.window.center === center && item?.window.width === width;
      buttons[i].setAttribute('aria-pressed', String(same));
    });
  });
  return element;
}

/** @param {Session} session @returns {HTMLElement} */
export function invertSwitch(session) {
  const box = h('input', { type: 'checkbox', onchange: () => session.volume.invert(box.checked) });
  session.store.on(['volume'], ({ volume }) => (box.checked = volume.inverted));
  return h('label', { class: 'row check', title: t('invert.title') }, box, t('invert.label'));
}

/** @param {Session} session @returns {HTMLElement} */
export function volumeGroup(session) {
  const { volume, store } = session;
  const facing = h('input', { type: 'checkbox', onchange: () => volume.face(facing.checked) });
  const sides = h('label', { class: 'row check', title: t('radiological.title') }, facing, t('radiological.label'));
  const slab = h('input', {
    type: 'range',
    id: 'slab',
    min: 0,
    max: THICKEST,
    step: 1,
    title: t('slab.title'),
    oninput: () => volume.thicken(slab.valueAsNumber),
  });
  const thick = h('output', { for: 'slab', 'aria-live': 'off' });
  const kind = h(
    'select',
    {
      'aria-label': t('slab.kind'),
      onchange: () => volume.project(/** @type {import('../../session/volume/state.js').Projection} */ (kind.value)),
    },
    ['maximum', 'mean', 'minimum'].map((value) => h('option', { value }, t(`slab.${value}`))),
  );
  const how = h('p', { class: 'faint hint' }, t('slab.hidden'));
  const tilted = h('p', { class: 'faint hint' });
  const element = h(
    'section',
    { class: 'group', 'aria-label': t('volume.label') },
    h('h2', {}, t('volume.label')),
    sides,
    h('div', { class: 'dial' }, h('label', { for: 'slab', class: 'faint' }, t('slab.label')), thick, slab),
    kind,
    how,
    tilted,
  );
  store.on(['volume', 'items', 'currentId'], (state) => {
    const scan = session.current?.scan;
    element.hidden = !isVolume(scan);
    if (!isVolume(scan)) return;
    sides.hidden = !scan.geometry;
    facing.checked = state.volume.radiological;
    slab.value = String(state.volume.slab);
    const words = thickness(scan, state.volume.slab);
    say(thick, words);
    slab.setAttribute('aria-valuetext', words);
    slab.max = String(inMillimetres(scan) ? THICKEST : Math.min(THICKEST, scan.planes.depths));
    kind.value = state.volume.projection;
    kind.disabled = state.volume.slab === 0;
    how.hidden = !projected(scan, state.volume);
    const tilt = scan.geometry?.tilt ?? 0;
    tilted.hidden = tilt < 0.5;
    say(tilted, t('volume.tilt', { degrees: number(tilt, { maximumFractionDigits: 1 }) }));
  });
  return element;
}
