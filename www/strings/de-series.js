/** Words for images that are in several files, in German; see `de.js`. */

import { viewer } from './de-viewer.js';

/** @type {import('./t.js').Table} */
export const series = {
  ...viewer,
  'empty.pickFolder': 'Ordner wählen',
  'files.addFolder': 'Weiterer Ordner',
  'folder.choose.title':
    'Alle Bilder eines Ordners, etwa die Schichten einer Aufnahme. Der Browser spricht vielleicht von Hochladen: Die Dateien gehen nur an diese Seite und bleiben auf diesem Computer.',
  'drop.emptyFolder': 'In diesem Ordner sind keine Dateien.',

  'files.reading': 'Liest {done} von {total}',
  'notice.list.info': 'Zu diesen Dateien',

  'series.unnamed': 'Serie',
  'series.progress': 'Durchgesehene Dateien',
  'series.looking': { one: '{count} Datei wird durchgesehen …', other: '{count} Dateien werden durchgesehen …' },
  'series.stopped': 'Angehalten. Keine dieser Dateien wurde geöffnet.',
  'series.slices': { one: '{count} Schicht', other: '{count} Schichten' },
  'series.told': '{files} Dateien sind {what}',
  'series.told.series': { one: '{count} Serie', other: '{count} Serien' },
  'series.told.alone': { one: '{count} einzelnes Bild', other: '{count} einzelne Bilder' },
  'series.told.and': ' und ',
  'series.told.left': {
    one: '; {count} Datei ist kein Bild: {names}',
    other: '; {count} Dateien sind keine Bilder: {names}',
  },
  'series.told.nothing': {
    one: 'Diese Datei ist kein Bild.',
    other: 'Keine dieser {count} Dateien ist ein Bild.',
  },
  'series.large': '{size} sind mehr, als ein Browser-Tab sicher fassen kann.',
  'series.thinned': '{name}, 1 von {every} Schichten',
  'series.every': '1 von {every} Schichten öffnen',
  'series.every.two': 'Jede zweite Schicht öffnen',
  'series.every.title': 'Die Schichten liegen dann weiter auseinander; Messungen berücksichtigen das',
  'series.all': 'Alles versuchen',
  'series.all.title': 'Das kann zu viel sein: Dann startet der Rechenkern neu, und nichts Geöffnetes geht verloren',
};
