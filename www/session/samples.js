/** The images that come with the page. */

/** In the order in which they are offered. */
export const SAMPLES = ['nuclei-fluorescence', 'nuclei-stained', 'em-membranes'];

/** Where one lies. @param {string} name */
export const sampleUrl = (name) => new URL(`../samples/${name}.png`, import.meta.url);
