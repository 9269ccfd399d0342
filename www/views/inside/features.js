/** Feature maps as a grid of small grey pictures. */
import { significant } from '../../strings/format.js';
import { t } from '../../strings/t.js';
import { h } from '../../elements/dom.js';
import { canvas } from './pictures.js';

/** Pictures that are shown at first, and by each “show more”. */
const AT_ONCE = 32;
/** Pictures that are painted before the page has its turn. */
const IN_A_ROW = 8;

/**
 * @param {import('../../api.d.ts').FeatureMaps} maps @param {string} name of the block
 * @param {import('../../insitu.js').Scan | null} scan
 * @param {string[]} words under the first maps, where each stands for something known
 * @returns {Promise<(Node | string | null)[]>}
 */
export async function mapGrid(maps, name, scan, words) {
  const grid = h('ul', { class: 'grid', 'aria-label': t('inside.grid', { name }) });
  const more = h('button', { type: 'button', onclick: () => void add() });
  const add = async () => {
    const from = grid.childElementCount,
      to = Math.min(from + AT_ONCE, maps.channels);
    more.disabled = true;
    for (let i = from; i < to; i++) {
      grid.append(h('li', {}, picture(maps, i), words[i] && h('p', { class: 'faint' }, words[i])));
      if ((i + 1) % IN_A_ROW === 0) await new Promise(requestAnimationFrame);
    }
    more.disabled = false;
    more.hidden = to === maps.channels;
    more.textContent = t('inside.more', { count: Math.min(AT_ONCE, maps.channels - to), all: maps.channels });
  };
  await add();
  const part = scan && (maps.tile.width < scan.width || maps.tile.height < scan.height);
  return [
    h('p', { class: 'faint' }, t('inside.grid.how'), ' ', t(part ? 'inside.grid.part' : 'inside.grid.whole')),
    grid,
    more,
  ];
}

/** @param {import('../../api.d.ts').FeatureMaps} maps @param {number} channel */
function picture({ channels, planes, pictureWidth: width, pictureHeight: height, low, high }, channel) {
  const flat = low[channel] === high[channel];
  const words = t(flat ? 'inside.grid.flat' : 'inside.grid.map', {
    number: channel + 1,
    count: channels,
    low: significant(low[channel], 3),
    high: significant(high[channel], 3),
  });
  const { element, context } = canvas(width, height, words);
  const pixels = new ImageData(width, height);
  const grey = planes.subarray(channel * width * height, (channel + 1) * width * height);
  const data = new Uint32Array(pixels.data.buffer);
  for (let i = 0; i < grey.length; i++) data[i] = 0xff000000 | (grey[i] * 0x010101);
  context.putImageData(pixels, 0, 0);
  const button = h(
    'button',
    {
      type: 'button',
      class: 'map',
      title: words,
      'aria-pressed': 'false',
      onclick: () => {
        button.setAttribute('aria-pressed', String(button.classList.toggle('enlarged')));
      },
    },
    element,
  );
  return button;
}
