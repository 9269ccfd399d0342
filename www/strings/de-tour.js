/** Words of the guided tour, in German; see `de.js`. */

/** @type {import('./t.js').Table} */
export const tour = {
  'tour.take': 'Rundgang machen',
  'tour.take.title':
    'Sechs kurze Schritte an den Beispielen: Maske, Schwellenwert, Kacheln, Skip-Verbindungen, Randgewichte, Lernen aus fünf Strichen',
  'tour.busy': 'Ein Training läuft. Machen Sie den Rundgang, wenn es vorbei ist.',
  'tour.region': 'Rundgang: {title}',
  'tour.progress': '{step} von {all}',
  'tour.said': 'Rundgang, {progress}: {title}. {why} {now}',
  'tour.done': 'Geschafft.',
  'tour.show': 'Zeigen, wo',
  'tour.skip': 'Überspringen',
  'tour.end': 'Rundgang beenden',
  'tour.strokes': 'Bisher {count} von {all}.',
  'tour.now.wait': 'Das Beispiel wird geöffnet und segmentiert.',
  'tour.now.open': 'Drücken Sie „{inside}“.',
  'tour.now.tab': 'Wählen Sie „{tab}“.',
  'tour.mask.title': 'Die Maske',
  'tour.mask.why': 'Das Netz hat jedes Pixel angesehen und die gefärbt, die es für einen Teil eines Zellkerns hält.',
  'tour.mask.hide':
    'Nehmen Sie das Häkchen bei „{mask}“ weg (oder drücken Sie M), um die Maske mit dem Bild zu vergleichen.',
  'tour.mask.show': 'Setzen Sie es nun wieder.',
  'tour.threshold.title': 'Der Schwellenwert',
  'tour.threshold.why':
    'Das Netz gibt jedem Pixel eine Wahrscheinlichkeit, und die Maske ist dort, wo sie über dem Schwellenwert liegt.',
  'tour.threshold.move':
    'Schieben Sie „{threshold}“ weit zu einer Seite und achten Sie auf die Ränder der Kerne: Das Netz muss nicht noch einmal rechnen.',
  'tour.tiles.title': 'Überlappende Kacheln',
  'tour.tiles.why':
    'Ein großes Bild passt nicht auf einmal in den Speicher und wird in Kacheln geschnitten; jede sieht mehr, als von ihr behalten wird, und keine Naht bleibt.',
  'tour.tiles.size': 'Wählen Sie die Größe 256 Pixel und sehen Sie, wie das Bild geschnitten wird.',
  'tour.skip.title': 'Skip-Verbindungen',
  'tour.skip.why':
    'Auf dem Weg hinab findet das Netz heraus, was da ist, und verliert, wo; Skip-Verbindungen (gestrichelt) tragen die Einzelheiten hinüber zum Weg hinauf.',
  'tour.skip.block':
    'Wählen Sie oben rechts den Block „{block}“ und vergleichen Sie seine Karten mit denen des Wegs hinab. „{reach}“ weiter unten zeigt, wie viel vom Bild ein Pixel sieht.',
  'tour.borders.title': 'Randgewichte',
  'tour.borders.why':
    'Beim Lernen kostet ein Fehler im schmalen Spalt zwischen zwei Kernen mehr, sonst würden Kerne, die sich berühren, zu einem.',
  'tour.borders.look': 'Die Gewichte werden für dieses Bild berechnet.',
  'tour.learn.title': 'Lernen aus fünf Strichen',
  'tour.learn.why':
    'Dieses Modell kennt Zellkerne und hat nie ein elektronenmikroskopisches Bild gesehen: Ein paar Striche lehren es, statt Kernen Membranen zu markieren.',
  'tour.learn.close': 'Sehen Sie es sich in Ruhe an und schließen Sie dann diese Ansicht.',
  'tour.learn.brush': 'Nehmen Sie das Werkzeug „{brush}“.',
  'tour.learn.paint':
    'Malen Sie fünf Striche: drei entlang dunkler Membranen, dann wählen Sie „{background}“ und malen zwei ins Innere von Zellen. {strokes}',
  'tour.learn.both': 'Diese Striche sind alle von einer Art: Wählen Sie die andere und malen Sie auch davon welche.',
  'tour.learn.train': 'Öffnen Sie den Bereich „{train}“.',
  'tour.learn.again': 'Drücken Sie „{again}“: Das Training davor macht Platz.',
  'tour.learn.start': 'Drücken Sie „{start}“.',
  'tour.learn.watch': 'Beobachten Sie Kurve und Bild. „{cancel}“ beendet es, sobald Sie genug gesehen haben.',
  'tour.over.title': 'Das war der Rundgang',
  'tour.over.why': 'Sie haben ein U-Net in diesem Tab arbeiten und lernen sehen, und nichts hat ihn verlassen.',
  'tour.over.now': 'Die Beispiele und ihre Labels können gehen oder bleiben; Ihre eigenen Dateien sind, wie sie waren.',
  'tour.over.remove': 'Beispiele von der Liste nehmen',
  'tour.over.keep': 'Behalten und schließen',
  'tour.over.said': '{title}: {why} {now}',

  'error.tour.fetch':
    'Der Rundgang konnte nicht vom Server dieser Seite geladen werden. Prüfen Sie das Netz und versuchen Sie es noch einmal.',
};
