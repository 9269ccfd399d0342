/** The drawing of a network: each block is a button, the arrows walk through them. */
import { number, t } from '../../strings/t.js';
import { h, svg } from '../../elements/dom.js';
import { layout } from './layout.js';
import { nameOf } from './names.js';

/**
 * @param {import('../../api.d.ts').Network} network
 * @param {(block: number) => void} onChoose
 * @returns {{ element: HTMLElement, mark(block: number): void }}
 */
export function diagram(network, onChoose) {
  const drawing = layout(network);
  const outputs = network.blocks.flatMap((block, i) => (block.part === 'head' ? [i] : []));
  const words = (/** @type {number} */ index) => {
    const { part, channels } = network.blocks[index];
    if (part === 'input') return t('inside.box.image');
    const maps = t('inside.box.maps', { count: channels });
    return part === 'head' && outputs.length > 1
      ? t('inside.box.output', { level: outputs.indexOf(index) + 1, maps })
      : maps;
  };
  const kinds = /** @type {const} */ (['forward', 'pool', 'up', 'skip']);
  const heads = kinds.map((kind) =>
    svg(
      'marker',
      {
        id: `arrow-${kind}`,
        class: `arrow arrow-${kind}`,
        viewBox: '0 0 8 8',
        refX: 6,
        refY: 4,
        markerWidth: 7,
        markerHeight: 7,
        markerUnits: 'userSpaceOnUse',
        orient: 'auto',
      },
      svg('path', { d: 'M0 0L8 4L0 8z' }),
    ),
  );
  const lines = drawing.lines.flatMap(({ kind, d, margin, middle }) => [
    svg('path', { class: `line line-${kind}`, d, 'marker-end': `url(#arrow-${kind})` }),
    margin !== null && svg('text', { class: 'note', x: middle.x, y: middle.y - 4 }, t('inside.crop', { margin })),
  ]);
  const buttons = drawing.boxes.map(({ block: index, part, x, y, width, height }) => {
    const block = network.blocks[index];
    const name = t('inside.block', {
      name: nameOf(network, index),
      maps: words(index),
      width: block.width,
      height: block.height,
    });
    const centre = x + width / 2,
      foot = y + height;
    return svg(
      'g',
      {
        role: 'button',
        class: `box ${part}`,
        tabindex: -1,
        'aria-pressed': 'false',
        onclick: () => press(index),
      },
      // Its name, too, which begins with the words below it.
      svg('title', {}, name),
      svg('rect', { x, y, width, height, rx: 3 }),
      // The words belong to the button too: a narrow block is hard to hit.
      part !== 'up' && svg('text', { class: 'count', x: centre, y: foot + 14 }, words(index)),
      part !== 'up' &&
        svg('text', { class: 'size', x: centre, y: foot + 28 }, `${number(block.width)} × ${number(block.height)}`),
    );
  });
  const indices = drawing.boxes.map((box) => box.block);
  const mark = (/** @type {number} */ block) =>
    buttons.forEach((button, i) => {
      button.setAttribute('aria-pressed', String(indices[i] === block));
      button.setAttribute('tabindex', indices[i] === block ? '0' : '-1');
    });
  const press = (/** @type {number} */ block) => {
    mark(block);
    onChoose(block);
  };
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    const at = buttons.indexOf(/** @type {any} */ (document.activeElement));
    if (at < 0) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const next = buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)];
      buttons[at].setAttribute('tabindex', '-1');
      next.setAttribute('tabindex', '0');
      next.focus();
    } else if (event.key === 'Enter' || event.key === ' ') press(indices[at]);
    else return;
    event.preventDefault();
  };
  const { width, height, levels } = drawing;
  const picture = svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, role: 'group', 'aria-label': t('inside.drawing'), onkeydown },
    svg('defs', {}, heads),
    lines,
    buttons,
  );
  // Below a U of many levels the corners are free for the sums and the legend.
  return {
    element: h('div', { class: levels > 4 ? 'u-drawing deep' : 'u-drawing' }, /** @type {any} */ (picture)),
    mark,
  };
}
