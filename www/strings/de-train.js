/** Words of the panel Train, in German; see `de.js`. */

/** @type {import('./t.js').Table} */
export const train = {
  'panel.train-tab': 'Training',

  'train.lead': 'Ein Netz lernt aus dem, was Sie markiert haben, hier in diesem Tab. Nichts wird irgendwohin gesendet.',
  'train.held':
    'Ein Netz lernt gerade, deshalb werden Bilder mit ihm gezeigt. Andere Modelle lassen sich wählen, wenn das Training vorbei ist.',
  'train.name.joint': ', angelernt an ',
  'train.name.model': 'Modell',
  'train.name.image': 'Bilder',
  'train.name.new': 'Neues Netz',

  'train.labels': 'Woraus es lernt',
  'train.pixels': {
    one: '{pixels} markierte Pixel in {count} Schicht: {classes}.',
    other: '{pixels} markierte Pixel in {count} Schichten: {classes}.',
  },
  'train.pixels.planes': '{pixels} markierte Pixel: {classes}. Es lernt aus dem, worauf Sie gemalt haben: {planes}.',
  'train.pixels.class': '{pixels} {name}',
  'train.pixels.background': 'Hintergrund',
  'train.labels.change': 'Mehr markieren',
  'train.obstacle.engine': 'Der Rechenkern ist noch nicht bereit.',
  'train.obstacle.image': 'Öffnen Sie zuerst ein Bild.',
  'train.obstacle.labels':
    'Noch ist nichts markiert. Malen Sie ein paar Striche auf das, was das Netz finden soll, und ein paar auf den Hintergrund; je etwa 200 Pixel sind ein guter Anfang.',
  'train.obstacle.classes':
    'Bisher ist nur Hintergrund markiert. Malen Sie auch ein paar Striche auf das, was das Netz finden soll.',
  'train.obstacle.background':
    'Bisher ist nur eine Klasse markiert. Malen Sie auch ein paar Striche Hintergrund, vor allem da, wo er mit der Klasse verwechselt werden könnte.',
  'train.obstacle.go': 'Zu den Labels',

  'train.from': 'Ausgehen von',
  'train.from.title':
    'Das Netz, das lernt. Eines, das ähnliche Bilder schon kennt, braucht weit weniger Labels als eines, das nichts weiß.',
  'train.from.models': 'Mit einem Modell weitermachen',
  'train.from.presets': 'Ein neues Netz, das noch nichts weiß',
  'train.from.model.is':
    'Braucht wenige Labels: Es behält, was es weiß, und richtet sich nach dem, was Sie markiert haben.',
  'train.from.classes':
    'Dieses Modell unterscheidet {had}, und Sie haben {count} markiert: Seine letzte Lage beginnt neu.',
  'train.from.count': { one: '{count} Klasse', other: '{count} Klassen' },
  'train.preset.small': 'Klein',
  'train.preset.small.is':
    'Die Art der Modelle, die mit Insitu kommen: 16 bis 256 Kanäle in fünf Größen. Eine gute erste Wahl.',
  'train.preset.small-bn': 'Kleinstes',
  'train.preset.small-bn.is':
    'Ein Viertel der Zahlen von „Klein“: um zu zeigen, wie es lernt, und für langsame Computer.',
  'train.preset.ronneberger2015': 'U-Net von 2015',
  'train.preset.ronneberger2015.is':
    'Das Original der Arbeit, 31 Millionen Zahlen: für eine starke Grafikkarte. Auf einem Prozessor dauert es Stunden.',
  'train.preset.ronneberger2015-bn': 'U-Net von 2015, normalisiert',
  'train.preset.ronneberger2015-bn.is':
    'Das Original mit Batch-Normalisierung, das schneller lernt. Für eine starke Grafikkarte.',
  'train.preset.keras': 'U-Net aus Keras',
  'train.preset.keras.is':
    'Die Fassung der meisten Anleitungen, mit Dropout gegen Auswendiglernen. Für eine starke Grafikkarte.',
  'train.preset.retina': 'Netzhautgefäße',
  'train.preset.retina.is': 'Drei Größen und kleine Ausschnitte: für dünne, verzweigte Linien wie Gefäße.',
  'train.preset.unet++': 'U-Net++',
  'train.preset.unet++.is': 'Verschachtelte Pfade mit vier Ausgängen: oft etwas besser und mehrmals langsamer.',

  'train.steps': 'Schritte',
  'train.steps.title':
    'In jedem Schritt sieht das Netz einige Ausschnitte Ihrer markierten Bilder und ändert sich ein wenig',
  'train.steps.is': 'Höchstens. Es hört früher auf, wenn es nicht besser wird.',
  'train.learn': 'Was lernt',
  'train.learn.title': 'Welcher Teil des Netzes sich ändern darf',
  'train.learn.all': 'Das ganze Netz',
  'train.learn.all.is': 'Meist am besten. Es kann sich auf andersartige Bilder einstellen.',
  'train.learn.decoder': 'Die zweite Hälfte (Decoder)',
  'train.learn.decoder.is':
    'Worauf es achtet, bleibt; was es daraus macht, ändert sich: sicherer bei sehr wenigen Labels.',
  'train.learn.last-layer': 'Nur die letzte Lage',
  'train.learn.last-layer.is':
    'Schnell, und es kann kaum etwas schiefgehen; hilft, wenn das Modell fast richtig liegt.',
  'train.objects': 'Einzelne Objekte lernen',
  'train.objects.is':
    'Als Labels übernommene Objekte bleiben getrennt, wo sie sich berühren; Gemaltes zählt je Stück als ein Objekt.',
  'train.augment': 'Bilder abwandeln (Augmentierung)',
  'train.augment.title':
    'Jedes Mal, wenn das Netz einen Ausschnitt sieht, wird er gedreht, verbogen und in der Helligkeit geändert, und seine Labels mit ihm',
  'train.augment.is': 'Gedreht, verbogen, heller, dunkler: So reichen wenige Labels weit.',
  'train.augment.show': 'Beispiele zeigen',
  'train.augment.again': 'Andere Beispiele',
  'train.augment.hide': 'Ausblenden',
  'train.augment.working': 'Die Beispiele werden gezeichnet',
  'train.augment.copy': 'Beispiel {number}',
  'train.augment.legend': 'Ausschnitte, wie das Netz sie sieht, mit Ihren Labels.',

  'train.more': 'Weitere Einstellungen',
  'train.automatic': 'automatisch',
  'train.rate': 'Lernrate',
  'train.rate.title': 'Wie stark sich das Netz in einem Schritt ändert',
  'train.rate.is': 'Leer: {rate}. Senken Sie sie, wenn die Kurve springt; erhöhen Sie sie, wenn sich nichts bewegt.',
  'train.rate.model':
    'Leer: {rate}, oder {gentle} bei einem Modell, das Ihre Labels schon gut trifft. Senken Sie sie, wenn die Kurve springt; erhöhen Sie sie, wenn sich nichts bewegt.',
  'train.loss': 'Verlustfunktion',
  'train.loss.title': 'Was das Netz klein machen soll (Loss): eine Zahl dafür, wie falsch es liegt',
  'train.loss.cross-entropy-dice': 'Kreuzentropie und Dice',
  'train.loss.cross-entropy-dice.is': 'Zählt falsche Pixel und vergleicht Flächen. Meist gut.',
  'train.loss.cross-entropy': 'Kreuzentropie',
  'train.loss.cross-entropy.is': 'Zählt falsche Pixel, jedes danach, wie sicher das Netz war.',
  'train.loss.dice': 'Dice',
  'train.loss.dice.is': 'Vergleicht nur Flächen: für Dinge, die wenig vom Bild bedecken.',
  'train.loss.focal': 'Focal',
  'train.loss.focal.is': 'Wie Kreuzentropie, aber leichte Pixel zählen kaum.',
  'train.balance': 'Seltene Klassen zählen mehr',
  'train.balance.title':
    'Klassengewichte: Das Gewicht einer Klasse ist die Wurzel daraus, um wie viel seltener sie ist als die anderen',
  'train.balance.is': 'Damit eine Klasse mit wenigen markierten Pixeln nicht übergangen wird.',
  'train.statistics': 'Normalisierungsstatistik',
  'train.statistics.title':
    'Die Batch-Normalisierung hält für jeden Kanal Mittelwert und Streuung fest; sie können bleiben, wie das Modell sie hat, oder aus Ihren Bildern gelernt werden',
  'train.statistics.auto': 'Automatisch',
  'train.statistics.keep': 'Wie das Modell sie hat',
  'train.statistics.new': 'Aus Ihren Bildern',
  'train.statistics.is':
    'Automatisch behält die des Modells, wenn es Ihre Labels schon gut trifft und weniger als 8 Schichten markiert sind.',
  'train.early': 'Aufhören, wenn es nicht besser wird',
  'train.early.title': 'Early Stopping: nach acht Prüfungen in Folge ohne eine bessere',
  'train.early.is': 'Acht Prüfungen ohne eine bessere beenden es.',
  'train.seed': 'Startwert',
  'train.seed.title': 'Alles Zufällige folgt aus dieser Zahl',
  'train.seed.is': 'Dieselbe Zahl und dieselben Labels ergeben dasselbe Training.',
  'train.batch': 'Ausschnitte je Schritt',
  'train.batch.title': 'Batchgröße: wie viele Ausschnitte das Netz in einem Schritt sieht',
  'train.patch': 'Ausschnittgröße',
  'train.patch.title': 'Pixel je Seite eines Ausschnitts',
  'train.planned': {
    one: 'Für dieses Gerät gewählt: {count} Ausschnitt von {patch} px.',
    other: 'Für dieses Gerät gewählt: {count} Ausschnitte von {patch} px.',
  },
  'train.planned.not': 'Wird zu Beginn des Trainings für dieses Gerät gewählt.',
  'train.width': 'Kanäle',
  'train.width.title': 'Kanäle eines neuen Netzes bei voller Größe; bei jeder kleineren Größe verdoppeln sie sich',
  'train.width.is': 'Die Hälfte davon macht es viermal so schnell und weniger fähig.',
  'train.name': 'Name des Modells',
  'train.name.title': 'Unter diesem Namen kommt das Modell in Ihre Liste, und seine Datei wird so gespeichert',

  'train.settings': 'Einstellungen des Trainings',
  'train.start': 'Trainieren',
  'train.estimate.cpu':
    '{time} für alle Schritte auf dem Prozessor dieses Computers: eine Schätzung, bis die ersten Schritte es zeigen. Mit einer Grafikkarte ginge es schneller.',
  'train.estimate.known': '{time} für alle Schritte, so schnell wie das vorige Training.',
  'train.estimate.gpu': 'Wie lange es dauert, zeigt sich nach den ersten Schritten.',
  'train.about.s': 'Etwa {count} Sekunden',
  'train.about.min': { one: 'Etwa {count} Minute', other: 'Etwa {count} Minuten' },
  'train.about.h': { one: 'Etwa {count} Stunde', other: 'Etwa {count} Stunden' },

  'train.current': 'Training',
  'train.phase.preparing': 'Vorbereitung: Die Labels werden gelesen, und das Netz wird geprüft, wie es ist.',
  'train.phase.running': 'Schritt {step} von {steps}',
  'train.phase.validating': 'Schritt {step} von {steps}: wird geprüft',
  'train.phase.paused': 'Pause bei Schritt {step} von {steps}',
  'train.phase.ending': 'Das Netz wird gesichert.',
  'train.phase.over': 'Vorbei nach Schritt {step}',
  'train.progress': 'Fortschritt des Trainings',
  'train.pause': 'Pause',
  'train.resume': 'Weiter',
  'train.resume.from': 'Weiter ab Schritt {step}',
  'train.cancel': 'Anhalten, bestes behalten',
  'train.cancel.at': 'Anhalten, Schritt {step} behalten',
  'train.live': 'Am Bild zeigen, wie es lernt',
  'train.live.title':
    'Alle drei Sekunden wird das Sichtbare mit dem Netz segmentiert, wie es dann ist, bei großen Bildern ein Teil nach dem anderen. Das kostet höchstens ein Viertel der Zeit.',
  'train.live.working': 'Das Bild wird mit dem jetzigen Netz segmentiert',
  'train.left': 'Restzeit',
  'train.left.unknown': 'zeigt sich nach den ersten Schritten',
  'train.speed': 'Tempo',
  'train.speed.fast': '{value} Schritte/s',
  'train.speed.slow': '{value} s je Schritt',
  'train.validation': 'Geprüft an',
  'train.validation.title':
    'Validierung: Labels, aus denen das Netz nicht lernt und die zeigen, wie gut es ist. Ohne sie sieht Auswendiglernen wie Erfolg aus.',
  'train.validation.images': {
    one: '{count} markierten, zurückgehaltenen Schicht',
    other: '{count} markierten, zurückgehaltenen Schichten',
  },
  'train.validation.blocks': 'zurückgehaltenen Blöcken Ihrer Labels: {count} von {of}',
  'train.validation.nothing':
    'nichts: Es ist zu wenig markiert, um etwas zurückzuhalten, deshalb bleibt der letzte Schritt',
  'train.patches': 'Ein Schritt sieht',
  'train.patches.of': { one: '{count} Ausschnitt von {patch} px', other: '{count} Ausschnitte von {patch} px' },
  'train.memory': 'Speicher',
  'train.memory.title':
    'Netz, Gradienten, Optimierer und das gemittelte Netz sowie die Punkte der Kurve, zu denen man zurückkann. Was ein Schritt außerdem braucht, hängt von der Größe der Ausschnitte ab. Browser verraten nicht, was auf der Grafikkarte noch frei ist.',
  'train.memory.of': {
    one: '{network} fürs Lernen, {points} für {count} Punkt',
    other: '{network} fürs Lernen, {points} für {count} Punkte',
  },
  'train.memory.page': '{memory}; die Seite selbst {page}',
  'train.note.planes': 'Es lernt auch aus Ebenen quer zu den Schichten, weil Sie darauf gemalt haben: {planes}.',
  'train.planes.slices': { one: '{count} Schicht', other: '{count} Schichten' },
  'train.planes.axial': { one: '{count} axiale Ebene', other: '{count} axiale Ebenen' },
  'train.planes.coronal': { one: '{count} koronale Ebene', other: '{count} koronale Ebenen' },
  'train.planes.sagittal': { one: '{count} sagittale Ebene', other: '{count} sagittale Ebenen' },
  'train.planes.xy': { one: '{count} XY-Ebene', other: '{count} XY-Ebenen' },
  'train.planes.xz': { one: '{count} XZ-Ebene', other: '{count} XZ-Ebenen' },
  'train.planes.yz': { one: '{count} YZ-Ebene', other: '{count} YZ-Ebenen' },
  'train.note.lost': 'Die Grafikkarte hat nicht mehr geantwortet. Das Training ging ab Schritt {step} weiter.',
  'train.note.again':
    'Der Rechenkern blieb stehen und wurde neu gestartet. Das Training ging ab Schritt {step} weiter.',
  'train.note.smaller':
    'Der Speicher war knapp. Das Training ging ab Schritt {step} mit kleineren Schritten weiter: {batch} × {patch} px.',
  'train.note.others':
    'Die Labels haben sich geändert, seit dieses Training begann; ab jetzt werden andere Teile zurückgehalten: Frühere Dice-Werte lassen sich nicht mit späteren vergleichen.',
  'train.note.gone':
    'Der Rechenkern wurde inzwischen neu gestartet, deshalb kann man zu diesen Punkten nicht mehr zurück. Das Modell selbst bleibt.',
  'train.worse.falls':
    'Es wird schlechter bei dem, woraus es nicht lernt: Wahrscheinlich lernt es Ihre Labels auswendig. Der beste Punkt bleibt erhalten; mehr zu markieren hilft am meisten.',
  'train.worse.below-start':
    'Bei dem, woraus es nicht lernt, ist es schlechter als am Anfang. Der beste Punkt bleibt erhalten. Versuchen Sie eine kleinere Lernrate, oder lassen Sie nur die zweite Hälfte lernen.',
  'train.worse.loss':
    'Der Verlust steigt, statt zu fallen. Gehen Sie zu einem früheren Punkt der Kurve zurück; eine kleinere Lernrate hilft vielleicht.',
  'train.flood':
    'Die Maske bedeckt {percent} % des Bildes, mehr, als Ihre Striche vermuten lassen. Malen Sie Hintergrund, wo sie falsch ist, mit einem Pinsel, der nicht breiter ist als das Gesuchte, und trainieren Sie noch einmal.',
  'train.flood.paint': 'Hintergrund malen',
  'train.flood.paint.title': 'Nimmt den Pinsel mit dem Hintergrund, neben dem Bild',
  'train.flood.undo': 'Dieses Training zurücknehmen',
  'train.flood.undo.title': 'Zurück zum Modell, wie es vorher war; die Kurve bleibt und führt wieder hierher',
  'train.ended.done': 'Alle Schritte sind getan.',
  'train.ended.early': 'Früh beendet: 8 Prüfungen lang nicht besser.',
  'train.ended.cancelled': 'Angehalten, wie Sie wollten.',
  'train.ended.diverged':
    'Das Training ist entgleist: Der Verlust war keine Zahl mehr. Es ging zum besten Punkt zurück, und nichts ist verloren. Für den nächsten Versuch ist eine Lernrate von {rate} eingestellt.',
  'train.ended.failed': 'Das Training konnte nicht weitergehen. Das Modell der letzten Prüfung ist erhalten.',
  'train.back': 'Zurück bei Schritt {step}.',

  'train.curve.empty': 'Verlust über {count} Schritte; noch keine Prüfung.',
  'train.curve.text': 'Verlust von {first} auf {last} über {steps} Schritte; {judged}',
  'train.curve.validated': 'Dice {on} von {first} auf {last}, am besten {best} bei Schritt {step}.',
  'train.curve.unvalidated': 'es wurde nichts zurückgehalten, um es zu prüfen.',
  'train.curve.hint': 'Klicken Sie einen Punkt an oder drücken Sie Enter darauf, um zu ihm zurückzugehen.',
  'train.curve.point': 'Schritt {step}{score}{best}. Dorthin zurück',
  'train.curve.point.here': 'Schritt {step}{score}{best}. Jetzt in Gebrauch',
  'train.curve.point.dice': ', Dice {dice} {on}',
  'train.curve.point.best': ', der beste',
  'train.legend.loss': 'Verlust (links)',
  'train.legend.loss.title':
    'Wie falsch das Netz bei den Ausschnitten liegt, aus denen es lernt; das sollte fallen. Blass: jeder Schritt. Kräftig: geglättet.',
  'train.dice': 'Dice',
  'train.dice.on': 'Dice {on}',
  'train.on.images': 'auf den zurückgehaltenen Bildern',
  'train.on.blocks': 'auf den zurückgehaltenen Labels',
  'train.legend.dice': '{dice} (rechts)',
  'train.legend.dice.title':
    'Wie gut seine Maske bedeckt, was Sie markiert haben, gemessen nur, wo es nicht aus Ihren Labels lernt: 0 gar nicht, 1 genau. Das sollte steigen.',
  'train.legend.best': 'Bester',
  'train.legend.here': 'In Gebrauch',
  'train.table': 'Als Tabelle',
  'train.table.step': 'Schritt',
  'train.table.loss': 'Verlust',
  'train.table.error': 'Falsche Pixel',
  'train.table.error.title': 'Der Anteil der zurückgehaltenen markierten Pixel, die die falsche Klasse bekamen',

  'train.after': 'Das Modell',
  'train.after.better': 'Dice {dice} {on}, bei Schritt {step}; vor dem Training {first}. Daraus hat es nichts gelernt.',
  'train.after.scored': 'Dice {dice} {on}, bei Schritt {step}. Daraus hat es nichts gelernt.',
  'train.after.same':
    'Das Training hat es nicht verbessert: Das Netz ist in Gebrauch, wie es war (Dice {dice} {on}). Mehr Labels helfen am meisten.',
  'train.after.unscored':
    'Es ist so gut, wie es aussieht: Für eine Zahl ist zu wenig markiert. Sehen Sie andere Schichten und Dateien an.',
  'train.after.flatters':
    'Zurückgehaltene Blöcke liegen nahe bei dem, woraus es gelernt hat; diese Zahl schmeichelt deshalb etwas.',
  'train.after.step': 'In Gebrauch: Schritt {step}. Ein Punkt der Kurve führt zu einem anderen.',
  'train.save': 'Modell speichern',
  'train.save.title':
    'Eine Datei (.safetensors), die Insitu und PyTorch öffnen, mit dem Gelernten, Einstellungen, Kurve und Werten',
  'train.save.done': '{name} gespeichert',
  'train.go-on': '{count} Schritte weiter',
  'train.go-on.title': 'Ab dem Punkt, der in Gebrauch ist',
  'train.again': 'Neues Training',
  'train.again.labels': 'Mit den neuen Labels trainieren',
  'train.after.labels':
    'Die Labels haben sich seither geändert. Ein neues Training geht von diesem Modell aus und nimmt sie auf.',
  'train.again.title': 'Das Modell bleibt in der Liste; die Punkte dieser Kurve werden aufgegeben',

  'train.sweep': 'Andere Schichten und Dateien',
  'train.sweep.one': 'Öffnen Sie weitere Dateien, und das Modell segmentiert sie auch.',
  'train.sweep.apply': 'Auf alle {count} anwenden',
  'train.sweep.apply.title':
    'Segmentiert jede Schicht jeder geöffneten Datei mit dem Modell in Gebrauch. Die Masken werden aufgehoben, sodass jede sofort erscheint.',
  'train.sweep.next': 'Wo als Nächstes berichtigen?',
  'train.sweep.next.title':
    'Ordnet Schichten und Dateien danach, wie unsicher das Modell ist: nach dem Anteil der Pixel, deren wahrscheinlichste Klasse unter 65 % liegt (bei einer Klasse: zwischen 35 % und 65 %). Labels dort lehren es am meisten.',
  'train.sweep.progress': '{done} von {total}: {name}',
  'train.sweep.cancel': 'Abbrechen',
  'train.sweep.done': {
    one: '{count} ist segmentiert. Sie erscheint sofort.',
    other: 'Alle {count} sind segmentiert. Jede erscheint sofort.',
  },
  'train.sweep.stopped': 'Angehalten nach {done} von {total}.',
  'train.sweep.list': 'Die unsichersten zuerst',
  'train.sweep.item': '{percent} unsicher',
  'train.sweep.slice': '{name}, Schicht {slice}',
  'train.sweep.labelled': 'markiert',
  'train.sweep.rest': '{count} weitere zeigen',
  'train.begun': 'Das Training hat begonnen, {steps} Schritte.',
};
