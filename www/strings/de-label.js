/** Words of the panel Label and of painting, in German; see `de.js`. */

/** @type {import('./t.js').Table} */
export const label = {
  'panel.label-tab': 'Labels',

  'label.first':
    'Malen Sie ein paar Striche auf das, was das Modell falsch hat, und ein paar auf den Hintergrund. Alles Unbemalte wird nicht beachtet.',
  'label.noImage': 'Öffnen Sie ein Bild, um darin zu markieren.',
  'label.loading': 'Pinsel werden vorbereitet …',
  'label.working': 'In Arbeit …',
  'label.again': 'Markieren neu starten',
  'label.revived':
    'Der Teil von Insitu, der die Labels hält, war stehen geblieben und wurde neu gestartet. Ihre Labels sind so da, wie sie nach dem letzten vollendeten Strich waren.',
  'error.label.worker':
    'Der Teil von Insitu, der die Labels hält, lässt sich nicht starten. Laden Sie die Seite neu; hilft das nicht, schließen Sie zuerst andere Tabs.',

  'label.tools': 'Werkzeug',
  'label.tools.more': 'Weitere Werkzeuge',
  'label.tool.brush': 'Pinsel',
  'label.tool.brush.title': 'Pinsel: zum Malen ziehen (B). K: mit den Pfeiltasten malen',
  'label.tool.eraser': 'Radierer',
  'label.tool.eraser.title': 'Radierer: ziehen, um Labels wegzunehmen (E). K: mit den Pfeiltasten',
  'label.tool.polygon': 'Polygon',
  'label.tool.polygon.title':
    'Polygon: Ecken anklicken oder um einen Bereich ziehen, um ihn zu füllen (P). K: mit den Pfeiltasten',
  'label.tool.accept': 'Annehmen',
  'label.tool.accept.title':
    'Annehmen: umranden, wo das Modell richtig liegt, um seine Vorhersage als Labels zu übernehmen (A)',
  'label.tool.flood': 'Füllen',
  'label.tool.flood.title': 'Füllen: klicken, um zu füllen, was zusammenhängt und gleich hell ist (G)',
  'label.tool.wand': 'Zauberstab',
  'label.tool.wand.title':
    'Zauberstab: klicken, um alles gleich Helle zu füllen, in der ganzen Schicht oder in einem Umriss (V)',
  'label.tool.smooth': 'Glätten',
  'label.tool.smooth.title': 'Glätten: Labels mit ausgefransten Rändern umranden',
  'label.how.pan': 'Ziehen verschiebt das Bild. Wählen Sie zum Malen ein Werkzeug.',
  'label.how.brush': 'Ziehen malt. Mit Umschalt werden Labels weggenommen.',
  'label.how.touch': 'Ein Finger malt, zwei verschieben und zoomen.',
  'label.how.eraser': 'Ziehen nimmt Labels weg.',
  'label.how.polygon':
    'Ziehen Sie um einen Bereich oder klicken Sie seine Ecken an: Doppelklick oder Enter schließt, Esc verwirft.',
  'label.how.accept':
    'Ziehen Sie darum, wo das Modell richtig liegt, oder klicken Sie Ecken an: Seine Vorhersage wird dort zu Labels. Was Sie gemalt haben, bleibt.',
  'label.how.flood': 'Klicken Sie auf etwas: Gefüllt wird, was damit zusammenhängt und etwa gleich hell ist.',
  'label.how.wand':
    'Klicken Sie auf etwas: Alles etwa gleich Helle wird gefüllt. Drücken Sie dort und ziehen Sie um einen Bereich, um nur darin zu füllen.',
  'label.how.smooth': 'Ziehen Sie um Labels mit ausgefransten Rändern, oder klicken Sie Ecken an.',
  'label.size': 'Pinselgröße',
  'label.size.title': 'Wie breit Pinsel und Radierer sind, in Bildpixeln ([ und ], oder das Mausrad mit Alt)',
  'label.size.both': '{px}, {mm}',
  'label.tolerance': 'Toleranz',
  'label.tolerance.title':
    'Wie viel heller oder dunkler als die angeklickte Stelle ein Pixel sein darf, als Teil des gezeigten Bereichs von Schwarz bis Weiß',
  'label.smoothing': 'Glättung',
  'label.smoothing.title': 'Kleinere Einzelheiten als diese verschwinden, in Bildpixeln',
  'label.sure': 'Nur wo das Modell mindestens so sicher ist',
  'label.sure.title': 'Wo das Modell seiner Antwort weniger Wahrscheinlichkeit gibt, wird nichts markiert',
  'label.sure.all': 'überall',
  'label.undo': 'Rückgängig',
  'label.undo.title': 'Rückgängig (Z oder Strg Z)',
  'label.undo.done': 'Rückgängig gemacht',
  'label.undo.file': 'In {name} rückgängig gemacht.',
  'label.undo.slice': 'In Schicht {slice} rückgängig gemacht.',
  'label.redo.file': 'In {name} wiederhergestellt.',
  'label.redo.slice': 'In Schicht {slice} wiederhergestellt.',
  'label.redo.done': 'Wiederhergestellt',
  'label.redo': 'Wiederherstellen',
  'label.redo.title': 'Wiederherstellen (Umschalt Z oder Strg Y)',

  'label.inks': 'Malen mit',
  'label.background': 'Hintergrund',
  'label.inks.hint':
    'Hintergrund sagt: Hier ist nichts von Interesse. Wo nichts gemalt ist, wird nichts gesagt, und das Training beachtet es nicht.',
  'label.ink.title': '{name} malen (Taste {key})',
  'label.class.first': 'Vordergrund',
  'label.class.add': 'Klasse hinzufügen',
  'label.class.add.title': 'Noch etwas, das unterschieden werden soll',
  'label.classes.edit': 'Namen, Farben, Reihenfolge',
  'label.class.name': 'Name von {name}',
  'label.class.colour': 'Farbe von {name}',
  'label.class.up': '{name} nach oben',
  'label.class.down': '{name} nach unten',
  'label.class.remove':
    '{name} entfernen; was damit gemalt wurde, ist dann nicht markiert (lässt sich rückgängig machen)',

  'label.here': 'Labels dieses Bildes',
  'label.slice': 'Diese Schicht',
  'label.image': 'Dieses Bild',
  'label.accept.slice': 'Vorhersage übernehmen',
  'label.accept.slice.title':
    'Die gezeigte Maske wird zu Labels, der Hintergrund auch; was Sie gemalt haben, bleibt. Berichtigen Sie danach die Fehler.',
  'label.accept.none': 'Für diese Schicht gibt es noch keine Vorhersage.',
  'label.accept.nothing':
    'Dort gibt es nichts zu übernehmen: Es ist schon markiert, oder das Modell ist nicht sicher genug.',
  'label.acceptAll': 'Alle Schichten übernehmen',
  'label.acceptAll.title':
    'Die Masken aller Schichten werden zu Labels, für Rückgängig ein Schritt; was schon markiert ist, bleibt',
  'label.acceptAll.first': 'Segmentieren Sie zuerst alle Schichten, mit der Schaltfläche unter den Schichten',
  'label.acceptAll.done': {
    one: 'Die Maske einer Schicht wurde zu Labels.',
    other: 'Die Masken von {count} Schichten wurden zu Labels.',
  },
  'label.between': 'Schichten dazwischen füllen',
  'label.between.title':
    'Markieren Sie einige Schichten mit Abstand: Die dazwischen werden der Form nach gefüllt. Was markiert ist, bleibt, und es lässt sich rückgängig machen.',
  'label.between.done': { one: 'Eine Schicht wurde gefüllt.', other: '{count} Schichten wurden gefüllt.' },
  'label.carry': 'In die nächste Schicht kopieren',
  'label.carry.title':
    'Die Labels dieser Schicht werden in die nächste kopiert, wo dort nichts markiert ist, und diese wird gezeigt',
  'label.rest': 'Der Rest ist Hintergrund',
  'label.rest.title': 'Alles hier, was nicht gemalt ist, wird Hintergrund',
  'label.clear.slice': 'Leeren',
  'label.clear.slice.title': 'Nimmt alle Labels hier weg (lässt sich rückgängig machen)',
  'label.shown': 'Labels zeigen (schraffiert)',
  'label.shown.title':
    'Labels ein und aus (L). Was markiert ist, ist schraffiert, was das Modell vorhersagt, ist glatt.',
  'label.labelled': 'Bisher markiert',
  'label.labelled.none': 'Noch nichts.',
  'label.labelled.slice': 'Schicht {slice}, {name}',
  'label.labelled.title': '{name} zeigen',

  'label.files': 'Labels speichern und laden',
  'label.save.slice': 'Diese Labels speichern',
  'label.save.slice.title':
    'Die Labels der gezeigten Schicht als PNG: 0 ist Hintergrund, ab 1 folgen die Klassen, 255 ist nicht markiert',
  'label.save.all': 'Alle Labels speichern',
  'label.save.all.title': 'Alle markierten Schichten als PNG und die Tabelle der Klassen, in einer Zip-Datei',
  'label.load': 'Labels laden …',
  'label.load.title':
    'Labels für das gezeigte Bild: ein hier gespeichertes PNG oder Zip, oder ein Label-Bild (PNG, TIFF) eines anderen Programms',
  'label.load.done': 'Labels von {name} geladen.',
  'label.objects.title': 'Objekte oder Klassen?',
  'label.objects.ask':
    'Diese Datei enthält {count} verschiedene Werte. Sind es Objekte einer Klasse oder {count} Klassen?',
  'label.objects.touch':
    'Als Objekte werden alle zu „{class}“, der Klasse, mit der gemalt wird. Objekte, die sich berühren, werden eine Fläche.',
  'label.objects.one': 'Objekte einer Klasse',
  'label.objects.classes': '{count} Klassen',
  'label.objects.done': 'Labels von {name} geladen: {count} Objekte als „{class}“.',
  'label.volume': 'Alle Schichten speichern als …',
  'label.volume.title':
    'Die Labels aller Schichten dieses Bildes in einer Datei, die in anderen Programmen darüber liegt',
  'label.volume.seg': 'DICOM SEG (Archiv, 3D Slicer, OHIF)',
  'label.volume.rtstruct': 'DICOM RTSTRUCT (Konturen)',
  'label.volume.nifti': 'NIfTI (.nii.gz)',
  'label.volume.nrrd': '3D Slicer (.seg.nrrd)',
  'label.volume.ome-tiff': 'OME-TIFF (Fiji, napari, QuPath)',
  'label.volume.patient':
    'Die DICOM-Dateien enthalten Namen und Nummer des Patienten wie die Bilder, damit ein Archiv sie bei diesen ablegt.',
  'marks.done': {
    one: '{file}: Labels einer Schicht wurden über {name} gelegt.',
    other: '{file}: Labels von {count} Schichten wurden über {name} gelegt.',
  },
  'label.clear.all': 'Alle Labels leeren',
  'label.clear.all.title': 'Nimmt die Labels aller Dateien weg (lässt sich rückgängig machen)',

  'label.close.title': '{name} von der Liste nehmen?',
  'label.close.text': {
    one: 'Eine Schicht davon ist markiert. Ihre Labels verschwinden mit, und das lässt sich nicht rückgängig machen.',
    other:
      '{count} Schichten davon sind markiert. Ihre Labels verschwinden mit, und das lässt sich nicht rückgängig machen.',
  },
  'label.close.several': '{count} Dateien von der Liste nehmen?',
  'label.close.severalText': {
    one: 'Eine Schicht davon ist markiert. Ihre Labels verschwinden mit, und das lässt sich nicht rückgängig machen.',
    other:
      '{count} Schichten davon sind markiert. Ihre Labels verschwinden mit, und das lässt sich nicht rückgängig machen.',
  },
  'label.close.keepAll': 'Behalten',
  'label.close.removeAll': 'Mitsamt den Labels entfernen',
  'label.close.keep': 'Behalten',
  'label.close.remove': 'Mitsamt den Labels entfernen',

  'status.labelled': 'markiert: {name}',

  'keys.group.files': 'Dateien und Ergebnisse',
  'keys.group.view': 'Betrachten',
  'keys.group.label': 'Markieren',
  'keys.brush': 'Pinsel',
  'keys.eraser': 'Radierer',
  'keys.polygon': 'Polygon oder Lasso',
  'keys.flood': 'Füllen',
  'keys.wand': 'Zauberstab',
  'keys.accept': 'Vorhersage in einem Umriss übernehmen',
  'keys.size': 'Kleinerer und größerer Pinsel',
  'keys.sizeWheel': 'Kleinerer und größerer Pinsel; bei mehreren Schichten nur mit Alt',
  'keys.undo': 'Rückgängig',
  'keys.redo': 'Wiederherstellen',
  'keys.ink': 'Hintergrund oder eine Klasse, solange ein Werkzeug zum Malen gewählt ist',
  'keys.labels': 'Labels ein und aus',
  'keys.remove': 'Gewähltes Objekt löschen',
  'keys.shift': 'Nimmt Labels weg, mit jedem Werkzeug',
  'keys.outline': 'Umriss schließen, eine Ecke zurücknehmen',
  'keys.pinch': 'Zoomen und verschieben auf einem Touchscreen, mit jedem Werkzeug',
  'keys.rightDrag': 'Helligkeit und Kontrast, mit jedem Werkzeug',

  'keys.group.steer': 'Malen ohne Maus',
  'keys.steer': 'Cursor über dem Bild, den die Pfeiltasten bewegen, ein und aus',
  'keys.steer.go': 'Cursor bewegen',
  'keys.steer.far': 'Zehnmal so weit bewegen',
  'keys.steer.press':
    'Pinsel und Radierer: aufsetzen und wieder abheben. Polygon: eine Ecke, und noch einmal an derselben Stelle schließt es. Andere Werkzeuge: ein Klick',
  'keys.steer.back': 'Strich oder Umriss zurücknehmen; ist keiner begonnen, verschwindet der Cursor',
  'keyCursor.label': 'Mit Tasten malen',
  'keyCursor.label.title':
    'Ein Cursor über dem Bild, den die Pfeiltasten bewegen; die Leertaste setzt den Pinsel auf und hebt ihn ab (K)',
  'keyCursor.on':
    'Cursor über dem Bild. Die Pfeiltasten bewegen ihn, mit Umschalt zehnmal so weit. Leertaste oder Enter setzt den Pinsel auf und hebt ihn ab. Escape nimmt zurück und blendet ihn danach aus.',
  'keyCursor.how': 'Pfeile bewegen, mit Umschalt weiter. Leertaste: Pinsel auf und ab, oder ein Klick. Esc: zurück.',
  'keyCursor.off': 'Der Cursor ist weg.',
  'keyCursor.down': 'Pinsel aufgesetzt.',
  'keyCursor.up': 'Pinsel abgehoben.',
  'keyCursor.pressed': 'Hier ausgeführt.',
  'keyCursor.corner': { one: 'Erste Ecke.', other: 'Ecke {count}.' },
  'keyCursor.few': 'Ein Umriss braucht mindestens drei Ecken.',
  'keyCursor.closed': 'Der Umriss ist geschlossen.',
  'keyCursor.givenUp': 'Zurückgenommen.',
  'status.spoken': 'Zeile {y}, Spalte {x}: {words}',
};
