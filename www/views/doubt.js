/** The warning that a model was not made for the image that is shown: it stays as long as that is so. */
import { t } from '../strings/t.js';

/** @param {import('../session/session.js').Session} session @returns {string | null} */
export function doubt(session) {
  const found = session.models.doubt();
  return found && t(`suggest.${found.reason}`, { modality: found.modality ?? '' });
}
