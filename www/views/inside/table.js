/** The whole network as a table, for those who want to add it up. */
import { number, t } from '../../strings/t.js';
import { h } from '../../elements/dom.js';
import { nameOf, stepsOf } from './names.js';

/** @param {import('../../api.d.ts').Network} network */
export function table(network) {
  const cell = (/** @type {number} */ value) => h('td', {}, value > 0 ? number(value) : '');
  const rows = network.blocks.map((block, i) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, nameOf(network, i)),
      h('td', {}, stepsOf(block).join(' → ')),
      h('td', {}, number(block.channels)),
      h('td', {}, `${number(block.width)} × ${number(block.height)}`),
      cell(block.parameters),
      cell(block.multiplyAdds),
    ),
  );
  const heads = ['table.block', 'table.steps', 'maps', 'table.size', 'parameters', 'work'];
  return h(
    'details',
    { class: 'words' },
    h('summary', {}, t('inside.table')),
    h(
      'div',
      { class: 'wide' },
      h(
        'table',
        { class: 'layers' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            heads.map((key) => h('th', { scope: 'col' }, t(`inside.${key}`))),
          ),
        ),
        h('tbody', {}, rows),
        h(
          'tfoot',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'row', colspan: 4 }, t('inside.table.all')),
            cell(network.parameters),
            cell(network.multiplyAdds),
          ),
        ),
      ),
    ),
  );
}
