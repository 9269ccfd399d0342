/** Words of the view “Inside the network”; see `en.js`. */

/** @type {Record<string, string | Record<string, string>>} */
export const inside = {
  'inside.open': 'Look inside the network',
  'inside.open.title':
    'How the network works, shown on this image: its blocks, its feature maps, tiles, border weights, augmentation (I)',
  'inside.title': 'Inside the network “{model}”: {name}',
  'inside.tabs': 'What to look at',
  'inside.tab.network': 'The network',
  'inside.tab.tiles': 'Tiles',
  'inside.tab.borders': 'Border weights',
  'inside.tab.copies': 'Augmentation',
  'inside.tab.window': 'Sliding window',
  'inside.lead':
    'The image goes down on the left, becoming smaller while the network gathers what is in it, and up on the right, where it finds out again where that is. Choose a block to see what it makes of your image.',
  'inside.drawing':
    'The network as a drawing. Arrow keys walk through its blocks, Enter shows the feature maps of one.',
  'inside.network.working': 'Drawing the network',
  'inside.maps.working': 'Computing the feature maps',
  'inside.stop': 'Stop',
  'inside.stopped': 'Stopped.',
  'inside.again': 'Try again',
  'inside.block': '{maps} {width} × {height}: {name}',
  'inside.box.maps': { one: '{count} map', other: '{count} maps' },
  'inside.box.image': 'image',
  'inside.box.output': 'L{level}: {maps}',
  'inside.crop': 'cropped by {margin} px a side',

  'inside.name.input': 'The image',
  'inside.name.down': 'Way down, level {level}',
  'inside.name.bottom': 'Bottom, level {level}',
  'inside.name.up': 'Way up, level {level}',
  'inside.name.across': 'Level {level}, step {step} of the skip path',
  'inside.name.enlarge': 'Up-convolution to level {level}',
  'inside.name.pool': 'Max-pooling to level {level}',
  'inside.name.crop': 'Crop, level {level}',
  'inside.name.join': 'Joining, level {level}',
  'inside.name.output': 'Output',
  'inside.name.outputs': 'Output {number} of {count} (L{number})',
  'inside.about.input':
    'This is what the network gets: the grey values brought into one range, and the image mirrored beyond its border.',
  'inside.about.down':
    'Each map looks for one thing, such as an edge or a spot. At the top these are small details; a level further down, every pixel sees twice as much around it.',
  'inside.about.bottom':
    'Here the maps are smallest and most numerous: they tell best what is in the image, and worst where exactly.',
  'inside.about.up':
    'What came up from below says what is there; the skip connection adds the fine detail of where. The convolutions bring the two together.',
  'inside.about.across':
    'A block between the way down and the way up: it joins what comes up from below with all that was found before on its level.',
  'inside.about.enlarge': 'The maps become twice as wide and high again; how their pixels are filled in was learnt.',
  'inside.about.copied':
    'The maps become twice as wide and high again: every pixel is copied to 2 × 2 pixels or blended with its neighbours, and nothing is learnt here.',
  'inside.about.output':
    'One map for each answer: the brighter a pixel, the more the network is for it. Turned into probabilities and cut at the threshold, this is the mask.',

  'inside.channels': 'Channels',
  'inside.maps': 'Feature maps',
  'inside.size': 'Size of each',
  'inside.parameters': 'Parameters',
  'inside.work': 'Multiply-adds',
  'inside.work.tile': '{count} a tile',
  'inside.steps': 'Steps in this block',
  'inside.op.input': 'image',
  'inside.op.convolution': '{kernel} × {kernel} convolution',
  'inside.op.strided': '{kernel} × {kernel} convolution with stride 2',
  'inside.op.transposed': '{kernel} × {kernel} transposed convolution',
  'inside.op.norm': 'batch normalisation',
  'inside.op.instance': 'instance normalisation',
  'inside.op.relu': 'ReLU',
  'inside.op.activation': 'activation',
  'inside.op.pool': 'max-pooling',
  'inside.op.enlarge': 'enlarging twofold',
  'inside.op.interpolate': 'bilinear enlarging twofold',
  'inside.op.crop': 'crop',
  'inside.op.concatenate': 'joining',
  'inside.op.dropout': 'dropout, while learning',

  'inside.sums': 'The whole network',
  'inside.tile': 'Tile',
  'inside.tile.of': '{size}, one of {count}',
  'inside.output': 'Output',
  'inside.field': 'Receptive field',
  'inside.memory': 'Memory',
  'inside.legend.pool': 'Down a level: half the size',
  'inside.legend.up': 'Up-convolution: twice the size',
  'inside.legend.skip': 'Skip connection: copied across',
  'inside.legend.cropped': 'Skip connection: cropped, copied across',
  'inside.legend.box': 'Taller blocks have larger maps, wider ones have more of them.',
  'inside.legend.whole': 'Sizes are in pixels: the image, {image}, and a mirrored margin make {tile}.',
  'inside.legend.part': 'Sizes are in pixels, for one of {count} tiles of the image.',

  'inside.grid': 'Feature maps of: {name}',
  'inside.grid.how':
    'Bright is where a map answers most, dark where it answers least; each has a range of its own. Click one to enlarge it.',
  'inside.grid.whole': 'The whole image is shown, with its mirrored margin.',
  'inside.grid.part': 'One tile from the middle of the image is shown.',
  'inside.grid.map': 'Map {number} of {count}: black is {low}, white is {high}',
  'inside.grid.flat': 'Map {number} of {count}: the same everywhere, {low}',
  'inside.grid.background': 'background',
  'inside.grid.interior': '{name}',
  'inside.grid.inner': 'inside of {name}',
  'inside.grid.distance': 'distance to the rim of {name}',
  'inside.grid.boundary': 'rim of {name}',
  'inside.more': 'Show {count} more of {all}',

  'inside.reach': 'The receptive field on the image',
  'inside.reach.working': 'Preparing the image',
  'inside.reach.picture': 'The image, with the square that one pixel of the result can depend on',
  'inside.reach.means':
    'The result at the white point can depend on all that lies inside the square, {field} pixels wide, and on nothing outside of it. Click on the image, or move the sliders.',
  'inside.reach.across': 'Across',
  'inside.reach.down': 'Down',

  'inside.table': 'All layers as a table',
  'inside.table.block': 'Block',
  'inside.table.steps': 'Layers',
  'inside.table.size': 'Size of each (px)',
  'inside.table.all': 'Together, for one tile',

  'inside.words': 'What the words mean',
  'inside.word.map': 'Feature map (channel)',
  'inside.means.map':
    'A picture that says for each place how much of one thing is there; the network learnt which things to look for.',
  'inside.word.level': 'Level',
  'inside.means.level':
    'All blocks whose maps have the same size; each level down has maps half as wide and half as high.',
  'inside.word.convolution': 'Convolution',
  'inside.means.convolution':
    'A small window slides over all maps, and each pixel of the result is a sum of what lies under the window, weighted by learnt numbers.',
  'inside.word.pool': 'Max-pooling',
  'inside.means.pool':
    'Of every 2 × 2 pixels only the brightest is kept, so that the map becomes half as wide and high.',
  'inside.word.transposed': 'Up-convolution',
  'inside.means.transposed':
    'The reverse of pooling: every pixel becomes 2 × 2 pixels, either by a learnt pattern (transposed convolution) or by copying it and convolving.',
  'inside.word.skip': 'Skip connection',
  'inside.means.skip':
    'The maps of the way down are laid beside those that come up, so that fine detail, lost by pooling, is there again.',
  'inside.word.crop': 'Crop',
  'inside.means.crop':
    'Convolutions that never look beyond the border make maps smaller, so what a skip connection copies is cut to the smaller size.',
  'inside.word.norm': 'Batch normalisation',
  'inside.means.norm':
    'Brings the values of each map to a common average and spread, which makes learning faster and steadier.',
  'inside.word.relu': 'ReLU',
  'inside.means.relu':
    'Values under zero become zero; without such a bend, many convolutions could do no more than one.',
  'inside.word.dropout': 'Dropout',
  'inside.means.dropout':
    'While the network learns, some values are left out at random, so that it does not rely on a single one.',
  'inside.word.output': 'Output',
  'inside.means.output': 'One number for each pixel and class, which is turned into a probability between 0 and 1.',
  'inside.word.tile': 'Tile',
  'inside.means.tile': 'The piece of an image that is computed at once; larger images are computed piece by piece.',
  'inside.word.parameter': 'Parameters',
  'inside.means.parameter':
    'The numbers that were learnt: the weights of all convolutions, and what normalisation needs.',
  'inside.word.work': 'Multiply-adds',
  'inside.means.work': 'How much computing one tile takes: multiplications, each followed by an addition.',
  'inside.word.field': 'Receptive field',
  'inside.means.field': 'The part of the image that a single pixel of the result can depend on.',
  'inside.word.memory': 'Memory',
  'inside.means.memory':
    'Room for the feature maps that are needed at the same time, at the moment when they are the most.',

  'inside.tiles.lead':
    'A network can take images of any size, but a computer’s memory cannot. So the image is cut into tiles that overlap, and only the middle of each result is kept: there are no seams (the overlap-tile strategy).',
  'inside.tiles.patches':
    'A network does best on what it learnt from. This one learnt from small patches, so the image is cut into patches that overlap.',
  'inside.tiles.working': 'Planning the tiles',
  'inside.tiles.size': 'Size of the tiles',
  'inside.tiles.used': 'as for the mask',
  'inside.tiles.atMost': '{side} px, if possible',
  'inside.tiles.drawing': {
    one: 'The plan of {count} tile over the image',
    other: 'The plan of {count} tiles over the image; arrow keys go from tile to tile',
  },
  'inside.tiles.picture': 'The image, and its reflection beyond its border',
  'inside.tiles.tile': 'Tile {number} of {count}',
  'inside.tiles.many':
    'This image takes {count} tiles, {columns} across and {rows} down, of {width} × {height} pixels each.',
  'inside.tiles.tooMany':
    'This image takes {count} tiles of {width} × {height} pixels, {columns} across and {rows} down: too many to draw one by one. Choose larger tiles.',
  'inside.tiles.one':
    'This image fits into one tile of {width} × {height} pixels. Choose smaller tiles to see how a larger image is cut.',
  'inside.tiles.chosen':
    'Tile {number} of {count}: the network sees {width} × {height} pixels, and {keptWidth} × {keptHeight} of its result are kept.',
  'inside.tiles.mirrored':
    'Part of what it sees lies beyond the image: there the image is mirrored, since the network must see something.',
  'inside.tiles.within': 'All that it sees is inside the image.',
  'inside.tiles.context':
    'A pixel of the result can depend on what lies up to {context} pixels away, though least on the outermost.',
  'inside.tiles.margin': 'So a tile sees {least} pixels more on each side than are kept.',
  'inside.tiles.margins': 'So a tile sees {least} to {most} pixels more on each side than are kept.',
  'inside.tiles.valid':
    'This network never looks beyond what it is given: its result is {border} pixels smaller on every side, so tiles must see so much more.',
  'inside.tiles.averaged':
    'This image takes {count} patches of {width} × {height} pixels, {step} pixels from one to the next. All of each is kept, and what a pixel gets from several is averaged.',
  'inside.tiles.key.kept': 'kept of each tile',
  'inside.tiles.key.seen': 'seen by the chosen tile',
  'inside.tiles.key.edge': 'border of the image; mirrored outside',

  'inside.borders.lead':
    'While a network learns, a mistake in the narrow gap between two objects must cost more than one elsewhere, or objects that nearly touch become one. This map says how much more each pixel counts.',
  'inside.borders.working': 'Computing the border weights',
  'inside.borders.found': {
    one: 'The image with its mask: {count} object',
    other: 'The image with its mask: {count} objects',
  },
  'inside.borders.map': 'Border weights in the gaps between these objects; the largest is {largest}',
  'inside.borders.few.0':
    'The model found no object here. Only between two objects is there a gap to defend, so no pixel has a border weight.',
  'inside.borders.few.1':
    'The model found fewer than two objects here: all that it marked hangs together as one. So there is no gap to defend, and no pixel has a border weight.',
  'inside.borders.none': 'No two objects lie close to each other here, so no pixel has a border weight worth showing',
  'inside.borders.scale': 'Colours of the additional weight, from none to {w0}',
  'inside.borders.scale.name': 'Additional weight',
  'inside.borders.formula.lead':
    'The weight follows equation 2 of the paper that introduced the U-Net (Ronneberger, Fischer and Brox, 2015):',
  'inside.borders.formula': 'w = {w0} · exp(−(d₁ + d₂)² / (2 · {sigma}²))',
  'inside.borders.formula.means':
    'Here d₁ and d₂ are the distances, in pixels, to the nearest and to the second nearest object. Where both are small the weight comes close to {w0}; a few times {sigma} pixels away it is nothing. Every pixel counts 1 besides, and one well inside an object no more than that.',

  'inside.copies.lead':
    'A training hardly ever sees an image as it is. Each time it is turned, stretched, bent and changed in brightness anew, and its mask with it (augmentation): so a few labelled images go a long way.',
  'inside.copies.working': 'Drawing the copies',
  'inside.copies.new': 'New copies',
  'inside.copies.seed': 'Seed {seed}: the same number gives the same copies',
  'inside.copies.mask': 'Show the mask',
  'inside.copies.grid': 'Show how the image is bent',
  'inside.copies.part': 'How much of the image a copy shows',
  'inside.copies.whole': 'The whole image',
  'inside.copies.patch': 'A patch, as in a training',
  'inside.copies.original': 'The image itself',
  'inside.copies.name': 'Copy {number}',
  'inside.copies.noMask': 'This image has no mask yet, so the copies show none.',
  'inside.copies.changes': 'What is changed',
  'inside.change.flips': 'Flips and quarter turns',
  'inside.changes.flips': 'In a microscope there is no up or down, so every way round is right.',
  'inside.change.rotation': 'Rotation',
  'inside.changes.rotation': 'Up to {rotation} degrees more, either way.',
  'inside.change.scale': 'Size',
  'inside.changes.scale': 'Up to {scale} times as large, or as small.',
  'inside.change.elastic': 'Elastic deformation',
  'inside.changes.elastic':
    'Points of a coarse grid are moved by about {elastic} pixels at random, and all between them smoothly with them, as tissue is.',
  'inside.change.shift': 'Shift',
  'inside.changes.shift': 'Up to {shift} pixels along either side.',
  'inside.change.contrast': 'Brightness and contrast',
  'inside.changes.contrast':
    'Contrast changes up to {contrast} times, brightness and the middle tones with it, for colours also one against the other: lamps and stains differ.',
  'inside.change.noise': 'Noise and blur',
  'inside.changes.noise': 'A little noise, and now and then a blur of up to {blur} pixels, as of other cameras.',

  'inside.window.lead':
    'Before U-Net, a network was asked about one pixel at a time: it saw the window around the pixel and answered for its middle (Ciresan 2012). Then the window moved on by one pixel. Let the network in use work like that, and compare.',
  'inside.window.picture':
    'The image with the square of pixels that are asked about, and the window around one of them',
  'inside.window.means':
    'The orange square holds the pixels that are asked about, the blue one is the part of the image, {field} pixels wide, that the answer for one of them depends on. Click on the image or move the sliders.',
  'inside.window.side': 'Pixels',
  'inside.window.square': '{side} × {side}: {count} windows',
  'inside.window.slide': 'Slide the window',
  'inside.window.working': 'The window slides over the pixels',
  'inside.window.same': 'The same answer',
  'inside.window.off': 'Nearly the same answer (largest difference {off})',
  'inside.window.sum': '{same}, for {times} times the work',
  'inside.window.windows': 'A window for each pixel',
  'inside.window.once': 'One pass over all',
  'inside.window.passes': 'Passes through the network',
  'inside.window.input': 'Pixels that go in each time',
  'inside.window.work': 'Multiply-adds',
  'inside.window.time': 'Time here',
  'inside.window.work.whole': 'Multiply-adds for the whole image',
  'inside.window.time.whole': 'Time for the whole image, estimated',
  'inside.window.n4':
    'The network that won the challenge of 2012 (N4: windows of {window} × {window} pixels, four convolutions of 48 maps each, max-pooling after each) takes {each} multiply-adds for a pixel, so {all} for this image.',
  'inside.window.why':
    'Neighbouring windows overlap almost entirely, and each computes the same feature maps anew. A network of convolutions alone computes them once for all pixels: that is why U-Net (2015) answers for a whole tile at a time.',
};
