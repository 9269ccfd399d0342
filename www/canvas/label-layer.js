/** Draws the labels of the slice that is shown, hatched: what a person painted looks unlike what a model predicted. */
import { LabelTiles, TILE, inksOf } from './label-tiles.js';
import { drawPlaced } from '../pictures/draw.js';

/** Time for painting tiles anew in one frame, ms; what is left comes in the next. */
const SHARE = 6;
/** Side of the hatch's square, device pixels. */
export const HATCH = 8;

export class LabelLayer {
  #redraw;
  /** @type {LabelTiles | null} */
  #labels = null;
  /** @type {WeakMap<import('./label-tiles.js').Tile, { canvas: OffscreenCanvas, context: OffscreenCanvasRenderingContext2D }>} */
  #canvases = new WeakMap();
  #inks = inksOf([]);
  #colours = '';
  /** The labels in sight, before they are hatched. @type {OffscreenCanvas | null} */
  #sheet = null;
  /** @type {CanvasPattern | null} */
  #hatch = null;

  /** @param {() => void} redraw asks for another frame */
  constructor(redraw) {
    this.#redraw = redraw;
  }

  /** @param {{ width: number, height: number } | null} size */
  reset(size) {
    const had = (this.#labels?.tiles.size ?? 0) > 0;
    this.#labels = size && new LabelTiles(size);
    if (had) this.#redraw();
  }

  /** @param {import('../../pkg/insitu.js').Piece} piece */
  put(piece) {
    this.#labels?.put(piece);
    this.#redraw();
  }

  /** @param {{ colour: string }[]} classes */
  recolour(classes) {
    const colours = classes.map(({ colour }) => colour).join();
    if (colours === this.#colours) return;
    this.#colours = colours;
    this.#inks = inksOf(classes);
    this.#labels?.soil();
    this.#redraw();
  }

  /** The label of a pixel; 255 is not labelled. @param {number} x @param {number} y */
  at(x, y) {
    return this.#labels?.at(x, y) ?? 255;
  }

  /** @param {CanvasRenderingContext2D} context @param {import('./viewport.js').View} view @param {number} ratio device pixels in a CSS pixel */
  draw(context, view, ratio) {
    const labels = this.#labels;
    if (!labels || labels.tiles.size === 0) return;
    const { width, height } = context.canvas;
    if (this.#sheet?.width !== width || this.#sheet.height !== height) this.#sheet = new OffscreenCanvas(width, height);
    const sheet = /** @type {OffscreenCanvasRenderingContext2D} */ (this.#sheet.getContext('2d'));
    sheet.globalCompositeOperation = 'source-over';
    sheet.clearRect(0, 0, width, height);
    const until = performance.now() + SHARE;
    let any = false,
      late = false;
    for (const tile of labels.tiles.values()) {
      const place = labels.rectOf(tile);
      if (!inSight(place, view, ratio, width, height)) continue;
      if (tile.dirty && (performance.now() < until || !(late = true))) this.#paint(labels, tile);
      const canvas = this.#canvases.get(tile)?.canvas;
      if (canvas && drawPlaced(sheet, canvas, place, view, ratio)) any = true;
    }
    if (late) this.#redraw();
    if (!any) return;
    this.#hatch ??= hatch(sheet);
    this.#hatch?.setTransform(
      new DOMMatrix([1, 0, 0, 1, Math.round(view.x * ratio) % HATCH, Math.round(view.y * ratio) % HATCH]),
    );
    sheet.globalCompositeOperation = 'source-atop';
    sheet.fillStyle = this.#hatch ?? 'transparent';
    sheet.fillRect(0, 0, width, height);
    context.drawImage(this.#sheet, 0, 0);
  }

  /** @param {LabelTiles} labels @param {import('./label-tiles.js').Tile} tile */
  #paint(labels, tile) {
    const part = tile.dirty;
    if (!part) return;
    let known = this.#canvases.get(tile);
    if (!known) {
      const { width, height } = labels.rectOf(tile);
      const canvas = new OffscreenCanvas(width, height);
      known = { canvas, context: /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d')) };
      this.#canvases.set(tile, known);
    }
    const pixels = new ImageData(labels.paint(tile, part, this.#inks), part.width, part.height);
    known.context.putImageData(pixels, part.x - tile.column * TILE, part.y - tile.row * TILE);
    tile.dirty = null;
  }
}

/** @param {import('./label-tiles.js').Rect} place @param {import('./viewport.js').View} view @param {number} ratio @param {number} width @param {number} height device pixels */
function inSight(place, view, ratio, width, height) {
  const scale = view.scale * ratio,
    left = view.x * ratio + place.x * scale,
    top = view.y * ratio + place.y * scale;
  return left < width && top < height && left + place.width * scale > 0 && top + place.height * scale > 0;
}

/** Dark diagonal lines, which show on light and on coloured ground alike. @param {OffscreenCanvasRenderingContext2D} context */
export function hatch(context) {
  const square = new OffscreenCanvas(HATCH, HATCH);
  const lines = /** @type {OffscreenCanvasRenderingContext2D} */ (square.getContext('2d'));
  lines.strokeStyle = 'rgb(0 0 0 / 50%)';
  lines.lineWidth = 2;
  lines.beginPath();
  for (const shift of [-HATCH, 0, HATCH]) {
    lines.moveTo(shift - 2, HATCH + 2);
    lines.lineTo(shift + HATCH + 2, -2);
  }
  lines.stroke();
  return context.createPattern(square, 'repeat');
}
