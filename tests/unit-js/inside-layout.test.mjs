/** The drawing of a network, from records as the engine gives them. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { layout } from '../../www/views/inside/layout.js';
import { kindOf } from '../../www/views/inside/names.js';
import { there } from './there.mjs';

/**
 * @typedef {import('../../pkg/insitu.js').NetworkRecord} Network
 * @typedef {Network['blocks'][number]} Block
 * @typedef {ReturnType<typeof layout>} Drawing
 */

/** Collects blocks; each method gives the place of the block that it adds. @param {number} size @param {number} width */
function collector(size, width) {
  const blocks = /** @type {Block[]} */ ([]);
  /** @param {Block['part']} part @param {number} level @param {number[]} inputs @param {number} channels @param {number} side @param {number | null} [margin] */
  const add = (part, level, inputs, channels, side, margin = null) =>
    blocks.push({
      part,
      level,
      node: blocks.length,
      inputs,
      channels,
      width: side,
      height: side,
      parameters: 0,
      multiplyAdds: 0,
      margin,
      operations: [],
    }) - 1;
  return {
    blocks,
    add,
    side: (/** @type {number} */ level) => size >> level,
    channels: (/** @type {number} */ level) => width << level,
  };
}

/** @param {Block[]} blocks @returns {Network} */
const network = (blocks) => ({
  blocks,
  tile: { width: 1, height: 1 },
  output: { width: 1, height: 1 },
  tiles: 1,
  parameters: 0,
  multiplyAdds: 0,
  receptiveField: 0,
  peakBytes: 0,
});

/** @param {number} levels @param {{ cropped?: boolean, pooled?: boolean }} [how] */
function uNet(levels, { cropped = false, pooled = true } = {}) {
  const { blocks, add, side, channels } = collector(576, 16);
  let x = add('input', 0, [], 3, side(0));
  const skips = [];
  for (let level = 0; level < levels; level++) {
    if (level > 0 && pooled) x = add('pooling', level, [x], channels(level - 1), side(level));
    x = add('convolutions', level, [x], channels(level), side(level));
    skips.push(x);
  }
  for (let level = levels - 2; level >= 0; level--) {
    const up = add('up', level, [x], channels(level), side(level));
    const skip = cropped ? add('crop', level, [skips[level]], channels(level), side(level), 4 << level) : skips[level];
    const join = add('concatenation', level, [up, skip], channels(level + 1), side(level));
    x = add('convolutions', level, [join], channels(level), side(level));
  }
  add('head', 0, [x], 2, side(0));
  return network(blocks);
}

/** One strided convolution for each level down, and up-convolutions that join before they enlarge. @param {number} levels */
function strided(levels) {
  const { blocks, add, side, channels } = collector(576, 16);
  let x = add('input', 0, [], 3, side(0));
  const skips = [];
  for (let level = 1; level <= levels; level++) {
    const at = Math.min(level, levels - 1);
    x = add('convolutions', at, [x], channels(level), side(at));
    skips.push(x);
  }
  skips.pop();
  for (let level = levels - 2; level >= 0; level--) {
    const join = add('concatenation', level + 1, [there(skips.pop()), x], channels(level + 2), side(level + 1));
    x = add(level > 0 ? 'up' : 'head', level, [join], channels(level), side(level));
  }
  return network(blocks);
}

/** @param {number} levels */
function nested(levels) {
  const { blocks, add, side, channels } = collector(256, 32);
  let x = add('input', 0, [], 3, side(0));
  const grid = [];
  for (let level = 0; level < levels; level++) {
    if (level > 0) x = add('pooling', level, [grid[level - 1][0]], channels(level - 1), side(level));
    grid.push([add('convolutions', level, [x], channels(level), side(level))]);
    for (let step = 1, row = level - 1; row >= 0; step++, row--) {
      const up = add('up', row, [grid[row + 1][step - 1]], channels(row), side(row));
      const join = add('concatenation', row, [up, ...grid[row]], channels(row) * (step + 1), side(row));
      grid[row].push(add('convolutions', row, [join], channels(row), side(row)));
    }
  }
  for (const block of grid[0].slice(1)) add('head', 0, [block], 1, side(0));
  return network(blocks);
}

const of = (/** @type {Drawing} */ drawing, /** @type {Drawing['lines'][number]['kind']} */ kind) =>
  drawing.lines.filter((line) => line.kind === kind);
const box = (/** @type {Drawing} */ drawing, /** @type {number} */ block) =>
  there(drawing.boxes.find((candidate) => candidate.block === block));
const middle = (/** @type {Drawing['boxes'][number]} */ { y, height }) => y + height / 2;

