/** The keyboard. What `shortcuts.js` says of each key is done here. */
import { keysDialog } from './dialogs.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../canvas/stage.js').Stage} stage
 * @param {{ pick(): void, save(): void, inside(): void }} doors
 */
export function mountKeys(session, stage, { pick, save, inside }) {
  const { store, picture, segmenting, files } = session;
  const slice = (/** @type {number} */ step) => {
    const item = session.current;
    if (item) picture.toSlice(item.slice + step);
  };
  /** @type {Record<string, () => void>} */
  const plain = {
    o: pick,
    m: () => store.set({ maskShown: !session.state.maskShown }),
    s: save,
    i: inside,
    f: () => stage.fit(),
    0: () => stage.fit(),
    1: () => stage.oneToOne(),
    '+': () => stage.zoomBy(1.25),
    '=': () => stage.zoomBy(1.25),
    '-': () => stage.zoomBy(0.8),
    h: () => store.set({ tool: 'pan' }),
    w: () => store.set({ tool: 'window' }),
    r: () => picture.resetWindow(),
    '?': keysDialog,
    Escape: () => segmenting.cancel(),
    PageDown: () => files.neighbour(1),
    PageUp: () => files.neighbour(-1),
    ArrowRight: () => slice(1),
    ArrowDown: () => slice(1),
    ArrowLeft: () => slice(-1),
    ArrowUp: () => slice(-1),
  };
  /** @type {Record<string, [number, number]>} */
  const pans = { ArrowRight: [-64, 0], ArrowLeft: [64, 0], ArrowUp: [0, 64], ArrowDown: [0, -64] };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const target = /** @type {Element} */ (event.target);
    const typing = target.matches('input:not([type=checkbox]), select, textarea');
    const arrows = event.key.startsWith('Arrow') || event.key.startsWith('Page');
    // A slider keeps its arrows and a field its letters; Escape always stops.
    if (typing && event.key !== 'Escape' && (arrows || !target.matches('input[type=range]'))) return;
    if (target.closest('[role=tablist], [role=listbox]') && arrows) return;
    // Without slices the arrows scroll what they always scroll.
    if (event.key.startsWith('Arrow') && !event.shiftKey && (session.current?.scan?.slices ?? 1) < 2) return;
    const action = event.shiftKey && pans[event.key] ? () => stage.panBy(...pans[event.key]) : plain[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
