/** How a person likes to look at volumes, from one visit to the next. */
import { stored } from '../../stored.js';

const PLACE = 'insitu.volume';

/** @typedef {Pick<import('./state.js').VolumeState, 'views' | 'radiological' | 'rate'>} Liked */

/** What was remembered, as far as it makes sense. @param {string | null} text @returns {Partial<Liked>} */
export function remembered(text) {
  try {
    const { views, radiological, rate } = JSON.parse(text ?? '{}') ?? {};
    const said = (/** @type {unknown} */ value) => (typeof value === 'boolean' ? value : null);
    return {
      ...(views && { views: { patient: said(views.patient), other: said(views.other) } }),
      ...(typeof radiological === 'boolean' && { radiological }),
      ...(Number.isFinite(rate) && { rate: Math.min(Math.max(rate, 5), 30) }),
    };
  } catch {
    return {};
  }
}

/** @param {Liked} [liked] to be remembered @returns {Partial<Liked>} */
export const memory = (liked) => remembered(stored(PLACE, liked && JSON.stringify(liked)));
