/** Words for images that are in several files: series of DICOM files, a header with its pixels. */

import { viewer } from './en-viewer.js';

/** @type {Record<string, string | Record<string, string>>} */
export const series = {
  ...viewer,
  'empty.pickFolder': 'Choose a folder',
  'files.addFolder': 'Add a folder',
  'folder.choose.title':
    'All images in a folder, such as the slices of a scan. The browser may call this an upload: the files go to this page only and stay on this computer.',
  'drop.emptyFolder': 'That folder holds no files.',

  'files.reading': 'Reading {done} of {total}',
  'notice.list.info': 'About these files',

  'series.unnamed': 'Series',
  'series.progress': 'Files looked at',
  'series.looking': { one: 'Looking at {count} file …', other: 'Looking at {count} files …' },
  'series.stopped': 'Stopped. None of these files was opened.',
  'series.slices': { one: '{count} slice', other: '{count} slices' },
  'series.told': '{files} files are {what}',
  'series.told.series': { one: '{count} series', other: '{count} series' },
  'series.told.alone': { one: '{count} single image', other: '{count} single images' },
  'series.told.and': ' and ',
  'series.told.left': {
    one: '; {count} file is no image: {names}',
    other: '; {count} files are no images: {names}',
  },
  'series.told.nothing': {
    one: 'This file is no image.',
    other: 'None of these {count} files is an image.',
  },
  'series.large': '{size} is more than a browser tab is sure to hold.',
  'series.thinned': '{name}, 1 slice in {every}',
  'series.every': 'Open 1 slice in {every}',
  'series.every.two': 'Open every second slice',
  'series.every.title': 'Slices lie further apart then; what is measured takes that into account',
  'series.all': 'Try all of it',
  'series.all.title': 'It may be too much: then the engine starts again, and nothing that is open is lost',
};
