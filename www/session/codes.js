/** What classes are in the patient: codes that DICOM files and 3D Slicer's hold. Chosen by hand, or what a name says. */

/**
 * @typedef {import('./session.js').Session} Session
 * @typedef {import('../wire/results.js').Volume} Volume
 */

/** Kinds of files that hold them. @type {Volume[]} */
const CODED = ['seg', 'rtstruct', 'nrrd', 'probability-seg'];

/** @param {string} kind */
export const holdsCodes = (kind) => CODED.some((coded) => coded === kind);

/** What was chosen for each class by its name; empty: what the name says. @param {import('./state.js').State} state @param {{ name: string }[]} classes */
export function chosenCodes({ codes, constants }, classes) {
  const known = new Set(constants?.properties.map(({ id }) => id));
  return classes.map(({ name }) => (known.has(codes[name] ?? '') ? codes[name] : ''));
}

/** What the names themselves say. @param {Session} session @param {string[]} names @returns {Promise<string[]>} */
export async function saidCodes(session, names) {
  return (await session.app).results.codes(names);
}

/** @param {Session} session @param {string} name of a class @param {string} id */
export function chooseCode({ store }, name, id) {
  store.set({ codes: { ...store.state.codes, [name]: id } });
}

/** A class that is called otherwise is what it was. @param {Session} session @param {string} from @param {string} to */
export function carryCode(session, from, to) {
  const { codes } = session.state;
  if (codes[from] && !codes[to]) chooseCode(session, to, codes[from]);
}
