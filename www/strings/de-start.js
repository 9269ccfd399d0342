/** Words of the empty page and of links that open it with something in it, in German; see `de.js`. */

/** @type {import('./t.js').Table} */
export const start = {
  'empty.label': 'Bild öffnen',
  'empty.lead': 'Legen Sie eine Aufnahme oder ein Mikroskopbild irgendwo ab, um es segmentiert zu sehen.',
  'empty.formats':
    'DICOM (auch der Ordner einer Serie), NIfTI, NRRD, MetaImage, OME-Zarr (ein Ordner), TIFF, PNG, JPEG und mehr. Sie können ein Bild auch einfügen.',
  'empty.pick': 'Dateien wählen',
  'empty.or': 'oder probieren Sie eines davon',
  'empty.privacy': 'Die Bilder bleiben auf diesem Computer.',
  'empty.check': 'So prüfen Sie das',

  'sample.origin': 'Von einem Programm für Insitu gezeichnet, unter dessen Lizenz; kein echtes Präparat',
  'sample.origin.fundus': 'Ein echtes, gesundes Auge: Foto von Mikael Häggström, CC0, frei von Urheberrechten',
  'sample.origin.nuclei-cells':
    'Echte Zellen in Kultur, die DNA gefärbt; sterbende leuchten hell: von Luis Pedro Coelho, MIT-Lizenz',
  'sample.fundus': 'Netzhaut, ein echtes Auge',
  'sample.nuclei-cells': 'Zellkerne, echte Zellen',
  'sample.nuclei-fluorescence': 'Zellkerne, Fluoreszenz',
  'sample.nuclei-stained': 'Zellkerne, gefärbtes Gewebe',
  'sample.em-membranes': 'Membranen, Elektronen\u00admikroskop',

  'arrived.of': '{done} von {total} MB',
  'device.arriving': 'Startet, {bytes}',
  'progress.engine': 'Rechenkern startet, {bytes}',
  'progress.model': 'Modell wird geladen, {bytes}',

  'link.sample': 'Dieser Link fragt nach dem Beispiel „{name}“, das zu dieser Seite nicht gehört. Es gibt: {known}.',
  'link.model': 'Dieser Link fragt nach dem Modell „{name}“, das zu dieser Seite nicht gehört. Es gibt: {known}.',
  'link.panel': 'Dieser Link fragt nach dem Bereich „{name}“, den es auf dieser Seite nicht gibt. Es gibt: {known}.',
  'link.noImage':
    'Dieser Link fragt nach etwas, wozu ein Bild gehört, und es ist keines offen. Wählen Sie eine Datei oder ein Beispiel.',
};
