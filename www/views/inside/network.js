/** The U itself: its blocks, what each of them makes of the image, and the sums. */
import { fileSize, large, pixelSize } from '../../strings/format.js';
import { number, t } from '../../strings/t.js';
import { fill, h, motion } from '../../elements/dom.js';
import { diagram } from './diagram.js';
import { mapGrid } from './features.js';
import { kindOf, nameOf, stepsOf } from './names.js';
import { reachView } from './reach.js';
import { table } from './table.js';
import { waitingPlace } from './waiting.js';

/** @typedef {import('../../api.d.ts').Network} Network */

/** Words that the view uses, in the order in which a person meets them. */
const WORDS = [
  'map',
  'level',
  'convolution',
  'pool',
  'transposed',
  'skip',
  'crop',
  'norm',
  'relu',
  'dropout',
  'output',
  'tile',
  'parameter',
  'work',
  'field',
  'memory',
];

/** @param {import('../../session/session.js').Session} session @returns {import('./panel.js').Part} */
export function networkView(session) {
  const drawing = waitingPlace('u'),
    maps = waitingPlace('maps');
  const about = h('div', { class: 'block-about', 'aria-live': 'polite' });
  const words = h(
    'details',
    { class: 'words' },
    h('summary', {}, t('inside.words')),
    h(
      'dl',
      {},
      WORDS.flatMap((word) => [h('dt', {}, t(`inside.word.${word}`)), h('dd', {}, t(`inside.means.${word}`))]),
    ),
  );
  const layers = h('div', {});
  let shown = false;
  /** @type {ReturnType<typeof reachView> | null} */
  let reach = null;

  const choose = (/** @type {Network} */ network, /** @type {number} */ block) => {
    fill(about, ...described(network, block));
    session.inside.sees({ block: kindOf(network, block) });
    void maps.run('inside.maps.working', async (waiting) => {
      const { node, part } = network.blocks[block];
      const maps = await session.inside.featureMaps(node, waiting);
      const outputs =
        part === 'head'
          ? session.inside.outputs().map((output) => t(`inside.grid.${output.part}`, { name: output.name }))
          : [];
      return mapGrid(maps, nameOf(network, block), session.current?.scan ?? null, outputs);
    });
  };
  const show = () => {
    if (shown) return;
    shown = true;
    void drawing.run('inside.network.working', async () => {
      const network = await session.inside.network();
      const drawn = diagram(network, (block) => {
        choose(network, block);
        toSight();
      });
      const first = network.blocks.findIndex((block) => block.part === 'convolutions');
      drawn.mark(first);
      choose(network, first);
      reach = reachView(session, network.receptiveField);
      fill(layers, reach.element, table(network));
      return [drawn.element, sums(network), legend(network, session.current?.scan ?? null)];
    });
  };
  const chosen = h('div', { class: 'block' }, about, maps.element);
  /** Below a tall drawing the maps would come unseen. */
  const toSight = () => {
    const { top } = chosen.getBoundingClientRect();
    if (top > innerHeight * 0.75) element.parentElement?.scrollBy({ top: top - innerHeight * 0.5, behavior: motion() });
  };
  const element = h('div', {}, h('p', { class: 'lead-in' }, t('inside.lead')), drawing.element, chosen, layers, words);
  return {
    element,
    show,
    end() {
      drawing.end();
      maps.end();
      reach?.end();
    },
  };
}

/** @param {string} key @param {string} value */
const line = (key, value) => [h('dt', {}, t(key)), h('dd', {}, value)];

/** A block in words. @param {Network} network @param {number} index */
function described(network, index) {
  const block = network.blocks[index];
  const steps = stepsOf(block),
    kind = kindOf(network, index);
  return [
    h('h3', {}, nameOf(network, index)),
    h('p', {}, t(`inside.about.${kind === 'enlarge' && block.parameters === 0 ? 'copied' : kind}`)),
    h(
      'dl',
      {},
      line(block.part === 'input' ? 'inside.channels' : 'inside.maps', number(block.channels)),
      line('inside.size', pixelSize(block)),
      block.parameters > 0 && line('inside.parameters', number(block.parameters)),
      block.multiplyAdds > 0 && line('inside.work', large(block.multiplyAdds)),
    ),
    steps.length > 1 &&
      h(
        'ol',
        { class: 'steps', 'aria-label': t('inside.steps') },
        steps.map((step) => h('li', {}, step)),
      ),
  ].flatMap((part) => (part ? [part] : []));
}

/** @param {Network} network */
function sums(network) {
  const sum = (/** @type {string} */ key, /** @type {string} */ value) => h('div', {}, line(key, value));
  const tile = pixelSize(network.tile);
  return h(
    'dl',
    { class: 'sums', 'aria-label': t('inside.sums') },
    sum('inside.tile', network.tiles > 1 ? t('inside.tile.of', { size: tile, count: network.tiles }) : tile),
    sum('inside.output', pixelSize(network.output)),
    sum('inside.parameters', number(network.parameters)),
    sum('inside.field', pixelSize({ width: network.receptiveField, height: network.receptiveField })),
    sum('inside.work', t('inside.work.tile', { count: large(network.multiplyAdds) })),
    sum('inside.memory', fileSize(network.peakBytes)),
  );
}

/** What the lines and the sizes mean. @param {Network} network @param {import('../../insitu.js').Scan | null} scan */
function legend(network, scan) {
  const image = scan ? pixelSize(scan) : '';
  const tile = pixelSize(network.tile);
  const cropped = network.blocks.some((block) => block.part === 'crop');
  return h(
    'ul',
    { class: 'legend' },
    ['pool', 'up', 'skip'].map((kind) =>
      h(
        'li',
        {},
        h('span', { class: `stroke stroke-${kind}`, 'aria-hidden': 'true' }),
        t(kind === 'skip' && cropped ? 'inside.legend.cropped' : `inside.legend.${kind}`),
      ),
    ),
    h(
      'li',
      { class: 'faint' },
      `${t('inside.legend.box')} ${network.tiles > 1 ? t('inside.legend.part', { count: network.tiles }) : t('inside.legend.whole', { image, tile })}`,
    ),
  );
}
