/** What a training learns from: slices with labels, and the planes across them that somebody painted on. */
import { listed } from '../../strings/format.js';
import { t } from '../../strings/t.js';
import { depthsOf } from '../labelling/volume.js';
import { isVolume, planeName } from '../volume/space.js';

/**
 * @typedef {import('../session.js').Session} Session
 * @typedef {import('../../insitu.js').Scan} Scan
 * @typedef {import('../../training/request.js').LabelledSlice} Sample
 * @typedef {{ itemId: number, scan: Scan, slice: number }} Place a slice with labels
 * @typedef {{ itemId: number, scan: Scan, depths: ReturnType<typeof depthsOf>, axis: number, index: number }} Across a plane
 */

/**
 * @param {Session} session @param {boolean} single whether single objects are to be learnt where they were taken over as labels
 * @returns {Promise<{ samples: Sample[], objects: boolean, notes: { key: string, values: Record<string, string> }[] }>} `objects`: whether they are;
 *   `notes`: what a person should know of the planes
 */
export async function samplesOf(session, single) {
  const { labelling, state } = session;
  const labelled = await labelling.samples();
  const objects = single && state.labelling.classes.length === 1 && labelled.some((one) => one.objects);
  // Objects are told apart on slices.
  if (objects) return { samples: labelled, objects, notes: [] };
  const { slices, planes } = await parted(session, labelled);
  /** @type {Sample[]} */
  const samples = slices.map((sample) => ({ ...sample, objects: undefined }));
  for (const { itemId, scan, depths, axis, index } of planes) {
    const labels = await labelling.desk.worker.call((all) => all.labelPlane(itemId, depths, axis, index));
    samples.push({ scan, slice: depths.first, axis, index, labels });
  }
  const values = { planes: told(slices.length, planes) };
  return { samples, objects, notes: planes.length > 0 ? [{ key: 'train.note.planes', values }] : [] };
}

/** One image without labels: what a training is taken up with whose labels have gone. @param {Session['state']} state @returns {Sample[]} */
export function unlabelled({ items }) {
  const found = items.find(({ scan }) => scan);
  if (!found?.scan) return [];
  const { scan, slice } = found;
  return [{ scan, slice, labels: new Uint8Array(scan.width * scan.height).fill(255) }];
}

/** So many slices, and planes of each orientation, in words; null if nobody painted on planes across slices. @param {Session} session @returns {Promise<string | null>} */
export async function planesTold(session) {
  const { items, labelling } = session.state;
  const places = labelling.labelled.flatMap(({ itemId, slice }) => {
    const scan = items.find((item) => item.id === itemId)?.scan;
    return scan ? [{ itemId, scan, slice }] : [];
  });
  const { slices, planes } = await parted(session, places);
  return planes.length > 0 ? told(slices.length, planes) : null;
}

/**
 * Slices that somebody painted on, and planes across.
 * @template {Place} P @param {Session} session @param {P[]} labelled @returns {Promise<{ slices: P[], planes: Across[] }>}
 */
async function parted(session, labelled) {
  /** Volumes with labels, by file and first slice. @type {Map<string, P>} */
  const volumes = new Map();
  for (const one of labelled)
    if (isVolume(one.scan)) volumes.set(`${one.itemId}/${depthsOf(one.scan, one.slice).first}`, one);
  /** @type {Set<string>} */
  const crossed = new Set();
  /** @type {Across[]} */
  const planes = [];
  for (const { itemId, scan, slice } of volumes.values()) {
    const depths = depthsOf(scan, slice);
    const found = await session.labelling.desk.worker.call((all) => all.paintedPlanes(itemId, depths));
    planes.push(...found.across.map((place) => ({ itemId, scan, depths, ...place })));
    for (const one of found.crossed) crossed.add(`${itemId}/${one}`);
  }
  return { slices: labelled.filter(({ itemId, slice }) => !crossed.has(`${itemId}/${slice}`)), planes };
}

/** @param {number} slices @param {Across[]} planes */
function told(slices, planes) {
  /** @type {Map<ReturnType<typeof planeName>, number>} */
  const counts = new Map();
  for (const { scan, axis } of planes) {
    const name = planeName(scan, axis);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const parts = [...counts].map(([name, count]) => t(`train.planes.${name}`, { count }));
  if (slices > 0) parts.unshift(t('train.planes.slices', { count: slices }));
  return listed(parts);
}
