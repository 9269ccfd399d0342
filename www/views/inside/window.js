/** The sliding window of 2012 beside the network of 2015: the same answer, other work. */
import { duration, large, pixelSize, significant } from '../../strings/format.js';
import { number, t } from '../../strings/t.js';
import { fill, h, motion, svg } from '../../elements/dom.js';
import { N4_WINDOW, costs, n4MultiplyAdds, rim } from './ciresan.js';
import { canvas, figure, pictureCanvas } from './pictures.js';
import { pointing } from './pointing.js';
import { waitingPlace } from './waiting.js';

/** @typedef {import('./ciresan.js').SlidingWindow} SlidingWindow */

/** Pixels a side of the squares to choose from. */
const SIDES = [4, 8, 16];
const USUAL = 8;

/** @param {import('../../session/session.js').Session} session @returns {import('./panel.js').Part} */
export function windowView(session) {
  const place = waitingPlace('pictures');
  const answer = waitingPlace('answer');
  const element = h('div', {}, h('p', { class: 'lead-in' }, t('inside.window.lead')), place.element, answer.element);
  /** Whether a mask was there when it was drawn: the window begins at the rim of something. @type {boolean | null} */
  let shown = null;
  const show = () => {
    const masked = session.state.mask !== null;
    if (shown === true || shown === masked) return;
    shown = masked;
    void place.run('inside.reach.working', async () => {
      const [picture, network] = await Promise.all([session.inside.picture(), session.inside.network()]);
      const scan = session.current?.scan;
      try {
        const image = pictureCanvas(picture, t('inside.window.picture')).element;
        return scan ? [chooser(session, image, scan, network.receptiveField, answer)] : [];
      } finally {
        picture.close();
      }
    });
  };
  return {
    element,
    show,
    end() {
      place.end();
      answer.end();
    },
  };
}

/**
 * @param {import('../../session/session.js').Session} session @param {HTMLCanvasElement} image @param {{ width: number, height: number }} scan
 * @param {number} field pixels a side that one pixel's answer depends on @param {ReturnType<typeof waitingPlace>} answer
 */
function chooser(session, image, { width, height }, field, answer) {
  const crop = svg('rect', { class: 'crop' });
  const seen = svg('rect', { class: 'seen', width: field, height: field });
  const at = { x: 0, y: 0 };
  const side = h(
    'select',
    { onchange: () => draw() },
    SIDES.map((pixels) =>
      h('option', { value: pixels }, t('inside.window.square', { side: pixels, count: pixels ** 2 })),
    ),
  );
  side.value = String(USUAL);
  /** Where the square lies; narrow images have a narrower one. */
  const square = () => {
    const [wide, high] = [width, height].map((all) => Math.min(Number(side.value), all));
    const from = (/** @type {number} */ middle, /** @type {number} */ size, /** @type {number} */ all) =>
      Math.min(Math.max(0, middle - Math.floor(size / 2)), all - size);
    return { x: from(at.x, wide, width), y: from(at.y, high, height), wide, high };
  };
  const look = (/** @type {number} */ x, /** @type {number} */ y) => {
    seen.setAttribute('x', String(x + 0.5 - field / 2));
    seen.setAttribute('y', String(y + 0.5 - field / 2));
  };
  const draw = () => {
    const { x, y, wide, high } = square();
    for (const [name, value] of Object.entries({ x, y, width: wide, height: high }))
      crop.setAttribute(name, String(value));
    look(x, y);
  };
  const move = (/** @type {number} */ x, /** @type {number} */ y) => {
    [at.x, at.y] = [x, y];
    draw();
  };
  const start = rim(session.state.mask?.labels ?? null, width, height);
  const pointed = pointing(image, width, height, [seen, crop], move, start);
  const slide = h('button', { type: 'button', class: 'primary', onclick: () => void run() }, t('inside.window.slide'));
  const hold = (/** @type {boolean} */ held) => {
    pointed.hold(held);
    slide.disabled = side.disabled = held;
  };
  const run = () => {
    hold(true);
    const { x, y, wide } = square();
    return answer
      .run('inside.window.working', async (waiting) => {
        const wanted = { x: (at.x + 0.5) / width, y: (at.y + 0.5) / height, side: Number(side.value) };
        const onProgress = (/** @type {{ done: number, total: number }} */ progress) => {
          look(x + (progress.done % wide), y + Math.floor(progress.done / wide));
          waiting.onProgress(progress);
        };
        const found = await session.inside.slidingWindow(wanted, { signal: waiting.signal, onProgress });
        return told(found);
      })
      .finally(() => {
        draw();
        hold(false);
        // It may lie below the sight.
        answer.element.scrollIntoView({ behavior: motion(), block: 'nearest' });
      });
  };
  return h(
    'div',
    { class: 'tiles' },
    pointed.stack,
    h(
      'div',
      { class: 'tiles-about' },
      h('p', {}, t('inside.window.means', { field })),
      pointed.sliders,
      h('label', {}, t('inside.window.side'), side),
      slide,
    ),
  );
}

/** @param {SlidingWindow} found */
function told(found) {
  const cost = costs(found);
  const rows = [
    ['passes', number(cost.pixels), number(1)],
    ['input', pixelSize(found.window), pixelSize(found.pass)],
    ['work', large(cost.windows), large(found.passMultiplyAdds)],
    ['time', duration(found.windowMilliseconds), duration(found.passMilliseconds)],
    ['work.whole', large(found.imageWindowMultiplyAdds), large(found.imageMultiplyAdds)],
    ['time.whole', duration(cost.windowsWhole), duration(cost.passWhole)],
  ];
  const head = (/** @type {string} */ key) => h('th', { scope: 'col' }, key && t(`inside.window.${key}`));
  const off = cost.off < 1e-4 ? t('inside.window.same') : t('inside.window.off', { off: significant(cost.off, 1) });
  const body = h('tbody', {});
  fill(
    body,
    rows.map(([key, ...values]) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, t(`inside.window.${key}`)),
        values.map((value) => h('td', {}, value)),
      ),
    ),
  );
  return [
    h('h3', { role: 'status' }, t('inside.window.sum', { same: off, times: significant(cost.times, 2) })),
    h(
      'div',
      { class: 'answers' },
      figure(answers(found, found.byWindow, t('inside.window.windows')), t('inside.window.windows')),
      figure(answers(found, found.atOnce, t('inside.window.once')), t('inside.window.once')),
      h(
        'div',
        { class: 'wide' },
        h('table', { class: 'layers' }, h('thead', {}, h('tr', {}, ['', 'windows', 'once'].map(head))), body),
      ),
    ),
    h('p', {}, t('inside.window.n4', { window: N4_WINDOW, each: large(n4MultiplyAdds()), all: large(cost.n4) })),
    h('p', { class: 'faint' }, t('inside.window.why')),
  ];
}

/** The square, a grey pixel each: white is certain. @param {SlidingWindow} found @param {Float32Array} probability @param {string} name */
function answers({ width, height }, probability, name) {
  const { element, context } = canvas(width, height, name);
  const pixels = new ImageData(width, height);
  probability.forEach((p, i) => pixels.data.set([p * 255, p * 255, p * 255, 255], i * 4));
  context.putImageData(pixels, 0, 0);
  return element;
}
