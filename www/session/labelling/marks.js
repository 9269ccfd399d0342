/** Labels of files that lie on an image: DICOM SEG and RTSTRUCT by the images that they were drawn on, volumes of labels by where they lie. */
import { InsituError } from '../../insitu.js';
import { t } from '../../strings/t.js';

/** @typedef {import('../session.js').Session} Session */
/** @typedef {import('../state.js').Item} Item */

/** What such a file is called, if it is alone: also DICOM's names without an end. @param {string} name */
export const mayBeMarks = (name) => /\.(dcm|nii|nii\.gz|nrrd)$/i.test(name) || !name.includes('.');

/** Whether the name says that it cannot be compared with a mask as a picture can. @param {string} name */
export const isMarks = (name) => /\.(dcm|nrrd)$/i.test(name);

/** Between two looks whether the images were read, ms. */
const PAUSE = 100;

/** Once every file of the list was read, as far as it can be. @param {Session} session */
async function allRead(session) {
  while (session.state.items.some(({ state }) => state === 'waiting' || state === 'reading'))
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
}

/** The image that is shown first, then the others. @param {Session} session @returns {Item[]} */
function candidates({ state: { items, currentId } }) {
  const open = items.filter(({ scan }) => scan);
  return [...open.filter(({ id }) => id === currentId), ...open.filter(({ id }) => id !== currentId)];
}

/**
 * Lays the labels of a file over the first image that they fit.
 * @param {Session} session @param {File} file @returns {Promise<boolean>} false: they fit none, and nobody was told
 */
async function laid(session, file) {
  const app = await session.app;
  for (const item of candidates(session)) {
    const { scan } = item;
    if (!scan) continue;
    const found = await app.results.marks(scan, file).catch((error) => {
      if (['labels.elsewhere', 'label.shape'].includes(InsituError.from(error).code)) return null;
      throw error;
    });
    if (!found) continue;
    const doc = session.labelling.desk.document(item);
    if (doc === null) continue;
    const outcome = await session.labelling.desk.run((labels) => labels.importPages(doc, found.labels));
    if (!outcome) return true;
    session.store.set({ panel: 'label' });
    const first = outcome.at ?? { doc, slice: found.labels.pages[0]?.slice ?? item.slice };
    session.labelling.show(first.doc, first.slice);
    session.labelling.desk.drawAnew();
    const text = t('marks.done', { file: file.name, count: found.labels.pages.length, name: item.name });
    session.store.set({ notice: { kind: 'info', error: null, text, list: found.notes } });
    session.announce(text);
    return true;
  }
  return false;
}

/**
 * Lays files over images, when these are read. @param {Session} session @param {{ file: File, image: boolean }[]} marks `image`: it can be shown alone
 * @returns {Promise<File[]>} those that fit no image, and are some
 */
export async function layMarks(session, marks) {
  await allRead(session);
  const rest = [];
  for (const { file, image } of marks) {
    try {
      if (await session.labelling.desk.patiently(laid(session, file))) continue;
      if (image) rest.push(file);
      else session.fail(InsituError.of('marks.none', 'invalid', file.name));
    } catch (error) {
      session.fail(error);
    }
  }
  return rest;
}

/** The labelled slices of a file. @param {Session} session @param {number} itemId @returns {Promise<{ slice: number, values: Uint8Array }[]>} */
export async function pagesOf(session, itemId) {
  const { labelling } = session;
  labelling.desk.endStroke();
  const own = session.state.labelling.labelled.filter((one) => one.itemId === itemId);
  const read = (/** @type {number} */ slice) => labelling.desk.worker.call((labels) => labels.read(itemId, slice));
  return Promise.all(own.map(async ({ slice }) => ({ slice, values: await read(slice) })));
}
