/** Augmented patches with their labels: what the network will see. */
import { packed } from '../../pictures/layers.js';
import { augmentedExamples } from '../../session/examples.js';
import { t } from '../../strings/t.js';
import { fill, h, say } from '../../elements/dom.js';
import { paintCopy } from '../inside/copies.js';
import { canvas } from '../inside/pictures.js';

/** Pixels a side of a patch that is shown. */
const SIDE = 160;

/** @param {import('../../session/session.js').Session} session */
export function examples(session) {
  let seed = 0;
  const place = h('div', { class: 'examples', hidden: true });
  const said = h('p', { class: 'hint', role: 'status' });
  const show = h('button', { type: 'button', class: 'link', onclick: () => void draw() }, t('train.augment.show'));
  const hide = h(
    'button',
    {
      type: 'button',
      class: 'link',
      hidden: true,
      onclick: () => {
        place.hidden = hide.hidden = true;
        say(said, '');
        say(show, t('train.augment.show'));
        show.focus();
      },
    },
    t('train.augment.hide'),
  );

  async function draw() {
    show.disabled = true;
    say(said, t('train.augment.working'));
    try {
      const { copies, colours } = await augmentedExamples(session, ++seed, SIDE);
      fill(
        place,
        Array.from({ length: copies.count }, (_, i) => {
          const made = canvas(copies.size, copies.size, t('train.augment.copy', { number: i + 1 }));
          paintCopy(made.context, copies, i, packed(colours), false);
          return made.element;
        }),
      );
      place.hidden = hide.hidden = false;
      say(show, t('train.augment.again'));
      say(said, t('train.augment.legend'));
    } catch (error) {
      say(said, '');
      session.fail(error);
    } finally {
      show.disabled = false;
    }
  }

  // Other labels, another image: the examples are of the old ones.
  session.store.on(['currentId'], () => {
    place.hidden = hide.hidden = true;
    say(show, t('train.augment.show'));
    say(said, '');
  });
  return h('div', { class: 'field' }, h('div', { class: 'row' }, show, hide), place, said);
}
