/** Words of `<insitu-viewer>`, in pages of others. */

/** @type {Record<string, string | Record<string, string>>} */
export const viewer = {
  'viewer.name': 'Image with what {model} found',
  'viewer.name.bare': 'Image',
  'viewer.fetching': 'Fetching the image',
  'viewer.share': '{title}: {percent}',
  'error.viewer.fetch':
    'The image could not be fetched. Its address may be wrong, or the server does not give it to this page.',
  'error.viewer.threshold': 'The threshold must be a number from 0 to 1.',
};
