/** The receptive field, drawn on the image: what a single pixel of the result can depend on. */
import { t } from '../../strings/t.js';
import { h, svg } from '../../elements/dom.js';
import { pictureCanvas } from './pictures.js';
import { pointing } from './pointing.js';
import { waitingPlace } from './waiting.js';

/**
 * Folded; the image is asked for when somebody looks.
 * @param {import('../../session/session.js').Session} session @param {number} field pixels a side
 */
export function reachView(session, field) {
  const place = waitingPlace('pictures');
  let shown = false;
  const element = h(
    'details',
    {
      class: 'reach',
      ontoggle: () => {
        if (shown) return;
        shown = true;
        void place.run('inside.reach.working', async () => {
          const [picture, scan] = [await session.inside.picture(), session.current?.scan];
          try {
            const image = pictureCanvas(picture, t('inside.reach.picture'));
            return scan ? [marked(image.element, scan.width, scan.height, field)] : [];
          } finally {
            picture.close();
          }
        });
      },
    },
    h('summary', {}, t('inside.reach')),
    place.element,
  );
  return { element, end: () => place.end() };
}

/** @param {HTMLCanvasElement} image @param {number} width of the image @param {number} height @param {number} field */
function marked(image, width, height, field) {
  const square = svg('rect', { class: 'seen', width: field, height: field });
  const dot = svg('circle', { class: 'pixel', r: Math.max(width, height) / 120 });
  const { stack, sliders } = pointing(image, width, height, [square, dot], (x, y) => {
    square.setAttribute('x', String(x + 0.5 - field / 2));
    square.setAttribute('y', String(y + 0.5 - field / 2));
    dot.setAttribute('cx', String(x + 0.5));
    dot.setAttribute('cy', String(y + 0.5));
  });
  return h(
    'div',
    { class: 'tiles' },
    stack,
    h('div', { class: 'tiles-about' }, h('p', {}, t('inside.reach.means', { field })), sliders),
  );
}
