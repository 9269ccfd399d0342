/** Why a model was chosen for an image, or none was, in words. */
import { t } from '../strings/t.js';

/** @typedef {import('../insitu.js').Suggestion} Suggestion */

/** @param {Suggestion} suggestion */
const facts = ({ modality, kind }) => ({ modality: modality ?? '', kind: kind ? t(`kind.${kind}`) : '' });

/** Why the model in use was chosen, or is not to be relied on. @param {Suggestion} suggestion */
export const reason = (suggestion) => t(`suggest.${suggestion.reason}`, facts(suggestion));

/** Why nothing was marked. @param {Suggestion} suggestion */
export const nothing = (suggestion) =>
  suggestion.others.length === 1 ? t('unsuited.this') : t(`unsuited.${suggestion.reason}`, facts(suggestion));

/** The warning that a model was not made for the image that is shown: it stays as long as that is so. @param {import('../session/session.js').Session} session @returns {string | null} */
export function doubt(session) {
  const found = session.models.doubt();
  return found && reason(found);
}
