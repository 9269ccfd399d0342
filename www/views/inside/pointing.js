/** A place on the image, chosen by a click or by two sliders. */
import { t } from '../../strings/t.js';
import { h, svg } from '../../elements/dom.js';

/**
 * @param {HTMLCanvasElement} image @param {number} width of the image, pixels @param {number} height
 * @param {SVGElement[]} shapes drawn over the image @param {(x: number, y: number) => void} move to a pixel; called at once
 * @param {{ x: number, y: number }} [start] the middle, if nothing else is said
 */
export function pointing(image, width, height, shapes, move, start = middle(width, height)) {
  const slider = (/** @type {number} */ max, /** @type {number} */ value) =>
    h('input', { type: 'range', min: 0, max: max - 1, value, oninput: () => moved() });
  const [across, down] = [slider(width, start.x), slider(height, start.y)];
  const moved = () => move(across.valueAsNumber, down.valueAsNumber);
  // The sliders say the same to whoever has no pointer.
  const over = svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      'aria-hidden': 'true',
      onclick: (/** @type {MouseEvent} */ event) => {
        if (across.disabled) return;
        // It may be drawn smaller than its box, as the image under it is.
        const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(over.getScreenCTM()?.inverse());
        across.value = String(Math.floor(x));
        down.value = String(Math.floor(y));
        moved();
      },
    },
    shapes,
  );
  moved();
  const stack = h('div', { class: 'stack pointed' }, image);
  stack.append(over);
  return {
    stack,
    sliders: [h('label', {}, t('inside.reach.across'), across), h('label', {}, t('inside.reach.down'), down)],
    /** While something is worked out for the place. @param {boolean} held */
    hold(held) {
      for (const one of [across, down]) one.disabled = held;
    },
  };
}

/** @param {number} width @param {number} height */
export const middle = (width, height) => ({ x: Math.floor(width / 2), y: Math.floor(height / 2) });
