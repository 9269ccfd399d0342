/** What slices are called: by their number, and where a file has several channels by theirs. */
import { placeOf } from '../insitu.js';
import { t } from '../strings/t.js';

export { placeOf };

/** @typedef {import('../insitu.js').Scan} Scan */

/** @param {Scan} scan @param {number} channel from 0 */
export const channelName = ({ planes: { channels } }, channel) =>
  channels[channel] || t('channels.unnamed', { number: channel + 1 });

/** Of many, one: `3 of 10`; of depths at several times both. @param {Scan} scan @param {number} slice */
export function positionText(scan, slice) {
  const { slices, depths, times } = scan.planes;
  const { position } = placeOf(scan, slice);
  if (depths < 2 || times < 2) return t('slices.of', { slice: position + 1, count: slices });
  return t('slices.depthTime', {
    depth: (position % depths) + 1,
    depths,
    time: Math.floor(position / depths) + 1,
    times,
  });
}

/** Short, within a sentence: `3`, or `3, DAPI`. @param {Scan | null | undefined} scan @param {number} slice */
export function placeName(scan, slice) {
  if (!scan || scan.planes.channels.length < 2) return String(slice + 1);
  const { channel, position } = placeOf(scan, slice);
  return t('slices.place', { slice: position + 1, channel: channelName(scan, channel) });
}
