/** Draws the labels of a plane over its picture, hatched as those of the slices are. */
import { turnedValues } from '../pictures/planes.js';
import { hatch, HATCH } from './label-layer.js';
import { inksOf } from './label-tiles.js';

const NONE = 255;

/** @typedef {import('../pictures/planes.js').Lie} Lie */

/** Values as colours, with a rim where they end. @param {Uint8Array} values @param {{ width: number, height: number }} size @param {{ fill: Uint32Array, rim: Uint32Array }} inks @returns {Uint32Array<ArrayBuffer>} RGBA */
export function coloured(values, { width, height }, { fill, rim }) {
  const words = new Uint32Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const value = values[at];
      if (value === NONE) continue;
      const ends =
        (x > 0 && values[at - 1] !== value) ||
        (x < width - 1 && values[at + 1] !== value) ||
        (y > 0 && values[at - width] !== value) ||
        (y < height - 1 && values[at + width] !== value);
      words[at] = ends ? rim[value] : fill[value];
    }
  }
  return words;
}

export class PlaneLabels {
  /** In voxels of the picture; null if nothing is labelled. @type {OffscreenCanvas | null} */
  #picture = null;
  /** As large as what is drawn on. @type {OffscreenCanvas | null} */
  #sheet = null;
  /** @type {CanvasPattern | null} */
  #hatch = null;

  /** @param {Lie | null} lie @param {Uint8Array | null} values `[depth][x]` @param {{ colour: string }[]} classes */
  put(lie, values, classes) {
    this.#picture = null;
    if (!lie || !values || values.length !== lie.width * lie.height || values.every((value) => value === NONE)) return;
    const words = coloured(turnedValues(lie, values), lie, inksOf(classes));
    this.#picture = new OffscreenCanvas(lie.width, lie.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (this.#picture.getContext('2d'));
    context.putImageData(new ImageData(new Uint8ClampedArray(words.buffer), lie.width, lie.height), 0, 0);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} left @param {number} top @param {number} width @param {number} height device pixels */
  draw(context, left, top, width, height) {
    if (!this.#picture) return;
    const { canvas } = context;
    if (this.#sheet?.width !== canvas.width || this.#sheet.height !== canvas.height)
      this.#sheet = new OffscreenCanvas(canvas.width, canvas.height);
    const sheet = /** @type {OffscreenCanvasRenderingContext2D} */ (this.#sheet.getContext('2d'));
    sheet.globalCompositeOperation = 'source-over';
    sheet.clearRect(0, 0, canvas.width, canvas.height);
    sheet.imageSmoothingEnabled = false;
    sheet.drawImage(this.#picture, left, top, width, height);
    this.#hatch ??= hatch(sheet);
    this.#hatch?.setTransform(new DOMMatrix([1, 0, 0, 1, left % HATCH, top % HATCH]));
    sheet.globalCompositeOperation = 'source-atop';
    sheet.fillStyle = this.#hatch ?? 'transparent';
    sheet.fillRect(left, top, width, height);
    context.drawImage(this.#sheet, 0, 0);
  }
}
