/** Words about looking at volumes and about measuring; see `en.js`. */

/** @type {Record<string, string | Record<string, string>>} */
export const volume = {
  'volume.label': 'Volume',
  'volume.views': 'Three views',
  'volume.views.title': 'Three views: sections across the slices beside the image (3)',
  'volume.planes': 'Sections across the slices',
  'volume.cross': 'Crosshair',
  'volume.cross.title':
    'Crosshair: click or drag to see the same place in all views (X). With Move in hand, hold Shift and move the mouse.',
  'volume.tilt':
    'The gantry was tilted by {degrees}°: sections across the slices are sheared by that, and lengths on them are not exact.',

  'plane.axial': 'Axial',
  'plane.coronal': 'Coronal',
  'plane.sagittal': 'Sagittal',
  'plane.xy': 'XY',
  'plane.xz': 'XZ',
  'plane.yz': 'YZ',
  'plane.title': 'Click or drag to move the crosshair. The wheel and the arrow keys go through this view.',

  'side.R': 'Right of the patient',
  'side.L': 'Left of the patient',
  'side.A': 'Front (anterior)',
  'side.P': 'Back (posterior)',
  'side.S': 'Head (superior)',
  'side.I': 'Feet (inferior)',
  'radiological.label': 'Radiological (right of the patient at the left)',
  'radiological.title':
    'The right of the patient is at the left, as seen from the feet and from the front. Off (neurological): left and right are mirrored. Labels and masks stay where they belong.',

  'preset.label': 'Usual windows',
  'preset.title': '{name}: centre {center}, width {width} (Shift {number})',
  'preset.title.plain': '{name}: centre {center}, width {width}',
  'preset.done': 'Window {name}',
  'invert.label': 'Invert grey',
  'invert.title': 'Bright is shown dark, and dark bright (U). The mask does not change with it.',

  'slab.label': 'Slab',
  'slab.title': 'Shows a thick slab instead of single slices, in all views',
  'slab.kind': 'What is shown of a slab',
  'slab.maximum': 'Maximum (MIP)',
  'slab.mean': 'Mean',
  'slab.minimum': 'Minimum (MinIP)',
  'slab.single': 'single slices',
  'slab.slices': { one: '1 slice', other: '{count} slices' },
  'slab.both': '{mm}, {slices}',
  'slab.sign.maximum': 'Maximum of {thick}',
  'slab.sign.mean': 'Mean of {thick}',
  'slab.sign.minimum': 'Minimum of {thick}',
  'slab.hidden':
    'For looking only: mask and labels are of single slices and hidden meanwhile. Values are of the middle slice.',
  'slab.off': 'The slab is off: labels and corrections belong to single slices.',
  'slab.middle': 'middle slice',

  'cine.play': 'Play',
  'cine.play.title': 'Play the slices as a film (C)',
  'cine.pause': 'Pause',
  'cine.pause.title': 'Pause the film (C)',
  'cine.rate': 'Slices a second',
  'cine.perSecond': '{value} a second',
  'cine.along': 'What plays',
  'cine.depths': 'depths',
  'cine.times': 'times',
  'slices.title': 'The slices (arrow keys). The wheel over the image goes through them, too; with Ctrl it zooms.',

  'measure.ruler': 'Ruler',
  'measure.ruler.title': 'Ruler: drag from end to end, or click both. Its ends can be moved; Delete takes it away (D)',
  'measure.angle': 'Angle',
  'measure.angle.title': 'Angle: click an end, the corner, and the other end. Delete takes it away (N)',
  'measure.degrees': '{value}°',

  'label.how.ruler': 'Drag from end to end, or click both.',
  'label.how.angle': 'Click an end, the corner, and the other end.',
  'label.how.cross': 'Click or drag to move the crosshair.',

  'keys.group.volume': 'Volumes and measuring',
  'keys.views': 'Three views on and off',
  'keys.cross': 'Crosshair',
  'keys.crossShift': 'Moves the crosshair, while Move is chosen',
  'keys.wheelSlices': 'Previous and next slice, where there are several',
  'keys.cine': 'Play and pause',
  'keys.presets': 'Usual windows of a CT',
  'keys.invert': 'Invert grey',
  'keys.ruler': 'Ruler',
  'keys.angle': 'Angle',
  'keys.measureRemove': 'With ruler or angle in hand: take the chosen one, or the last, away',
};
