/** A training under way: how far it is, the curve, what validates it, what happened. */
import { fileSize, significant } from '../../strings/format.js';
import { learns } from '../../session/training/state.js';
import { roughly } from '../../session/training/curve.js';
import { t } from '../../strings/t.js';
import { fill, h, say } from '../../elements/dom.js';
import { curveView } from './curve.js';
import { checkbox, checkField } from './fields.js';
import { floodView } from './flood.js';

/** @typedef {import('../../session/training/state.js').CurrentTraining} CurrentTraining */

/** @param {import('../../session/session.js').Session} session */
export function progressView(session) {
  const { training, store } = session;
  const phase = h('p', { class: 'phase' });
  const bar = h('progress', { 'aria-label': t('train.progress') });
  const pause = h('button', { type: 'button', onclick: () => training.pause() }, t('train.pause'));
  const resume = h('button', { type: 'button', class: 'primary', onclick: () => training.resume() });
  const cancel = h('button', { type: 'button', onclick: () => training.cancel() });
  const buttons = h('div', { class: 'buttons' }, pause, resume, cancel);
  const notes = h('ul', { class: 'notes' });
  // The session tells of it aloud.
  const warning = h('p', { class: 'warning' });
  const curve = curveView((step) => void training.rollback(step));
  const live = checkbox((checked) => training.show(checked));
  const liveField = checkField('train.live', live);
  const looking = h('p', { class: 'hint looking' }, t('train.live.working'));
  const facts = h('dl', {});
  const element = h(
    'section',
    { class: 'group progress', 'aria-label': t('train.current') },
    h('h2', {}, t('train.current')),
    phase,
    bar,
    buttons,
    warning,
    floodView(session),
    notes,
    curve.element,
    liveField,
    looking,
    facts,
  );

  let drawing = false;
  const draw = () => {
    drawing = false;
    const { phase: now, current, live: watching, looking: seeing } = store.state.training;
    element.hidden = !current;
    if (!current) return;
    const busy = learns(store.state.training);
    const turned = current.at < current.loss.length;
    say(
      phase,
      now === 'over'
        ? `${current.ended ? endOf(store.state.training, current) : ''} ${t('train.phase.over', { step: current.loss.length })}${t('list.end')}`.trim()
        : t(`train.phase.${now}`, { step: current.at, steps: current.steps }),
    );
    if (current.validating && now === 'running')
      say(phase, t('train.phase.validating', { step: current.at, steps: current.steps }));
    bar.hidden = !busy;
    if (now === 'preparing' || now === 'ending') bar.removeAttribute('value');
    else [bar.max, bar.value] = [current.steps, current.at];
    buttons.hidden = !busy;
    pause.hidden = now === 'paused';
    pause.disabled = now !== 'running';
    resume.hidden = now !== 'paused';
    cancel.disabled = now === 'ending';
    say(resume, turned ? t('train.resume.from', { step: current.at }) : t('train.resume'));
    say(cancel, turned && now === 'paused' ? t('train.cancel.at', { step: current.at }) : t('train.cancel'));
    warning.hidden = !current.worse || current.ended === 'diverged';
    if (current.worse) say(warning, t(`train.worse.${current.worse}`));
    const said = current.notes.map(({ key, values }) => t(key, values));
    if (current.begun?.same === false) said.push(t('train.note.others'));
    if (notes.children.length !== said.length)
      fill(
        notes,
        said.map((text) => h('li', {}, text)),
      );
    notes.hidden = said.length === 0;
    curve.element.hidden = current.loss.length === 0;
    curve.show(current, now === 'running' || now === 'paused' || now === 'over');
    liveField.hidden = !busy;
    live.checked = watching;
    looking.hidden = !seeing;
    fill(facts, factsOf(current, busy));
  };
  // A graphics card takes many steps a second; a frame shows the last of them.
  let before = store.state.training.phase;
  store.on(['training'], ({ training: { phase: now, current } }) => {
    // How it ends, too, is told once.
    if (before === 'preparing' && now === 'running') session.announce(t('train.begun', { steps: current?.steps ?? 0 }));
    before = now;
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(draw);
  });
  return element;
}

/** @param {import('../../session/training/state.js').TrainingState} state @param {CurrentTraining} current */
function endOf({ settings }, { ended }) {
  return t(`train.ended.${ended}`, { rate: String(settings.learningRate ?? '') });
}

/** @param {CurrentTraining} current @param {boolean} busy */
function factsOf(current, busy) {
  const { begun, stepsPerSecond, secondsLeft } = current;
  const row = (/** @type {string} */ key, /** @type {string} */ value, /** @type {string | null} */ title = null) => [
    h('dt', { title, class: title ? 'term' : null }, t(key)),
    h('dd', {}, value),
  ];
  return [
    busy
      ? row(
          'train.left',
          Number.isFinite(secondsLeft) && stepsPerSecond > 0 ? about(secondsLeft) : t('train.left.unknown'),
        )
      : [],
    stepsPerSecond > 0
      ? row(
          'train.speed',
          stepsPerSecond >= 1
            ? t('train.speed.fast', { value: significant(stepsPerSecond, 2) })
            : t('train.speed.slow', { value: significant(1 / stepsPerSecond, 2) }),
        )
      : [],
    begun ? row('train.validation', validatedBy(begun.held), t('train.validation.title')) : [],
    begun ? row('train.patches', t('train.patches.of', { count: begun.batch, patch: begun.patch })) : [],
    begun ? row('train.memory', memory(current), t('train.memory.title')) : [],
  ].flat();
}

/** @param {import('../../../pkg/insitu.js').TrainingBegun['held']} held */
function validatedBy(held) {
  if (held.kind === 'images') return t('train.validation.images', { count: held.count });
  if (held.kind === 'blocks') return t('train.validation.blocks', { count: held.count, of: held.of });
  return t('train.validation.nothing');
}

/** What is known of it: four bytes a number; of each weight the mean, and the optimiser's two. @param {CurrentTraining} current */
function memory({ begun, points }) {
  const bytes = 4 * (begun?.parameters ?? 0);
  const engine = t('train.memory.of', {
    network: fileSize(5 * bytes),
    count: points.length,
    points: fileSize(4 * bytes * points.length),
  });
  // Chromium alone tells it, and of the page without the engine.
  const page = /** @type {any} */ (performance).memory?.usedJSHeapSize;
  return page ? t('train.memory.page', { memory: engine, page: fileSize(page) }) : engine;
}

/** A time to come, in round numbers. @param {number} seconds */
export function about(seconds) {
  const { unit, count } = roughly(seconds);
  return t(`train.about.${unit}`, { count });
}
