/** The tools over the image: what a drag does, zoom, the mask. */
import { number, t } from '../strings/t.js';
import { fill, h } from '../elements/dom.js';
import { icon } from './icons.js';
import { stepButton, toolButton } from './label/tools.js';
import { measureTools, volumeTools } from './volume/tools.js';

/** @param {import('../session/session.js').Session} session @param {import('../canvas/stage.js').Stage} stage @returns {HTMLElement} */
export function toolbar(session, stage) {
  const { store } = session;
  const tool = (/** @type {'pan' | 'window'} */ name) => {
    const button = h(
      'button',
      {
        type: 'button',
        class: 'quiet icon-only',
        'aria-label': t(`tool.${name}`),
        title: t(`tool.${name}.title`),
        onclick: () => session.display.use(name),
      },
      icon(name === 'pan' ? 'hand' : 'window'),
    );
    store.on(['tool', 'items', 'currentId'], (state) => {
      const colour = session.current?.scan?.channels !== 1;
      // A colour image has no window; its button would do nothing.
      button.hidden = name === 'window' && colour;
      button.setAttribute('aria-pressed', String(state.tool === name));
    });
    return button;
  };
  const button = (
    /** @type {string} */ key,
    /** @type {import('./icons.js').Icon | null} */ shape,
    /** @type {() => void} */ onclick,
  ) =>
    h(
      'button',
      { type: 'button', class: 'quiet icon-only', 'aria-label': t(key), title: t(`${key}.title`), onclick },
      shape ? icon(shape) : t(`${key}.face`),
    );
  // A slider says its value itself, and a wheel would be told at each notch.
  const zoom = h('output', {
    class: 'zoom',
    'aria-live': 'off',
    'aria-label': t('zoom.label'),
    title: t('zoom.title'),
  });
  store.on(['zoom'], (state) =>
    fill(zoom, number(state.zoom, { style: 'percent', maximumFractionDigits: state.zoom < 0.1 ? 1 : 0 })),
  );
  const mask = h(
    'button',
    {
      type: 'button',
      class: 'quiet icon-only',
      'aria-label': t('mask.toggle'),
      title: t('mask.toggle.title'),
      onclick: () => session.display.showMask(),
    },
    icon('mask'),
  );
  store.on(['maskShown'], (state) => mask.setAttribute('aria-pressed', String(state.maskShown)));
  const bar = h(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': t('toolbar.label') },
    tool('pan'),
    tool('window'),
    ...measureTools(session),
    h('span', { class: 'divider' }),
    toolButton(session, 'brush', true),
    toolButton(session, 'eraser', true),
    toolButton(session, 'polygon', true),
    stepButton(session, 'undo'),
    stepButton(session, 'redo'),
    h('span', { class: 'divider' }),
    button('zoom.out', 'minus', () => stage.zoomBy(0.8)),
    zoom,
    button('zoom.in', 'plus', () => stage.zoomBy(1.25)),
    button('zoom.fit', 'fit', () => stage.fit()),
    button('zoom.one', null, () => stage.oneToOne()),
    h('span', { class: 'divider' }),
    mask,
    ...volumeTools(session),
  );
  store.on(['items', 'currentId'], () => (bar.hidden = !session.current?.scan));
  return bar;
}
