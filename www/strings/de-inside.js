/** Words of the view “Inside the network”, in German; see `de.js`. */

/** @type {import('./t.js').Table} */
export const inside = {
  'inside.open': 'Ins Netz hineinsehen',
  'inside.open.title':
    'Wie das Netz arbeitet, gezeigt an diesem Bild: Blöcke, Merkmalskarten, Kacheln, Randgewichte, Augmentierung (I)',
  'inside.title': 'Im Netz „{model}“: {name}',
  'inside.tabs': 'Was zu sehen ist',
  'inside.tab.network': 'Das Netz',
  'inside.tab.tiles': 'Kacheln',
  'inside.tab.borders': 'Randgewichte',
  'inside.tab.copies': 'Augmentierung',
  'inside.tab.window': 'Gleitendes Fenster',
  'inside.lead':
    'Links geht das Bild hinab und wird kleiner, während das Netz sammelt, was darin ist; rechts geht es hinauf, und das Netz findet wieder heraus, wo das ist. Wählen Sie einen Block, um zu sehen, was er aus Ihrem Bild macht.',
  'inside.drawing':
    'Das Netz als Zeichnung. Die Pfeiltasten gehen durch seine Blöcke, Enter zeigt die Merkmalskarten eines Blocks.',
  'inside.network.working': 'Das Netz wird gezeichnet',
  'inside.maps.working': 'Die Merkmalskarten werden berechnet',
  'inside.stop': 'Anhalten',
  'inside.stopped': 'Angehalten.',
  'inside.again': 'Noch einmal versuchen',
  'inside.block': '{maps} {width} × {height}: {name}',
  'inside.box.maps': { one: '{count} Karte', other: '{count} Karten' },
  'inside.box.image': 'Bild',
  'inside.box.output': 'L{level}: {maps}',
  'inside.crop': 'um {margin} px je Seite beschnitten',

  'inside.name.input': 'Das Bild',
  'inside.name.down': 'Weg hinab, Ebene {level}',
  'inside.name.bottom': 'Grund, Ebene {level}',
  'inside.name.up': 'Weg hinauf, Ebene {level}',
  'inside.name.across': 'Ebene {level}, Schritt {step} des Sprungpfads',
  'inside.name.enlarge': 'Aufwärtsfaltung zu Ebene {level}',
  'inside.name.pool': 'Max-Pooling zu Ebene {level}',
  'inside.name.crop': 'Zuschnitt, Ebene {level}',
  'inside.name.join': 'Zusammenführung, Ebene {level}',
  'inside.name.output': 'Ausgang',
  'inside.name.outputs': 'Ausgang {number} von {count} (L{number})',
  'inside.about.input':
    'Das bekommt das Netz: die Grauwerte in einen gemeinsamen Bereich gebracht und das Bild über seinen Rand hinaus gespiegelt.',
  'inside.about.down':
    'Jede Karte sucht nach einer Sache, etwa einer Kante oder einem Fleck. Oben sind das kleine Einzelheiten; eine Ebene tiefer sieht jedes Pixel doppelt so viel um sich herum.',
  'inside.about.bottom':
    'Hier sind die Karten am kleinsten und am zahlreichsten: Sie sagen am besten, was im Bild ist, und am schlechtesten, wo genau.',
  'inside.about.up':
    'Was von unten kommt, sagt, was da ist; die Sprungverbindung fügt hinzu, wo genau. Die Faltungen bringen beides zusammen.',
  'inside.about.across':
    'Ein Block zwischen dem Weg hinab und dem Weg hinauf: Er führt zusammen, was von unten kommt und was auf seiner Ebene vorher gefunden wurde.',
  'inside.about.enlarge':
    'Die Karten werden wieder doppelt so breit und hoch; wie ihre Pixel gefüllt werden, wurde gelernt.',
  'inside.about.copied':
    'Die Karten werden wieder doppelt so breit und hoch: Jedes Pixel wird auf 2 × 2 Pixel kopiert oder mit seinen Nachbarn gemischt; gelernt wird hier nichts.',
  'inside.about.output':
    'Eine Karte für jede Antwort: Je heller ein Pixel, desto mehr spricht das Netz dafür. In Wahrscheinlichkeiten umgerechnet und am Schwellenwert abgeschnitten ist das die Maske.',

  'inside.channels': 'Kanäle',
  'inside.maps': 'Merkmalskarten',
  'inside.size': 'Größe jeder Karte',
  'inside.parameters': 'Parameter',
  'inside.work': 'Rechenoperationen',
  'inside.work.tile': '{count} je Kachel',
  'inside.steps': 'Schritte in diesem Block',
  'inside.op.input': 'Bild',
  'inside.op.convolution': '{kernel} × {kernel}-Faltung',
  'inside.op.strided': '{kernel} × {kernel}-Faltung mit Schrittweite 2',
  'inside.op.transposed': 'transponierte {kernel} × {kernel}-Faltung',
  'inside.op.norm': 'Batch-Normalisierung',
  'inside.op.instance': 'Instanz-Normalisierung',
  'inside.op.relu': 'ReLU',
  'inside.op.activation': 'Aktivierung',
  'inside.op.pool': 'Max-Pooling',
  'inside.op.enlarge': 'Vergrößern aufs Doppelte',
  'inside.op.interpolate': 'bilineares Vergrößern aufs Doppelte',
  'inside.op.crop': 'Zuschnitt',
  'inside.op.concatenate': 'Zusammenführung',
  'inside.op.dropout': 'Dropout, beim Lernen',

  'inside.sums': 'Das ganze Netz',
  'inside.tile': 'Kachel',
  'inside.tile.of': '{size}, eine von {count}',
  'inside.output': 'Ausgang',
  'inside.field': 'Rezeptives Feld',
  'inside.memory': 'Speicher',
  'inside.legend.pool': 'Eine Ebene hinab: halbe Größe',
  'inside.legend.up': 'Aufwärtsfaltung: doppelte Größe',
  'inside.legend.skip': 'Sprungverbindung (Skip Connection): hinüberkopiert',
  'inside.legend.cropped': 'Sprungverbindung (Skip Connection): beschnitten, hinüberkopiert',
  'inside.legend.box': 'Höhere Blöcke haben größere Karten, breitere haben mehr davon.',
  'inside.legend.whole': 'Größen in Pixeln: Das Bild, {image}, und ein gespiegelter Rand ergeben {tile}.',
  'inside.legend.part': 'Größen in Pixeln, für eine von {count} Kacheln des Bildes.',

  'inside.grid': 'Merkmalskarten von: {name}',
  'inside.grid.how':
    'Hell ist, wo eine Karte am stärksten antwortet, dunkel, wo am schwächsten; jede hat ihren eigenen Bereich. Ein Klick vergrößert eine.',
  'inside.grid.whole': 'Gezeigt wird das ganze Bild mit seinem gespiegelten Rand.',
  'inside.grid.part': 'Gezeigt wird eine Kachel aus der Bildmitte.',
  'inside.grid.map': 'Karte {number} von {count}: Schwarz ist {low}, Weiß ist {high}',
  'inside.grid.flat': 'Karte {number} von {count}: überall gleich, {low}',
  'inside.grid.background': 'Hintergrund',
  'inside.grid.interior': '{name}',
  'inside.grid.inner': 'Inneres von {name}',
  'inside.grid.distance': 'Abstand zum Rand von {name}',
  'inside.grid.boundary': 'Rand von {name}',
  'inside.more': '{count} weitere von {all} zeigen',

  'inside.reach': 'Das rezeptive Feld im Bild',
  'inside.reach.working': 'Das Bild wird vorbereitet',
  'inside.reach.picture': 'Das Bild mit dem Quadrat, von dem ein Pixel des Ergebnisses abhängen kann',
  'inside.reach.means':
    'Das Ergebnis am weißen Punkt kann von allem abhängen, was in dem {field} Pixel breiten Quadrat liegt, und von nichts außerhalb. Klicken Sie in das Bild oder bewegen Sie die Regler.',
  'inside.reach.across': 'Waagrecht',
  'inside.reach.down': 'Senkrecht',

  'inside.table': 'Alle Lagen als Tabelle',
  'inside.table.block': 'Block',
  'inside.table.steps': 'Lagen',
  'inside.table.size': 'Größe jeder Karte (px)',
  'inside.table.all': 'Zusammen, für eine Kachel',

  'inside.words': 'Was die Wörter bedeuten',
  'inside.word.map': 'Merkmalskarte (Kanal)',
  'inside.means.map':
    'Ein Bild, das für jede Stelle sagt, wie viel von einer Sache dort ist; welche Sachen das sind, hat das Netz gelernt.',
  'inside.word.level': 'Ebene',
  'inside.means.level':
    'Alle Blöcke, deren Karten gleich groß sind; jede Ebene tiefer hat halb so breite und halb so hohe Karten.',
  'inside.word.convolution': 'Faltung',
  'inside.means.convolution':
    'Ein kleines Fenster gleitet über alle Karten, und jedes Pixel des Ergebnisses ist eine Summe dessen, was unter dem Fenster liegt, gewichtet mit gelernten Zahlen.',
  'inside.word.pool': 'Max-Pooling',
  'inside.means.pool': 'Von je 2 × 2 Pixeln bleibt nur das hellste, sodass die Karte halb so breit und hoch wird.',
  'inside.word.transposed': 'Aufwärtsfaltung',
  'inside.means.transposed':
    'Die Umkehrung des Poolings: Aus jedem Pixel werden 2 × 2 Pixel, entweder nach einem gelernten Muster (transponierte Faltung) oder durch Kopieren und Falten.',
  'inside.word.skip': 'Sprungverbindung (Skip Connection)',
  'inside.means.skip':
    'Die Karten des Weges hinab werden neben die gelegt, die heraufkommen; so sind feine Einzelheiten, die beim Pooling verloren gingen, wieder da.',
  'inside.word.crop': 'Zuschnitt',
  'inside.means.crop':
    'Faltungen, die nie über den Rand hinaussehen, machen die Karten kleiner; was eine Sprungverbindung kopiert, wird deshalb auf die kleinere Größe zugeschnitten.',
  'inside.word.norm': 'Batch-Normalisierung',
  'inside.means.norm':
    'Bringt die Werte jeder Karte auf gemeinsamen Mittelwert und gemeinsame Streuung; das macht das Lernen schneller und ruhiger.',
  'inside.word.relu': 'ReLU',
  'inside.means.relu':
    'Werte unter null werden null; ohne einen solchen Knick könnten viele Faltungen nicht mehr als eine.',
  'inside.word.dropout': 'Dropout',
  'inside.means.dropout':
    'Während das Netz lernt, werden zufällig einige Werte weggelassen, damit es sich nicht auf einen einzelnen verlässt.',
  'inside.word.output': 'Ausgang',
  'inside.means.output':
    'Eine Zahl für jedes Pixel und jede Klasse, die in eine Wahrscheinlichkeit zwischen 0 und 1 umgerechnet wird.',
  'inside.word.tile': 'Kachel',
  'inside.means.tile':
    'Das Stück eines Bildes, das auf einmal berechnet wird; größere Bilder werden Stück für Stück berechnet.',
  'inside.word.parameter': 'Parameter',
  'inside.means.parameter': 'Die gelernten Zahlen: die Gewichte aller Faltungen und was die Normalisierung braucht.',
  'inside.word.work': 'Rechenoperationen',
  'inside.means.work': 'Wie viel Rechnen eine Kachel kostet: Multiplikationen, jeweils gefolgt von einer Addition.',
  'inside.word.field': 'Rezeptives Feld',
  'inside.means.field': 'Der Teil des Bildes, von dem ein einzelnes Pixel des Ergebnisses abhängen kann.',
  'inside.word.memory': 'Speicher',
  'inside.means.memory':
    'Platz für die Merkmalskarten, die gleichzeitig gebraucht werden, in dem Moment, in dem es die meisten sind.',

  'inside.tiles.lead':
    'Ein Netz kann Bilder jeder Größe verarbeiten, der Speicher eines Computers nicht. Deshalb wird das Bild in überlappende Kacheln geschnitten, und nur die Mitte jedes Ergebnisses wird behalten: So gibt es keine Nähte (Overlap-Tile-Strategie).',
  'inside.tiles.patches':
    'Ein Netz ist am besten bei dem, woraus es gelernt hat. Dieses hat aus kleinen Ausschnitten gelernt, deshalb wird das Bild in überlappende Ausschnitte geschnitten.',
  'inside.tiles.working': 'Die Kacheln werden geplant',
  'inside.tiles.size': 'Größe der Kacheln',
  'inside.tiles.used': 'wie für die Maske',
  'inside.tiles.atMost': '{side} px, wenn möglich',
  'inside.tiles.drawing': {
    one: 'Der Plan von {count} Kachel über dem Bild',
    other: 'Der Plan von {count} Kacheln über dem Bild; die Pfeiltasten gehen von Kachel zu Kachel',
  },
  'inside.tiles.picture': 'Das Bild und seine Spiegelung jenseits des Randes',
  'inside.tiles.tile': 'Kachel {number} von {count}',
  'inside.tiles.many':
    'Dieses Bild braucht {count} Kacheln, {columns} nebeneinander und {rows} untereinander, jede mit {width} × {height} Pixeln.',
  'inside.tiles.tooMany':
    'Dieses Bild braucht {count} Kacheln mit {width} × {height} Pixeln, {columns} nebeneinander und {rows} untereinander: zu viele, um sie einzeln zu zeichnen. Wählen Sie größere Kacheln.',
  'inside.tiles.one':
    'Dieses Bild passt in eine Kachel von {width} × {height} Pixeln. Wählen Sie kleinere, um zu sehen, wie ein größeres Bild geschnitten wird.',
  'inside.tiles.chosen':
    'Kachel {number} von {count}: Das Netz sieht {width} × {height} Pixel, und {keptWidth} × {keptHeight} seines Ergebnisses werden behalten.',
  'inside.tiles.mirrored':
    'Ein Teil davon liegt außerhalb des Bildes: Dort ist das Bild gespiegelt, denn etwas muss das Netz sehen.',
  'inside.tiles.within': 'Alles, was es sieht, liegt im Bild.',
  'inside.tiles.context':
    'Ein Pixel des Ergebnisses kann von dem abhängen, was bis zu {context} Pixel entfernt liegt, vom Äußersten freilich am wenigsten.',
  'inside.tiles.margin': 'Deshalb sieht eine Kachel auf jeder Seite {least} Pixel mehr, als behalten werden.',
  'inside.tiles.margins':
    'Deshalb sieht eine Kachel auf jeder Seite {least} bis {most} Pixel mehr, als behalten werden.',
  'inside.tiles.valid':
    'Dieses Netz sieht nie über das hinaus, was es bekommt: Sein Ergebnis ist auf jeder Seite {border} Pixel kleiner, deshalb müssen Kacheln so viel mehr sehen.',
  'inside.tiles.averaged':
    'Dieses Bild braucht {count} Ausschnitte mit {width} × {height} Pixeln, von einem zum nächsten {step} Pixel. Jeder wird ganz behalten, und was ein Pixel von mehreren bekommt, wird gemittelt.',
  'inside.tiles.key.kept': 'von jeder Kachel behalten',
  'inside.tiles.key.seen': 'von der gewählten Kachel gesehen',
  'inside.tiles.key.edge': 'Bildrand; außerhalb gespiegelt',

  'inside.borders.lead':
    'Während ein Netz lernt, muss ein Fehler in der schmalen Lücke zwischen zwei Objekten mehr kosten als anderswo, sonst werden Objekte, die sich fast berühren, zu einem. Diese Karte zeigt, wie viel mehr jedes Pixel zählt.',
  'inside.borders.working': 'Die Randgewichte werden berechnet',
  'inside.borders.found': {
    one: 'Das Bild mit seiner Maske: {count} Objekt',
    other: 'Das Bild mit seiner Maske: {count} Objekte',
  },
  'inside.borders.map': 'Randgewichte in den Lücken zwischen diesen Objekten; das größte ist {largest}',
  'inside.borders.few.0':
    'Das Modell hat hier kein Objekt gefunden. Nur zwischen zwei Objekten gibt es eine Lücke zu verteidigen, deshalb hat kein Pixel ein Randgewicht.',
  'inside.borders.few.1':
    'Das Modell hat hier weniger als zwei Objekte gefunden: Alles, was es markiert hat, hängt zusammen. Deshalb gibt es keine Lücke zu verteidigen, und kein Pixel hat ein Randgewicht.',
  'inside.borders.none':
    'Hier liegen keine zwei Objekte nah beieinander, deshalb hat kein Pixel ein nennenswertes Randgewicht',
  'inside.borders.scale': 'Farben des zusätzlichen Gewichts, von keinem bis {w0}',
  'inside.borders.scale.name': 'Zusätzliches Gewicht',
  'inside.borders.formula.lead':
    'Das Gewicht folgt Gleichung 2 der Arbeit, die das U-Net eingeführt hat (Ronneberger, Fischer und Brox, 2015):',
  'inside.borders.formula': 'w = {w0} · exp(−(d₁ + d₂)² / (2 · {sigma}²))',
  'inside.borders.formula.means':
    'Dabei sind d₁ und d₂ die Abstände, in Pixeln, zum nächsten und zum zweitnächsten Objekt. Wo beide klein sind, kommt das Gewicht nahe an {w0}; einige Male {sigma} Pixel weiter ist es null. Jedes Pixel zählt außerdem 1, eines tief in einem Objekt nicht mehr als das.',

  'inside.copies.lead':
    'Ein Training sieht ein Bild fast nie, wie es ist. Jedes Mal wird es neu gedreht, gestreckt, verbogen und in der Helligkeit geändert, und seine Maske mit ihm (Augmentierung): So reichen wenige markierte Bilder weit.',
  'inside.copies.working': 'Die Kopien werden gezeichnet',
  'inside.copies.new': 'Neue Kopien',
  'inside.copies.seed': 'Startwert {seed}: dieselbe Zahl ergibt dieselben Kopien',
  'inside.copies.mask': 'Maske zeigen',
  'inside.copies.grid': 'Zeigen, wie das Bild verbogen wird',
  'inside.copies.part': 'Wie viel vom Bild eine Kopie zeigt',
  'inside.copies.whole': 'Das ganze Bild',
  'inside.copies.patch': 'Ein Ausschnitt, wie im Training',
  'inside.copies.original': 'Das Bild selbst',
  'inside.copies.name': 'Kopie {number}',
  'inside.copies.noMask': 'Dieses Bild hat noch keine Maske, deshalb zeigen die Kopien keine.',
  'inside.copies.changes': 'Was verändert wird',
  'inside.change.flips': 'Spiegelungen und Vierteldrehungen',
  'inside.changes.flips': 'Im Mikroskop gibt es kein Oben und Unten, deshalb ist jede Lage richtig.',
  'inside.change.rotation': 'Drehung',
  'inside.changes.rotation': 'Bis zu {rotation} Grad mehr, in beide Richtungen.',
  'inside.change.scale': 'Größe',
  'inside.changes.scale': 'Bis zu {scale}-mal so groß oder so klein.',
  'inside.change.elastic': 'Elastische Verformung',
  'inside.changes.elastic':
    'Punkte eines groben Gitters werden zufällig um etwa {elastic} Pixel verschoben und alle dazwischen gleichmäßig mit, wie es bei Gewebe geschieht.',
  'inside.change.shift': 'Verschiebung',
  'inside.changes.shift': 'Bis zu {shift} Pixel entlang jeder Seite.',
  'inside.change.contrast': 'Helligkeit und Kontrast',
  'inside.changes.contrast':
    'Der Kontrast ändert sich bis aufs {contrast}-Fache, Helligkeit und mittlere Töne mit ihm, bei Farben auch eine gegen die andere: Lampen und Färbungen sind verschieden.',
  'inside.change.noise': 'Rauschen und Unschärfe',
  'inside.changes.noise':
    'Ein wenig Rauschen und ab und zu eine Unschärfe von bis zu {blur} Pixeln, wie von anderen Kameras.',

  'inside.window.lead':
    'Vor dem U-Net wurde ein Netz nach einem Pixel auf einmal gefragt: Es sah das Fenster um den Pixel und antwortete für dessen Mitte (Ciresan 2012). Dann rückte das Fenster um einen Pixel weiter. Lassen Sie das verwendete Netz so arbeiten und vergleichen Sie.',
  'inside.window.picture':
    'Das Bild mit dem Quadrat der Pixel, nach denen gefragt wird, und dem Fenster um einen von ihnen',
  'inside.window.means':
    'Im orangen Quadrat liegen die Pixel, nach denen gefragt wird; das blaue ist der {field} Pixel breite Teil des Bildes, von dem die Antwort für einen von ihnen abhängt. Klicken Sie in das Bild oder bewegen Sie die Regler.',
  'inside.window.side': 'Pixel',
  'inside.window.square': '{side} × {side}: {count} Fenster',
  'inside.window.slide': 'Fenster gleiten lassen',
  'inside.window.working': 'Das Fenster gleitet über die Pixel',
  'inside.window.same': 'Dieselbe Antwort',
  'inside.window.off': 'Fast dieselbe Antwort (größte Abweichung {off})',
  'inside.window.sum': '{same}, mit {times}-mal so viel Arbeit',
  'inside.window.windows': 'Ein Fenster für jeden Pixel',
  'inside.window.once': 'Ein Durchgang über alle',
  'inside.window.passes': 'Durchgänge durch das Netz',
  'inside.window.input': 'Pixel, die jedes Mal hineingehen',
  'inside.window.work': 'Multiplikationen mit Addition',
  'inside.window.time': 'Zeit hier',
  'inside.window.work.whole': 'Multiplikationen mit Addition für das ganze Bild',
  'inside.window.time.whole': 'Zeit für das ganze Bild, geschätzt',
  'inside.window.n4':
    'Das Netz, das den Wettbewerb von 2012 gewann (N4: Fenster von {window} × {window} Pixeln, vier Faltungen mit je 48 Karten, nach jeder ein Max-Pooling), braucht {each} Multiplikationen für einen Pixel, also {all} für dieses Bild.',
  'inside.window.why':
    'Benachbarte Fenster überdecken sich fast ganz, und jedes berechnet dieselben Merkmalskarten neu. Ein Netz nur aus Faltungen berechnet sie einmal für alle Pixel: Deshalb antwortet das U-Net (2015) für eine ganze Kachel auf einmal.',
};
