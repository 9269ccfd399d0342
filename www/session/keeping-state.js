/** What the store holds of keeping the session. */

/**
 * @typedef {object} KeepingState
 * @property {'unknown' | 'on' | 'off' | 'unavailable'} phase
 * @property {number} bytes stored
 */

/** @type {KeepingState} */
export const keeping = { phase: 'unknown', bytes: 0 };
