/**
 * Pictures as a pyramid of tiles. The worker builds them, the canvas draws from the level that fits the zoom: no
 * thread ever scales, uploads or loops over a whole large image to show a part of it.
 *
 * @typedef {{ x: number, y: number, width: number, height: number, bitmap: ImageBitmap }} Tile
 *   Position and size in pixels of its level.
 * @typedef {{ factor: number, width: number, height: number, tiles: Tile[] }} Level
 *   `factor` image pixels make one pixel of the level: 1, 2, 4 and so on.
 * @typedef {{ width: number, height: number, levels: Level[] }} Layer
 */

/** Side of a tile. Small enough that one upload to the GPU never takes a frame. */
export const TILE = 512;
/** Levels stop when a picture fits into this many pixels a side. */
const SMALLEST = 256;

/**
 * A rectangle of RGBA pixels cut out of a picture.
 * @param {Uint8ClampedArray} rgba @param {number} width of the picture
 * @param {{ x: number, y: number, width: number, height: number }} part
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function cut(rgba, width, part) {
  const out = new Uint8ClampedArray(part.width * part.height * 4);
  for (let row = 0; row < part.height; row++) {
    const from = ((part.y + row) * width + part.x) * 4;
    out.set(rgba.subarray(from, from + part.width * 4), row * part.width * 4);
  }
  return out;
}

/**
 * Half the size, each pixel the mean of four. An odd last row or column is averaged with itself.
 * @param {Uint8ClampedArray} rgba opaque @param {number} width @param {number} height
 * @returns {{ rgba: Uint8ClampedArray<ArrayBuffer>, width: number, height: number }}
 */
export function halve(rgba, width, height) {
  const w = Math.ceil(width / 2),
    h = Math.ceil(height / 2);
  const out = new Uint8ClampedArray(w * h * 4);
  for (let y = 0, to = 0; y < h; y++) {
    const above = 2 * y * width,
      below = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < w; x++, to += 4) {
      const left = 2 * x,
        right = Math.min(left + 1, width - 1);
      const a = (above + left) * 4,
        b = (above + right) * 4,
        c = (below + left) * 4,
        d = (below + right) * 4;
      out[to] = (rgba[a] + rgba[b] + rgba[c] + rgba[d] + 2) >> 2;
      out[to + 1] = (rgba[a + 1] + rgba[b + 1] + rgba[c + 1] + rgba[d + 1] + 2) >> 2;
      out[to + 2] = (rgba[a + 2] + rgba[b + 2] + rgba[c + 2] + rgba[d + 2] + 2) >> 2;
      out[to + 3] = 255;
    }
  }
  return { rgba: out, width: w, height: h };
}

/**
 * Half the size; a pixel has a label if at least two of its four have one, and then the first of theirs.
 * @param {Uint8Array} labels @param {number} width @param {number} height
 * @returns {{ labels: Uint8Array<ArrayBuffer>, width: number, height: number }}
 */
export function halveLabels(labels, width, height) {
  const w = Math.ceil(width / 2),
    h = Math.ceil(height / 2);
  const out = new Uint8Array(w * h);
  for (let y = 0, to = 0; y < h; y++) {
    const above = 2 * y * width,
      below = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < w; x++, to++) {
      const left = 2 * x,
        right = Math.min(left + 1, width - 1);
      const a = labels[above + left],
        b = labels[above + right],
        c = labels[below + left],
        d = labels[below + right];
      const found = Number(a > 0) + Number(b > 0) + Number(c > 0) + Number(d > 0);
      out[to] = found >= 2 ? a || b || c || d : 0;
    }
  }
  return { labels: out, width: w, height: h };
}

/**
 * A mask's fill and outline as RGBA, for one rectangle; null where there is nothing to draw. The outline is the
 * outermost pixel of each region, so it hides nothing of what lies beside it.
 * @param {Uint8Array} labels @param {number} width @param {number} height of the mask
 * @param {{ x: number, y: number, width: number, height: number }} part
 * @param {Uint32Array} colours by label, as `packed` gives them; 0 hides the label
 * @returns {{ fill: Uint8ClampedArray<ArrayBuffer>, outline: Uint8ClampedArray<ArrayBuffer> } | null}
 */
