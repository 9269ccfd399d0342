/** Words about the drawer with the objects of a slice, and about panels that are resized, in German; see `de.js`. */

/** @type {import('./t.js').Table} */
export const objects = {
  'correct.title': 'Von Hand berichtigen',
  'correct.tool.delete': 'Löschen',
  'correct.tool.merge': 'Verbinden',
  'correct.tool.split': 'Teilen',
  'correct.tool.draw': 'Zeichnen',
  'correct.how.delete': 'Klicken Sie ein Objekt an oder ziehen Sie eine Linie über mehrere: Sie verschwinden.',
  'correct.how.merge': 'Ziehen Sie eine Linie von einem Objekt ins nächste: Sie werden eines.',
  'correct.how.split': 'Ziehen Sie eine Linie quer durch ein Objekt: Es wird in zwei geteilt.',
  'correct.how.draw': 'Umfahren Sie ein übersehenes Objekt. Andere Objekte behalten ihre Pixel.',
  'correct.done.delete': 'Gelöscht',
  'correct.done.merge': 'Verbunden',
  'correct.done.split': 'Geteilt',
  'correct.done.draw': 'Objekt hinzugefügt',
  'correct.nothing.delete': 'Auf der Linie liegt kein Objekt.',
  'correct.nothing.merge': 'Die Linie trifft weniger als zwei Objekte. Ziehen Sie sie von einem ins nächste.',
  'correct.nothing.split': 'Die Linie geht nicht ganz durch ein Objekt. Beginnen und enden Sie außerhalb.',
  'correct.nothing.draw': 'Im Umriss ist kein freies Pixel. Löschen Sie zuerst, was dort ist.',
  'correct.undo': 'Letzte Korrektur rückgängig machen (Z)',
  'correct.redo': 'Korrektur wiederherstellen (Umschalt Z)',
  'correct.undo.done': 'Korrektur rückgängig gemacht',
  'correct.redo.done': 'Korrektur wiederhergestellt',
  'correct.count': {
    one: '1 Korrektur in diesem Bild. Zahlen, Tabellen und Dateien enthalten sie.',
    other: '{count} Korrekturen in diesem Bild. Zahlen, Tabellen und Dateien enthalten sie.',
  },

  'drawer.label': 'Objekte',
  'drawer.count': { one: '1 Objekt', other: '{count} Objekte' },
  'drawer.scope': 'Welche Bilder',
  'drawer.scope.this': 'dieses Bild',
  'drawer.scope.all': 'alle angesehenen Dateien',
  'drawer.tabs': 'Wie die Objekte gezeigt werden',
  'drawer.tab.table': 'Tabelle',
  'drawer.tab.histogram': 'Histogramm',
  'drawer.tab.scatter': 'Streudiagramm',
  'drawer.tab.summary': 'Übersicht',
  'summary.open': 'Übersicht aller Dateien',
  'summary.open.title': 'Wie viele Objekte und wie viel Fläche jeder Klasse, Datei für Datei und insgesamt',
  'summary.table': 'Dateien und Klassen, je eine in einer Zeile. Pfeiltasten bewegen, Enter zeigt die Datei.',
  'summary.count': { one: '1 Datei', other: '{count} Dateien' },
  'summary.all': '{count} Dateien zusammen',
  'summary.none':
    'Mit den jetzigen Einstellungen wurde noch nichts segmentiert. „Alle segmentieren“ über der Dateiliste tut das.',
  'summary.save': 'Als CSV speichern',
  'summary.save.title':
    'Eine Zeile für jede Datei und Klasse; Größen in Pixeln und, wo der Maßstab bekannt ist, in Mikrometern',
  'summary.copied': {
    one: '1 Zeile kopiert. Fügen Sie sie in eine Tabellenkalkulation ein.',
    other: '{count} Zeilen kopiert. Fügen Sie sie in eine Tabellenkalkulation ein.',
  },
  'drawer.copy': 'Tabelle kopieren',
  'drawer.copy.title':
    'Die ganze Tabelle in der gezeigten Reihenfolge kopieren, um sie in eine Tabellenkalkulation einzufügen',
  'drawer.copied': {
    one: '1 Objekt kopiert. Fügen Sie es in eine Tabellenkalkulation ein.',
    other: '{count} Objekte kopiert. Fügen Sie sie in eine Tabellenkalkulation ein.',
  },
  'drawer.close': 'Tabelle der Objekte schließen',
  'drawer.without':
    'Um Objekte einzeln aufzulisten, wählen Sie ein Modell, das Objekte trennt, oder haken Sie unter „Ergebnis“ die Option „Einzelne Objekte trennen“ an.',
  'drawer.working': 'Die Objekte werden getrennt und vermessen.',
  'drawer.updating': 'Wird neu vermessen',
  'drawer.none': 'In dieser Schicht wurden keine Objekte gefunden.',

