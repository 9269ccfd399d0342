/** Canvases for the view of the network. */
import { drawLayer } from '../../pictures/draw.js';
import { h } from '../../elements/dom.js';

/** @typedef {{ image: import('../../pictures/layers.js').Layer, overlay: { fill: import('../../pictures/layers.js').Layer, outline: import('../../pictures/layers.js').Layer } | null }} Picture */

/** Largest side of a canvas, pixels. */
const SIDE = 1024;

/** A canvas with a name for those who do not see it. @param {number} width @param {number} height @param {string} name */
export function canvas(width, height, name) {
  const element = h('canvas', { role: 'img', 'aria-label': name });
  [element.width, element.height] = [width, height];
  return { element, context: /** @type {CanvasRenderingContext2D} */ (element.getContext('2d')) };
}

/** The image on a canvas of its shape. @param {Picture} picture @param {string} name @param {number} [opacity] of the mask; 0 leaves it out */
export function pictureCanvas({ image, overlay }, name, opacity = 0) {
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  const made = canvas(
    Math.max(1, Math.round(image.width * scale)),
    Math.max(1, Math.round(image.height * scale)),
    name,
  );
  const view = { scale, x: 0, y: 0 };
  drawLayer(made.context, image, view, 1, 1);
  if (overlay && opacity > 0) {
    drawLayer(made.context, overlay.fill, view, 1, opacity);
    drawLayer(made.context, overlay.outline, view, 1, Math.min(1, opacity * 2.2));
  }
  return made;
}

/** A picture and the words under it. @param {Element} picture @param {string} words */
export const figure = (picture, words) => h('figure', {}, picture, h('figcaption', {}, words));