export function paint(labels, width, height, part, colours) {
  const fill = new Uint32Array(part.width * part.height),
    outline = new Uint32Array(part.width * part.height);
  let any = false;
  for (let row = 0, to = 0; row < part.height; row++) {
    const y = part.y + row;
    for (let column = 0, at = y * width + part.x; column < part.width; column++, at++, to++) {
      const label = labels[at];
      if (label === 0 || colours[label] === 0) continue;
      any = true;
      const x = part.x + column;
      const rim =
        (x > 0 && labels[at - 1] !== label) ||
        (x < width - 1 && labels[at + 1] !== label) ||
        (y > 0 && labels[at - width] !== label) ||
        (y < height - 1 && labels[at + width] !== label);
      (rim ? outline : fill)[to] = colours[label];
    }
  }
  if (!any) return null;
  return { fill: new Uint8ClampedArray(fill.buffer), outline: new Uint8ClampedArray(outline.buffer) };
}

/**
 * `#rrggbb` strings, for labels 1 and up, as the 32-bit words that lie in an RGBA buffer; null hides a label.
 * @param {(string | null)[]} colours
 * @returns {Uint32Array} 256 entries by label
 */
export function packed(colours) {
  const words = new Uint32Array(256);
  const bytes = new Uint8Array(words.buffer);
  colours.forEach((colour, i) => {
    if (colour === null || i > 254) return;
    const rgb = Number.parseInt(colour.slice(1), 16);
    bytes.set([rgb >> 16, (rgb >> 8) & 255, rgb & 255, 255], (i + 1) * 4);
  });
  return words;
}

/** Rectangles that cover a picture. @param {number} width @param {number} height */
export function tiling(width, height) {
  const parts = [];
  for (let y = 0; y < height; y += TILE) {
    for (let x = 0; x < width; x += TILE) {
      parts.push({ x, y, width: Math.min(TILE, width - x), height: Math.min(TILE, height - y) });
    }
  }
  return parts;
}

/**
 * @param {Uint8ClampedArray<ArrayBuffer>} rgba @param {number} width @param {number} height
 */
const bitmapOf = (rgba, width, height) => createImageBitmap(new ImageData(rgba, width, height));

/**
 * @param {Uint8ClampedArray} rgba @param {number} width @param {number} height
 * @returns {Promise<Layer>}
 */
export async function pictureLayer(rgba, width, height) {
  /** @type {Layer} */
  const layer = { width, height, levels: [] };
  let level = { rgba, width, height };
  for (let factor = 1; ; factor *= 2) {
    const tiles = await Promise.all(
      tiling(level.width, level.height).map(async (part) => ({
        ...part,
        bitmap: await bitmapOf(cut(level.rgba, level.width, part), part.width, part.height),
      })),
    );
    layer.levels.push({ factor, width: level.width, height: level.height, tiles });
    if (Math.max(level.width, level.height) <= SMALLEST) return layer;
    level = halve(level.rgba, level.width, level.height);
  }
}

/**
 * @param {Uint8Array} labels @param {number} width @param {number} height @param {(string | null)[]} colours
 * @returns {Promise<{ fill: Layer, outline: Layer }>}
 */
export async function maskLayers(labels, width, height, colours) {
  const words = packed(colours);
  /** @type {Layer} */
  const fill = { width, height, levels: [] };
  /** @type {Layer} */
  const outline = { width, height, levels: [] };
  let level = { labels, width, height };
  for (let factor = 1; ; factor *= 2) {
    /** @type {Tile[]} */
    const fills = [];
    /** @type {Tile[]} */
    const outlines = [];
    await Promise.all(
      tiling(level.width, level.height).map(async (part) => {
        const painted = paint(level.labels, level.width, level.height, part, words);
        if (!painted) return;
        fills.push({ ...part, bitmap: await bitmapOf(painted.fill, part.width, part.height) });
        outlines.push({ ...part, bitmap: await bitmapOf(painted.outline, part.width, part.height) });
      }),
    );
    fill.levels.push({ factor, width: level.width, height: level.height, tiles: fills });
    outline.levels.push({ factor, width: level.width, height: level.height, tiles: outlines });
    if (Math.max(level.width, level.height) <= SMALLEST) return { fill, outline };
    level = halveLabels(level.labels, level.width, level.height);
  }
}

/** The bitmaps of layers, to transfer or to close. @param {...Layer} layers @returns {ImageBitmap[]} */
export function bitmaps(...layers) {
  return layers.flatMap((layer) => layer.levels.flatMap((level) => level.tiles.map((tile) => tile.bitmap)));
}

/** Gives the memory of layers back at once. @param {...(Layer | null | undefined)} layers */
export function closeLayers(...layers) {
  for (const layer of layers) if (layer) for (const bitmap of bitmaps(layer)) bitmap.close();
}
