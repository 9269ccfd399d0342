/** What went wrong or what happened, as a sentence over the image, with the diagnostics one click away. */
import { t } from '../strings/t.js';
import { copyText } from './copy.js';
import { byId, fill, h, say } from '../elements/dom.js';
import { showDialog } from './dialogs.js';
import { icon } from './icons.js';

/** @param {import('../session/session.js').Session} session @returns {HTMLElement} */
export function noticeBar(session) {
  const bar = h('div', { class: 'notice', hidden: true });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  session.store.on(['notice', 'engine'], ({ notice, engine }) => {
    clearTimeout(timer);
    // What is no failure goes by itself, but not under a pointer or with the focus in it.
    const leave = () => {
      if (bar.matches(':hover, :focus-within')) timer = setTimeout(leave, 2000);
      else session.display.dismiss();
    };
    if (notice?.kind === 'info') timer = setTimeout(leave, 8000);
    // Who was in it goes on at the image.
    if (!notice && bar.contains(document.activeElement)) byId('stage').focus();
    bar.hidden = !notice;
    if (!notice) return;
    bar.className = `notice ${notice.kind}`;
    const copy = h(
      'button',
      {
        type: 'button',
        onclick: async () => {
          const copied = await copyText(await session.diagnostics());
          fill(copy, t(copied ? 'notice.copied' : 'notice.copy'));
          session.announce(t(copied ? 'notice.copied' : 'notice.copy'));
        },
      },
      t('notice.copy'),
    );
    fill(
      bar,
      h('p', {}, notice.text),
      notice.error && copy,
      notice.list && notice.list.length > 0 && listButton(notice.list, notice.kind),
      engine === 'failed' &&
        h('button', { type: 'button', class: 'primary', onclick: () => session.retry() }, t('notice.again')),
      h(
        'button',
        {
          class: 'quiet icon-only',
          type: 'button',
          'aria-label': t('notice.dismiss'),
          title: t('notice.dismiss'),
          onclick: () => session.display.dismiss(),
        },
        icon('close'),
      ),
    );
  });
  return bar;
}

/** Files that are looked at before they are in the list, and how to stop that. @param {import('../session/session.js').Session} session @returns {HTMLElement} */
export function lookingBar(session) {
  const words = h('p', {});
  const bar = h('progress', { 'aria-label': t('series.progress') });
  const stop = h('button', { type: 'button', onclick: () => session.files.gathering.cancel() }, t('job.cancel'));
  const element = h('div', { class: 'gathering', hidden: true }, words, bar, stop);
  session.store.on(['gathering'], ({ gathering }) => {
    element.hidden = !gathering;
    if (!gathering) return;
    say(words, t('series.looking', { count: gathering.total }));
    bar.max = gathering.total;
    bar.value = gathering.done;
  });
  return element;
}

/** @param {string[]} list @param {'error' | 'info'} kind */
function listButton(list, kind) {
  const title = t(kind === 'error' ? 'notice.list' : 'notice.list.info');
  const all = () => showDialog(title, [h('ul', {}, ...list.map((line) => h('li', {}, line)))]);
  return h('button', { type: 'button', onclick: all }, t('notice.list.show', { count: list.length }));
}
