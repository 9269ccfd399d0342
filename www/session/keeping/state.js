/** What the store holds of keeping the session. */

/**
 * @typedef {import('../session.js').Session} Session
 * @typedef {Pick<Session, 'store' | 'state' | 'say' | 'announce' | 'fail'> & {
 *   journal: Pick<Session['journal'], 'hide' | 'note'>,
 *   models: Pick<Session['models'], 'list' | 'byId'>,
 *   files: Pick<Session['files'], 'startAfter' | 'restore'>,
 *   labelling: Pick<Session['labelling'], 'onChange' | 'store' | 'restore' | 'storeOrder' | 'restoreOrder'>,
 *   training: Pick<Session['training'], 'restoreTraining'>,
 * }} SessionToKeep what keeping knows of the session
 *
 * @typedef {object} Offer what an earlier session left
 * @property {number} files
 * @property {number} models of one's own
 * @property {number} slices with labels
 * @property {{ step: number, steps: number, over: boolean } | null} training
 * @property {number} saved when it was kept last, ms
 *
 * @typedef {object} KeepingState
 * @property {'unknown' | 'on' | 'off' | 'ask' | 'never' | 'elsewhere' | 'unavailable' | 'broken'} phase `ask`: nothing is kept before a person has answered; `never`: the house wants nothing to be kept; `elsewhere`: another tab keeps its session; `broken`: it was kept until the storage failed
 * @property {number} bytes stored
 * @property {number} files stored
 * @property {Offer | null} offer
 * @property {boolean} restoring
 * @property {boolean} full whether there was no room for all
 */

/** @type {KeepingState} */
export const keeping = { phase: 'unknown', bytes: 0, files: 0, offer: null, restoring: false, full: false };
