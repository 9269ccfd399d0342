/** What the store holds of keeping the session. */

/**
 * @typedef {object} Offer what an earlier session left
 * @property {number} files
 * @property {number} models of one's own
 * @property {number} slices with labels
 * @property {{ step: number, steps: number, over: boolean } | null} training
 * @property {number} saved when it was kept last, ms
 *
 * @typedef {object} KeepingState
 * @property {'unknown' | 'on' | 'off' | 'ask' | 'never' | 'elsewhere' | 'unavailable'} phase `ask`: nothing is kept before a person has answered; `never`: the house wants nothing to be kept; `elsewhere`: another tab keeps its session
 * @property {number} bytes stored
 * @property {number} files stored
 * @property {Offer | null} offer
 * @property {boolean} restoring
 * @property {boolean} full whether there was no room for all
 */

/** @type {KeepingState} */
export const keeping = { phase: 'unknown', bytes: 0, files: 0, offer: null, restoring: false, full: false };
