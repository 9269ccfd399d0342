/**
 * Where the blocks of a network are drawn, and the lines between them: the U, or the triangle of a nested network, from
 * what the engine tells of its blocks. Nothing here knows a particular network.
 *
 * @typedef {import('../../../pkg/insitu.js').NetworkRecord} Network
 * @typedef {import('../../../pkg/insitu.js').BlockRecord} Block
 *
 * @typedef {object} Box
 * @property {number} block its place in the network's list
 * @property {'input' | 'convolutions' | 'up' | 'head'} part
 * @property {number} x left
 * @property {number} y top
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} Line
 * @property {'forward' | 'pool' | 'up' | 'skip'} kind
 * @property {number} from block
 * @property {number} to block
 * @property {string} d of an SVG path
 * @property {number | null} margin pixels that are cropped on the way
 * @property {{ x: number, y: number }} middle where a word about it fits
 *
 * @typedef {{ width: number, height: number, boxes: Box[], lines: Line[], levels: number }} Drawing
 */

/** Height of the largest maps, and of the smallest that are told apart. */
const TALL = 58,
  LOW = 18;
/** Between cells of a row; under a box for its two lines of text; between rows. */
const GAP = 40,
  TEXT = 32,
  ROW = 12;
/** An up-convolution and its distance from the block that it feeds. */
const STRIP = 14,
  NEAR = 3;
/** Least width of a cell, so that the words under it have room. */
const CELL = 62;

/** More channels, wider. @param {number} channels */
const widthOf = (channels) => 12 + 7 * Math.log2(Math.max(channels, 1));

/** @param {Network} network @returns {Drawing} */
export function layout(network) {
  const { blocks } = network;
  const largest = Math.max(...blocks.map((block) => block.height), 1);
  const heightOf = (/** @type {Block} */ block) => Math.max(LOW, TALL * Math.sqrt(block.height / largest));
  const heads = blocks.filter((block) => block.part === 'head').length;
  const cells = places(blocks, heads > 1);

  // Rows from the top: what hangs over them needs room above.
  const rows = [...new Set(cells.map((cell) => cell.row))].sort((a, b) => a - b);
  const levels = Math.max(...rows) + 1;
  const skips = joins(blocks);
  const arcs = skips.filter(({ from, to }) => between(cells, from, to));
  /** @type {Map<number, { middle: number, tall: number }>} */
  const row = new Map();
  let y = 6;
  for (const number of rows) {
    const here = cells.filter((cell) => cell.row === number);
    const tall = Math.max(...here.map((cell) => heightOf(blocks[cell.block])));
    const spans = arcs
      .filter(({ to }) => cellOf(cells, to)?.row === number)
      .map(({ from, to }) => span(cells, from, to));
    y += spans.length > 0 ? rise(Math.max(...spans)) * 0.75 : 0;
    row.set(number, { middle: y + tall / 2, tall });
    y += tall + TEXT + ROW;
  }

  const columns = [...new Set(cells.map((cell) => cell.column))].sort((a, b) => a - b);
  const strip = (/** @type {Cell} */ cell) => (cell.ups.length > 0 ? STRIP + NEAR : 0);
  const widest = (/** @type {number} */ column) =>
    Math.max(
      ...cells
        .filter((cell) => cell.column === column)
        .map((cell) => Math.max(CELL, strip(cell) + widthOf(blocks[cell.block].channels))),
    );
  /** @type {Map<number, number>} */
  const centre = new Map();
  let x = 6;
  for (const column of columns) {
    const width = widest(column);
    centre.set(column, x + width / 2);
    x += width + GAP;
  }

  /** @type {Map<number, Box>} */
  const boxes = new Map();
  for (const cell of cells) {
    const block = blocks[cell.block];
    const width = widthOf(block.channels),
      height = heightOf(block);
    const all = strip(cell) + width;
    const left = /** @type {number} */ (centre.get(cell.column)) - all / 2;
    const middle = /** @type {{ middle: number }} */ (row.get(cell.row)).middle;
    for (const up of cell.ups) {
      const tall = heightOf(blocks[up]);
      boxes.set(up, { block: up, part: 'up', x: left, y: middle - tall / 2, width: STRIP, height: tall });
    }
    const part = /** @type {Box['part']} */ (block.part);
    boxes.set(cell.block, { block: cell.block, part, x: left + all - width, y: middle - height / 2, width, height });
  }

  const lines = [...direct(blocks, boxes), ...skips.map((skip) => skipLine(skip, boxes, cells, arcs.includes(skip)))];
  return {
    width: x - GAP + 6,
    height: y - ROW + 2,
    boxes: [...boxes.values()].sort((a, b) => a.block - b.block),
    lines,
    levels,
  };
}

