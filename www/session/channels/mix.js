/** Which channels of a microscope are seen, and how: pure functions of what is kept of a file. */
import { placeOf, sliceAt, windowOf } from '../../wire/slices.js';

/**
 * @typedef {import('../../insitu.js').Scan} Scan
 * @typedef {import('../../insitu.js').Window} Window
 * @typedef {import('../state.js').Item} Item
 * @typedef {Pick<Item, 'slice' | 'window' | 'windowByHand' | 'mix'> & { scan: Scan }} Shown
 * @typedef {{ shown: boolean, colour: string, window: Window | null }} Look of a channel; `window`: null as the file says, else for all its slices
 * @typedef {{ looks: Look[], chosen: number }} Mix `chosen`: the channel whose window is changed
 */

/** @param {number[]} colour red, green, blue */
const hex = (colour) => `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`;

/** @param {string} colour `#rrggbb` @returns {[number, number, number]} */
function bytes(colour) {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
}

/** How the channels of a scan are shown: as they were, or as the engine proposes; null where there is nothing to mix. @param {Scan} scan @param {number} slice @param {Mix | null} [kept] @returns {Mix | null} */
export function mixOf(scan, slice, kept) {
  const { channels, looks } = scan.planes;
  if (channels.length < 2 || scan.channels !== 1) return null;
  if (kept?.looks.length === looks.length && kept.chosen < looks.length) return kept;
  const first = looks.map(({ colour, shown }) => ({ shown, colour: hex(colour), window: null }));
  return { looks: first, chosen: placeOf(scan, slice).channel };
}

/** The channels that are seen. @param {Mix} mix */
export const shownOf = ({ looks }) => looks.flatMap(({ shown }, channel) => (shown ? [channel] : []));

/** Whether a channel is the only one that is seen. @param {Mix} mix @param {number} channel */
export const isAlone = ({ looks }, channel) => looks.every(({ shown }, other) => shown === (other === channel));

/** With another look of one channel. @param {Mix} mix @param {number} channel @param {Partial<Look>} patch @returns {Mix} */
export const withLook = ({ looks, chosen }, channel, patch) => ({
  looks: looks.map((look, i) => (i === channel ? { ...look, ...patch } : look)),
  chosen,
});

/** With these channels and no others. @param {Mix} mix @param {(channel: number) => boolean} shown @returns {Mix} */
export const withShown = ({ looks, chosen }, shown) => ({
  looks: looks.map((look, channel) => ({ ...look, shown: shown(channel) })),
  chosen,
});

/** The window of a slice: what a person chose, for it or for its channel, else its own. @param {Shown} item @param {number} slice */
export function windowAt({ scan, window, windowByHand, mix }, slice) {
  if (mix) return mix.looks[placeOf(scan, slice).channel]?.window ?? windowOf(scan, slice);
  return windowByHand ? window : windowOf(scan, slice);
}

/** The slice of a channel at the place of another. @param {Scan} scan @param {number} slice @param {number} channel */
export const inChannel = (scan, slice, channel) => sliceAt(scan, { ...placeOf(scan, slice), channel });

/**
 * What is drawn at the place of a slice: a channel in grey, or several mixed.
 * @param {Shown} item @param {number} [slice]
 * @returns {{ slice: number, window: Window, mix?: import('../../../pkg/insitu.js').TintRecord[] }}
 */
export function drawnAt(item, slice = item.slice) {
  const { scan, mix } = item;
  if (!mix) return { slice, window: slice === item.slice ? item.window : windowAt(item, slice) };
  const shown = shownOf(mix);
  if (shown.length === 1) {
    const alone = inChannel(scan, slice, shown[0]);
    return { slice: alone, window: windowAt(item, alone) };
  }
  const tints = shown.map((channel) => {
    const { center, width } = windowAt(item, inChannel(scan, slice, channel));
    return { channel, colour: bytes(mix.looks[channel].colour), center, width };
  });
  // Whichever channel the model sees, the picture is the same.
  const first = inChannel(scan, slice, 0);
  return { slice: first, window: windowAt(item, first), mix: tints };
}

/** The slice whose window a person changes. @param {Shown} item */
const chosenSlice = ({ scan, slice, mix }) => (mix ? inChannel(scan, slice, mix.chosen) : slice);

/** The window that a person changes: of the chosen channel. @param {Shown} item */
export const chosenWindow = (item) => (item.mix ? windowAt(item, chosenSlice(item)) : item.window);

/** What changes when a person chooses a window; null: as the file says. @param {Shown} item @param {Window | null} window @returns {Partial<Pick<Item, 'window' | 'windowByHand' | 'mix'>>} */
export function windowed(item, window) {
  const { scan, slice, mix } = item;
  if (!mix) return { window: window ?? windowOf(scan, slice), windowByHand: window !== null };
  const changed = withLook(mix, mix.chosen, { window });
  return { mix: changed, window: windowAt({ ...item, mix: changed }, slice) };
}

/** When the model is to see another channel, its window is the one to be changed, and where it saw the only one that is shown, this one is shown. @param {Shown} item @param {number} slice */
export function followed({ scan, slice: before, mix }, slice) {
  const [old, now] = [before, slice].map((at) => placeOf(scan, at).channel);
  if (!mix || old === now) return mix;
  return { ...(isAlone(mix, old) ? withShown(mix, (channel) => channel === now) : mix), chosen: now };
}
