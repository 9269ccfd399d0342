/** All words of the page, in German, with the keys of `en.js`. */

import { engine } from './de-engine.js';
import { inside } from './de-inside.js';
import { keep } from './de-keep.js';
import { label } from './de-label.js';
import { objects } from './de-objects.js';
import { offline } from './de-offline.js';
import { privacy } from './de-privacy.js';
import { results } from './de-results.js';
import { series } from './de-series.js';
import { train } from './de-train.js';
import { volume } from './de-volume.js';

/** @type {import('./t.js').Table} */
export const table = {
  ...engine,
  ...inside,
  ...keep,
  ...label,
  ...objects,
  ...offline,
  ...privacy,
  ...results,
  ...series,
  ...train,
  ...volume,

  'app.name': 'Insitu',
  'title.file': '{name} · Insitu',

  'page.skip': 'Zum Bild springen',
  'page.files': 'Dateien',
  'page.objects': 'Objekte',

  'header.open': 'Öffnen',
  'header.open.title': 'Bilddateien öffnen (O)',
  'header.privacy': 'Nichts verlässt diesen Tab',
  'header.privacy.title': 'Die Bilder bleiben auf diesem Computer. So prüfen Sie das.',
  'header.language': 'Sprache',
  'header.keys': 'Tastenkürzel',
  'header.keys.title': 'Tastenkürzel (?)',
  'header.filesFolded.show': 'Dateiliste einblenden',
  'header.filesFolded.hide': 'Dateiliste ausblenden',
  'header.panelFolded.show': 'Einstellungen einblenden',
  'header.panelFolded.hide': 'Einstellungen ausblenden',

  'device.title': 'Wo gerechnet wird',
  'device.gpu': 'GPU: {name}',
  'device.software': 'Vom Prozessor nachgebildete Grafikkarte: langsam',
  'device.cpu': 'CPU: {reason}',
  'device.cpu.long': 'CPU: {name}',
  'device.fellBack':
    'Die Grafikkarte ist zweimal ausgefallen, deshalb rechnet jetzt die CPU. Laden Sie die Seite neu, um es wieder mit der Grafikkarte zu versuchen.',
  'device.unnamed': 'WebGPU',
  'device.starting': 'Startet',
  'device.preparing': 'GPU wird vorbereitet, einmalig',
  'device.restarting': 'Startet neu',
  'device.failed': 'Läuft nicht',
  'device.gpu.means': 'Die Grafikkarte dieses Computers rechnet, über die WebGPU-Schnittstelle des Browsers.',
  'device.software.means':
    '„{name}“ ist keine Grafikkarte, sondern ein Programm, das ihre Arbeit auf dem Prozessor erledigt. Fehlt eine echte oder ihr Treiber, nimmt der Browser dieses. Die Masken sind dieselben, sie dauern nur länger.',
  'device.cpu.means': 'Die Masken sind dieselben wie auf einer Grafikkarte, sie dauern nur länger.',

  'drop.here': 'Zum Öffnen hier ablegen',
  'drop.nothing': 'Es wurden keine Dateien abgelegt.',
  'drop.pasteNothing':
    'In der Zwischenablage ist kein Bild. Kopieren Sie ein Bild oder eine Bilddatei und fügen Sie es noch einmal ein.',

  'empty.label': 'Bild öffnen',
  'empty.lead': 'Legen Sie eine Aufnahme oder ein Mikroskopbild irgendwo ab, um es segmentiert zu sehen.',
  'empty.formats':
    'DICOM (auch der Ordner einer Serie), NIfTI, NRRD, MetaImage, OME-Zarr (ein Ordner), TIFF, PNG, JPEG und mehr. Sie können ein Bild auch einfügen.',
  'empty.pick': 'Dateien wählen',
  'empty.or': 'oder probieren Sie eines davon',
  'empty.privacy': 'Die Bilder bleiben auf diesem Computer.',
  'empty.check': 'So prüfen Sie das',

  'sample.origin': 'Von einem Programm für Insitu gezeichnet, unter dessen Lizenz; kein echtes Präparat',
  'sample.nuclei-fluorescence': 'Zellkerne, Fluoreszenz',
  'sample.nuclei-stained': 'Zellkerne, gefärbtes Gewebe',
  'sample.em-membranes': 'Membranen, Elektronenmikroskop',

  'files.add': 'Weitere Dateien',
  'files.added': { one: '{count} Datei hinzugefügt', other: '{count} Dateien hinzugefügt' },
  'files.unnamed': 'Eingefügtes Bild',
  'files.remove': '{name} von der Liste nehmen',
  'files.state.waiting': 'Wartet',
  'files.state.reading': 'Wird gelesen',
  'files.state.open': 'Geöffnet',
  'files.state.working': 'Wird segmentiert',
  'files.state.done': 'Segmentiert',
  'files.state.stopped': 'Angehalten',
  'files.state.failed': 'Fehlgeschlagen',
  'files.failed': 'Fehlgeschlagen. {why}',

  'slices.label': 'Schicht',
  'channels.label': 'Kanal',
  'channels.title':
    'Der Farbstoff oder Detektor, den das Modell sieht, und kein anderer. Wird einer allein gezeigt, dann dieser',
  'channels.unnamed': 'Kanal {number}',
  'channels.heading': 'Kanäle',
  'channels.show': '{name} zeigen',
  'channels.show.title': 'Ob dieser Kanal Teil des Bildes ist',
  'channels.colour': 'Farbe von {name}',
  'channels.colour.title': 'Die Farbe dieses Kanals im Mischbild',
  'channels.choose.title': 'Das Fenster unten ist das dieses Kanals',
  'channels.solo': 'Nur',
  'channels.solo.label': 'Nur {name}',
  'channels.solo.title': 'Zeigt diesen Kanal allein, in Grau; noch einmal: das Mischbild',
  'channels.none': 'Es wird kein Kanal gezeigt.',
  'channels.grey': 'Ein Kanal allein wird in Grau gezeigt.',
  'channels.mixed': 'Die Farben der Kanäle werden addiert.',
  'channels.seen': 'Das Modell sieht',
  'channels.seen.title': 'Der eine Kanal, der ins Modell geht, was auch immer das Bild zeigt',
  'slices.place': '{slice}, {channel}',
  'slices.depthTime': 'Tiefe {depth} von {depths}, Zeitpunkt {time} von {times}',
  'slices.of': '{slice} von {count}',

  'toolbar.label': 'Werkzeuge der Ansicht',
  'tool.pan': 'Verschieben',
  'tool.pan.title': 'Ziehen verschiebt das Bild (H)',
  'tool.window': 'Helligkeit und Kontrast',
  'tool.window.title':
    'Ziehen ändert Helligkeit (auf, ab) und Kontrast (links, rechts), ein Doppelklick setzt beides zurück (W). Mit der rechten Maustaste geht das immer.',
  'zoom.label': 'Zoom',
  'zoom.title': 'Bildschirmpixel für ein Bildpixel',
  'zoom.in': 'Vergrößern',
  'zoom.in.title': 'Vergrößern (+)',
  'zoom.out': 'Verkleinern',
  'zoom.out.title': 'Verkleinern (−)',
  'zoom.fit': 'Ganzes Bild',
  'zoom.fit.title': 'Ganzes Bild (F)',
  'zoom.one': '1:1, tatsächliche Pixel',
  'zoom.one.title': 'Ein Bildpixel auf einem Bildschirmpixel (1)',
  'zoom.one.face': '1:1',
  'mask.toggle': 'Maske ein und aus',
  'mask.toggle.title': 'Maske ein und aus (M)',

  'panel.label': 'Einstellungen und Ergebnisse',
  'panel.view-tab': 'Ansicht',
  'panel.results-tab': 'Ergebnis',

  'model.label': 'Modell',
  'model.title':
    'Das Netz, das im Bild etwas sucht. Ihre Wahl gilt für dieses Bild und für ähnlich aussehende; ein eigenes Modell gilt für alle.',
  'model.automatic': 'Automatisch',
  'model.automatic.now': 'Auto: {title}',
  'model.card': 'Über dieses Modell: was es findet, woraus es gelernt hat, wie gut es ist',
  'model.own': 'Eigenes Modell verwenden …',
  'model.own.title':
    'Eine Datei mit den Gewichten eines U-Nets: aus Insitu oder PyTorch (.safetensors, .pth), Keras (.h5, .keras) oder ONNX. Sie lässt sich auch einfach auf der Seite ablegen.',
  'model.added': '{title} ist geladen und in Gebrauch. {summary}',
  'suggest.looks': 'Gewählt, weil das Bild aussieht wie {kind}.',
  'suggest.channels': 'Gewählt, weil die Datei mehrere Kanäle eines Mikroskops enthält, wie bei Fluoreszenz üblich.',
  'suggest.without':
    'Das sieht aus wie {kind}, und dafür gibt es hier kein Modell: Verlassen Sie sich nicht auf diese Maske.',
  'suggest.unsure':
    'Dieses Modell gehört nicht zu denen, die zu diesem Bild passen könnten: Verlassen Sie sich nicht auf diese Maske.',
  'suggest.unlike':
    'Das sieht nach nichts aus, wofür es hier ein Modell gibt: Verlassen Sie sich nicht auf diese Maske.',
  'suggest.asked': 'Es ist kein Modell in Gebrauch: Geben Sie unter dem Bild an, was es zeigt.',
  'suggest.house': 'Gewählt nach den Einstellungen dieser Seite für solche Bilder.',
  'suggest.hidden': 'Das Modell für solche Bilder wird hier nicht angeboten: Verlassen Sie sich nicht auf diese Maske.',
  'suggest.modality':
    'Für Bilder der Modalität {modality} gibt es hier kein Modell: Verlassen Sie sich nicht auf diese Maske.',
  'suggest.ultrasound':
    'Das Modell für Ultraschallbilder kennt nur fetale Köpfe: Verlassen Sie sich nicht auf diese Maske, wo keiner zu sehen ist.',
  'suggest.coarse':
    'Das sieht nach einer Aufnahme des Körpers aus, und dafür gibt es hier kein Modell: Verlassen Sie sich nicht auf diese Maske.',
  'suggest.none': 'Es ist kein Modell in Gebrauch: Für solche Bilder gibt es hier keines.',
  'unsuited.label': 'Kein Modell für dieses Bild',
  'unsuited.without': 'Das sieht aus wie {kind}. Dafür gibt es hier kein Modell, deshalb wurde nichts markiert.',
  'unsuited.unlike': 'Das sieht nach nichts aus, wofür es hier ein Modell gibt, deshalb wurde nichts markiert.',
  'unsuited.unsure': 'Was davon zeigt das Bild?',
  'unsuited.this': 'Zeigt das Bild das?',
  'unsuited.noneOf': 'Nichts davon',
  'unsuited.noneOf.title': 'Es wird nichts markiert; die anderen Möglichkeiten bleiben',
  'unsuited.notThis': 'Nein',
  'unsuited.notThis.title': 'Es wird nichts markiert; die anderen Möglichkeiten bleiben',
  'unsuited.hidden': 'Das Modell für solche Bilder wird hier nicht angeboten, deshalb wurde nichts markiert.',
  'unsuited.modality': 'Für Bilder der Modalität {modality} gibt es hier kein Modell, deshalb wurde nichts markiert.',
  'unsuited.ultrasound':
    'Das ist ein Ultraschallbild. Das Modell dafür kennt nur fetale Köpfe, deshalb wurde ungefragt nichts markiert.',
  'unsuited.coarse':
    'Das sieht nach einer Aufnahme des Körpers aus, und dafür gibt es hier kein Modell. Deshalb wurde nichts markiert.',
  'unsuited.teach': 'Mit ein paar Strichen eines anlernen',
  'unsuited.teach.title': 'Malen Sie an, was Sie suchen, drücken Sie „Trainieren“, und ein Netz lernt es hier',
  'unsuited.own': 'Eigenes Modell verwenden …',
  'unsuited.own.title': 'Eine Datei mit den Gewichten eines U-Nets, das für solche Bilder gemacht ist',
  'unsuited.try': '{title} trotzdem versuchen',
  'unsuited.try.title': 'Nur bei diesem Bild; die Maske wird kaum etwas bedeuten',
  'suggest.byHand': '{title} ist Ihre Wahl.',
  'suggest.wrong': 'Falsch?',
  'suggest.try': '{title} versuchen',

  'threshold.label': 'Schwellenwert',
  'threshold.title': 'Ein Pixel gehört zur Maske, wenn das Modell ihm mindestens diese Wahrscheinlichkeit gibt',
  'threshold.field': 'Schwellenwert, von 0,01 bis 0,99',
  'threshold.more': 'größere Maske',
  'threshold.less': 'sicherere Maske',
  'head.label': 'Tiefe des Netzes',
  'head.title':
    'Dieses Netz hat in jeder Tiefe einen Ausgang (U-Net++). Der tiefste nutzt das ganze Netz; ein flacherer lässt weg, was darunter liegt (Pruning): schneller, oft fast so gut.',
  'head.whole': 'L{level}: das ganze Netz',
  'head.pruned': 'L{level}: gekürzt',
  'head.fastest': 'L{level}: am stärksten gekürzt, am schnellsten',

  'mask.label': 'Maske',
  'mask.shown': 'Maske zeigen',
  'mask.opacity': 'Deckkraft',
  'mask.opacity.title': 'Wie stark die Maske das Bild bedeckt',
  'class.unnamed': 'Klasse {number}',

  'window.label': 'Helligkeit und Kontrast',
  'window.of': 'Fenster von {name}',
  'window.center': 'Zentrum',
  'window.center.title': 'Der Wert, der als mittleres Grau erscheint (Fensterlage)',
  'window.width': 'Breite',
  'window.width.title': 'Der Wertebereich von Schwarz bis Weiß (Fensterbreite)',
  'window.unit': '{name} ({unit})',
  'window.reset': 'Zurück',
  'window.reset.title': 'Wie die Datei es vorgibt (R)',
  'window.hint': 'Oder mit der rechten Maustaste ziehen. Die Maske ändert sich dadurch nicht.',

  'save.mask': 'Maske speichern',
  'save.title': 'Die Maske als 8-Bit-PNG speichern: 0 ist Hintergrund, ab 1 folgen die Klassen (S)',
  'save.done': '{name} gespeichert',

  'segment.run': 'Dieses Bild segmentieren',
  'segment.done': 'Segmentiert in {time}. Der Vordergrund bedeckt {percent} Prozent des Bildes.',
  'segment.stopped': 'Angehalten.',

  'results.none': 'Öffnen Sie ein Bild, um zu sehen, was darin gefunden wird.',
  'results.soon': 'Was in diesem Bild gefunden wird, erscheint hier, sobald es segmentiert ist.',
  'results.stopped': 'Die Segmentierung dieses Bildes wurde angehalten.',
  'results.foreground': 'Fläche des Vordergrunds',
  'results.pixels': '{pixels} px, {percent} des Bildes',
  'results.share': '{percent} des Bildes',
  'results.noSpacing': 'Die Datei nennt keine Pixelgröße, deshalb gibt es keine Fläche in mm².',
  'results.how': 'Wie',
  'results.model': 'Modell',
  'results.threshold': 'Schwellenwert',
  'results.head': 'Tiefe',
  'results.head.of': 'L{level} von {count}',
  'results.time': 'Zeit',
  'results.device': 'Berechnet auf',
  'results.gpu': 'Grafikkarte (GPU)',
  'results.software': 'vom Prozessor nachgebildete Grafikkarte: langsam',
  'results.cpu': 'Prozessor (CPU)',
  'results.image': 'Bild',
  'results.size': 'Größe',
  'results.channel': 'Kanal',
  'results.slice': 'Schicht',
  'results.spacing': 'Pixelgröße',
  'results.apart': 'Schichtabstand',
  'results.spacing.none': 'nicht in der Datei',
  'results.sample': 'Werte',
  'results.format': 'Format',
  'results.date': 'Datum',
  'results.notes': 'Hinweis',
  'results.formatModality': '{format}, {modality}',
  'results.research': 'Für Forschung und Lehre. Kein Medizinprodukt.',

  'status.at': 'x {x}, y {y}',
  'status.channel': '{name} {value}',
  'status.noValue': 'kein Wert',
  'status.rgb': 'rot {r}, grün {g}, blau {b}',
  'status.withUnit': '{value} {unit}',
  'status.class': '{name}, Wahrscheinlichkeit {percent}',
  'status.class.doubtful': 'markiert, Wahrscheinlichkeit {percent}',
  'status.background.doubtful': 'nicht markiert, Wahrscheinlichkeit {percent}',
  'status.background': 'Hintergrund, Wahrscheinlichkeit für {name} {percent}',
  'status.noSpacing': 'keine Pixelgröße in der Datei',
  'status.done': 'segmentiert in {time}',

  'job.label': 'Fortschritt',
  'job.engine': 'Rechenkern startet',
  'job.reading': 'Datei wird gelesen',
  'job.model': 'Modell wird geladen',
  'job.gpu': 'GPU wird vorbereitet, einmalig',
  'job.tiles': 'Segmentierung läuft',
  'progress.tiles': 'Kachel {done} von {total}',
  'progress.tiles.title': 'Große Bilder gehen in überlappenden Stücken durch das Netz',
  'progress.read': 'Liest Datei {done} von {total}',
  'progress.passes': 'Durchgang {done} von {total}',
  'progress.passes.title':
    'Dieses Modell sieht jedes Stück des Bildes viermal, wie es ist und gespiegelt, und nimmt den Mittelwert: langsamer und besser',
  'job.cancel': 'Abbrechen',
  'job.cancel.title': 'Anhalten (Esc)',

  'notice.copy': 'Diagnose kopieren',
  'notice.copied': 'Kopiert',
  'notice.byHand': 'Diagnose: markieren und kopieren',
  'notice.again': 'Neu starten',
  'notice.dismiss': 'Diese Meldung schließen',

  'dialog.close': 'Schließen',
  'card.loading': 'Karte wird geladen',
  'card.facts': '{size}. Lizenz: {licence}',
  'card.unreachable': 'Die Karte dieses Modells konnte nicht geladen werden.',

  'keys.title': 'Tastenkürzel',
  'keys.open': 'Dateien öffnen',
  'keys.paste': 'Bild einfügen',
  'keys.files': 'Vorige und nächste Datei',
  'keys.slices': 'Vorige und nächste Schicht',
  'keys.mask': 'Maske ein und aus',
  'keys.save': 'Maske speichern',
  'keys.fit': 'Ganzes Bild',
  'keys.one': 'Tatsächliche Pixel',
  'keys.zoom': 'Vergrößern und verkleinern',
  'keys.wheel': 'Zoom am Mauszeiger, bei einem Bild mit einer Schicht',
  'keys.wheelCtrl': 'Zoom am Mauszeiger',
  'keys.space': 'Halten und ziehen verschiebt das Bild',
  'keys.pan': 'Bild verschieben',
  'keys.hand': 'Ziehen verschiebt das Bild',
  'keys.window': 'Ziehen ändert Helligkeit und Kontrast',
  'keys.reset': 'Helligkeit und Kontrast zurücksetzen',
  'keys.cancel': 'Anhalten, was gerade läuft',
  'keys.inside': 'Ins Netz hineinsehen',
  'keys.sheet': 'Diese Übersicht',

  'privacy.title': 'Die Bilder bleiben auf diesem Computer',
  'privacy.claim':
    'Insitu hat keinen Server, der Bilder annimmt. Ihre Dateien werden in diesem Browser-Tab gelesen, segmentiert und vermessen.',
  'privacy.check': 'So prüfen Sie das',
  'privacy.offline':
    'Alle Modelle sind jetzt hier: Trennen Sie die Netzwerkverbindung und öffnen Sie ein weiteres Bild: Es geht trotzdem.',
  'privacy.partly':
    'Trennen Sie die Netzwerkverbindung und öffnen Sie ein weiteres Bild für eines der Modelle, die schon hier sind: Es geht trotzdem. Bisher hier: {titles}. Die übrigen werden geladen, während sonst nichts geschieht.',
  'privacy.used':
    'Trennen Sie die Netzwerkverbindung und öffnen Sie ein weiteres Bild für eines der Modelle, die schon hier sind: Es geht trotzdem. Bisher hier: {titles}. Die übrigen werden abgerufen, wenn sie verwendet werden, wie Sie es unter „Geht ohne Netzwerk“ gewählt haben.',
  'privacy.later':
    'Öffnen Sie zuerst ein Bild. Sobald seine Maske erscheint, werden die Modelle geladen, während sonst nichts geschieht; sind alle da, steht das hier, und alles geht ohne Netzwerk.',
  'privacy.network':
    'Oder drücken Sie F12, wählen Sie „Netzwerk“ und öffnen Sie ein Bild: Keine Anfrage enthält es. Es werden nur Teile dieser Seite und ihre Modelle abgerufen.',
  'privacy.policy':
    'Die Sicherheitsrichtlinie der Seite, in den ersten Zeilen ihres Quelltexts, verbietet Verbindungen zu jeder anderen Adresse.',
  'privacy.loads': 'Gespeicherte Masken gehen in Ihren Download-Ordner und sonst nirgendwohin.',

  'canvas.empty': 'Es ist kein Bild geöffnet',
  'canvas.image': 'Bild {name}, {width} mal {height} Pixel, noch keine Maske',
  'canvas.masked': 'Bild {name}, {width} mal {height} Pixel; die Maske bedeckt {percent} davon',

  'size.pixels': '{width} × {height} px',
  'sample.integer': 'Ganzzahlen mit {bits} Bit',
  'sample.float': 'Gleitkommazahlen mit {bits} Bit',
  'list.comma': ', ',
  'list.semicolon': '; ',
  'list.space': ' ',
  'list.end': '.',
  'unit.ms': '{value} ms',
  'unit.s': '{value} s',
  'unit.min': '{minutes} min {seconds} s',
  'unit.kb': '{value} kB',
  'unit.mb': '{value} MB',
  'unit.px': '{value} px',
  'unit.mm': '{value} mm',
  'unit.um': '{value} µm',
  'unit.mm2': '{value} mm²',
  'unit.um2': '{value} µm²',

  'error.cancelled': 'Angehalten, wie Sie wollten.',
  'error.engine.loading': 'Der Rechenkern wird geladen.',
  'error.engine.absent': 'Der Rechenkern wurde nicht gestartet.',
  'error.engine.closed': 'Der Rechenkern wurde beendet.',
  'error.engine.died':
    'Der Rechenkern ist unerwartet stehen geblieben. Ihre Bilder und Masken sind noch da; er wird neu gestartet.',
  'error.engine.restarting': 'Der Rechenkern wird neu gestartet.',
  'error.engine.restarted': 'Der Rechenkern läuft wieder. Ihre Bilder und Masken sind noch da.',
  'error.engine.failed':
    'Der Rechenkern bleibt immer wieder stehen. Ihre Bilder und Masken sind noch da; schließen Sie andere Tabs und starten Sie ihn dann neu.',
  'error.engine.start':
    'Der Rechenkern konnte nicht gestartet werden. Laden Sie die Seite neu; hilft das nicht, ist dieser Browser vielleicht zu alt dafür.',
  'error.engine.silent': 'Der Rechenkern antwortet nicht.',
  'error.engine.unexpected': 'Etwas ist schiefgegangen, womit Insitu nicht gerechnet hat.',
  'error.device.lost':
    'Die Grafikkarte antwortet nicht mehr. Ihre Bilder und Masken sind noch da; der Rechenkern wird neu gestartet.',
  'error.memory':
    'Dafür reicht der Speicher nicht. Schließen Sie andere Tabs oder Bilder, oder nehmen Sie ein kleineres Bild.',
  'error.file.unreadable':
    'Die Datei lässt sich nicht mehr lesen. Vielleicht wurde sie verschoben, geändert oder gelöscht; öffnen Sie sie noch einmal.',
  'error.scan.closed': 'Dieses Bild ist nicht mehr geöffnet; öffnen Sie es noch einmal.',
  'error.scan.several': 'Diese Dateien sind mehrere Bilder. Öffnen Sie die Dateien eines Bildes auf einmal.',
  'error.scan.deadly':
    'Insitu ist bei der Arbeit an diesem Bild zweimal stehen geblieben und lässt es jetzt in Ruhe. Wahrscheinlich ist das Bild für diesen Computer zu groß: Beschneiden oder verkleinern Sie es, oder legen Sie es noch einmal ab, um es erneut zu versuchen.',
  'error.archive.broken': 'Dieses ZIP-Archiv ist beschädigt oder unvollständig.',
  'error.archive.method':
    'Dieses ZIP-Archiv ist verschlüsselt oder so gepackt, dass Insitu es nicht lesen kann. Entpacken Sie es zuerst und legen Sie den Ordner ab.',
  'error.marks.none':
    'Diese Labels gehören zu keinem der geöffneten Bilder. Öffnen Sie zuerst die Bilder, auf denen sie gezeichnet wurden, und legen Sie die Labels dann noch einmal ab.',
  'error.scan.none': 'Keine dieser Dateien ist ein Bild.',
  'error.bundle.cut': 'Ein Teil der Dateien dieses Bildes fehlt. Öffnen Sie sie noch einmal von ihrem Ort aus.',
  'error.language.fetch':
    'Die Wörter dieser Sprache konnten nicht vom Server dieser Seite geladen werden. Prüfen Sie das Netzwerk und versuchen Sie es noch einmal.',
  'error.model.data':
    'Diese Datei enthält die Gewichte einer ONNX-Datei, nicht das Netz. Legen Sie sie zusammen mit der zugehörigen .onnx-Datei ab.',
  'error.model.index': 'Die Liste der Modelle konnte nicht vom Server dieser Seite geladen werden.',
  'error.model.fetch':
    'Das Modell konnte nicht vom Server dieser Seite geladen werden. Prüfen Sie das Netzwerk und versuchen Sie es noch einmal.',
  'error.model.unknown': 'Es gibt kein Modell dieses Namens.',
  'error.train.busy': 'Ein anderes Training läuft. Halten Sie es zuerst an.',
  'error.train.sample':
    'Jedes Beispiel braucht ein geöffnetes Bild und seine Labels: ein Uint8Array mit einem Wert für jedes Pixel.',
  'error.train.over': 'Dieses Training ist vorbei.',
  'error.sample.fetch': 'Das Beispiel konnte nicht vom Server dieser Seite geladen werden.',

  'kind.nuclei': 'Zellkerne',
  'kind.em-membrane': 'Gewebe im Elektronenmikroskop',
  'kind.cells-phase': 'Zellen im Phasenkontrast',
  'kind.retina-vessels': 'ein Foto der Netzhaut',
  'kind.chest-lungs': 'ein Röntgenbild des Thorax',
  'kind.brain-mr': 'ein MR-Bild des Kopfes',
  'kind.left-ventricle': 'ein MR-Bild des Herzens',
  'kind.fetal-head': 'ein Ultraschallbild eines fetalen Kopfes',
  'kind.skin-lesion': 'eine Nahaufnahme einer Hautveränderung',
  'kind.polyp': 'ein endoskopisches Bild des Darms',
  'unsuited.hidden': 'Das Modell, das zu solchen Bildern passt, wird hier nicht angeboten; es wurde nichts markiert.',
  'suggest.house': 'Von den Einstellungen dieser Seite für solche Bilder gewählt.',
  'suggest.hidden':
    'Das Modell, das zu solchen Bildern passt, wird hier nicht angeboten: Verlassen Sie sich nicht auf diese Maske.',
  'privacy.used':
    'Ziehen Sie das Netzkabel oder schalten Sie das Netz aus und öffnen Sie ein weiteres Bild für eines der Modelle, die schon da sind: Es geht weiter. Bisher da: {titles}. Die anderen werden geholt, wenn sie benutzt werden, wie Sie es unter „Arbeiten ohne Netz“ gewählt haben.',
};
