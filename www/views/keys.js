/** The keyboard. What `shortcuts.js` says of each key is done here. */
import { paints } from '../session/labelling/state.js';
import { isVolume } from '../session/volume/space.js';
import { keysDialog } from './dialogs.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../canvas/stage.js').Stage} stage
 * @param {{ pick(): void, save(): void, inside(): void, tour(): void }} doors
 */
export function mountKeys(session, stage, { pick, save, inside, tour }) {
  const { display, picture, segmenting, files, labelling, objects, volume } = session;
  const slice = (/** @type {number} */ step) => picture.scroll(step);
  /** Where objects are corrected, their corrections are taken back. @param {'undo' | 'redo'} way */
  const step = (way) => {
    if (way === 'undo' && stage.measure.key('z')) return;
    const correcting = session.state.panel === 'results' && objects.corrections.steps[way] > 0;
    if (!correcting) void labelling[way]();
    else if (way === 'redo' || !labelling.takeBack()) void objects.step(way);
  };
  /** @type {Record<string, () => unknown>} */
  const plain = {
    o: pick,
    m: () => display.showMask(),
    s: save,
    i: inside,
    t: () => objects.openDrawer(!session.state.objects.drawer),
    f: () => stage.fit(),
    0: () => stage.fit(),
    1: () => stage.oneToOne(),
    '+': () => stage.zoomBy(1.25),
    '=': () => stage.zoomBy(1.25),
    '-': () => stage.zoomBy(0.8),
    h: () => display.use('pan'),
    w: () => display.use('window'),
    r: () => picture.resetWindow(),
    b: () => display.use('brush'),
    e: () => display.use('eraser'),
    p: () => display.use('polygon'),
    g: () => display.use('flood'),
    v: () => display.use('wand'),
    a: () => display.use('accept'),
    x: () => isVolume(session.current?.scan) && display.use('cross'),
    d: () => display.use('ruler'),
    n: () => display.use('angle'),
    u: () => volume.invert(),
    c: () => volume.cine.play(),
    3: () => volume.toggleViews(),
    l: () => labelling.toggle(),
    k: () => session.current?.scan && display.steer(),
    ',': () => slice(-1),
    '.': () => slice(1),
    '[': () => labelling.grow(-1),
    ']': () => labelling.grow(1),
    z: () => step('undo'),
    Z: () => step('redo'),
    Delete: () => void objects.removeSelected(),
    '?': () => keysDialog(tour),
    Escape: () => files.gathering.cancel() || segmenting.cancel(),
    PageDown: () => files.neighbour(1),
    PageUp: () => files.neighbour(-1),
    ArrowRight: () => slice(1),
    ArrowDown: () => slice(1),
    ArrowLeft: () => slice(-1),
    ArrowUp: () => slice(-1),
  };
  /** @type {Record<string, [number, number]>} */
  const pans = { ArrowRight: [-64, 0], ArrowLeft: [64, 0], ArrowUp: [0, 64], ArrowDown: [0, -64] };

  /** With Ctrl, or on a Mac with Cmd. @type {Record<string, () => unknown>} */
  const control = { z: plain.z, Z: plain.Z, y: plain.Z };
  /** What a key is called in the tables: letters as they are without Shift and Caps Lock, but for Z. @param {KeyboardEvent} event */
  const named = ({ key, shiftKey }) =>
    key.toLowerCase() === 'z' ? (shiftKey ? 'Z' : 'z') : key.length === 1 ? key.toLowerCase() : key;

  document.addEventListener('keydown', (event) => {
    // On many keyboards brackets need Alt, which some systems report with Ctrl.
    const bracket = event.key === '[' || event.key === ']';
    if ((event.altKey && !bracket) || document.querySelector('dialog[open]')) return;
    const target = /** @type {Element} */ (event.target);
    const typing = target.matches('input:not([type=checkbox]), select, textarea');
    if ((event.ctrlKey || event.metaKey) && !bracket) {
      const action = control[named(event)];
      // A field undoes what was typed into it.
      if (!action || (typing && !target.matches('input[type=range]'))) return;
      event.preventDefault();
      return action();
    }
    // An outline or a stroke that is at work comes first; Enter on a button presses it.
    const presses = event.key === 'Enter' && target.matches('button, summary');
    if (!typing && !presses && (stage.paint.key(event.key) || (event.key !== 'z' && stage.measure.key(event.key))))
      return event.preventDefault();
    const arrows = event.key.startsWith('Arrow') || event.key.startsWith('Page');
    // A slider keeps its arrows and a field its letters; Escape always stops.
    if (typing && event.key !== 'Escape' && (arrows || !target.matches('input[type=range]'))) return;
    if (target.closest('[role=tablist], [role=listbox]') && arrows) return;
    // Without slices the arrows scroll what they always scroll.
    if (event.key.startsWith('Arrow') && !event.shiftKey && (session.current?.scan?.planes.slices ?? 1) < 2) return;
    const digit = /^[0-9]$/.test(event.key) && paints(session.state.tool);
    // What Shift makes of the digits differs from keyboard to keyboard; where it makes digits, they mean what digits mean.
    const preset = event.shiftKey && !/^[0-9]$/.test(event.key) ? /^Digit([1-9])$/.exec(event.code) : null;
    const action =
      event.shiftKey && pans[event.key]
        ? () => stage.panBy(...pans[event.key])
        : preset && volume.presets.length > 0
          ? () => volume.preset(Number(preset[1]) - 1)
          : digit
            ? () => labelling.pick(Number(event.key))
            : plain[named(event)];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
