/** A training under way: how far it is, the curve, what judges it, what happened. */
import { fileSize, significant } from '../../strings/format.js';
import { learns } from '../../session/training/state.js';
import { roughly } from '../../session/training/curve.js';
import { t } from '../../strings/t.js';
import { fill, h, say } from '../dom.js';
import { curveView } from './curve.js';
import { checkbox, checkField } from './fields.js';

/** @typedef {import('../../session/training/state.js').Course} Course */

/** @param {import('../../session/session.js').Session} session */
export function courseView(session) {
  const { teaching, store } = session;
  const phase = h('p', { class: 'phase' });
  const bar = h('progress', { 'aria-label': t('train.progress') });
  const pause = h('button', { type: 'button', onclick: () => teaching.pause() }, t('train.pause'));
  const resume = h('button', { type: 'button', class: 'primary', onclick: () => teaching.resume() });
  const cancel = h('button', { type: 'button', onclick: () => teaching.cancel() });
  const buttons = h('div', { class: 'buttons' }, pause, resume, cancel);
  const notes = h('ul', { class: 'notes' });
  const warning = h('p', { class: 'warning', role: 'status' });
  const curve = curveView((step) => void teaching.rollback(step));
  const live = checkbox((checked) => teaching.show(checked));
  const liveField = checkField('train.live', live);
  const looking = h('p', { class: 'hint looking' }, t('train.live.working'));
  const facts = h('dl', {});
  const element = h(
    'section',
    { class: 'group course', 'aria-label': t('train.course') },
    h('h2', {}, t('train.course')),
    phase,
    bar,
    buttons,
    warning,
    notes,
    curve.element,
    liveField,
    looking,
    facts,
  );

  let drawing = false;
  const draw = () => {
    drawing = false;
    const { phase: now, course, live: watching, looking: seeing } = store.state.teaching;
    element.hidden = !course;
    if (!course) return;
    const busy = learns(store.state.teaching);
    const turned = course.at < course.loss.length;
    say(
      phase,
      now === 'over'
        ? `${course.ended ? endOf(store.state.teaching, course) : ''} ${t('train.phase.over', { step: course.loss.length })}.`.trim()
        : t(`train.phase.${now}`, { step: course.at, steps: course.steps }),
    );
    if (course.judging && now === 'running')
      say(phase, t('train.phase.judging', { step: course.at, steps: course.steps }));
    bar.hidden = !busy;
    if (now === 'preparing' || now === 'ending') bar.removeAttribute('value');
    else [bar.max, bar.value] = [course.steps, course.at];
    buttons.hidden = !busy;
    pause.hidden = now === 'paused';
    pause.disabled = now !== 'running';
    resume.hidden = now !== 'paused';
    cancel.disabled = now === 'ending';
    say(resume, turned ? t('train.resume.from', { step: course.at }) : t('train.resume'));
    say(cancel, turned && now === 'paused' ? t('train.cancel.at', { step: course.at }) : t('train.cancel'));
    warning.hidden = !course.worse || course.ended === 'diverged';
    if (course.worse) say(warning, t(`train.worse.${course.worse}`));
    const said = course.notes.map(({ key, values }) => t(key, values));
    if (notes.children.length !== said.length)
      fill(
        notes,
        said.map((text) => h('li', {}, text)),
      );
    notes.hidden = said.length === 0;
    curve.element.hidden = course.loss.length === 0;
    curve.show(course, now === 'running' || now === 'paused' || now === 'over');
    liveField.hidden = !busy;
    live.checked = watching;
    looking.hidden = !seeing;
    fill(facts, factsOf(course, busy));
  };
  // A graphics card takes many steps a second; a frame shows the last of them.
  store.on(['teaching'], () => {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(draw);
  });
  return element;
}

/** @param {import('../../session/training/state.js').TeachingState} state @param {Course} course */
function endOf({ settings }, { ended }) {
  return t(`train.ended.${ended}`, { rate: String(settings.learningRate ?? '') });
}

/** @param {Course} course @param {boolean} busy */
function factsOf(course, busy) {
  const { begun, stepsPerSecond, secondsLeft } = course;
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
    begun ? row('train.judge', judge(begun.held), t('train.judge.title')) : [],
    begun ? row('train.patches', t('train.patches.of', { count: begun.batch, patch: begun.patch })) : [],
    begun ? row('train.memory', memory(course), t('train.memory.title')) : [],
  ].flat();
}

/** @param {import('../../../pkg/insitu.js').TrainingBegun['held']} held */
function judge(held) {
  if (held.kind === 'images') return t('train.judge.images', { count: held.count });
  if (held.kind === 'blocks') return t('train.judge.blocks', { count: held.count, of: held.of });
  return t('train.judge.nothing');
}

/** What is known of it: four bytes a number; of each weight the mean, and the optimiser's two. @param {Course} course */
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
