/** Words of the panel Train; see `en.js`. */

/** @type {Record<string, string | Record<string, string>>} */
export const train = {
  'panel.train-tab': 'Train',
};
