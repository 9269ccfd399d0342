/** Borders that are dragged: the list of files, the settings, and the drawer under the image. */
import { byId, h } from '../elements/dom.js';
import { stored } from '../stored.js';
import { t } from '../strings/t.js';

/**
 * @typedef {object} Side pixels, and what moves them
 * @property {string} property of the style sheet
 * @property {number} initial
 * @property {number} min
 * @property {number} max
 * @property {number} share of the window that it may take at most, so that the image keeps room
 * @property {'x' | 'y'} along which way the border is moved
 * @property {1 | -1} sign 1: it grows to the right or downwards
 *
 * @typedef {{ width: number, height: number }} Room of the window
 */

/** @typedef {'files' | 'panel' | 'drawer'} Name */

/** @type {Record<Name, Side>} */
export const SIDES = {
  // Fingers need room for the cross beside a name.
  files: {
    property: '--files-width',
    initial: globalThis.matchMedia?.('(pointer: coarse)').matches ? 204 : 172,
    min: 120,
    max: 480,
    share: 0.25,
    along: 'x',
    sign: 1,
  },
  panel: { property: '--panel-width', initial: 268, min: 230, max: 800, share: 0.45, along: 'x', sign: -1 },
  drawer: { property: '--drawer-height', initial: 280, min: 140, max: 1600, share: 0.6, along: 'y', sign: -1 },
};

/** Where the sizes are remembered. */
const PLACE = 'insitu.sizes';

/** How far a key moves a border, px. */
const STEP = 16;

/** From how few to how many pixels. @param {Side} side @param {Room} room */
export function limits({ min, max, share, along }, room) {
  const most = Math.round(share * (along === 'x' ? room.width : room.height));
  return { min, max: Math.max(min, Math.min(max, most)) };
}

/** @param {Side} side @param {number} pixels @param {Room} room */
export function clamped(side, pixels, room) {
  const { min, max } = limits(side, room);
  return Math.min(max, Math.max(min, Math.round(pixels)));
}

/** The size that a key leads to; null if the key leads nowhere. @param {Side} side @param {string} key @param {number} now @param {Room} room */
export function keyed(side, key, now, room) {
  const { min, max } = limits(side, room);
  if (key === 'Home') return min;
  if (key === 'End') return max;
  if (key === 'Enter') return clamped(side, side.initial, room);
  const [less, more] = side.along === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const step = { [less]: -STEP, [more]: STEP }[key];
  return step === undefined ? null : clamped(side, now + step * side.sign, room);
}

/** What was remembered, as far as it makes sense. @param {string | null} text @returns {Partial<Record<Name, number>>} */
export function remembered(text) {
  try {
    const sizes = JSON.parse(text ?? '{}');
    return Object.fromEntries(
      Object.keys(SIDES).flatMap((name) => (Number.isFinite(sizes?.[name]) ? [[name, sizes[name]]] : [])),
    );
  } catch {
    return {};
  }
}

const room = () => ({ width: innerWidth, height: innerHeight });

/** Puts the borders into the landmarks that they belong to. @param {import('../session/session.js').Session} session */
export function mountResize(session) {
  /** What a person wants, also where the window has less room just now. */
  const sizes = remembered(stored(PLACE));
  const borders = /** @type {Name[]} */ (Object.keys(SIDES)).map((name) => border(name, sizes));
  const show = () => borders.forEach((border) => border.show());
  addEventListener('resize', show);
  session.store.on(['language'], show);
}

/** @param {Name} name @param {Partial<Record<Name, number>>} sizes */
function border(name, sizes) {
  const side = SIDES[name];
  const element = h('div', {
    class: `separator of-${name}`,
    role: 'separator',
    tabindex: 0,
    'aria-orientation': side.along === 'x' ? 'vertical' : 'horizontal',
    'aria-controls': name,
  });
  const size = () => clamped(side, sizes[name] ?? side.initial, room());

  function show() {
    const { min, max } = limits(side, room());
    const now = size();
    document.body.style.setProperty(side.property, `${now}px`);
    const values = { valuenow: now, valuemin: min, valuemax: max, valuetext: t('resize.value', { pixels: now }) };
    element.title = t('resize.title');
    element.setAttribute('aria-label', t(`resize.${name}`));
    for (const [key, value] of Object.entries(values)) element.setAttribute(`aria-${key}`, String(value));
  }

  /** @param {number | null} pixels null sets it back */
  function take(pixels) {
    if (pixels === null) delete sizes[name];
    else sizes[name] = clamped(side, pixels, room());
    show();
  }
  const keep = () => void stored(PLACE, JSON.stringify(sizes));

  element.addEventListener('keydown', (event) => {
    const to = event.altKey || event.ctrlKey || event.metaKey ? null : keyed(side, event.key, size(), room());
    if (to === null) return;
    take(event.key === 'Enter' ? null : to);
    keep();
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener('dblclick', () => {
    take(null);
    keep();
  });
  dragged(element, side, size, take, keep);
  if (name === 'files') byId(name).append(element);
  else byId(name).prepend(element);
  return { show };
}

/** @param {HTMLElement} element @param {Side} side @param {() => number} size @param {(pixels: number) => void} take @param {() => void} keep */
function dragged(element, side, size, take, keep) {
  const at = (/** @type {PointerEvent} */ event) => (side.along === 'x' ? event.clientX : event.clientY);
  /** @type {{ at: number, size: number } | null} */
  let from = null;
  let wanted = 0;
  let frame = 0;
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    from = { at: at(event), size: size() };
    document.body.classList.add('resizing');
    document.body.dataset.along = side.along;
  });
  element.addEventListener('pointermove', (event) => {
    if (!from) return;
    wanted = from.size + (at(event) - from.at) * side.sign;
    // The image is drawn anew with each size: once a frame will do.
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      take(wanted);
    });
  });
  element.addEventListener('lostpointercapture', () => {
    if (frame) take(wanted);
    cancelAnimationFrame(frame);
    frame = 0;
    if (from && size() !== from.size) keep();
    from = null;
    document.body.classList.remove('resizing');
  });
}
