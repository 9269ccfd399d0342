/** The objects of all files that were looked at, as one table. */

/**
 * @typedef {import('./state.js').Found} Found
 * @typedef {import('./state.js').Column} Column
 *
 * @typedef {object} Part objects of a slice, without their pixels
 * @property {number} id of the file
 * @property {string} name of the file
 * @property {number} slice
 * @property {{ x: number, y: number } | null} micrometres of a pixel
 * @property {Column[]} columns
 * @property {Float64Array} values
 * @property {number} count
 *
 * @typedef {object} All
 * @property {Found} found its column `object` counts all; `file` is an index into `files`
 * @property {string[]} files
 * @property {{ x: number, y: number } | null} micrometres of a pixel; lengths and areas are in micrometres already if this is 1
 * @property {(row: number) => { id: number, slice: number, object: number } | null} at what the column `object` says
 * @property {(id: number, slice: number, object: number) => number | null} rowOf the other way round
 */

/** @param {Column} column */
const nameOf = ({ key, channel }) => `${key}/${channel ?? ''}`;

/**
 * One table of several; columns that one of them lacks have no values there.
 * @param {Part[]} parts @returns {All}
 */
export function combined(parts) {
  /** @type {Map<string, Column>} */
  const known = new Map();
  for (const column of parts.flatMap(({ columns }) => columns)) {
    // Of a grey image beside one of colours the only channel is the first.
    if (!known.has(nameOf(column))) known.set(nameOf(column), column);
  }
  const rest = [...known.values()].filter(({ key }) => key !== 'object');
  /** @type {Column[]} */
  const columns = [
    { key: 'object', kind: 'number', channel: null },
    { key: 'file', kind: 'file', channel: null },
    ...rest,
  ];
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const values = new Float64Array(count * columns.length).fill(NaN);
  // Sizes of different scales can be compared only where all are known.
  const scaled = parts.length > 0 && parts.every(({ micrometres }) => micrometres !== null);
  /** @type {number[]} */
  const begins = [];
  let row = 0;
  parts.forEach((part, file) => {
    begins.push(row);
    const from = columns.map((column) => part.columns.findIndex((own) => nameOf(own) === nameOf(column)));
    const factors = columns.map(({ kind }) => factor(kind, scaled ? part.micrometres : null));
    for (let i = 0; i < part.count; i++, row++) {
      const to = row * columns.length;
      values[to] = row + 1;
      values[to + 1] = file + 1;
      for (let at = 2; at < columns.length; at++)
        if (from[at] >= 0) values[to + at] = part.values[i * part.columns.length + from[at]] * factors[at];
    }
  });
  return {
    found: { width: 0, height: 0, count, columns, values, numbers: new Uint32Array(0) },
    files: parts.map(({ name }) => name),
    micrometres: scaled ? { x: 1, y: 1 } : null,
    at(number) {
      const part = begins.findLastIndex((begin) => begin < number);
      const { id, slice } = parts[part] ?? {};
      return id === undefined || slice === undefined ? null : { id, slice, object: number - begins[part] };
    },
    rowOf(id, slice, object) {
      const part = parts.findIndex((other) => other.id === id && other.slice === slice);
      return part < 0 ? null : begins[part] + object;
    },
  };
}

/** @param {Column['kind']} kind @param {{ x: number, y: number } | null} micrometres */
function factor(kind, micrometres) {
  if (!micrometres) return 1;
  return kind === 'area' ? micrometres.x * micrometres.y : kind === 'length' ? micrometres.x : 1;
}
