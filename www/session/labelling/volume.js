/** Labels over several slices of a volume: filled in between, carried on. */
import { atDepth, depthOf } from '../../insitu.js';
import { t } from '../../strings/t.js';

/** @typedef {import('../session.js').Session} Session */
/** @typedef {import('../../insitu.js').Scan} Scan */

/** The slices that follow each other with one: those of its channel and time. @param {Scan} scan @param {number} slice */
export function depthsOf(scan, slice) {
  const { x, y, z } = scan.spacing ?? { x: 1, y: 1, z: 1 };
  const { channels, depths } = scan.planes;
  const spacing = /** @type {[number, number, number]} */ ([x, y, z ?? x]);
  return { first: atDepth(scan, slice, 0), step: channels.length, count: depths, spacing };
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
