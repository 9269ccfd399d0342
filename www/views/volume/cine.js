/** Beside the slider of the slices: play and pause, how fast, and along what. */
import { fill, h } from '../../elements/dom.js';
import { RATES } from '../../session/volume/state.js';
import { t } from '../../strings/t.js';
import { icon } from '../icons.js';

/** @param {import('../../session/session.js').Session} session @returns {HTMLElement} */
export function cine(session) {
  const { cine: film } = session.volume;
  const play = h('button', { type: 'button', class: 'quiet icon-only', onclick: () => film.play() });
  const rate = h(
    'select',
    { 'aria-label': t('cine.rate'), title: t('cine.rate'), onchange: () => film.pace(Number(rate.value)) },
    RATES.map((value) => h('option', { value }, t('cine.perSecond', { value }))),
  );
  const along = h(
    'select',
    {
      'aria-label': t('cine.along'),
      title: t('cine.along'),
      onchange: () => session.volume.set({ along: along.value === 'times' ? 'times' : 'depths' }),
    },
    ['depths', 'times'].map((value) => h('option', { value }, t(`cine.${value}`))),
  );
  const element = h('div', { class: 'cine' }, play, rate, along);
  /** @type {boolean | null} */
  let playing = null;
  session.store.on(['volume', 'items', 'currentId'], ({ volume }) => {
    const planes = session.current?.scan?.planes;
    element.hidden = !film.can;
    along.hidden = !planes || planes.depths < 2 || planes.times < 2;
    rate.value = String(RATES.find((value) => value >= volume.rate) ?? RATES[0]);
    along.value = volume.along;
    if (playing === volume.playing) return;
    playing = volume.playing;
    const key = playing ? 'cine.pause' : 'cine.play';
    play.setAttribute('aria-label', t(key));
    play.title = t(`${key}.title`);
    fill(play, icon(playing ? 'pause' : 'play'));
  });
  return element;
}
