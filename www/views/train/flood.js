/** What to do when the mask floods the image: one sentence that goes when it no longer holds, or is sent away. */
import { flooded } from '../../session/training/flood.js';
import { t } from '../../strings/t.js';
import { h, say } from '../../elements/dom.js';
import { icon } from '../icons.js';

/** @param {import('../../session/session.js').Session} session */
export function floodView(session) {
  const { training, labelling, display, store } = session;
  const words = h('p', { role: 'status' });
  const paint = h('button', { type: 'button', title: t('train.flood.paint.title') }, t('train.flood.paint'));
  paint.addEventListener('click', () => {
    display.use('brush');
    labelling.pick(0);
    document.getElementById('tab-label')?.focus();
  });
  const undo = h(
    'button',
    { type: 'button', title: t('train.flood.undo.title'), onclick: () => void training.rollback(0) },
    t('train.flood.undo'),
  );
  // Sent away, it stays away from this point of this training.
  let away = '';
  let here = '';
  const close = h(
    'button',
    {
      type: 'button',
      class: 'close',
      'aria-label': t('notice.dismiss'),
      title: t('notice.dismiss'),
      onclick: () => {
        away = here;
        draw(store.state);
      },
    },
    icon('close'),
  );
  const element = h('div', { class: 'flood', hidden: true }, words, close, h('div', { class: 'buttons' }, paint, undo));

  /** @param {import('../../session/state.js').State} state */
  const draw = (state) => {
    const { current } = state.training;
    const covered = flooded(state);
    here = `${current?.modelId} ${current?.at}`;
    element.hidden = covered === null || away === here;
    if (covered === null || !current) return say(words, '');
    undo.hidden = current.fresh || current.points[0] !== 0;
    say(words, t('train.flood', { percent: Math.round(100 * covered) }));
  };
  store.on(['training', 'mask', 'modelId'], draw);
  return element;
}
