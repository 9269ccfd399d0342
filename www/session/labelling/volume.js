/** Labels over several slices of a volume: filled in between, carried on. */
import { atDepth, depthOf } from '../../insitu.js';
import { t } from '../../strings/t.js';
import { threeViews, voxelOf } from '../volume/space.js';

/** @typedef {import('../session.js').Session} Session */
/** @typedef {import('../../insitu.js').Scan} Scan */

/** The slices that follow each other with one: those of its channel and time. @param {Scan} scan @param {number} slice */
export function depthsOf(scan, slice) {
  const { x, y, z } = scan.spacing ?? { x: 1, y: 1, z: 1 };
  const { channels, depths } = scan.planes;
  const spacing = /** @type {[number, number, number]} */ ([x, y, z ?? x]);
  return { first: atDepth(scan, slice, 0), step: channels.length, count: depths, spacing };
}

/**
 * Whether something of what changed is in sight: on the slice that is shown, or on one of the planes beside it.
 * @param {Session} session @param {import('../../../pkg/insitu.js').Piece[]} pieces
 */
export function inSight(session, pieces) {
  const item = session.current;
  const here = pieces.filter(({ doc }) => doc === item?.id);
  if (!item || here.some(({ slice }) => slice === item.slice)) return here.length > 0;
  const { scan } = item;
  if (!scan || !threeViews(scan, session.state.volume)) return false;
  const [column, row] = voxelOf({ ...item, scan }, session.state.volume);
  const first = atDepth(scan, item.slice, 0);
  return here.some(
    ({ slice, x, y, width, height }) =>
      atDepth(scan, slice, 0) === first && ((column >= x && column < x + width) || (row >= y && row < y + height)),
  );
}

/** Fills the slices between labelled ones in, by shape. @param {Session} session */
export async function fillBetween(session) {
  const scan = session.current?.scan;
  if (!scan) return;
  const outcome = await session.labelling.desk.here((labels, doc, slice) =>
    labels.fillBetween(doc, depthsOf(scan, slice)),
  );
  const count = new Set(outcome?.pieces.map(({ slice }) => slice)).size;
  if (count > 0) session.say(t('label.between.done', { count }));
}

/** Copies the labels of the slice that is shown to its neighbour, and shows that. @param {Session} session @param {1 | -1} step */
export async function carry(session, step) {
  const item = session.current;
  if (!item?.scan) return;
  const depth = depthOf(item.scan, item.slice) + step;
  if (depth < 0 || depth >= item.scan.planes.depths) return;
  const to = atDepth(item.scan, item.slice, depth);
  await session.labelling.desk.here((labels, doc, slice) => labels.carry(doc, slice, to));
  session.labelling.show(item.id, to);
}
