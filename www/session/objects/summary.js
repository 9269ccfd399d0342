/** Objects and areas of each class of each file, added up. Pure functions; sizes are in pixels and in square micrometres. */

import { summaryOf } from './spread.js';

/**
 * @typedef {object} Slice that was looked at
 * @property {number} id of its file
 * @property {string} file its name
 * @property {number} pixels
 * @property {{ x: number, y: number } | null} micrometres of a pixel
 * @property {string[]} classes names of classes 1 and up
 * @property {Float64Array | number[]} areas of the classes in the mask, pixels
 * @property {import('./all.js').Part | null} part its objects, where they are told apart
 *
 * @typedef {{ total: number, mean: number, median: number }} Sizes NaN where nothing was counted
 *
 * @typedef {object} Row
 * @property {number | null} id of the file; null: of all
 * @property {string} file
 * @property {string} class
 * @property {number} files
 * @property {number} slices
 * @property {number} count of objects; NaN where they are not told apart
 * @property {Sizes} px
 * @property {Sizes | null} um2 null where nobody told how large a pixel is
 * @property {number} share of all pixels, 0 to 1
 */

/** Of one class in some slices. */
class Sum {
  slices = 0;
  pixels = 0;
  total = 0;
  totalUm2 = 0;
  scaled = true;
  counted = false;
  /** @type {number[]} */
  areas = [];
  /** @type {number[]} */
  areasUm2 = [];
  files = new Set();

  /** @param {Slice} slice @param {number} index of the class, from 1 on */
  add({ id, pixels, micrometres, areas, part }, index) {
    const factor = micrometres ? micrometres.x * micrometres.y : NaN;
    const own = part ? areasOf(part, index) : null;
    const total = own ? own.reduce((sum, area) => sum + area, 0) : areas[index - 1];
    this.files.add(id);
    this.slices += 1;
    this.pixels += pixels;
    this.total += total;
    this.totalUm2 += total * factor;
    this.scaled &&= micrometres !== null;
    this.counted ||= own !== null;
    for (const area of own ?? []) {
      this.areas.push(area);
      this.areasUm2.push(area * factor);
    }
  }

  /** @param {number | null} id @param {string} file @param {string} name of the class @returns {Row} */
  row(id, file, name) {
    return {
      ...{ id, file, class: name, files: this.files.size, slices: this.slices },
      count: this.counted ? this.areas.length : NaN,
      px: sizes(this.total, this.areas),
      um2: this.scaled ? sizes(this.totalUm2, this.areasUm2) : null,
      share: this.total / this.pixels,
    };
  }
}

/** @param {number} total @param {number[]} areas @returns {Sizes} */
function sizes(total, areas) {
  const { mean, median } = summaryOf(Float64Array.from(areas).sort());
  return { total, mean, median };
}

/** Pixels of each object, of one class or of all. @param {Pick<import('./all.js').Part, 'columns' | 'values' | 'count'>} part @param {number} [index] of the class, from 1 on */
export function areasOf({ columns, values, count }, index) {
  const area = columns.findIndex(({ key }) => key === 'area');
  const kind = columns.findIndex((column) => column.kind === 'class');
  const found = [];
  for (let at = 0; at < count * columns.length; at += columns.length)
    if (index === undefined || kind < 0 || values[at + kind] === index) found.push(values[at + area]);
  return found;
}

/**
 * A row for each file and class, in their order; and for each class of several files one of all of them.
 * @param {Slice[]} slices @param {(files: number) => string} all what the rows of all files are called
 * @returns {Row[]}
 */
export function summed(slices, all) {
  /** @type {Map<string, { id: number | null, file: string, name: string, sum: Sum }>} */
  const each = new Map();
  /** @type {typeof each} */
  const whole = new Map();
  for (const slice of slices) {
    slice.classes.forEach((name, i) => {
      for (const [map, id, file] of /** @type {const} */ ([
        [each, slice.id, slice.file],
        [whole, null, ''],
      ])) {
        const key = JSON.stringify([id, name]);
        const known = map.get(key) ?? { id, file, name, sum: new Sum() };
        known.sum.add(slice, i + 1);
        map.set(key, known);
      }
    });
  }
  const rows = [...each.values()].map(({ id, file, name, sum }) => sum.row(id, file, name));
  const several = [...whole.values()].filter(({ sum }) => sum.files.size > 1);
  return [...rows, ...several.map(({ name, sum }) => sum.row(null, all(sum.files.size), name))];
}
