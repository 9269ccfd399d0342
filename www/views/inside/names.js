/** Names of blocks for people, found from where they stand. */
import { t } from '../../strings/t.js';

/** @typedef {import('../../api.d.ts').Network} Network */

/** `input`, `down`, `bottom`, `across`, `up` (convolutions on the way up), `enlarge`, `pool`, `crop`, `join` or `output`. @param {Network} network @param {number} index */
export function kindOf({ blocks }, index) {
  const block = blocks[index];
  if (block.part === 'input') return 'input';
  if (block.part === 'head') return 'output';
  if (block.part === 'up') return 'enlarge';
  if (block.part === 'pooling') return 'pool';
  if (block.part === 'crop') return 'crop';
  if (block.part === 'concatenation') return 'join';
  const peers = steps(blocks, block.level),
    lowest = Math.max(...blocks.map((other) => other.level));
  if (block.level === lowest && peers.at(-1) === index) return 'bottom';
  if (peers[0] !== index) return peers.length > 2 ? 'across' : 'up';
  return 'down';
}

/** @param {Network} network @param {number} index */
export function nameOf(network, index) {
  const { blocks } = network;
  const block = blocks[index],
    kind = kindOf(network, index);
  const heads = blocks.flatMap((other, i) => (other.part === 'head' ? [i] : []));
  if (kind === 'output' && heads.length > 1)
    return t('inside.name.outputs', { number: heads.indexOf(index) + 1, count: heads.length });
  return t(`inside.name.${kind}`, { level: block.level + 1, step: steps(blocks, block.level).indexOf(index) });
}

/** What a block does, step by step. @param {Network['blocks'][number]} block */
export const stepsOf = ({ operations }) =>
  operations.map(({ op, kernel }) => t(`inside.op.${op}`, { kernel: kernel ?? 0 }));

/** Blocks of convolutions of a level, in order. @param {Network['blocks']} blocks @param {number} level */
const steps = (blocks, level) =>
  blocks.flatMap((block, i) => (block.part === 'convolutions' && block.level === level ? [i] : []));
