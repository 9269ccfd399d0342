/** Working without the network: a word at the top, and what it means, which models come along, and a new version, one click away. */
import { fileSize } from '../strings/format.js';
import { t } from '../strings/t.js';
import { fill, h, say } from '../elements/dom.js';
import { showDialog } from './dialogs.js';
import { icon } from './icons.js';

/** @typedef {import('../session/session.js').Session} Session @typedef {import('../offline/client.js').OfflineState} OfflineState */

/** In one sentence. @param {OfflineState} state */
function sentence({ phase, done, total }) {
  if (phase !== 'loading') return t(`offline.${phase}`);
  return total > 0 ? t('offline.loading', { done: fileSize(done), total: fileSize(total) }) : t('offline.beginning');
}

/** For the bar at the top. @param {Session} session @returns {HTMLElement} */
export function offlineButton(session) {
  const words = h('span', { class: 'wide' });
  const button = h(
    'button',
    { type: 'button', class: 'quiet offline', hidden: true, onclick: () => offlineDialog(session) },
    icon('offline'),
    words,
  );
  session.store.on(['offline'], ({ offline }) => {
    const { phase, update } = offline;
    button.hidden = phase === 'unknown' || phase === 'development';
    const fresh = update !== 'no';
    button.classList.toggle('news', fresh);
    say(words, t(fresh ? 'offline.short.update' : `offline.short.${phase}`));
    button.title = fresh ? t(`offline.update.${update}`) : sentence(offline);
    // Where there is no room for the words.
    button.setAttribute('aria-label', `${words.textContent}. ${button.title}`);
  });
  return button;
}

/** @param {Session} session */
function offlineDialog(session) {
  /** @type {HTMLElement | string} */
  let content = '';
  const end = session.store.within(() => (content = contentOf(session)));
  showDialog(t('offline.title'), [content]).addEventListener('close', end);
}

/** Tells whether what it is asked about is other than the last time. @returns {(...of: unknown[]) => boolean} */
function changes() {
  let before = '';
  return (...of) => before !== (before = JSON.stringify(of));
}

/** What works without the network, as it is at each moment. @param {Session} session */
function contentOf(session) {
  const update = h('section', { class: 'offline-update' });
  const state = h('p', { role: 'status' });
  const bar = h('progress', { 'aria-label': t('offline.title') });
  const models = h('fieldset', { class: 'offline-models' });
  // What is pressed must not be made anew under the hand.
  const anew = [changes(), changes()];
  session.store.on(['offline', 'models', 'keeping'], ({ offline, models: known, keeping }) => {
    say(state, sentence(offline));
    bar.hidden = offline.phase !== 'loading' || offline.total === 0;
    bar.max = Math.max(offline.total, 1);
    bar.value = offline.done;
    const kept = keeping.phase === 'on';
    update.hidden = offline.update === 'no';
    if (offline.update !== 'no' && anew[0](offline.update, kept))
      fill(update, ...newVersion(session, offline.update, kept));
    if (!anew[1](offline.models, offline.wish, offline.phase, known.length)) return;
    models.hidden = offline.phase === 'none' || offline.phase === 'unknown' || offline.models.length === 0;
    fill(models, h('legend', {}, t('offline.models')), ...choices(session, offline), list(session, offline));
  });
  return h(
    'div',
    { class: 'offline-content' },
    update,
    state,
    bar,
    models,
    h('p', { class: 'faint' }, t('offline.what')),
  );
}

/** @param {Session} session @param {'waits' | 'taken'} update @param {boolean} kept whether the session is kept */
function newVersion(session, update, kept) {
  const take = h(
    'button',
    {
      type: 'button',
      class: 'primary',
      onclick: () => {
        take.disabled = true;
        say(take, t('offline.taking'));
        void session.offline.take().finally(() => {
          // Who is asked by the browser, and stays, can take it later.
          setTimeout(() => {
            take.disabled = false;
            say(take, t('offline.take'));
          }, 4000);
        });
      },
    },
    t('offline.take'),
  );
  return [
    h('h3', {}, t(`offline.update.${update}`)),
    h('p', {}, t(kept ? 'offline.update.kept' : 'offline.update.notKept')),
    h('p', {}, take),
  ];
}

/** @param {Session} session @param {OfflineState} state */
function choices(session, { wish, models }) {
  const size = (/** @type {OfflineState['models']} */ of) => fileSize(of.reduce((sum, { bytes }) => sum + bytes, 0));
  return /** @type {const} */ (['all', 'used']).map((each) =>
    h(
      'label',
      { title: t(`offline.wish.${each}.title`) },
      h('input', {
        type: 'radio',
        name: 'offline-models',
        checked: wish === each,
        onchange: () => session.offline.choose(each),
      }),
      ' ',
      t(`offline.wish.${each}`, { size: size(models) }),
    ),
  );
}

/** @param {Session} session @param {OfflineState} state */
function list(session, { models }) {
  return h(
    'ul',
    {},
    ...models.map(({ id, bytes, here }) =>
      h(
        'li',
        { class: here ? '' : 'faint' },
        t(here ? 'offline.model.here' : 'offline.model.away', {
          title: session.models.byId(id)?.title ?? id,
          size: fileSize(bytes),
        }),
      ),
    ),
  );
}
