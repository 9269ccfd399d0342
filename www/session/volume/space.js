/** Which planes of a scan are shown, and where: pure functions of the scan and of how it is looked at. */
import { atDepth, depthOf } from '../../insitu.js';
import { drawnAt } from '../channels/mix.js';

/**
 * @typedef {import('../../insitu.js').Scan} Scan
 * @typedef {import('./state.js').VolumeState} VolumeState
 * @typedef {import('./state.js').Voxel} Voxel
 * @typedef {Pick<import('../state.js').Item, 'id' | 'slice'> & { scan: Scan }} Shown
 * @typedef {{ left: string, right: string, top: string, bottom: string }} Letters
 */

export { atDepth, depthOf };

/** From so few depths on, sections across the slices show something. */
const DEEP = 8;

/** @param {Scan | null | undefined} scan @returns {scan is Scan} */
export const isVolume = (scan) => (scan?.planes.depths ?? 1) > 1;

/** Whether the file tells where the patient lies. @param {Scan} scan */
export const inPatient = (scan) => Boolean(scan.geometry);

/** Columns, rows, depths. @param {Scan} scan @returns {Voxel} */
export const sizesOf = ({ width, height, planes }) => [width, height, planes.depths];

/** Where the file's kind of scan keeps whether three views are wanted. @param {Scan} scan @returns {'patient' | 'other'} */
export const kindOf = (scan) => (inPatient(scan) ? 'patient' : 'other');

/** Whether three views are shown of a scan. @param {Scan | null | undefined} scan @param {VolumeState} volume */
export function threeViews(scan, { views, roomy }) {
  if (!isVolume(scan)) return false;
  return views[kindOf(scan)] ?? (inPatient(scan) && scan.planes.depths >= DEEP && roomy);
}

/** Distances between columns, rows and slices, mm; null where the file does not give all of them. @param {Scan} scan */
export function distances({ spacing }) {
  return spacing?.z ? /** @type {Voxel} */ ([spacing.x, spacing.y, spacing.z]) : null;
}

/** Slices closer than this are of a microscope: slabs are told in slices, mm. */
const CLOSE = 0.1;

/** Whether the thickness of a slab is told in mm; else in slices. @param {Scan} scan */
export const inMillimetres = (scan) => (distances(scan)?.[2] ?? 0) >= CLOSE;

/** In what volumes of pieces are told: a microscope's are too small for mm³. @param {Scan} scan @returns {'ml' | 'mm3' | 'voxels'} */
export const volumeUnit = (scan) =>
  !distances(scan) || !inMillimetres(scan) ? 'voxels' : inPatient(scan) ? 'ml' : 'mm3';

/** Planes on either side of one that stands upright on an axis which are projected with it. @param {Scan} scan @param {number} axis @param {number} slab mm, or planes */
export function either(scan, axis, slab) {
  if (!isVolume(scan)) return 0;
  const apart = (inMillimetres(scan) && distances(scan)?.[axis]) || 1;
  return Math.min(Math.round(slab / 2 / apart), sizesOf(scan)[axis]);
}

/** Whether the large view shows more than one slice at once. @param {Scan | null | undefined} scan @param {VolumeState} volume */
export const projected = (scan, { slab }) => isVolume(scan) && either(scan, 2, slab) > 0;

/** How slices are shown besides their window; nothing if as they are. @param {Scan} scan @param {VolumeState} volume @returns {import('../../api.d.ts').Look | undefined} */
export function lookOf(scan, { inverted, slab, projection }) {
  const look = { inverted: inverted && scan.channels === 1, slab: either(scan, 2, slab), projection };
  return look.inverted || look.slab > 0 ? look : undefined;
}

/** The voxel on which the crosshair stands. @param {Shown} item @param {VolumeState} volume @returns {Voxel} */
export function voxelOf({ id, scan, slice }, { crosses }) {
  const { x, y } = crosses[id] ?? { x: Math.floor(scan.width / 2), y: Math.floor(scan.height / 2) };
  return [x, y, depthOf(scan, slice)];
}

/** Whether slices are shown mirrored: their columns run between right and left, and the left of the patient is to be at the left. @param {Scan | null | undefined} scan @param {VolumeState} volume */
export function mirrored(scan, { radiological }) {
  const across = scan?.geometry?.letters[0]?.[0];
  return !radiological && (across === 'R' || across === 'L');
}

/** What lies at the four sides of the slices. @param {Scan | null | undefined} scan @param {VolumeState} volume @returns {Letters | null} */
export function lettersOf(scan, volume) {
  const letters = scan?.geometry?.letters;
  if (!letters) return null;
  const [[begin, end], [top, bottom]] = letters;
  return mirrored(scan, volume) ? { left: end, right: begin, top, bottom } : { left: begin, right: end, top, bottom };
}

/** How a plane lies in the patient, by the axis that stands upright on it. @param {Scan} scan @param {number} axis @returns {'axial' | 'coronal' | 'sagittal' | 'yz' | 'xz' | 'xy'} */
export function planeName(scan, axis) {
  const letter = scan.geometry?.letters[axis]?.[0];
  if (!letter) return /** @type {const} */ (['yz', 'xz', 'xy'])[axis];
  return 'RL'.includes(letter) ? 'sagittal' : 'AP'.includes(letter) ? 'coronal' : 'axial';
}

/** What the engine is asked for one of the small views. @param {import('../channels/mix.js').Shown & Shown} item @param {number} axis @param {VolumeState} volume @returns {import('../../api.d.ts').PlaneRequest} */
export function requestOf(item, axis, volume) {
  const { scan } = item;
  const { slice, window, mix } = drawnAt(item);
  // Any slice stands for its channel and time: the first, so that another depth asks for nothing new.
  return {
    axis,
    index: voxelOf(item, volume)[axis],
    slice: atDepth(scan, slice, 0),
    center: window.center,
    width: window.width,
    inverted: volume.inverted && scan.channels === 1,
    slab: either(scan, axis, volume.slab),
    projection: volume.projection,
    neurological: !volume.radiological,
    mix,
  };
}
