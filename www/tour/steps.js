/** What each step of the tour asks for, and when it was done: pure functions of what the store holds. */
import { paints } from '../session/labelling/state.js';
import { learns } from '../session/training/state.js';

/**
 * @typedef {import('../session/state.js').State} State
 *
 * @typedef {object} Course where a step is
 * @property {Map<string, State>} passed the phases that it came through, each with the state as it began
 * @property {number | null} item the sample that belongs to it
 *
 * @typedef {object} Step
 * @property {'mask' | 'threshold' | 'tiles' | 'skip' | 'borders' | 'learn'} id
 * @property {import('../session/state.js').Panel} panel where its controls are
 * @property {{ name: string, model: string | null }} [sample] that it is done on, from here on
 * @property {(state: State, course: Course) => string} phase what is to be done next; `done` when all of it is
 * @property {Record<string, string>} spots what is to be pressed in each phase, as a selector
 */

/** Strokes that the last step asks for. */
export const STROKES = 5;
/** A threshold that was moved by so much was moved by a person who meant it. */
const MOVED = 0.1;

const current = (/** @type {State} */ { items, currentId }) => items.find(({ id }) => id === currentId);

/**
 * A step inside the view of the network.
 * @param {'tiles' | 'skip' | 'borders'} id @param {NonNullable<State['inside']['part']>} part @param {(state: State) => string} phase @param {Record<string, string>} spots
 * @returns {Step}
 */
const within = (id, part, phase, spots) => ({
  id,
  panel: 'view',
  phase(state) {
    if (!current(state)?.scan) return 'wait';
    if (state.inside.part === null) return 'open';
    return state.inside.part === part ? phase(state) : 'tab';
  },
  spots: { open: '[data-spot="inside"]', tab: `#tab-inside-${part}`, ...spots },
});

/** @type {Step[]} */
export const STEPS = [
  {
    id: 'mask',
    panel: 'view',
    sample: { name: 'nuclei-fluorescence', model: null },
    phase({ mask, maskShown }, { passed }) {
      if (!mask) return 'wait';
      if (!maskShown) return 'show';
      return passed.has('show') ? 'done' : 'hide';
    },
    spots: { hide: 'label:has(> #mask-shown)', show: 'label:has(> #mask-shown)' },
  },
  {
    id: 'threshold',
    panel: 'view',
    phase({ mask, threshold }, { passed }) {
      const from = passed.get('move')?.threshold ?? threshold;
      // The step of the slider, in binary, is not quite a hundredth.
      if (Math.abs(threshold - from) > MOVED - 0.005) return 'done';
      return mask ? 'move' : 'wait';
    },
    spots: { move: '[data-spot="threshold"]' },
  },
  within('tiles', 'tiles', ({ inside }) => (inside.tiles > 1 ? 'done' : 'size'), { size: '[data-spot="tile-size"]' }),
  within('skip', 'network', ({ inside }) => (inside.block === 'up' ? 'done' : 'block'), { block: '.u-drawing' }),
  within('borders', 'borders', ({ inside }) => (inside.objects > 1 ? 'done' : 'look'), { look: '#inside-borders' }),
  {
    id: 'learn',
    panel: 'label',
    // A model that has never seen such an image.
    sample: { name: 'em-membranes', model: 'nuclei' },
    phase(state, course) {
      const { training, inside, items, panel, tool } = state;
      if (inside.part !== null) return 'close';
      if (learns(training)) return 'watch';
      if (training.phase === 'over' && course.passed.has('watch')) return 'done';
      if (!items.find(({ id }) => id === course.item)?.scan) return 'wait';
      if (strokes(state, course) < STROKES) return paints(tool) || panel === 'train' ? 'paint' : 'brush';
      if (!ofBoth(state, course)) return 'both';
      if (panel !== 'train') return 'train';
      return training.phase === 'over' ? 'again' : 'start';
    },
    spots: {
      close: 'dialog.inside > header button',
      brush: '#panel-label .tools button',
      paint: '#panel-label .inks',
      both: '#panel-label .inks',
      train: '#tab-train',
      again: '[data-spot="again"]',
      start: '#panel-train .start button',
      watch: '#panel-train .progress',
    },
  },
];

/** Strokes since the step began. @param {State} state @param {Course} course */
export function strokes({ labelling }, { passed }) {
  const first = passed.get('brush') ?? passed.get('paint');
  return Math.max(0, labelling.steps.undo - (first?.labelling.steps.undo ?? labelling.steps.undo));
}

/** Whether there are strokes of the background and of a class on the sample. @param {State} state @param {Course} course */
function ofBoth({ labelling }, { item }) {
  const counts = labelling.labelled.filter(({ itemId }) => itemId === item).map((one) => one.counts);
  const some = (/** @type {(value: number) => boolean} */ wanted) =>
    counts.some((all) => all.some((pixels, value) => pixels > 0 && wanted(value)));
  return some((value) => value === 0) && some((value) => value > 0);
}
