/** What paints, and how: the tools, the brush's size, the tolerance, undo and redo. */
import { percent } from '../../strings/format.js';
import { SIZES } from '../../session/labelling/state.js';
import { isVolume } from '../../session/volume/space.js';
import { number, t } from '../../strings/t.js';
import { h, say } from '../../elements/dom.js';
import { icon } from '../icons.js';

/** @typedef {import('../../session/session.js').Session} Session */

const FIRST = /** @type {const} */ (['brush', 'eraser', 'polygon', 'accept']);
const MORE = /** @type {const} */ (['flood', 'wand', 'smooth']);

/** @param {Session} session @returns {HTMLElement} */
export function toolGroup(session) {
  const more = h(
    'details',
    { class: 'more-tools' },
    h('summary', {}, t('label.tools.more')),
    h(
      'div',
      { class: 'tools', role: 'group', 'aria-label': t('label.tools.more') },
      MORE.map((name) => toolButton(session, name)),
    ),
  );
  const how = h('p', { class: 'hint' });
  session.store.on(['tool'], ({ tool }) => {
    if (MORE.some((name) => name === tool)) more.open = true;
    // A tablet has no Shift, and its fingers must know how to move the image now.
    const words = tool === 'brush' && matchMedia('(pointer: coarse)').matches ? 'touch' : tool;
    say(how, tool === 'window' ? '' : t(`label.how.${words}`));
  });
  return h(
    'section',
    { class: 'group', 'aria-label': t('label.tools') },
    h(
      'div',
      { class: 'row' },
      h('h2', {}, t('label.tools')),
      h('span', { class: 'spring' }),
      stepButton(session, 'undo'),
      stepButton(session, 'redo'),
    ),
    h(
      'div',
      { class: 'tools', role: 'group', 'aria-label': t('label.tools') },
      FIRST.map((name) => toolButton(session, name)),
    ),
    more,
    how,
    steering(session),
    size(session),
    ball(session),
    tolerance(session),
    smoothing(session),
    sure(session),
  );
}

/** For whoever has no mouse, and for screen readers, which keep single letters to themselves. @param {Session} session */
function steering(session) {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'steer',
      title: t('keyCursor.label.title'),
      onclick: () => session.display.steer(),
    },
    icon('cross'),
    t('keyCursor.label'),
  );
  session.store.on(['keyCursor', 'items', 'currentId'], ({ keyCursor }) => {
    button.setAttribute('aria-pressed', String(keyCursor));
    button.disabled = !session.current?.scan;
  });
  return button;
}

/** @param {Session} session @param {import('../../session/state.js').Tool & import('../icons.js').Icon} name @param {boolean} [small] with its icon only */
export function toolButton(session, name, small = false) {
  const button = h(
    'button',
    {
      type: 'button',
      class: small ? 'quiet icon-only' : 'tool',
      'aria-label': t(`label.tool.${name}`),
      title: t(`label.tool.${name}.title`),
      onclick: () => session.display.use(name),
    },
    icon(name),
    small ? null : t(`label.tool.${name}`),
  );
  session.store.on(['tool'], ({ tool }) => button.setAttribute('aria-pressed', String(tool === name)));
  return button;
}

/** @param {Session} session @param {'undo' | 'redo'} name */
export function stepButton(session, name) {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'quiet icon-only',
      'aria-label': t(`label.${name}`),
      title: t(`label.${name}.title`),
      onclick: () => void session.labelling[name](),
    },
    icon(name),
  );
  session.store.on(['labelling'], ({ labelling }) => (button.disabled = labelling.steps[name] === 0));
  return button;
}

/**
 * A slider that is there with some tools.
 * @param {Session} session @param {string} key of its words @param {readonly string[]} tools
 * @param {{ min: number, max: number, step: number }} range @param {(value: number) => void} set
 * @param {(state: import('../../session/labelling/state.js').LabellingState) => { value: number, text: string }} get
 */
function slider(session, key, tools, range, set, get) {
  const id = key.replaceAll('.', '-');
  const input = h('input', {
    type: 'range',
    id,
    ...range,
    title: t(`${key}.title`),
    oninput: () => set(input.valueAsNumber),
  });
  const output = h('output', { for: id, 'aria-live': 'off' });
  const element = h('div', { class: 'dial' }, h('label', { for: id, class: 'faint' }, t(key)), output, input);
  session.store.on(['labelling', 'tool', 'items', 'currentId'], ({ labelling, tool }) => {
    element.hidden = !tools.includes(tool);
    const { value, text } = get(labelling);
    if (input.valueAsNumber !== value) input.value = String(value);
    say(output, text);
    input.setAttribute('aria-valuetext', text);
  });
  return element;
}

/** Small sizes need finer steps than large ones: the slider goes by the root. @param {Session} session */
function size(session) {
  const range = { min: Math.sqrt(SIZES.least), max: Math.sqrt(SIZES.most), step: 0.01 };
  return slider(
    session,
    'label.size',
    ['brush', 'eraser'],
    range,
    (value) => session.labelling.resize(value ** 2),
    (state) => {
      // What the slider was moved to stays there: sizes are whole numbers.
      const value = Math.sqrt(state.size);
      const spacing = session.current?.scan?.spacing;
      const px = t('unit.px', { value: state.size });
      const across = spacing && lengthOf(state.size, spacing.x);
      return { value, text: across ? t('label.size.both', { px, mm: across }) : px };
    },
  );
}

/** Of a volume: whether brush and eraser are balls. @param {Session} session */
function ball(session) {
  const box = h('input', { type: 'checkbox', onchange: () => session.labelling.adjust({ ball: box.checked }) });
  const element = h('label', { class: 'row check', title: t('label.ball.title') }, box, t('label.ball'));
  session.store.on(['labelling', 'tool', 'items', 'currentId'], ({ labelling, tool }) => {
    element.hidden = !isVolume(session.current?.scan) || (tool !== 'brush' && tool !== 'eraser');
    box.checked = labelling.ball;
  });
  return element;
}

/** A length in the unit that suits it. @param {number} pixels @param {number} spacing mm */
function lengthOf(pixels, spacing) {
  const mm = pixels * spacing;
  const options = { maximumSignificantDigits: 2 };
  return mm < 0.1 ? t('unit.um', { value: number(mm * 1000, options) }) : t('unit.mm', { value: number(mm, options) });
}

/** @param {Session} session */
const tolerance = (session) =>
  slider(
    session,
    'label.tolerance',
    ['flood', 'wand'],
    { min: 0, max: 0.5, step: 0.01 },
    (value) => session.labelling.adjust({ tolerance: value }),
    (state) => ({ value: state.tolerance, text: percent(state.tolerance) }),
  );

/** @param {Session} session */
const smoothing = (session) =>
  slider(
    session,
    'label.smoothing',
    ['smooth'],
    { min: 1, max: 20, step: 1 },
    (value) => session.labelling.adjust({ smoothing: value }),
    (state) => ({ value: state.smoothing, text: t('unit.px', { value: state.smoothing }) }),
  );

/** @param {Session} session */
const sure = (session) =>
  slider(
    session,
    'label.sure',
    ['accept'],
    { min: 0, max: 0.99, step: 0.01 },
    (value) => session.labelling.adjust({ sure: value }),
    (state) => ({ value: state.sure, text: state.sure === 0 ? t('label.sure.all') : percent(state.sure) }),
  );
