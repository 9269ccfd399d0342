/**
 * Where the image lies on the canvas: a point of the image, in its pixels, stands at `scale * point + (x, y)`, in CSS
 * pixels from the canvas's corner. All functions give a new view. A canvas that is mirrored is turned over as a whole, when it is drawn: its places
 * are counted from its right edge (`turned`), and everything else stays as it is.
 * @typedef {import('../pictures/draw.js').View} View
 * @typedef {{ width: number, height: number }} Size
 */

const LARGEST = 64;
/** Part of the image that stays on the canvas, CSS pixels. */
const KEPT = 48;

/** The whole image, centred, with a margin; never magnified beyond `most`. @param {Size} canvas @param {Size} image @param {number} [most] @returns {View} */
export function fit(canvas, image, most = 8) {
  const margin = Math.min(16, canvas.width / 20, canvas.height / 20);
  const scale = Math.min((canvas.width - 2 * margin) / image.width, (canvas.height - 2 * margin) / image.height, most);
  return centred(canvas, image, Math.max(scale, 1e-3));
}

/** One pixel of the image on one pixel of the screen, around the canvas's centre. @param {View} view @param {Size} canvas @param {Size} image @param {number} ratio device pixels in a CSS pixel */
export function oneToOne(view, canvas, image, ratio) {
  return zoomTo(view, canvas, image, 1 / ratio, canvas.width / 2, canvas.height / 2);
}

/** @param {Size} canvas @param {Size} image @param {number} scale @returns {View} */
export function centred(canvas, image, scale) {
  return { scale, x: (canvas.width - image.width * scale) / 2, y: (canvas.height - image.height * scale) / 2 };
}

/** To a scale, so that what is under (x, y) stays there. @param {View} view @param {Size} canvas @param {Size} image @param {number} scale @param {number} x @param {number} y @returns {View} */
export function zoomTo(view, canvas, image, scale, x, y) {
  const smallest = Math.min(fit(canvas, image).scale / 4, 1 / 4);
  const next = Math.min(Math.max(scale, smallest), LARGEST);
  const factor = next / view.scale;
  return kept({ scale: next, x: x - (x - view.x) * factor, y: y - (y - view.y) * factor }, canvas, image);
}

/** @param {View} view @param {Size} canvas @param {Size} image @param {number} dx @param {number} dy */
export function panBy(view, canvas, image, dx, dy) {
  return kept({ ...view, x: view.x + dx, y: view.y + dy }, canvas, image);
}

/** Not wholly out of sight. @param {View} view @param {Size} canvas @param {Size} image @returns {View} */
export function kept(view, canvas, image) {
  const within = (/** @type {number} */ at, /** @type {number} */ length, /** @type {number} */ room) =>
    Math.min(Math.max(at, KEPT - length), room - KEPT);
  return {
    scale: view.scale,
    x: within(view.x, image.width * view.scale, canvas.width),
    y: within(view.y, image.height * view.scale, canvas.height),
  };
}

/** The part of the image that is on the canvas, whole pixels; all of it if none is. @param {View} view @param {Size} canvas @param {Size} image */
export function inSight(view, canvas, image) {
  const span = (/** @type {number} */ at, /** @type {number} */ room, /** @type {number} */ length) => {
    const from = Math.max(0, Math.floor(-at / view.scale));
    const to = Math.min(length, Math.ceil((room - at) / view.scale));
    return to > from ? [from, to - from] : [0, length];
  };
  const [x, width] = span(view.x, canvas.width, image.width);
  const [y, height] = span(view.y, canvas.height, image.height);
  return { x, y, width, height };
}

/** The pixel of the image under a point of the canvas, or null beside it. @param {View} view @param {Size} image @param {number} x @param {number} y */
export function pixelAt(view, image, x, y) {
  const column = Math.floor((x - view.x) / view.scale),
    row = Math.floor((y - view.y) / view.scale);
  if (column < 0 || row < 0 || column >= image.width || row >= image.height) return null;
  return { x: column, y: row };
}

/** A place on the screen as one on a canvas that may be mirrored, and the other way round. @template {{ x: number, y: number }} P @param {P} at CSS pixels @param {Size} canvas @param {boolean} mirrored @returns {P} */
export const turned = (at, canvas, mirrored) => (mirrored ? { ...at, x: canvas.width - at.x } : at);

/** Where a point of the image stands on the canvas. @param {View} view @param {{ x: number, y: number }} point pixels of the image */
export const onCanvas = ({ scale, x, y }, point) => ({ x: point.x * scale + x, y: point.y * scale + y });

/** The point of the image under a place of the canvas. @param {View} view @param {{ x: number, y: number }} at CSS pixels */
export const inImage = ({ scale, x, y }, at) => ({ x: (at.x - x) / scale, y: (at.y - y) / scale });
