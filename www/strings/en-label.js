/** Words of the panel Label and of painting; see `en.js`. */

/** @type {Record<string, string | Record<string, string>>} */
export const label = {
  'panel.label-tab': 'Label',
};
