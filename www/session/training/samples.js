/** What a training learns from: slices with labels, and the planes across them that somebody painted on. */
import { t } from '../../strings/t.js';
import { depthsOf } from '../labelling/volume.js';
import { isVolume, planeName } from '../volume/space.js';

/**
 * @typedef {import('../session.js').Session} Session
 * @typedef {import('../../training/request.js').LabelledSlice} Sample
 * @typedef {Awaited<ReturnType<Session['labelling']['samples']>>[number]} Labelled
 */

/**
 * @param {Session} session @param {boolean} single whether single objects are to be learnt where they were taken over as labels
 * @returns {Promise<{ samples: Sample[], objects: boolean, notes: { key: string, values: Record<string, string> }[] }>} `objects`: whether they are;
 *   `notes`: what a person should know of the planes
 */
export async function samplesOf(session, single) {
  const labelled = await session.labelling.samples();
  const objects = single && session.state.labelling.classes.length === 1 && labelled.some((one) => one.objects);
  // Objects are told apart on slices.
  if (objects) return { samples: labelled, objects, notes: [] };
  const { slices, planes } = await parted(session, labelled);
  const samples = [...slices.map((sample) => ({ ...sample, objects: undefined })), ...planes];
  if (planes.length === 0) return { samples, objects, notes: [] };
  return { samples, objects, notes: [{ key: 'train.note.planes', values: { planes: told(slices.length, planes) } }] };
}

/** Slices that somebody painted on, and planes across. @param {Session} session @param {Labelled[]} labelled */
async function parted(session, labelled) {
  /** Volumes with labels, by file and first slice. @type {Map<string, Labelled>} */
  const volumes = new Map();
  for (const one of labelled)
    if (isVolume(one.scan)) volumes.set(`${one.itemId}/${depthsOf(one.scan, one.slice).first}`, one);
  /** @type {Set<string>} */
  const crossed = new Set();
  /** @type {(Sample & { axis: number })[]} */
  const planes = [];
  for (const { itemId, scan, slice } of volumes.values()) {
    const depths = depthsOf(scan, slice);
    const found = await session.labelling.desk.worker.call((labels) => labels.paintedPlanes(itemId, depths));
    for (const { axis, index } of found.across) {
      const values = await session.labelling.desk.worker.call((labels) =>
        labels.labelPlane(itemId, depths, axis, index),
      );
      planes.push({ scan, slice: depths.first, axis, index, labels: values });
    }
    for (const one of found.crossed) crossed.add(`${itemId}/${one}`);
  }
  return { slices: labelled.filter(({ itemId, slice }) => !crossed.has(`${itemId}/${slice}`)), planes };
}

/** So many slices, and planes of each orientation. @param {number} slices @param {(Sample & { axis: number })[]} planes */
function told(slices, planes) {
  /** @type {Map<ReturnType<typeof planeName>, number>} */
  const counts = new Map();
  for (const { scan, axis } of planes) {
    const name = planeName(scan, axis);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const parts = [...counts].map(([name, count]) => t(`train.planes.${name}`, { count }));
  if (slices > 0) parts.unshift(t('train.planes.slices', { count: slices }));
  return parts.join(', ');
}
