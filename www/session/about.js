/** What is told of an image beside its name, before and after it is opened. */
import { dateText, voxelText } from '../strings/format.js';
import { t } from '../strings/t.js';

/** @typedef {Pick<import('./state.js').Item, 'scan' | 'series'>} Item */

/** `CT · 240 slices · 0.7 × 0.7 × 1.25 mm`, as far as it is known; of a plain picture nothing. @param {Item} item */
export function factsOf({ scan, series }) {
  const modality = scan?.modality ?? series?.modality;
  const slices = scan?.planes.slices ?? series?.slices ?? 1;
  if (!modality && slices < 2) return '';
  const facts = [modality, slices > 1 && t('series.slices', { count: slices }), scan && voxelText(scan.spacing)];
  return facts.filter(Boolean).join(' · ');
}

/** What a person should know of it, in sentences. @param {Item} item @returns {string[]} */
export const notesOf = ({ scan, series }) => [...new Set([...(series?.notes ?? []), ...(scan?.notes ?? [])])];

/** When it was made; empty if that is not known. @param {Item} item */
export const dateOf = ({ series }) => (series?.date ? dateText(series.date) : '');
