/** The panel Label: tools, classes, what is labelled. What most people need comes first, the rest folds. */
import { t } from '../../strings/t.js';
import { h, say } from '../../elements/dom.js';
import { classGroup } from './classes.js';
import { fileGroup } from './files.js';
import { ofLabels, sizeGroup } from './sizes.js';
import { sliceGroup } from './slices.js';
import { tidyGroup } from './tidy.js';
import { toolGroup } from './tools.js';

/** @param {import('../../session/session.js').Session} session @returns {HTMLElement} */
export function labelPanel(session) {
  return h(
    'div',
    { class: 'panel-body label-panel' },
    notes(session),
    toolGroup(session),
    classGroup(session),
    sliceGroup(session),
    tidyGroup(session),
    sizeGroup(session, ofLabels(session)),
    fileGroup(session),
  );
}

/** What to do first, and what is going on. @param {import('../../session/session.js').Session} session */
function notes(session) {
  const first = h('p', { class: 'first-stroke' });
  const busy = h('p', { class: 'busy', role: 'status' });
  const bar = h('progress', { 'aria-label': t('job.label') });
  const cancel = h(
    'button',
    { type: 'button', class: 'quiet', onclick: () => session.labelling.solid.cancel() },
    t('tidy.cancel'),
  );
  const progress = h('div', { class: 'row' }, bar, cancel);
  const again = h(
    'button',
    { type: 'button', class: 'primary', onclick: () => session.labelling.again() },
    t('label.again'),
  );
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  session.store.on(['labelling', 'items', 'currentId'], ({ labelling }) => {
    const open = Boolean(session.current?.scan);
    say(first, t(open ? 'label.first' : 'label.noImage'));
    first.hidden = open && (labelling.labelled.length > 0 || labelling.steps.undo + labelling.steps.redo > 0);
    again.hidden = labelling.phase !== 'failed';
    progress.hidden = !labelling.progress;
    const { done = 0, total = 0 } = labelling.progress ?? {};
    if (total > 0) Object.assign(bar, { max: total, value: done });
    else bar.removeAttribute('value');
    const text =
      labelling.phase === 'loading'
        ? t('label.loading')
        : labelling.phase === 'failed'
          ? t('error.label.worker')
          : labelling.working
            ? t('label.working')
            : '';
    clearTimeout(patience);
    // What is over in a moment needs no words.
    if (labelling.phase === 'loading') patience = setTimeout(() => say(busy, text), 400);
    else say(busy, text);
  });
  return h('div', { class: 'notes' }, first, busy, progress, again);
}
