/** What a person can choose before a training. All of it has a good default. */
import { significant } from '../../strings/format.js';
import { settled } from '../../session/training/state.js';
import { t } from '../../strings/t.js';
import { fill, h, say } from '../../elements/dom.js';
import { examples } from './examples.js';
import { checkbox, checkField, choice, field, numberInput } from './fields.js';

/** @typedef {import('../../session/state.js').Constants} Constants */

/** They are there once the engine has told what it would take by itself. @param {import('../../session/session.js').Session} session */
export function settingsView(session) {
  const place = h('div', { class: 'settings' });
  session.store.on(['constants'], ({ constants }) => {
    if (constants && !place.hasChildNodes()) fill(place, controls(session, constants));
  });
  return place;
}

/** @param {import('../../session/session.js').Session} session @param {Constants} constants */
function controls(session, constants) {
  const { training, store } = session;
  const is = () => h('p', {});

  const from = h('select', {
    onchange: () => {
      const [kind, value] = split(from.value);
      training.choose({ preset: kind === 'preset' ? value : null, width: null });
      // What is trained is what is seen.
      if (kind === 'model') session.models.prefer(value);
    },
  });
  const fromIs = is();
  const name = nameField(session);
  const steps = numberInput({ min: 1, max: 100_000 }, (value) => training.choose({ steps: value }));
  const stepsIs = h('p', {}, t('train.steps.is'));
  const learn = choice(
    ['all', 'decoder', 'last-layer'],
    (value) => t(`train.learn.${value}`),
    (value) => training.choose({ learn: /** @type {any} */ (value) }),
  );
  const learnIs = is();
  const learnField = field('train.learn', learn, learnIs);
  const augment = checkbox((checked) => training.choose({ augment: checked }));
  const shown = examples(session);
  const single = checkbox((checked) => training.choose({ objects: checked }));
  const singleField = checkField('train.objects', single, h('p', {}, t('train.objects.is')));

  const rate = numberInput({ min: 1e-7, max: 1, step: 'any', empty: true }, (value) =>
    training.choose({ learningRate: value }),
  );
  const rateIs = is();
  const loss = choice(
    ['cross-entropy-dice', 'cross-entropy', 'dice', 'focal'],
    (value) => t(`train.loss.${value}`),
    (value) => training.choose({ loss: /** @type {any} */ (value) }),
  );
  const lossIs = is();
  const balance = checkbox((checked) => training.choose({ balance: checked }));
  const statistics = choice(
    ['auto', 'keep', 'new'],
    (value) => t(`train.statistics.${value}`),
    (value) => training.choose({ keepStatistics: value === 'auto' ? null : value === 'keep' }),
  );
  const statisticsField = field('train.statistics', statistics, h('p', {}, t('train.statistics.is')));
  const early = checkbox((checked) => training.choose({ earlyStop: checked }));
  const seed = numberInput({ min: 0, max: 2 ** 32 - 1 }, (value) => training.choose({ seed: value }));
  const batch = numberInput({ min: 1, max: constants.maxBatch, empty: true }, (value) =>
    training.choose({ batch: value }),
  );
  const patch = numberInput({ min: 16, max: constants.maxPatch, empty: true }, (value) =>
    training.choose({ patch: value }),
  );
  const planned = h('p', { class: 'hint' });
  const width = numberInput({ min: 1, max: 128, empty: true }, (value) => training.choose({ width: value }));
  const widthField = field('train.width', width.input, h('p', {}, t('train.width.is')));
  const more = h(
    'details',
    {},
    h('summary', {}, t('train.more')),
    field('train.rate', rate.input, rateIs),
    field('train.loss', loss, lossIs),
    checkField('train.balance', balance, h('p', {}, t('train.balance.is'))),
    statisticsField,
    checkField('train.early', early, h('p', {}, t('train.early.is'))),
    field('train.seed', seed.input, h('p', {}, t('train.seed.is'))),
    h('div', { class: 'field' }, field('train.batch', batch.input), field('train.patch', patch.input), planned),
    widthField,
  );

  let listed = '';
  store.on(
    ['training', 'models', 'items', 'currentId', 'preferred', 'alike', 'modelId', 'labelling'],
    ({ training: { settings: chosen, plan }, models, labelling }) => {
      const settings = settled(chosen, constants);
      const item = session.current;
      const id = (item && session.models.for(item)) ?? models[0]?.id ?? '';
      const titles = JSON.stringify(models.map((model) => [model.id, model.title]));
      // New options would close a list that is open.
      if (listed !== titles) {
        listed = titles;
        fill(
          from,
          h(
            'optgroup',
            { label: t('train.from.models') },
            models.map((model) => h('option', { value: `model:${model.id}` }, model.title)),
          ),
          h(
            'optgroup',
            { label: t('train.from.presets') },
            constants.presets.map(({ name }) => h('option', { value: `preset:${name}` }, t(`train.preset.${name}`))),
          ),
        );
      }
      from.value = settings.preset ? `preset:${settings.preset}` : `model:${id}`;
      const model = models.find((other) => other.id === id);
      const count = labelling.classes.length;
      const had = model?.card?.classes.length ?? count;
      const classes = (/** @type {number} */ n) => t('train.from.count', { count: n });
      const anew = !settings.preset && count > 0 && had !== count;
      say(
        fromIs,
        settings.preset
          ? t(`train.preset.${settings.preset}.is`)
          : anew
            ? t('train.from.classes', { had: classes(had), count: classes(count) })
            : t('train.from.model.is'),
      );
      steps.show(settings.steps);
      // A network that knows nothing has nothing worth keeping.
      learnField.hidden = statisticsField.hidden = settings.preset !== null;
      learn.value = settings.learn;
      say(learnIs, t(`train.learn.${settings.learn}.is`));
      augment.checked = settings.augment;
      single.checked = settings.objects;
      singleField.hidden = count !== 1 || !session.labelling.numbers.any(labelling.labelled);
      rate.show(settings.learningRate);
      say(rateIs, rateSentence(settings.preset, constants));
      loss.value = settings.loss;
      say(lossIs, t(`train.loss.${settings.loss}.is`));
      balance.checked = settings.balance;
      statistics.value = settings.keepStatistics === null ? 'auto' : settings.keepStatistics ? 'keep' : 'new';
      early.checked = settings.earlyStop;
      seed.show(settings.seed);
      batch.show(settings.batch);
      patch.show(settings.patch);
      say(planned, plan ? t('train.planned', { count: plan.batch, patch: plan.patch }) : t('train.planned.not'));
      widthField.hidden = settings.preset === null;
      width.show(settings.width);
    },
  );

  return [
    field('train.from', from, fromIs),
    name,
    field('train.steps', steps.input, stepsIs),
    learnField,
    singleField,
    h('div', {}, checkField('train.augment', augment, h('p', {}, t('train.augment.is'))), shown),
    more,
  ];
}

/** The learning rate that an empty field stands for. @param {string | null} preset of a new network @param {Constants} constants */
export function rateSentence(preset, { learningRate, touchUp }) {
  const rate = significant(learningRate, 2);
  return preset ? t('train.rate.is', { rate }) : t('train.rate.model', { rate, gentle: significant(touchUp, 2) });
}

/** The name under which the model joins the list. @param {import('../../session/session.js').Session} session */
export function nameField(session) {
  const input = h('input', {
    type: 'text',
    maxlength: 120,
    autocomplete: 'off',
    onchange: () => void session.training.rename(input.value),
  });
  session.store.on(['training', 'items', 'currentId', 'models', 'preferred', 'alike'], ({ training }) => {
    input.placeholder = session.training.suggestedName();
    if (document.activeElement !== input) input.value = training.settings.name;
  });
  return field('train.name', input);
}

/** @param {string} value such as `model:nuclei` */
function split(value) {
  const at = value.indexOf(':');
  return [value.slice(0, at), value.slice(at + 1)];
}
