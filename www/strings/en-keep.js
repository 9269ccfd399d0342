/** Words about keeping the session; see `en.js`. */

/** @type {Record<string, string | Record<string, string>>} */
export const keep = {
};
