/** The images that come with the page. */

/** How their files end, in the order in which they are offered: the real ones before those that a program drew. */
const FILES = /** @type {Record<string, string>} */ ({
  fundus: 'jpg',
  'nuclei-cells': 'png',
  'nuclei-fluorescence': 'png',
  'nuclei-stained': 'png',
  'em-membranes': 'png',
});

export const SAMPLES = Object.keys(FILES);

/** Whether it was not drawn by a program: it says where it is from. */
const REAL = new Set(['fundus', 'nuclei-cells']);

/** The words that say where one is from. @param {string} name */
export const originOf = (name) => (REAL.has(name) ? `sample.origin.${name}` : 'sample.origin');

/** What its file is called. @param {string} name */
export const sampleFile = (name) => `${name}.${FILES[name]}`;

/** Where one lies. @param {string} name */
export const sampleUrl = (name) => new URL(`../samples/${sampleFile(name)}`, import.meta.url);
