/** Comparing masks with labels in the Results panel: choose them, the scores, the difference. */
import { fill, h, say } from '../../elements/dom.js';
import { DIFFERENCE, means, named } from '../../session/scores/state.js';
import { listed } from '../../strings/format.js';
import { number, t } from '../../strings/t.js';
import { csv } from '../csv.js';
import { download } from '../save.js';

/** @typedef {import('../../session/session.js').Session} Session @typedef {import('../../session/scores/state.js').LabelMeaning} LabelMeaning */

/** @type {LabelMeaning[]} */
const MEANINGS = ['binary', 'classes', 'objects'];

/** @param {number | null | undefined} value */
const cell = (value) =>
  value === null || value === undefined ? '–' : number(value, { minimumFractionDigits: 4, maximumFractionDigits: 4 });

/** @param {Session} session @returns {HTMLElement} */
export function scoresGroup(session) {
  const { scores, store } = session;
  const input = h('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    'aria-label': t('scores.choose'),
    onchange: () => {
      void scores.add([...(input.files ?? [])]);
      input.value = '';
    },
  });
  const choose = h(
    'button',
    { type: 'button', title: t('scores.choose.title'), onclick: () => input.click() },
    t('scores.choose'),
  );
  const why = h('p', { class: 'warning' });
  const several = h('p', { class: 'faint' });
  const table = h('div', {});
  const confused = h('div', {});
  const meaning = h(
    'select',
    { title: t('scores.meaning.title'), onchange: () => scores.read(/** @type {LabelMeaning} */ (meaning.value)) },
    MEANINGS.map((value) => h('option', { value }, t(`scores.meaning.${value}`))),
  );
  const difference = h('input', { type: 'checkbox', onchange: () => scores.showDifference(difference.checked) });
  const all = h('button', { type: 'button', title: t('scores.all.title'), onclick: () => void scores.all() });
  const save = h(
    'button',
    { type: 'button', title: t('scores.csv.title'), onclick: () => download(scoresFile(session), 'scores.csv') },
    t('scores.csv'),
  );
  const clear = h('button', { type: 'button', class: 'quiet', onclick: () => scores.clear() }, t('scores.clear'));
  const rest = h(
    'div',
    { class: 'scores' },
    h('label', { class: 'row field' }, h('span', {}, t('scores.meaning')), meaning),
    table,
    confused,
    several,
    h('label', { class: 'row check', title: t('scores.difference.title') }, difference, t('scores.difference')),
    legend(),
    h('div', { class: 'row wrap' }, all, save, clear),
  );
  store.on(['scores', 'currentId', 'items'], ({ scores: state, currentId }) => {
    rest.hidden = state.truths.size === 0;
    const models = new Set([...state.found.values()].map(({ model }) => model));
    several.hidden = models.size < 2;
    say(several, models.size < 2 ? '' : t('scores.models', { titles: listed([...models]) }));
    const trouble = currentId !== null && state.troubles.get(currentId);
    why.hidden = !trouble;
    say(why, trouble || '');
    meaning.value = state.meaning;
    difference.checked = state.difference;
    const { running, truths, found } = state;
    say(
      all,
      running
        ? t('scores.running', { done: running.done + 1, total: running.total })
        : t('scores.all', { count: truths.size }),
    );
    all.disabled = running !== null || found.size >= truths.size;
    save.disabled = found.size === 0;
    const here = currentId === null ? undefined : found.get(currentId);
    const mean = new Map(means([...found.values()]));
    const names = here ? named(here) : [...mean].map(([name]) => /** @type {[string, number | null]} */ ([name, null]));
    const head = h(
      'tr',
      {},
      h('td'),
      h('th', {}, t('scores.here')),
      h('th', {}, t('scores.mean', { count: found.size })),
    );
    const rows = names.map(([name, value]) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row', title: t(`score.${name}.means`) }, t(`score.${name}`)),
        h('td', {}, cell(here ? value : null)),
        h('td', {}, cell(mean.get(name))),
      ),
    );
    const pairs = [...found.values()].map(({ confusion }) => confusion);
    fill(confused, pairs.length > 0 && confusionFold(session, pairs));
    fill(table, names.length > 0 && h('table', {}, h('thead', {}, head), h('tbody', {}, rows)));
  });
  return h('section', { class: 'group' }, h('h2', {}, t('scores.title')), choose, input, why, rest);
}

/** How often each class was taken for which, over all images that have as many. @param {Session} session @param {number[][][]} pairs */
function confusionFold(session, pairs) {
  const size = Math.max(...pairs.map((rows) => rows.length));
  const alike = pairs.filter((rows) => rows.length === size);
  const name = (/** @type {number} */ index) =>
    index === 0 ? t('scores.background') : session.objects.nameOfClass(index) || t('class.unnamed', { number: index });
  const indices = Array.from({ length: size }, (_, i) => i);
  const sum = (/** @type {number} */ row, /** @type {number} */ column) =>
    alike.reduce((pixels, rows) => pixels + rows[row][column], 0);
  const open = document.querySelector('details.confusion')?.hasAttribute('open') ?? false;
  return h(
    'details',
    { class: 'confusion', open },
    h('summary', { title: t('scores.confusion.title') }, t('scores.confusion')),
    h(
      'table',
      {},
      h('caption', { class: 'faint' }, t('scores.confusion.caption', { count: alike.length })),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('td'),
          indices.map((column) => h('th', { scope: 'col' }, name(column))),
        ),
      ),
      h(
        'tbody',
        {},
        indices.map((row) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, name(row)),
            indices.map((column) => h('td', {}, number(sum(row, column)))),
          ),
        ),
      ),
    ),
  );
}

/** What the colours of the difference mean. */
function legend() {
  const entries = /** @type {const} */ (['right', 'missed', 'tooMuch']).map((name, i) => {
    const swatch = h('span', { class: 'swatch' });
    swatch.style.backgroundColor = DIFFERENCE[i];
    return h('li', {}, swatch, t(`scores.${name}`));
  });
  return h('ul', { class: 'classes' }, entries);
}

/** The scores of all files, and their means. @param {Session} session */
function scoresFile({ identity, state }) {
  const { found } = state.scores;
  const mean = means([...found.values()]);
  const names = mean.map(([name]) => name);
  /** @param {string} name @param {string} model @param {Map<string, number | null>} values */
  const row = (name, model, values) => [name, model, ...names.map((score) => values.get(score) ?? NaN)];
  const rows = state.items.flatMap((item) => {
    const scores = found.get(item.id);
    return scores ? [row(identity.stem(item), scores.model, new Map(named(scores)))] : [];
  });
  return csv([['file', 'model', ...names], ...rows, row(t('scores.means'), '', new Map(mean))]);
}