/** @param {Drawing} drawing */
function isSound({ boxes, lines, width, height }) {
  for (const a of boxes) {
    assert.ok(
      a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height,
      `block ${a.block} lies outside`,
    );
    for (const b of boxes) {
      const apart =
        a === b || a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      assert.ok(apart, `blocks ${a.block} and ${b.block} lie on each other`);
    }
  }
  for (const { d, from, to } of lines) {
    assert.match(d, /^M[\d. -]+[HVC][\d. HV-]+$/, d);
    assert.ok(
      [from, to].every((end) => boxes.some(({ block }) => block === end)),
      `line from ${from} to ${to}`,
    );
  }
}

test('one path down and one up make a U: a block up stands at the height of its block down, to the right', () => {
  const five = uNet(5),
    drawing = layout(five);
  isSound(drawing);
  assert.deepEqual(
    ['convolutions', 'up', 'head', 'input'].map((part) => drawing.boxes.filter((b) => b.part === part).length),
    [9, 4, 1, 1],
  );
  assert.deepEqual(
    /** @type {const} */ (['pool', 'up', 'skip']).map((kind) => of(drawing, kind).length),
    [4, 4, 4],
  );
  for (const { from, to, margin, d } of of(drawing, 'skip')) {
    assert.equal(middle(box(drawing, from)), middle(box(drawing, to)));
    assert.ok(box(drawing, from).x < box(drawing, to).x);
    assert.equal(margin, null);
    assert.match(d, /H/, 'nothing stands between');
  }
  for (const { from, to } of of(drawing, 'pool'))
    assert.ok(box(drawing, to).y > box(drawing, from).y && box(drawing, to).x > box(drawing, from).x);
});

test('without pooling, what goes down a level goes there by itself', () => {
  const drawing = layout(uNet(4, { pooled: false }));
  isSound(drawing);
  assert.deepEqual(
    /** @type {const} */ (['pool', 'up', 'skip', 'forward']).map((kind) => of(drawing, kind).length),
    [3, 3, 3, 2],
  );
});

test('blocks that join before they enlarge are drawn with what they join', () => {
  const three = strided(3),
    drawing = layout(three);
  isSound(drawing);
  assert.equal(drawing.boxes.length, three.blocks.filter((block) => block.part !== 'concatenation').length);
  assert.deepEqual(
    /** @type {const} */ (['pool', 'up', 'skip', 'forward']).map((kind) => of(drawing, kind).length),
    [2, 2, 2, 1],
  );
  for (const { from, to } of drawing.lines) assert.ok(box(drawing, from).x < box(drawing, to).x);
  const kinds = three.blocks.map((_, i) => kindOf(three, i)).filter((kind) => kind !== 'join');
  assert.deepEqual(kinds, ['input', 'down', 'down', 'bottom', 'enlarge', 'output']);
});

test('larger maps are drawn taller and more of them wider', () => {
  const { boxes } = layout(uNet(5));
  const down = boxes.filter((b) => b.part === 'convolutions').slice(0, 5);
  for (let i = 1; i < 5; i++) assert.ok(down[i].height < down[i - 1].height && down[i].width > down[i - 1].width);
});

test('crops are told on their skip connections', () => {
  const drawing = layout(uNet(5, { cropped: true }));
  isSound(drawing);
  assert.deepEqual(
    of(drawing, 'skip').map((line) => line.margin),
    [32, 16, 8, 4],
  );
});

test('nested paths make a triangle, whose long connections bend over the blocks between', () => {
  const five = nested(5),
    drawing = layout(five);
  isSound(drawing);
  assert.equal(drawing.boxes.filter((b) => b.part === 'convolutions').length, 15);
  assert.equal(drawing.boxes.filter((b) => b.part === 'head').length, 4);
  // Of a level's n blocks, each takes all before it: 10 + 6 + 3 + 1 connections, of which 4 + 3 + 2 + 1 go to a neighbour.
  assert.equal(of(drawing, 'skip').length, 20);
  assert.equal(of(drawing, 'skip').filter(({ d }) => d.includes('C')).length, 10);
  const heads = drawing.boxes.filter((b) => b.part === 'head');
  assert.ok(
    heads.every((head) => drawing.boxes.every((b) => b.part === 'head' || b.y > head.y)),
    'heads stand on top',
  );
});

test('any number of levels can be drawn', () => {
  for (const levels of [2, 3, 4, 6, 7]) {
    isSound(layout(uNet(levels)));
    isSound(layout(nested(levels)));
    assert.equal(layout(uNet(levels)).levels, levels);
  }
});

test('blocks are named by where they stand', () => {
  const three = uNet(3);
  const kinds = three.blocks
    .map((block, i) => (['pooling', 'crop', 'concatenation'].includes(block.part) ? null : kindOf(three, i)))
    .filter(Boolean);
  assert.deepEqual(kinds, ['input', 'down', 'down', 'bottom', 'enlarge', 'up', 'enlarge', 'up', 'output']);
  const grid = nested(3);
  assert.equal(
    grid.blocks.filter((block, i) => block.part === 'convolutions' && kindOf(grid, i) === 'across').length,
    2,
  );
});
