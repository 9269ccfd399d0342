/** Border weights: which pixels count more while a network learns. */
import { shade } from '../../pictures/heat.js';
import { number, t } from '../../strings/t.js';
import { h } from '../../elements/dom.js';
import { canvas, figure, pictureCanvas } from './pictures.js';
import { waitingPlace } from './waiting.js';

/** @param {import('../../session/session.js').Session} session @returns {import('./panel.js').Part} */
export function bordersView(session) {
  const place = waitingPlace('pictures');
  /** The mask that is shown, or the session if there was none yet. @type {unknown} */
  let shown = null;
  const element = h('div', {}, h('p', { class: 'lead-in' }, t('inside.borders.lead')), place.element);
  const show = () => {
    const wanted = session.state.mask ?? session;
    if (shown === wanted) return;
    shown = wanted;
    void place.run('inside.borders.working', async (waiting) => {
      const [picture, map] = await Promise.all([session.inside.picture(), session.inside.weightMap(waiting)]);
      try {
        const { w0, sigma, objects, largest } = map;
        session.inside.sees({ objects });
        const found = pictureCanvas(picture, t('inside.borders.found', { count: objects }), session.state.opacity);
        const words =
          objects < 2
            ? t(`inside.borders.few.${objects}`)
            : largest < 1
              ? t('inside.borders.none')
              : t('inside.borders.map', { largest: number(largest, { maximumFractionDigits: 1 }) });
        const weighed = pictureCanvas(picture, words);
        weighed.context.imageSmoothingEnabled = false;
        weighed.context.drawImage(map.picture, 0, 0, weighed.element.width, weighed.element.height);
        return [
          h(
            'div',
            { class: 'two' },
            figure(found.element, t('inside.borders.found', { count: objects })),
            figure(weighed.element, words),
          ),
          scale(w0),
          h('p', {}, t('inside.borders.formula.lead')),
          h('p', { class: 'formula' }, t('inside.borders.formula', { w0, sigma })),
          h('p', {}, t('inside.borders.formula.means', { w0, sigma })),
        ];
      } finally {
        map.picture.close();
        picture.close();
      }
    });
  };
  return { element, show, end: () => place.end() };
}

/** The legend of the colours. @param {number} w0 */
function scale(w0) {
  const { element, context } = canvas(256, 1, t('inside.borders.scale', { w0 }));
  const pixels = new ImageData(256, 1);
  for (let i = 0; i < 256; i++) pixels.data.set(shade(i / 255), i * 4);
  context.putImageData(pixels, 0, 0);
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => h('span', {}, number(w0 * part)));
  return h(
    'div',
    { class: 'scale' },
    h('span', {}, t('inside.borders.scale.name')),
    h('div', {}, element, h('div', { class: 'marks', 'aria-hidden': 'true' }, marks)),
  );
}
