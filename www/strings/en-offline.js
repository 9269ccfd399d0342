/** Words about working without the network, new versions, and what a house sets; see `en.js`. */

/** @type {Record<string, string | Record<string, string>>} */
export const offline = {
  'offline.title': 'Works offline',
  'offline.short.ready': 'Works offline',
  'offline.short.loading': 'Getting ready for offline',
  'offline.short.none': 'Online only',
  'offline.short.failed': 'Online only',
  'offline.short.update': 'New version',
  'offline.ready':
    'Ready to work without a network: this page opens again without it, also after the browser was closed.',
  'offline.loading': 'Getting ready to work without a network: downloading {done} of {total}.',
  'offline.beginning': 'Getting ready to work without a network.',
  'offline.none':
    'This page cannot work without a network here: the browser keeps nothing for it (a private window, or a page without https). With a network, everything works.',
  'offline.failed':
    'This page cannot work without a network yet: what came from the server was not whole. With a network, everything works; it is tried again when the page is loaded the next time.',
  'offline.models': 'Models that are there without a network',
  'offline.wish.all': 'All ({size})',
  'offline.wish.all.title': 'Every model that comes with this page is kept on this computer',
  'offline.wish.used': 'Only those that were used',
  'offline.wish.used.title': 'A model is kept on this computer once it was used; the others need the network',
  'offline.model.here': '{title}: here, {size}',
  'offline.model.away': '{title}: needs the network, {size}',
  'offline.what':
    'The parts of this page and its models are kept in the storage that this browser has for it, each checked for being whole. Your images are not among them.',
  'offline.update.waits': 'A new version of this page is ready.',
  'offline.update.taken': 'Another tab has taken a new version of this page.',
  'offline.update.kept':
    'It is taken when you say so, never by itself. Your session is kept first and comes back in the new version; a training goes on from its last validation.',
  'offline.update.notKept':
    'It is taken when you say so, never by itself. This session is not kept: save labels and models that you need first.',
  'offline.take': 'Load the new version',
  'offline.taking': 'Loading …',

  'house.broken':
    'The settings of this page, config.json, are no valid JSON and are left out until the file is mended ({why}). Until then nothing is kept without asking.',
  'house.noObject':
    'The settings of this page, config.json, must be an object in braces and are left out. Until then nothing is kept without asking.',
  'house.unknown': 'In config.json “{name}” means nothing here. Known are: {known}.',
  'house.wrong': 'In config.json “{name}” must be {what}. It is left out.',
  'house.must.keep': '"keep", "ask" or "forget"',
  'house.must.keepDays': 'a number of days above 0 and up to 3650',
  'house.must.languages': 'a list of languages, such as ["en", "de"]',
  'house.must.models': 'a list of models by their ids, such as ["nuclei"]',
  'house.must.defaultModel': 'ids of models by modality, such as "US": "fetal-head", in braces',
  'house.must.notice': 'a text of at most 1000 letters',
  'house.model': 'config.json names a model that does not come with this page: {id}.',
};
