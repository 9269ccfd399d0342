/** A file in the list: its thumbnail with its mask, its name, how far it is, and a cross. */
import { tinted } from '../pictures/small.js';
import { coloursOf } from '../session/colours.js';
import { dateOf, factsOf, notesOf } from '../session/about.js';
import { everyOf } from '../session/gathering.js';
import { fill, h, say } from '../elements/dom.js';
import { t } from '../strings/t.js';
import { icon } from './icons.js';
import { closeFiles } from './label/closing.js';

/** @typedef {import('../session/state.js').Item} Item */

/** Of the thumbnail, pixels; shown at half of it, for screens with small ones. */
const SIDE = 88;

/** @param {import('../session/session.js').Session} session @param {number} id @param {(event: MouseEvent) => void} click */
export function fileRow(session, id, click) {
  const canvas = h('canvas', { class: 'thumb', width: SIDE, height: SIDE, 'aria-hidden': 'true' });
  const name = h('span', { class: 'name' });
  const facts = h('span', { class: 'facts' });
  const state = h('span', { class: 'state' });
  const open = h(
    'button',
    { type: 'button', class: 'file', onclick: click },
    canvas,
    h('span', { class: 'about' }, name, facts, state),
  );
  const remove = h(
    'button',
    { type: 'button', class: 'quiet icon-only remove', onclick: () => closeFiles(session, [id]) },
    icon('close'),
  );
  const ways = h('div', { class: 'ways', hidden: true });
  const li = h('li', { 'data-id': id }, open, remove, ways);
  /** What the ways on are for. @type {unknown} */
  let asked = null;
  /** What is drawn. @type {unknown[]} */
  let drawn = [];
  return {
    li,
    /** @param {Item} item @param {boolean} current @param {boolean} chosen */
    update(item, current, chosen) {
      say(name, item.name);
      open.title = titleOf(item);
      say(facts, factsOf(item));
      say(state, stateText(item));
      const large = item.error?.code === 'series.large' ? item.error : null;
      ways.hidden = !large;
      if (large && asked !== large) fill(ways, ...waysOn(session, item));
      asked = large;
      li.className = chosen ? `${item.state} chosen` : item.state;
      if (chosen) open.setAttribute('aria-pressed', 'true');
      else open.removeAttribute('aria-pressed');
      open.setAttribute('aria-current', String(current));
      const label = t('files.remove', { name: item.name });
      remove.setAttribute('aria-label', label);
      remove.title = label;
      if (!item.thumbnail) return;
      const colours = item.small ? coloursOfSmall(session, item, item.small) : [];
      const next = [item.thumbnail, item.small, ...colours];
      if (next.length === drawn.length && next.every((one, i) => one === drawn[i])) return;
      drawn = next;
      draw(canvas, item.thumbnail);
      if (item.small) draw(canvas, veil(item.small, colours));
    },
  };
}

/** What there is no room for: what is wrong, or when it was made and what one should know of it. @param {Item} item */
function titleOf(item) {
  if (item.error) return `${item.name}: ${item.error.message}`;
  return [item.name, dateOf(item), ...notesOf(item)].filter(Boolean).join('\n');
}

/** What can be done with an image that is too large. @param {import('../session/session.js').Session} session @param {Item} item */
function waysOn({ files }, item) {
  const every = everyOf(item);
  const way = (/** @type {string} */ text, /** @type {string} */ title, /** @type {() => void} */ onclick) =>
    h('button', { type: 'button', title, onclick }, text);
  const words = every === 2 ? t('series.every.two') : t('series.every', { every });
  return [
    every > 1 ? way(words, t('series.every.title'), () => void files.openLarge(item.id, every)) : null,
    way(t('series.all'), t('series.all.title'), () => void files.openLarge(item.id)),
  ];
}

/** How far a file is, what was counted in it, or what is wrong with it, whichever file is shown. @param {Item} item */
function stateText({ state, error, count, read }) {
  if (state === 'reading' && read) return t('files.reading', { done: read.done, total: read.total });
  // What is only asked about has not failed.
  if (error?.code === 'series.large') return error.message;
  if (state === 'failed' && error) return t('files.failed', { why: error.message });
  if (count !== null && state === 'done') return t('files.counted', { count });
  return t(`files.state.${state}`);
}

/** @param {import('../session/session.js').Session} session @param {Item} item @param {NonNullable<Item['small']>} small */
function coloursOfSmall({ state }, item, { modelId, classes }) {
  const model = state.models.find((other) => other.id === modelId);
  return coloursOf({ ...state, items: [item], currentId: item.id }, model, classes);
}

/** @param {NonNullable<Item['small']>} small @param {string[]} colours */
function veil(small, colours) {
  const canvas = new OffscreenCanvas(small.width, small.height);
  canvas.getContext('2d')?.putImageData(new ImageData(tinted(small, colours), small.width, small.height), 0, 0);
  return canvas;
}

/** Fills a square with the middle of a picture. @param {HTMLCanvasElement} canvas @param {ImageBitmap | OffscreenCanvas} picture */
function draw(canvas, picture) {
  const side = Math.min(picture.width, picture.height);
  const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
  canvas.getContext('2d')?.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}
