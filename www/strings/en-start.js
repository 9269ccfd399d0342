/** Words of the empty page and of links that open it with something in it; see `en.js`. */

/** @type {Record<string, string | Record<string, string>>} */
export const start = {
  'empty.label': 'Open an image',
  'empty.lead': 'Drop a scan or microscope image anywhere to see it segmented.',
  'empty.formats':
    'DICOM (a folder of a series, too), NIfTI, NRRD, MetaImage, OME-Zarr (a folder), TIFF, PNG, JPEG and more. You can also paste an image.',
  'empty.pick': 'Choose files',
  'empty.or': 'or try one of these',
  'empty.privacy': 'Images stay on this computer.',
  'empty.check': 'How to check',

  'sample.origin': 'Drawn by a program for Insitu, under its licence; not a real specimen',
  'sample.origin.fundus': 'A real eye, normal: photograph by Mikael Häggström, CC0, free of any copyright',
  'sample.origin.nuclei-cells':
    'Real cells in culture, their DNA stained; dying ones are bright: by Luis Pedro Coelho, MIT licence',
  'sample.fundus': 'Retina, a real eye',
  'sample.nuclei-cells': 'Nuclei, real cells',
  'sample.nuclei-fluorescence': 'Nuclei, fluorescence',
  'sample.nuclei-stained': 'Nuclei, stained tissue',
  'sample.em-membranes': 'Membranes, electron microscope',

  'arrived.of': '{done} of {total} MB',
  'device.arriving': 'Starting, {bytes}',
  'progress.engine': 'Starting the engine, {bytes}',
  'progress.model': 'Loading the model, {bytes}',

  'link.sample': 'This link asks for the sample “{name}”, which does not come with this page. There are: {known}.',
  'link.model': 'This link asks for the model “{name}”, which does not come with this page. There are: {known}.',
  'link.panel': 'This link asks for the panel “{name}”, which this page does not have. There are: {known}.',
  'link.noImage': 'This link asks for something that needs an image, and none is open. Choose a file or a sample.',
};
