/**
 * The labels of one slice as values in square tiles. Only tiles with labels exist, so that an empty image of any size
 * costs nothing, and a stroke costs what it covers.
 */

/** Pixels a side. */
export const TILE = 256;
/** Value of a pixel that is not labelled. */
const NONE = 255;

/**
 * @typedef {{ x: number, y: number, width: number, height: number }} Rect pixels
 * @typedef {{ column: number, row: number, values: Uint8Array, dirty: Rect | null }} Tile `dirty`: what is to be painted anew, in pixels of the image
 */

/** The smallest rectangle around two. @param {Rect | null} a @param {Rect} b @returns {Rect} */
export function joined(a, b) {
  if (!a) return b;
  const x = Math.min(a.x, b.x),
    y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** What two rectangles share. @param {Rect} a @param {Rect} b @returns {Rect | null} */
export function shared(a, b) {
  const x = Math.max(a.x, b.x),
    y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x,
    height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

export class LabelTiles {
  width;
  height;
  /** By row and column. @type {Map<number, Tile>} */
  tiles = new Map();

  /** @param {{ width: number, height: number }} size pixels */
  constructor({ width, height }) {
    this.width = width;
    this.height = height;
  }

  get #columns() {
    return Math.ceil(this.width / TILE);
  }

  /** The part of the image that a tile covers. @param {{ column: number, row: number }} tile @returns {Rect} */
  rectOf({ column, row }) {
    const x = column * TILE,
      y = row * TILE;
    return { x, y, width: Math.min(TILE, this.width - x), height: Math.min(TILE, this.height - y) };
  }

  /** @param {Rect} rect @param {(column: number, row: number) => void} each */
  #over(rect, each) {
    const inside = shared(rect, { x: 0, y: 0, width: this.width, height: this.height });
    if (!inside) return;
    const right = Math.floor((inside.x + inside.width - 1) / TILE),
      below = Math.floor((inside.y + inside.height - 1) / TILE);
    for (let row = Math.floor(inside.y / TILE); row <= below; row++) {
      for (let column = Math.floor(inside.x / TILE); column <= right; column++) each(column, row);
    }
  }

  /** New values for a rectangle. @param {Rect & { values: Uint8Array }} piece */
  put(piece) {
    this.#over(piece, (column, row) => {
      const key = row * this.#columns + column;
      const part = shared(piece, this.rectOf({ column, row }));
      if (!part) return;
      let tile = this.tiles.get(key);
      if (empty(piece, part)) {
        // The box around a long stroke is empty for the most part.
        if (!tile) return;
        if (part.width === TILE && part.height === TILE) return void this.tiles.delete(key);
      }
      if (!tile) {
        tile = { column, row, values: new Uint8Array(TILE * TILE).fill(NONE), dirty: null };
        this.tiles.set(key, tile);
      }
      for (let y = part.y; y < part.y + part.height; y++) {
        const from = (y - piece.y) * piece.width + part.x - piece.x;
        tile.values.set(
          piece.values.subarray(from, from + part.width),
          (y - row * TILE) * TILE + part.x - column * TILE,
        );
      }
    });
    // The rim of what lies beside may have changed.
    const around = { x: piece.x - 1, y: piece.y - 1, width: piece.width + 2, height: piece.height + 2 };
    this.#over(around, (column, row) => {
      const tile = this.tiles.get(row * this.#columns + column);
      const part = tile && shared(around, this.rectOf(tile));
      if (part) tile.dirty = joined(tile.dirty, part);
    });
  }

  /** All is to be painted anew: other colours. */
  soil() {
    for (const tile of this.tiles.values()) tile.dirty = this.rectOf(tile);
  }

  /** @param {number} x @param {number} y @returns {number} 255: not labelled */
  at(x, y) {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return NONE;
    const tile = this.tiles.get(Math.floor(y / TILE) * this.#columns + Math.floor(x / TILE));
    return tile ? tile.values[(y % TILE) * TILE + (x % TILE)] : NONE;
  }

  /**
   * RGBA of a rectangle inside a tile.
   * @param {Tile} tile @param {Rect} part @param {{ fill: Uint32Array, rim: Uint32Array }} inks words by value; the rim is the outermost pixel of a region
   * @returns {Uint8ClampedArray<ArrayBuffer>}
   */
  paint(tile, part, { fill, rim }) {
    const words = new Uint32Array(part.width * part.height);
    const left = tile.column * TILE,
      top = tile.row * TILE;
    const { values } = tile;
    for (let row = 0, to = 0; row < part.height; row++) {
      const y = part.y + row;
      for (let column = 0, at = (y - top) * TILE + part.x - left; column < part.width; column++, at++, to++) {
        const value = values[at];
        if (value === NONE) continue;
        const x = part.x + column;
        const inner = x > left && x < left + TILE - 1 && y > top && y < top + TILE - 1;
        const edge = inner
          ? values[at - 1] !== value ||
            values[at + 1] !== value ||
            values[at - TILE] !== value ||
            values[at + TILE] !== value
          : this.#ends(x, y, value);
        words[to] = edge ? rim[value] : fill[value];
      }
    }
    return new Uint8ClampedArray(words.buffer);
  }

  /** Whether a region ends at a pixel at the edge of a tile; where the image ends it does not. @param {number} x @param {number} y @param {number} value */
  #ends(x, y, value) {
    return (
      (x > 0 && this.at(x - 1, y) !== value) ||
      (x < this.width - 1 && this.at(x + 1, y) !== value) ||
      (y > 0 && this.at(x, y - 1) !== value) ||
      (y < this.height - 1 && this.at(x, y + 1) !== value)
    );
  }
}

/** Half way to white: the rim of what was painted is lighter than the rim of what was predicted. @param {number} rgb */
const lighter = (rgb) => [16, 8, 0].reduce((sum, shift) => sum + (((((rgb >> shift) & 255) + 255) >> 1) << shift), 0);

/** Whether nothing is labelled in a part of a piece. @param {Rect & { values: Uint8Array }} piece @param {Rect} part */
function empty(piece, part) {
  for (let y = part.y; y < part.y + part.height; y++) {
    const from = (y - piece.y) * piece.width + part.x - piece.x;
    for (let i = from; i < from + part.width; i++) if (piece.values[i] !== NONE) return false;
  }
  return true;
}

/**
 * What is drawn for each value: a class in its colour, the background in white with a dark rim, which shows on dark
 * and on bright images; both get their hatch later.
 * @param {{ colour: string }[]} classes @returns {{ fill: Uint32Array, rim: Uint32Array }}
 */
export function inksOf(classes) {
  const fill = new Uint32Array(256),
    rim = new Uint32Array(256);
  const word = (/** @type {number} */ rgb, /** @type {number} */ alpha) => {
    const bytes = new Uint8Array([rgb >> 16, (rgb >> 8) & 255, rgb & 255, alpha]);
    return new Uint32Array(bytes.buffer)[0];
  };
  fill[0] = word(0xffffff, 85);
  rim[0] = word(0x303030, 210);
  classes.slice(0, NONE - 1).forEach(({ colour }, i) => {
    const rgb = Number.parseInt(colour.slice(1), 16);
    fill[i + 1] = word(rgb, 130);
    rim[i + 1] = word(lighter(rgb), 255);
  });
  return { fill, rim };
}