/** @typedef {{ block: number, column: number, row: number, ups: number[] }} Cell */

/**
 * Down a level is a column to the right, and so is up: of one path this makes a U, of nested paths a triangle.
 * @param {Block[]} blocks @param {boolean} above whether heads stand over what they ask
 * @returns {Cell[]}
 */
function places(blocks, above) {
  /** @type {Cell[]} */
  const cells = [];
  const columnOf = (/** @type {number} */ block) => cellOf(cells, block)?.column ?? 0;
  blocks.forEach((block, i) => {
    const [before] = block.inputs;
    if (block.part === 'input') cells.push({ block: i, column: -1, row: block.level, ups: [] });
    else if (block.part === 'head') {
      const column = columnOf(joined(blocks, before).source) + (above ? 0 : 1);
      cells.push({ block: i, column, row: block.level - (above ? 1 : 0), ups: [] });
    } else if (joinsFirst(blocks, block)) {
      cells.push({ block: i, column: columnOf(joined(blocks, before).source) + 1, row: block.level, ups: [] });
    } else if (block.part === 'convolutions') {
      const ups = block.inputs
        .flatMap((input) => (blocks[input].part === 'concatenation' ? blocks[input].inputs : [input]))
        .filter((input) => blocks[input].part === 'up');
      const source =
        ups.length > 0
          ? blocks[ups[0]].inputs[0]
          : block.inputs.map((input) => (blocks[input].part === 'pooling' ? blocks[input].inputs[0] : input))[0];
      cells.push({ block: i, column: columnOf(source) + 1, row: block.level, ups });
    }
  });
  return cells;
}

/**
 * What a block takes: where maps are joined, those that were computed last come from below, the others over skip connections.
 * @param {Block[]} blocks @param {number} input
 */
function joined(blocks, input) {
  if (blocks[input].part !== 'concatenation') return { source: input, skips: [] };
  const { inputs } = blocks[input];
  const source = Math.max(...inputs);
  return { source, skips: inputs.filter((other) => other !== source) };
}

/** Whether an up-convolution, also the last layer, takes maps that were joined before. @param {Block[]} blocks @param {Block} block */
const joinsFirst = (blocks, block) =>
  (block.part === 'up' || block.part === 'head') &&
  block.inputs.some((input) => blocks[input].part === 'concatenation');

/** The cell in which a block is drawn. @param {Cell[]} cells @param {number} block */
const cellOf = (cells, block) => cells.find((cell) => cell.block === block || cell.ups.includes(block));

/** @typedef {{ from: number, to: number, margin: number | null }} Skip */

/** Skip connections: what a concatenation takes beside what came up. @param {Block[]} blocks @returns {Skip[]} */
function joins(blocks) {
  return blocks.flatMap((block, to) =>
    block.part !== 'convolutions'
      ? joinsFirst(blocks, block)
        ? joined(blocks, block.inputs[0]).skips.map((from) => ({ from, to, margin: null }))
        : []
      : block.inputs
          .filter((input) => blocks[input].part === 'concatenation')
          .flatMap((join) =>
            blocks[join].inputs
              .filter((input) => blocks[input].part !== 'up')
              .map((input) => {
                const crop = blocks[input].part === 'crop';
                return { from: crop ? blocks[input].inputs[0] : input, to, margin: crop ? blocks[input].margin : null };
              }),
          ),
  );
}

/** @param {Cell[]} cells @param {number} from @param {number} to */
function span(cells, from, to) {
  return (cellOf(cells, to)?.column ?? 0) - (cellOf(cells, from)?.column ?? 0);
}

