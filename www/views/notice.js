/** What went wrong or what happened, as a sentence over the image, with the diagnostics one click away. */
import { t } from '../strings/t.js';
import { copyText } from './copy.js';
import { fill, h } from '../elements/dom.js';
import { showDialog } from './dialogs.js';
import { icon } from './icons.js';

/** @param {import('../session/session.js').Session} session @returns {HTMLElement} */
export function noticeBar(session) {
  const bar = h('div', { class: 'notice', hidden: true });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  session.store.on(['notice', 'engine'], ({ notice, engine }) => {
    clearTimeout(timer);
    // What is no failure goes by itself.
    if (notice?.kind === 'info') timer = setTimeout(() => session.display.dismiss(), 8000);
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
      notice.list && notice.list.length > 0 && listButton(notice.list),
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

/** @param {string[]} list */
function listButton(list) {
  const all = () => showDialog(t('notice.list'), [h('ul', {}, ...list.map((line) => h('li', {}, line)))]);
  return h('button', { type: 'button', onclick: all }, t('notice.list.show', { count: list.length }));
}
