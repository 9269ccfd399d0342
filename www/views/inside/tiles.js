/** The tiles in which an image is computed, over the image. */
import { number, t } from '../../strings/t.js';
import { fill, h, say, svg } from '../../elements/dom.js';
import { canvas, pictureCanvas } from './pictures.js';
import { waitingPlace } from './waiting.js';

/** @typedef {import('../../api.d.ts').TilePlan} TilePlan */

/** Sizes to try, pixels a side. */
const SIZES = [256, 320, 448];
/** Most tiles that are drawn. */
const DRAWN = 500;

/** @param {import('../../session/session.js').Session} session @returns {import('./panel.js').Part} */
export function tilesView(session) {
  const place = waitingPlace('pictures');
  const size = h(
    'select',
    { 'aria-label': t('inside.tiles.size'), onchange: () => draw() },
    h('option', { value: 0 }, t('inside.tiles.used')),
    SIZES.map((side) => h('option', { value: side }, t('inside.tiles.atMost', { side }))),
  );
  const lead = h('p', { class: 'lead-in' }, t('inside.tiles.lead'));
  const choice = h('label', { class: 'row', 'data-spot': 'tile-size' }, t('inside.tiles.size'), size);
  let shown = false;
  const draw = () => {
    shown = true;
    void place.run('inside.tiles.working', async () => {
      const [picture, plan] = await Promise.all([
        session.inside.picture(),
        session.inside.tilePlan(Number(size.value)),
      ]);
      try {
        choice.hidden = plan.step !== null;
        session.inside.sees({ tiles: plan.rows.length * plan.columns.length });
        say(lead, t(plan.step === null ? 'inside.tiles.lead' : 'inside.tiles.patches'));
        return planned(plan, pictureCanvas(picture, '').element);
      } finally {
        picture.close();
      }
    });
  };
  const element = h('div', {}, lead, h('div', { class: 'controls' }, choice), place.element);
  return { element, show: () => void (shown || draw()), end: () => place.end() };
}

/** @param {TilePlan} plan @param {HTMLCanvasElement} image */
function planned(plan, image) {
  const count = plan.rows.length * plan.columns.length;
  const { step } = plan;
  const averaged = step === null ? null : t('inside.tiles.averaged', { count, step, ...plan.tile });
  if (count > DRAWN)
    return [
      h(
        'p',
        {},
        averaged ??
          t('inside.tiles.tooMany', { count, columns: plan.columns.length, rows: plan.rows.length, ...plan.tile }),
      ),
    ];
  const tiles = plan.rows.flatMap((row) => plan.columns.map((column) => ({ row, column })));
  const { width, height } = plan.tile;
  const box = {
    left: Math.min(...plan.columns.map((span) => span.source), 0),
    top: Math.min(...plan.rows.map((span) => span.source), 0),
    right: Math.max(...plan.columns.map((span) => span.source + width), plan.width),
    bottom: Math.max(...plan.rows.map((span) => span.source + height), plan.height),
  };
  const all = { width: box.right - box.left, height: box.bottom - box.top };
  const words = h('p', { 'aria-live': 'polite' });
  const seen = svg('rect', { class: 'seen', width, height });
  const kept = tiles.map(({ row, column }, i) =>
    svg(
      'g',
      {
        role: 'button',
        class: 'tile',
        tabindex: -1,
        'aria-label': t('inside.tiles.tile', { number: i + 1, count: tiles.length }),
        onclick: () => choose(i),
      },
      svg('rect', { class: 'kept', x: column.target, y: row.target, width: column.length, height: row.length }),
      averaged === null &&
        svg(
          'text',
          { x: column.target + column.length / 2, y: row.target + row.length / 2, 'font-size': all.width / 28 },
          number(i + 1),
        ),
    ),
  );
  const choose = (/** @type {number} */ chosen) => {
    const { row, column } = tiles[chosen];
    seen.setAttribute('x', String(column.source));
    seen.setAttribute('y', String(row.source));
    kept.forEach((tile, i) => {
      tile.setAttribute('aria-pressed', String(i === chosen));
      tile.setAttribute('tabindex', i === chosen ? '0' : '-1');
    });
    const mirrored =
      column.source < 0 || row.source < 0 || column.source + width > plan.width || row.source + height > plan.height;
    say(
      words,
      `${t('inside.tiles.chosen', { number: chosen + 1, count: tiles.length, width, height, keptWidth: column.length, keptHeight: row.length })} ${mirrored ? t('inside.tiles.mirrored') : t('inside.tiles.within')}`,
    );
  };
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    const at = kept.indexOf(/** @type {any} */ (document.activeElement));
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: plan.columns.length, ArrowUp: -plan.columns.length }[
      event.key
    ];
    if (at < 0 || !step || !kept[at + step]) return;
    choose(at + step);
    kept[at + step].focus();
    event.preventDefault();
  };
  choose(0);
  const over = svg(
    'svg',
    {
      viewBox: `${box.left} ${box.top} ${all.width} ${all.height}`,
      role: 'group',
      'aria-label': t('inside.tiles.drawing', { count: tiles.length }),
      onkeydown,
    },
    svg('rect', { class: 'image-edge', x: 0, y: 0, width: plan.width, height: plan.height }),
    kept,
    seen,
  );
  const stack = h('div', { class: 'stack' }, mirrored(image, plan, box, all));
  stack.append(over);
  const summary =
    averaged ??
    (tiles.length > 1
      ? t('inside.tiles.many', {
          count: tiles.length,
          columns: plan.columns.length,
          rows: plan.rows.length,
          width,
          height,
        })
      : t('inside.tiles.one', { width, height }));
  const text = h('div', { class: 'tiles-about' });
  fill(
    text,
    h('p', {}, summary),
    words,
    averaged === null &&
      h(
        'p',
        {},
        plan.border > 0
          ? t('inside.tiles.valid', { border: plan.border })
          : `${t('inside.tiles.context', { context: plan.context })} ${marginWords(plan)}`,
      ),
    h(
      'ul',
      { class: 'legend' },
      ['kept', 'seen', 'edge'].map((kind) =>
        h('li', {}, h('span', { class: `key ${kind}`, 'aria-hidden': 'true' }), t(`inside.tiles.key.${kind}`)),
      ),
    ),
  );
  return [h('div', { class: 'tiles' }, stack, text)];
}

