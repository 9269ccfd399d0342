/** The panel Train: settings, curve, checkpoints, applying and keeping the model. */
import { obstacle, settled } from '../../session/training/state.js';
import { className } from '../../strings/engine.js';
import { listed } from '../../strings/format.js';
import { number, t } from '../../strings/t.js';
import { h, say } from '../../elements/dom.js';
import { afterView } from './after.js';
import { about, progressView } from './progress.js';
import { settingsView } from './settings.js';
import { sweepView } from './sweep.js';

/** @param {import('../../session/session.js').Session} session @returns {HTMLElement} */
export function trainPanel(session) {
  return h(
    'div',
    { class: 'panel-body train-panel' },
    beforeView(session),
    progressView(session),
    afterView(session),
    sweepView(session),
  );
}

/** @param {import('../../session/session.js').Session} session */
function beforeView(session) {
  const { training, store } = session;
  const labels = h('p', {});
  const toLabels = h('button', {
    type: 'button',
    class: 'link',
    onclick: () => {
      session.display.open('label');
      document.getElementById('tab-label')?.focus();
    },
  });
  const start = h(
    'button',
    { type: 'button', class: 'primary large', onclick: () => void training.start() },
    t('train.start'),
  );
  const estimate = h('p', { class: 'hint' });
  const element = h(
    'div',
    { class: 'before' },
    h(
      'section',
      { class: 'group', 'aria-label': t('train.labels') },
      h('p', { class: 'hint' }, t('train.lead')),
      h('h2', {}, t('train.labels')),
      labels,
      toLabels,
    ),
    h('section', { class: 'group', 'aria-label': t('train.settings') }, settingsView(session)),
    // In sight whatever is folded out above it.
    h('div', { class: 'start' }, start, estimate),
  );

  let planned = '';
  store.on(
    ['training', 'constants', 'labelling', 'items', 'engine', 'device', 'models', 'modelId', 'panel'],
    (state) => {
      const { phase, plan, settings } = state.training;
      const { constants } = state;
      element.hidden = phase !== 'idle';
      const hindered = obstacle(state);
      say(labels, hindered ? t(`train.obstacle.${hindered}`) : learntFrom(session));
      labels.className = hindered ? 'obstacle' : '';
      say(toLabels, t(hindered ? 'train.obstacle.go' : 'train.labels.change'));
      toLabels.hidden = hindered === 'image' || hindered === 'engine';
      start.disabled = hindered !== null;
      start.title = hindered ? t(`train.obstacle.${hindered}`) : '';
      estimate.hidden = hindered !== null;
      if (constants) say(estimate, estimated(plan, settled(settings, constants), state.device));
      // The engine is asked when what it depends on has changed, and somebody looks.
      const wanted = JSON.stringify([
        state.panel,
        state.engine,
        state.modelId,
        state.labelling.labelled.map(({ itemId }) => itemId),
        state.labelling.counts,
        state.items.map((item) => item.scan?.width),
      ]);
      if (state.panel === 'train' && planned !== wanted) {
        planned = wanted;
        void training.plan();
      }
    },
  );
  return element;
}

/** What is labelled, in a sentence. @param {import('../../session/session.js').Session} session */
function learntFrom({ state: { labelling, training } }) {
  const { counts, classes, labelled } = labelling;
  const named = counts.flatMap((pixels, i) => {
    if (pixels === 0) return [];
    const name =
      i === 0 ? t('train.pixels.background') : className(classes[i - 1]?.name ?? t('class.unnamed', { number: i }));
    return [t('train.pixels.class', { pixels, name })];
  });
  const pixels = number(counts.reduce((sum, n) => sum + n, 0));
  const values = { pixels, classes: listed(named) };
  const { painted } = training;
  return painted
    ? t('train.pixels.planes', { ...values, planes: painted })
    : t('train.pixels', { ...values, count: labelled.length });
}

/** @param {import('../../api.d.ts').TrainingPlan | null} plan @param {import('../../session/training/state.js').Settled} settings @param {import('../../../pkg/insitu.js').DeviceRecord | null} device */
function estimated(plan, settings, device) {
  if (!plan?.seconds) return t('train.estimate.gpu');
  const share = ((settings.batch ?? plan.batch) * (settings.patch ?? plan.patch) ** 2) / (plan.batch * plan.patch ** 2);
  const time = about(settings.steps * plan.seconds * share);
  return t(device?.kind === 'cpu' ? 'train.estimate.cpu' : 'train.estimate.known', { time });
}
