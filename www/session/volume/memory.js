/** How a person likes to look at volumes, from one visit to the next. */

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

/** The browser may refuse to remember anything: then it is so until the page is closed. @param {Liked} [liked] to be remembered @returns {Partial<Liked>} */
export function memory(liked) {
  try {
    if (liked) localStorage.setItem(PLACE, JSON.stringify(liked));
    return remembered(localStorage.getItem(PLACE));
  } catch {
    return {};
  }
}
