/** Words of the guided tour; see `en.js`. */

/** @type {Record<string, string | Record<string, string>>} */
export const tour = {
  'tour.take': 'Take the tour',
  'tour.take.title':
    'Six short steps on the samples: the mask, the threshold, tiles, skip connections, border weights, learning from five strokes',
  'tour.busy': 'A training is running. Take the tour when it is over.',
  'tour.region': 'Guided tour: {title}',
  'tour.progress': '{step} of {all}',
  'tour.said': 'Guided tour, {progress}: {title}. {why} {now}',
  'tour.done': 'Done.',
  'tour.show': 'Show me where',
  'tour.skip': 'Skip this step',
  'tour.end': 'End the tour',
  'tour.strokes': '{count} of {all} so far.',
  'tour.now.wait': 'The sample is being opened and segmented.',
  'tour.now.open': 'Press “{inside}”.',
  'tour.now.tab': 'Choose “{tab}”.',
  'tour.mask.title': 'The mask',
  'tour.mask.why': 'The network has looked at every pixel and coloured those that it takes for a part of a nucleus.',
  'tour.mask.hide': 'Untick “{mask}” (or press M) to compare the mask with the image.',
  'tour.mask.show': 'Now tick it again.',
  'tour.threshold.title': 'The threshold',
  'tour.threshold.why':
    'The network gives each pixel a probability, and the mask is where it lies above the threshold.',
  'tour.threshold.move':
    'Move “{threshold}” far to one side and watch the rims of the nuclei: the network need not run again.',
  'tour.tiles.title': 'Overlap-tile',
  'tour.tiles.why':
    'A large image does not fit into memory at once, so it is cut into tiles; each sees more than is kept of it, and no seam shows.',
  'tour.tiles.size': 'Choose a size of 256 pixels and see how the image is cut.',
  'tour.skip.title': 'Skip connections',
  'tour.skip.why':
    'On its way down the network finds out what is there and loses where; skip connections (dashed) carry the fine detail across to the way up.',
  'tour.skip.block':
    'Choose the block “{block}” at the top right and compare its maps with those of the way down. “{reach}”, further down, shows how much one pixel sees.',
  'tour.borders.title': 'Border weights',
  'tour.borders.why':
    'While a network learns, a mistake in the narrow gap between two nuclei costs more, or nuclei that touch would become one.',
  'tour.borders.look': 'The weights are being computed for this image.',
  'tour.learn.title': 'Learning from five strokes',
  'tour.learn.why':
    'This model knows nuclei and has never seen an electron micrograph: a few strokes teach it to mark membranes in the place of nuclei.',
  'tour.learn.close': 'Look as long as you like, then close this view.',
  'tour.learn.brush': 'Take the tool “{brush}”.',
  'tour.learn.paint':
    'Paint five strokes: three along dark membranes, then choose “{background}” and paint two inside cells. {strokes}',
  'tour.learn.both': 'These strokes are all of one kind: choose the other one and paint some of it, too.',
  'tour.learn.train': 'Open the panel “{train}”.',
  'tour.learn.again': 'Press “{again}”: the training before makes room.',
  'tour.learn.start': 'Press “{start}”.',
  'tour.learn.watch': 'Watch the curve and the image. “{cancel}” ends it whenever you have seen enough.',
  'tour.over.title': 'That was the tour',
  'tour.over.why': 'You have seen a U-Net work and learn in this tab, and nothing has left it.',
  'tour.over.now': 'The samples and their labels can go or stay; your own files are as they were.',
  'tour.over.remove': 'Take the samples off the list',
  'tour.over.keep': 'Keep them and close',
  'tour.over.said': '{title}. {why} {now}',

  'error.tour.fetch': 'The tour could not be loaded from the server of this page. Check the network and try again.',
};