/** Whether other blocks stand between two of a row. @param {Cell[]} cells @param {number} from @param {number} to */
function between(cells, from, to) {
  const [a, b] = [cellOf(cells, from), cellOf(cells, to)];
  return Boolean(
    a && b && cells.some((cell) => cell.row === a.row && cell.column > a.column && cell.column < b.column),
  );
}

/** How far a curve over other blocks rises. @param {number} columns */
const rise = (columns) => 10 + 6 * columns;

/** Lines of blocks that follow each other. @param {Block[]} blocks @param {Map<number, Box>} boxes @returns {Line[]} */
function direct(blocks, boxes) {
  /** @type {Line[]} */
  const lines = [];
  blocks.forEach((block, to) => {
    const end = boxes.get(to);
    if (!end) return;
    for (const input of block.inputs) {
      const pooled = blocks[input].part === 'pooling';
      const from = pooled ? blocks[input].inputs[0] : joinsFirst(blocks, block) ? joined(blocks, input).source : input;
      const start = boxes.get(from);
      // What an up-convolution feeds stands right beside it.
      if (!start || (blocks[from].part === 'up' && block.part === 'convolutions')) continue;
      // A strided convolution needs no pooling before it.
      const smaller = pooled || (block.part === 'convolutions' && block.level > blocks[from].level);
      const larger = block.part === 'up' || joinsFirst(blocks, block);
      const kind = smaller ? 'pool' : larger ? 'up' : 'forward';
      lines.push({ kind, from, to, margin: null, ...path(kind, start, end) });
    }
  });
  return lines;
}

/** @param {number} value */
const r = (value) => Math.round(value * 10) / 10;

/** @param {Line['kind']} kind @param {Box} start @param {Box} end */
function path(kind, start, end) {
  const right = start.x + start.width;
  if (kind === 'pool') {
    const y = start.y + start.height * 0.78,
      x = end.x + end.width * 0.3;
    return { d: `M${r(right)} ${r(y)}H${r(x)}V${r(end.y - 2)}`, middle: { x: r(x), y: r((y + end.y) / 2) } };
  }
  if (kind === 'up') {
    const x = start.x + start.width * 0.7,
      y = end.y + end.height * 0.78;
    return { d: `M${r(x)} ${r(start.y)}V${r(y)}H${r(end.x - 2)}`, middle: { x: r(x), y: r((y + start.y) / 2) } };
  }
  if (end.y + end.height < start.y) {
    const x = end.x + end.width / 2;
    return { d: `M${r(x)} ${r(start.y)}V${r(end.y + end.height + TEXT)}`, middle: { x: r(x), y: r(start.y - 8) } };
  }
  const y = start.y + start.height / 2;
  return { d: `M${r(right)} ${r(y)}H${r(end.x - 2)}`, middle: { x: r((right + end.x) / 2), y: r(y) } };
}

/** @param {Skip} skip @param {Map<number, Box>} boxes @param {Cell[]} cells @param {boolean} arc @returns {Line} */
function skipLine({ from, to, margin }, boxes, cells, arc) {
  const start = /** @type {Box} */ (boxes.get(from));
  const up = cellOf(cells, to)?.ups[0];
  const end = /** @type {Box} */ (boxes.get(up ?? to));
  const line = { kind: /** @type {const} */ ('skip'), from, to, margin };
  if (!arc) {
    const x = start.x + start.width,
      y = start.y + start.height / 2;
    if (end.y + end.height < start.y) {
      // To a block that joins first and then enlarges, which stands a row higher.
      const middle = end.x + end.width / 2;
      const d = `M${r(x)} ${r(y)}H${r(middle)}V${r(end.y + end.height + TEXT)}`;
      return { ...line, d, middle: { x: r((x + middle) / 2), y: r(y) } };
    }
    return { ...line, d: `M${r(x)} ${r(y)}H${r(end.x - 2)}`, middle: { x: r((x + end.x) / 2), y: r(y) } };
  }
  const x = start.x + start.width / 2,
    high = Math.min(start.y, end.y) - rise(span(cells, from, to));
  const target = end.x + end.width / 2;
  return {
    ...line,
    d: `M${r(x)} ${r(start.y)}C${r(x)} ${r(high)} ${r(target)} ${r(high)} ${r(target)} ${r(end.y - 2)}`,
    middle: { x: r((x + target) / 2), y: r(high + 6) },
  };
}
