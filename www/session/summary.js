/** What a model of a person's own says of itself, in a sentence. */
import { t } from '../strings/t.js';

/** What the engine writes of labels that a person painted; it stands last in the history of a model that was trained so. */
const BY_HAND = 'labels made by hand';

/**
 * A model that went on from another one still has the sentence of that one in its file, which is not true of it any more.
 * @param {Pick<import('../insitu.js').Card, 'title' | 'summary' | 'training'>} card @returns {string}
 */
export function summaryOf({ summary, training }) {
  const from = training?.from ?? '';
  const byHand = Boolean(training?.data.endsWith(BY_HAND));
  if (!byHand && !from) return summary ?? '';
  if (!byHand) return t('summary.from', { title: from, data: training?.data ?? '' });
  return from ? t('summary.hand.from', { title: from }) : t('summary.hand');
}
