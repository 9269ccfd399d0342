/** Draws layers on a canvas: from the level that fits the zoom, only the tiles that are in sight. */

/**
 * @typedef {{ scale: number, x: number, y: number }} View where the image lies: a point of it, in its pixels, stands at
 *   `scale * point + (x, y)`, in CSS pixels from the canvas's corner
 */

/**
 * @param {CanvasRenderingContext2D} context whose unit is a device pixel
 * @param {import('./layers.js').Layer} layer
 * @param {View} view @param {number} ratio device pixels in a CSS pixel
 * @param {number} alpha
 */
export function drawLayer(context, layer, view, ratio, alpha) {
  if (alpha <= 0) return;
  const scale = view.scale * ratio;
  const wanted = levelFactor(scale);
  const level = layer.levels.findLast((candidate) => candidate.factor <= wanted) ?? layer.levels[0];
  const { width, height } = context.canvas;
  context.globalAlpha = alpha;
  // Large pixels are shown as what they are.
  context.imageSmoothingEnabled = scale < 2;
  const left = view.x * ratio,
    top = view.y * ratio;
  // The last pixel of a level may stand for less than `factor` of the image's: the sides decide, not the factor.
  const sx = (layer.width * scale) / level.width,
    sy = (layer.height * scale) / level.height;
  for (const tile of level.tiles) {
    // Whole pixels, so that neighbours meet without a seam.
    const x0 = Math.round(left + tile.x * sx),
      x1 = Math.round(left + (tile.x + tile.width) * sx);
    const y0 = Math.round(top + tile.y * sy),
      y1 = Math.round(top + (tile.y + tile.height) * sy);
    if (x1 <= 0 || y1 <= 0 || x0 >= width || y0 >= height) continue;
    context.drawImage(tile.bitmap, x0, y0, Math.max(x1 - x0, 1), Math.max(y1 - y0, 1));
  }
  context.globalAlpha = 1;
}

/**
 * Draws a picture where a rectangle of the image lies.
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context whose unit is a device pixel
 * @param {CanvasImageSource} picture @param {{ x: number, y: number, width: number, height: number }} place pixels of the image
 * @param {View} view @param {number} ratio device pixels in a CSS pixel
 * @returns {boolean} whether it is in sight
 */
export function drawPlaced(context, picture, place, view, ratio) {
  const { width, height } = context.canvas;
  const scale = view.scale * ratio;
  context.imageSmoothingEnabled = scale < 2;
  const left = view.x * ratio,
    top = view.y * ratio;
  const x0 = Math.round(left + place.x * scale),
    x1 = Math.round(left + (place.x + place.width) * scale);
  const y0 = Math.round(top + place.y * scale),
    y1 = Math.round(top + (place.y + place.height) * scale);
  if (x1 <= 0 || y1 <= 0 || x0 >= width || y0 >= height) return false;
  context.drawImage(picture, x0, y0, Math.max(x1 - x0, 1), Math.max(y1 - y0, 1));
  return true;
}

/** How many image pixels may make one pixel of the level to draw: the largest power of two that loses no detail. @param {number} scale device pixels for one image pixel */
export function levelFactor(scale) {
  return scale >= 1 ? 1 : 2 ** Math.floor(Math.log2(1 / scale) + 1e-9);
}
