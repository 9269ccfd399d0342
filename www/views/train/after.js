/** After a training: how good the model is, its name and its file, and going on. */
import { labelsOf, settled } from '../../session/training/state.js';
import { number, t } from '../../strings/t.js';
import { fill, h, say } from '../../elements/dom.js';
import { icon } from '../icons.js';
import { download } from '../save.js';
import { measuredOn } from './curve.js';
import { nameField } from './settings.js';

/** @param {import('../../session/session.js').Session} session */
export function afterView(session) {
  const { training, store } = session;
  const words = h('div', {});
  let steps = 0;
  const save = h(
    'button',
    { type: 'button', class: 'primary', title: t('train.save.title'), onclick: () => void saveModel(session) },
    icon('save'),
    t('train.save'),
  );
  const more = h('button', {
    type: 'button',
    title: t('train.go-on.title'),
    onclick: () => void training.more(steps),
  });
  const again = h(
    'button',
    { type: 'button', title: t('train.again.title'), onclick: () => void training.close(), 'data-spot': 'again' },
    t('train.again'),
  );
  const element = h(
    'section',
    { class: 'group', 'aria-label': t('train.after') },
    h('h2', {}, t('train.after')),
    words,
    nameField(session),
    save,
    h('div', { class: 'buttons' }, more, again),
  );
  let told = '';
  store.on(['training', 'models', 'labelling'], (state) => {
    const { models, labelling, constants } = state;
    const { phase, current, settings } = state.training;
    element.hidden = phase !== 'over' || !current;
    if (!current || !constants || phase !== 'over') return;
    const model = models.find((other) => other.id === current.modelId);
    // A training that failed at once leaves none.
    save.disabled = !(model?.file instanceof File) || model.file.size === 0;
    more.disabled = current.ended === 'failed' ? !training.rescuable : current.points.length === 0;
    ({ steps } = settled(settings, constants));
    say(more, t('train.go-on', { count: steps }));
    const changed = labelsOf(labelling) !== current.labels;
    say(again, t(changed ? 'train.again.labels' : 'train.again'));
    again.classList.toggle('primary', changed);
    save.classList.toggle('primary', !changed);
    const sentences = [...saidOf(current), ...(changed ? [t('train.after.labels')] : [])];
    if (told === sentences.join()) return;
    told = sentences.join();
    fill(
      words,
      sentences.map((sentence) => h('p', { class: 'hint' }, sentence)),
    );
  });
  return element;
}

/** @param {import('../../session/training/state.js').CurrentTraining} current */
function saidOf(current) {
  const { validations, at, fresh, begun, points } = current;
  const on = measuredOn(current);
  const two = (/** @type {number} */ value) => number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const here = validations.find((v) => v.step === at)?.dice ?? null;
  const first = validations.find((v) => v.step === 0)?.dice ?? null;
  const said =
    here === null
      ? t('train.after.unscored')
      : at === 0
        ? t('train.after.same', { dice: two(here), on })
        : first !== null && !fresh
          ? t('train.after.better', { dice: two(here), on, step: at, first: two(first) })
          : t('train.after.scored', { dice: two(here), on, step: at });
  return [
    said,
    ...(here !== null && begun?.held.kind === 'blocks' ? [t('train.after.flatters')] : []),
    ...(points.length > 1 ? [t('train.after.step', { step: at })] : []),
  ];
}

/** @param {import('../../session/session.js').Session} session */
async function saveModel(session) {
  const file = await session.training.file();
  if (!file) return;
  download(file, file.name);
  session.announce(t('train.save.done', { name: file.name }));
}
