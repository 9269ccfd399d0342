/** Deutsch: `en-viewer.js`. */

/** @type {import('./t.js').Table} */
export const viewer = {
  'viewer.name': 'Bild mit dem, was {model} gefunden hat',
  'viewer.name.bare': 'Bild',
  'viewer.fetching': 'Das Bild wird geholt',
  'viewer.share': '{title}: {percent}',
  'error.viewer.fetch':
    'Das Bild ließ sich nicht holen. Vielleicht stimmt seine Adresse nicht, oder der Server gibt es dieser Seite nicht.',
  'error.viewer.threshold': 'Der Schwellenwert muss eine Zahl von 0 bis 1 sein.',
};
