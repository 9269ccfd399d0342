/** What is kept of the session in this browser: the offer to go on with an earlier one, how much is kept, and how to delete it. */
import { fileSize, listed } from '../strings/format.js';
import { language, t } from '../strings/t.js';
import { fill, h } from '../elements/dom.js';

/** @typedef {import('../session/session.js').Session} Session */

/** How long a button waits to be pressed once more before something is deleted, ms. */
const SURE = 6000;
const DAY = 86_400_000;

/** The day and the time of day, as "yesterday, 14:02". @param {number} at ms @param {number} [now] ms */
export function when(at, now = Date.now()) {
  const day = (/** @type {number} */ ms) => new Date(ms).setHours(0, 0, 0, 0);
  const days = Math.round((day(at) - day(now)) / DAY);
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  const date =
    days > -7 && days <= 0
      ? new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')
      : new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(at);
  return t('keep.when', { date, time });
}

/** What an earlier session left, in words. @param {import('../session/keeping/state.js').Offer} offer */
export function described({ files, models, slices, training, saved }) {
  const parts = files > 0 || models === 0 ? [t('keep.files', { count: files })] : [t('keep.models', { count: models })];
  if (slices > 0) parts.push(t('keep.slices', { count: slices }));
  if (training)
    parts.push(training.over ? t('keep.trained') : t('keep.training', { step: training.step, steps: training.steps }));
  return t('keep.offer', { what: listed(parts), when: when(saved) });
}

/** Deletes at the second press only. @param {string} text @param {() => void} act @param {string} title */
function deleting(text, act, title) {
  let sure = false;
  const button = h(
    'button',
    {
      type: 'button',
      title,
      onclick: () => {
        if (sure) return act();
        sure = true;
        fill(button, t('keep.sure'));
        setTimeout(() => {
          sure = false;
          fill(button, text);
        }, SURE);
      },
    },
    text,
  );
  return button;
}

/** The offer to go on, as long as there is one. @param {Session} session @param {(state: import('../session/state.js').State) => boolean} shown @returns {HTMLElement} */
export function keepOffer(session, shown) {
  const words = h('p', {});
  const go = h(
    'button',
    { type: 'button', class: 'primary', onclick: () => void session.keeping.continue() },
    t('keep.continue'),
  );
  const card = h(
    'section',
    { class: 'keep-offer', 'aria-label': t('keep.offer.label') },
    words,
    h(
      'div',
      { class: 'keep-buttons' },
      go,
      deleting(t('keep.anew'), () => void session.keeping.anew(), t('keep.anew.title')),
    ),
  );
  session.store.on(['keeping', 'items', 'engine'], (state) => {
    const { offer, restoring } = state.keeping;
    card.hidden = !offer || !shown(state);
    if (!offer) return;
    fill(words, described(offer));
    go.disabled = restoring || state.engine === 'failed';
    fill(go, t(restoring ? 'keep.continuing' : 'keep.continue'));
  });
  return card;
}

/** Whether to keep, asked in one line where the house wants it so. @param {Session} session @param {(state: import('../session/state.js').State) => boolean} shown @returns {HTMLElement} */
export function keepQuestion(session, shown) {
  const answer = (/** @type {string} */ key, /** @type {() => Promise<void>} */ act, title = '') =>
    h('button', { type: 'button', title, onclick: () => void act() }, t(key));
  const line = h(
    'section',
    { class: 'keep-offer', 'aria-label': t('keep.title') },
    h('p', {}, t('keep.question')),
    h(
      'div',
      { class: 'keep-buttons' },
      answer('keep.question.keep', () => session.keeping.again(), t('keep.again.title')),
      answer('keep.question.forget', () => session.keeping.stop(), t('keep.question.forget.title')),
    ),
  );
  session.store.on(['keeping', 'items'], (state) => (line.hidden = state.keeping.phase !== 'ask' || !shown(state)));
  return line;
}

/** One sentence or two about what is kept. @param {import('../session/state.js').State} state */
function sentence({ keeping: { phase, files, bytes, full }, house: { keepDays } }) {
  if (phase === 'on' && full) return t('keep.full');
  if (phase === 'on' && files > 0) {
    const on = t('keep.on', { count: files, size: fileSize(bytes) });
    return keepDays === null ? on : `${on} ${t('keep.days', { count: keepDays })}`;
  }
  return t(`keep.phase.${phase}`);
}

/** Below the files: what is kept, and a button to delete it or to keep again. @param {Session} session @returns {HTMLElement} */
export function keepPlace(session) {
  const words = h('p', {});
  const stop = deleting(t('keep.delete'), () => void session.keeping.stop(), t('keep.delete.title'));
  const again = h(
    'button',
    { type: 'button', title: t('keep.again.title'), onclick: () => void session.keeping.again() },
    t('keep.again'),
  );
  const place = h(
    'div',
    { class: 'keep-place' },
    keepOffer(session, ({ items }) => items.length > 0),
    keepQuestion(session, ({ items }) => items.length > 0),
    words,
    stop,
    again,
  );
  session.store.on(['keeping', 'house'], (state) => {
    const { keeping } = state;
    place.ariaBusy = String(keeping.pending || keeping.restoring);
    place.hidden = keeping.phase === 'unknown' || (keeping.phase === 'on' && keeping.bytes === 0 && !keeping.full);
    fill(words, keeping.restoring ? t('keep.continuing') : sentence(state));
    stop.hidden = keeping.phase !== 'on' || keeping.bytes === 0;
    again.hidden = keeping.phase !== 'off';
  });
  return place;
}

/** For the dialog about privacy. @param {Session} session @returns {Node[]} */
export function keepFacts(session) {
  const words = h('p', {}, t('keep.what'), ' ', sentence(session.state));
  const { phase, bytes } = session.state.keeping;
  const stop =
    phase === 'on' &&
    bytes > 0 &&
    deleting(
      t('keep.delete'),
      async () => {
        await session.keeping.stop();
        fill(words, t('keep.deleted'));
        if (stop) stop.hidden = true;
      },
      t('keep.delete.title'),
    );
  return [h('h3', {}, t('keep.title')), words, ...(stop ? [h('p', {}, stop)] : [])];
}
