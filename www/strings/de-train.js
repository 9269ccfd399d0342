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
  'train.from.model.is': 'Braucht wenige Labels: Es behält, was es weiß, und richtet sich nach dem, was Sie markiert haben.',
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
  'train.steps.title': 'In jedem Schritt sieht das Netz einige Ausschnitte Ihrer markierten Bilder und ändert sich ein wenig',
  'train.steps.is': 'Höchstens. Es hört früher auf, wenn es nicht besser wird.',
  'train.learn': 'Was lernt',
  'train.learn.title': 'Welcher Teil des Netzes sich ändern darf',
  'train.learn.all': 'Das ganze Netz',
  'train.learn.all.is': 'Meist am besten. Es kann sich auf andersartige Bilder einstellen.',
  'train.learn.decoder': 'Die zweite Hälfte (Decoder)',
  'train.learn.decoder.is':
    'Worauf es achtet, bleibt; was es daraus macht, ändert sich: sicherer bei sehr wenigen Labels.',
  'train.learn.last-layer': 'Nur die letzte Lage',
  'train.learn.last-layer.is': 'Schnell, und es kann kaum etwas schiefgehen; hilft, wenn das Modell fast richtig liegt.',
  'train.objects': 'Einzelne Objekte lernen',
  'train.objects.is':
    'Als Labels übernommene Objekte bleiben getrennt, wo sie sich berühren; Gemaltes zählt je Stück als ein Objekt.',