/** How much wider than what is kept tiles are, as they are drawn. @param {TilePlan} plan */
export function margins({ rows, columns, tile }) {
  const beside = (/** @type {TilePlan['rows']} */ spans, /** @type {number} */ side) =>
    spans.flatMap(({ source, target, length }) => [target - source, source + side - (target + length)]);
  const all = [...beside(rows, tile.height), ...beside(columns, tile.width)];
  return { least: Math.min(...all), most: Math.max(...all) };
}

/** @param {TilePlan} plan */
function marginWords(plan) {
  const { least, most } = margins(plan);
  return t(least === most ? 'inside.tiles.margin' : 'inside.tiles.margins', { least, most });
}

/**
 * The image and, fainter, its reflections as far as tiles reach.
 * @param {HTMLCanvasElement} image @param {TilePlan} plan
 * @param {{ left: number, top: number }} box @param {{ width: number, height: number }} all
 */
function mirrored(image, plan, box, all) {
  const scale = Math.max(image.width, image.height) / Math.max(plan.width, plan.height);
  const [width, height] = [plan.width * scale, plan.height * scale];
  // The image and its three reflections, which repeat without end.
  const unit = canvas(Math.round(width) * 2, Math.round(height) * 2, '');
  const [across, down] = [unit.element.width / 2, unit.element.height / 2];
  for (const [flipX, flipY] of [
    [1, 1],
    [-1, 1],
    [1, -1],
    [-1, -1],
  ]) {
    unit.context.setTransform(flipX, 0, 0, flipY, flipX < 0 ? 2 * across : 0, flipY < 0 ? 2 * down : 0);
    unit.context.drawImage(image, 0, 0, across, down);
  }
  const made = canvas(Math.ceil(all.width * scale), Math.ceil(all.height * scale), t('inside.tiles.picture'));
  const { context } = made;
  context.translate(-box.left * scale, -box.top * scale);
  context.globalAlpha = 0.45;
  context.fillStyle = /** @type {CanvasPattern} */ (context.createPattern(unit.element, 'repeat'));
  context.fillRect(box.left * scale, box.top * scale, made.element.width, made.element.height);
  context.globalAlpha = 1;
  context.drawImage(image, 0, 0, width, height);
  return made.element;
}
