/** How thick a slab is, in words. */
import { either, inMillimetres } from '../../session/volume/space.js';
import { number, t } from '../../strings/t.js';

/** @param {import('../../insitu.js').Scan} scan @param {number} slab mm, or slices */
export function thickness(scan, slab) {
  const count = 2 * either(scan, 2, slab) + 1;
  if (count === 1) return t('slab.single');
  const slices = t('slab.slices', { count });
  return inMillimetres(scan) ? t('slab.both', { mm: t('unit.mm', { value: number(slab) }), slices }) : slices;
}
