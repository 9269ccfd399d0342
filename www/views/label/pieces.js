/** A table of the separate pieces of a volume in 3-D, the largest first: a click leads there, and pieces of labels can be removed. */
import { volumeUnit } from '../../session/volume/space.js';
import { significant } from '../../strings/format.js';
import { number, t } from '../../strings/t.js';
import { h } from '../../elements/dom.js';
import { csv } from '../csv.js';
import { icon } from '../icons.js';
import { download } from '../save.js';

/**
 * @typedef {import('../../session/session.js').Session} Session
 * @typedef {import('../../../pkg/insitu.js').PieceSizes} PieceSizes
 * @typedef {import('../../../pkg/insitu.js').VolumeMeasurement} Piece
 * @typedef {{ name: string, title?: string, text: (piece: Piece, row: number) => string }} Column
 */

/** @param {number | undefined} value @param {number} digits */
const told = (value, digits) => (value === undefined ? '' : significant(value, digits));

/** @param {import('../../insitu.js').Scan} scan @param {boolean} many whether there are several classes @param {(value: number) => string} name @returns {Column[]} */
function columnsOf(scan, many, name) {
  const volume = volumeUnit(scan);
  /** @type {Column[]} */
  const columns = [];
  if (many) columns.push({ name: t('pieces.class'), text: (piece) => name(piece.class) });
  if (volume === 'voxels') columns.push({ name: t('pieces.voxels'), text: ({ voxels }) => number(voxels) });
  else {
    const times = volume === 'ml' ? 1 : 1000;
    columns.push(
      {
        name: t(`pieces.${volume}`),
        text: ({ physical }) => told(physical ? physical.volumeMl * times : undefined, 3),
      },
      { name: t('pieces.mm'), text: ({ physical }) => told(physical?.diameterMm, 3) },
      { name: t('pieces.cm2'), text: ({ physical }) => told(physical?.surfaceCm2, 3) },
    );
  }
  const mean = scan.unit ? t('pieces.mean.unit', { unit: scan.unit }) : t('pieces.mean');
  if (scan.channels === 1)
    columns.push(
      { name: mean, text: ({ values }) => told(values?.mean, 4) },
      { name: t('pieces.sd'), text: ({ values }) => told(values?.deviation, 3) },
      { name: t('pieces.min'), text: ({ values }) => told(values?.min, 4) },
      { name: t('pieces.max'), text: ({ values }) => told(values?.max, 4) },
    );
  columns.push({
    name: t('pieces.centre'),
    title: t('pieces.centre.title'),
    text: ({ centroid: [x, y, z] }) => [x, y, z + 1].map(Math.round).join(', '),
  });
  return columns;
}

/**
 * @param {Session} session @param {PieceSizes} found @param {(value: number) => string} name of a class
 * @param {((piece: Piece) => Promise<unknown>) | null} remove null: they cannot be removed
 * @returns {HTMLElement[]}
 */
export function pieceTable(session, { pieces, count }, name, remove) {
  const scan = session.current?.scan;
  if (!scan || count === 0) return [h('p', { class: 'hint' }, t('pieces.none'))];
  const columns = columnsOf(scan, new Set(pieces.map((piece) => piece.class)).size > 1, name);
  const go = (/** @type {Piece} */ piece) => session.volume.moveTo(piece.centroid);
  const rows = pieces.map((piece, i) => {
    const own = i + 1;
    const show = h(
      'button',
      { type: 'button', class: 'link', 'aria-label': t('pieces.show', { number: own }), onclick: () => go(piece) },
      number(own),
    );
    const title = t('pieces.remove', { number: own });
    const bin =
      remove &&
      h(
        'button',
        {
          ...{ type: 'button', class: 'quiet icon-only', title, 'aria-label': title },
          onclick: (/** @type {Event} */ event) => {
            event.stopPropagation();
            void remove(piece);
          },
        },
        icon('bin'),
      );
    return h(
      'tr',
      { onclick: () => go(piece) },
      h('th', { scope: 'row' }, show),
      columns.map(({ text }) => h('td', {}, text(piece, i))),
      bin && h('td', { class: 'last' }, bin),
    );
  });
  const heads = columns.map(({ name: head, title = null }) => h('th', { scope: 'col', title }, head));
  const table = h(
    'table',
    {},
    h(
      'thead',
      {},
      h('tr', {}, h('th', { scope: 'col' }, t('pieces.number')), heads, remove && h('td', { class: 'last' })),
    ),
    h('tbody', {}, rows),
  );
  const most = pieces.length;
  const caption = most < count ? t('pieces.most', { most, count }) : t('pieces.caption', { count });
  const save = h(
    'button',
    { type: 'button', title: t('pieces.save.title'), onclick: () => savePieces(session, pieces, name) },
    t('pieces.save'),
  );
  const box = h('div', { class: 'pieces', tabindex: 0, role: 'region', 'aria-label': t('pieces.list') }, table);
  return [h('p', { class: 'hint' }, caption), box, save];
}

/** @param {Session} session @param {Piece[]} pieces @param {(value: number) => string} name */
function savePieces(session, pieces, name) {
  const item = session.current;
  if (!item) return;
  const head = [
    ...['class', 'piece', 'voxels', 'volume_ml', 'surface_cm2', 'diameter_mm', 'column', 'row', 'slice'],
    ...['left_mm', 'back_mm', 'head_mm', 'mean', 'sd', 'min', 'max'],
  ];
  const rows = pieces.map(({ class: value, voxels, physical, centroid: [x, y, z], values }, i) => [
    ...[name(value), i + 1, voxels, physical?.volumeMl, physical?.surfaceCm2, physical?.diameterMm],
    // Columns and rows from 0, as the status bar has them; slices from 1.
    ...[x, y, z + 1, ...(item.scan?.geometry && physical ? physical.position : [NaN, NaN, NaN])],
    ...[values?.mean, values?.deviation, values?.min, values?.max],
  ]);
  const file = `${session.identity.stem(item)}-pieces.csv`;
  download(csv([head, ...rows.map((row) => row.map((cell) => cell ?? NaN))]), file);
  session.announce(t('save.done', { name: file }));
}
