/** What the store holds of keeping the session, and why nothing is kept. */
import { inFull, KeepError } from '../../keep/store.js';
import { t } from '../../strings/t.js';

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
 * @property {'unknown' | 'on' | 'off' | 'ask' | 'never' | 'elsewhere' | 'newer' | 'unavailable' | 'broken'} phase `ask`: nothing is kept before a person has answered; `never`: the house wants nothing to be kept; `elsewhere`: another tab keeps its session; `newer`: a later version of the page has left one, which stays as it is; `broken`: it was kept until the storage failed
 * @property {number} bytes stored
 * @property {number} files stored
 * @property {Offer | null} offer
 * @property {boolean} restoring
 * @property {boolean} pending whether something is still to be stored
 * @property {boolean} full whether there was no room for all
 */

/** @type {KeepingState} */
export const keeping = {
  phase: 'unknown',
  bytes: 0,
  files: 0,
  offer: null,
  restoring: false,
  pending: false,
  full: false,
};

/**
 * Why nothing is kept; a session of a later version is told at once, since it is missed.
 * @param {unknown} error @param {{ say(text: string): void, journal: { note(line: string): void } }} session @returns {KeepingState['phase']}
 */
export function withoutKeeping(error, session) {
  session.journal.note(`keeping ${inFull(error)}`);
  const code = error instanceof KeepError ? error.code : 'unavailable';
  if (code === 'newer') session.say(t('keep.phase.newer'));
  return code === 'newer' || code === 'elsewhere' ? code : 'unavailable';
}
