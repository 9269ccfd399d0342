/** What would be lost if the tab were closed now. */
import { learns } from '../training/state.js';

/**
 * @typedef {object} Stored
 * @property {boolean} writing whether something is being stored at this moment
 * @property {number} changed files whose labels have changed since they were stored
 * @property {Set<number>} files
 * @property {Map<string, File>} models
 * @property {boolean} training whether the training is stored as it was at its last validation
 */

/** A model that came out of a training here; one that was brought along lies somewhere else, too. @param {import('../state.js').Model} model */
const trained = ({ id, file }) => /(^|-)taught-\d+$/.test(id) && file instanceof File && file.size > 0;

/**
 * Whether labels, a trained model or a training under way would be lost.
 * @param {Pick<import('../state.js').State, 'keeping' | 'labelling' | 'models' | 'training'>} state @param {Stored} stored
 */
export function losesWork({ keeping, labelling, models, training }, stored) {
  if (keeping.phase !== 'on') return labelling.labelled.length > 0 || learns(training) || models.some(trained);
  return (
    stored.writing ||
    stored.changed > 0 ||
    labelling.labelled.some(({ itemId }) => !stored.files.has(itemId)) ||
    models.some((model) => trained(model) && stored.models.get(model.id) !== model.file) ||
    (learns(training) && !stored.training)
  );
}

/** The browser asks before it closes the tab, if that would lose work. @param {{ losesWork: boolean, flush(): Promise<void> }} keeping */
export function askBeforeLeaving(keeping) {
  globalThis.addEventListener?.('beforeunload', (event) => {
    if (!keeping.losesWork) return;
    event.preventDefault();
    // Perhaps it is stored before the question is answered.
    void keeping.flush();
  });
}

let asked = false;
/** Asks once, when there is work, that a browser short of room does not throw away what it keeps. */
export function askToHold() {
  if (!asked) void globalThis.navigator?.storage?.persist?.().catch(() => {});
  asked = true;
}
