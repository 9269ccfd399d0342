/** Augmented copies: what a training shows the network in the place of the image. */
import { packed } from '../../pictures/layers.js';
import { number, t } from '../../strings/t.js';
import { h, say } from '../../elements/dom.js';
import { canvas, figure, pictureCanvas } from './pictures.js';
import { waitingPlace } from './waiting.js';

/** Most pixels a side of a copy of the whole image. */
const WHOLE = 512;

/** @param {import('../../session/session.js').Session} session @returns {import('./panel.js').Part} */
export function copiesView(session) {
  const place = waitingPlace('pictures');
  let seed = 1;
  /** @type {unknown} */
  let shown = null;
  /** @type {(() => void)[]} */
  let painters = [];
  const again = async () => {
    for (const paint of painters) {
      paint();
      await new Promise(requestAnimationFrame);
    }
  };
  const check = (/** @type {string} */ key, /** @type {boolean} */ checked) => {
    const box = h('input', { type: 'checkbox', onchange: () => void again() });
    box.checked = checked;
    return { box, label: h('label', { class: 'row' }, box, t(key)) };
  };
  const mask = check('inside.copies.mask', true),
    grid = check('inside.copies.grid', false);
  const part = h(
    'select',
    { 'aria-label': t('inside.copies.part'), onchange: () => draw() },
    h('option', { value: 'whole' }, t('inside.copies.whole')),
    h('option', { value: 'patch' }, t('inside.copies.patch')),
  );
  const fresh = h(
    'button',
    {
      type: 'button',
      class: 'primary',
      onclick: () => {
        seed += 1;
        draw();
      },
    },
    t('inside.copies.new'),
  );
  const which = h('span', { class: 'faint', role: 'status' });

  const draw = () => {
    shown = session.state.mask;
    say(which, t('inside.copies.seed', { seed }));
    void place.run('inside.copies.working', async () => {
      const scan = session.current?.scan;
      const size = part.value === 'patch' || !scan ? 0 : Math.min(scan.width, scan.height, WHOLE);
      const [picture, copies] = await Promise.all([session.inside.picture(), session.inside.augmented(seed, size)]);
      try {
        const colours = packed(session.inside.colours());
        /** @type {HTMLElement[]} */
        const figures = [];
        painters = [];
        for (let i = 0; i < copies.count; i++) {
          const made = canvas(copies.size, copies.size, t('inside.copies.name', { number: i + 1 }));
          painters.push(() => paintCopy(made.context, copies, i, mask.box.checked ? colours : null, grid.box.checked));
          painters[i]();
          figures.push(figure(made.element, t('inside.copies.name', { number: i + 1 })));
          await new Promise(requestAnimationFrame);
        }
        const original = pictureCanvas(picture, t('inside.copies.original'), session.state.opacity);
        return [
          h('div', { class: 'five' }, figure(original.element, t('inside.copies.original')), figures),
          session.state.mask ? null : h('p', {}, t('inside.copies.noMask')),
          changes(copies.changes),
        ];
      } finally {
        picture.close();
      }
    });
  };
  const element = h(
    'div',
    {},
    h('p', { class: 'lead-in' }, t('inside.copies.lead')),
    h('div', { class: 'controls' }, fresh, mask.label, grid.label, part, which),
    place.element,
  );
  return {
    element,
    show() {
      // Also when the mask came meanwhile.
      if (shown === null || shown !== session.state.mask) draw();
    },
    end: () => place.end(),
  };
}

/**
 * @param {CanvasRenderingContext2D} context @param {import('../../api.d.ts').Augmented} copies @param {number} index
 * @param {Uint32Array | null} colours by label; null leaves the mask out
 * @param {boolean} lines whether the grid is drawn
 */
export function paintCopy(context, { size, rgba, labels, grid }, index, colours, lines) {
  const area = size * size;
  const pixels = new ImageData(rgba.slice(index * area * 4, (index + 1) * area * 4), size, size);
  const { data } = pixels;
  const tint = colours && new Uint8Array(colours.buffer);
  for (let i = 0; i < area; i++) {
    const label = labels[index * area + i],
      line = lines ? grid[index * area + i] / 255 : 0;
    for (let c = 0; c < 3; c++) {
      const at = i * 4 + c;
      if (tint && label > 0 && label < 255) data[at] = data[at] * 0.6 + tint[label * 4 + c] * 0.4;
      if (line > 0) data[at] = data[at] * (1 - line) + [86, 180, 233][c] * line;
    }
  }
  context.putImageData(pixels, 0, 0);
}

/** What was changed, and how much at most. @param {import('../../api.d.ts').Augmented['changes']} how */
function changes(how) {
  const rounded = (/** @type {number} */ value) => number(value, { maximumFractionDigits: 2 });
  const values = {
    rotation: rounded(how.rotation),
    scale: rounded(how.scale),
    elastic: rounded(how.elastic),
    shift: rounded(how.shift),
    contrast: rounded(how.contrast),
    blur: rounded(how.blur),
  };
  const listed = [
    how.flips && 'flips',
    how.rotation > 0 && 'rotation',
    how.scale > 1 && 'scale',
    how.elastic > 0 && 'elastic',
    how.shift > 0 && 'shift',
    how.contrast > 1 && 'contrast',
    how.noise > 0 && 'noise',
  ];
  return h(
    'dl',
    { class: 'changes', 'aria-label': t('inside.copies.changes') },
    listed.flatMap((name) =>
      name ? [h('dt', {}, t(`inside.change.${name}`)), h('dd', {}, t(`inside.changes.${name}`, values))] : [],
    ),
  );
}
