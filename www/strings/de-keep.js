/** Words about keeping the session, in German; see `de.js`. */

/** @type {import('./t.js').Table} */
export const keep = {
  'status.train.continued': 'Der Rechenkern wurde neu gestartet. Das Training geht genau bei Schritt {step} weiter.',
  'status.train.restarted':
    'Der Rechenkern wurde neu gestartet. Das Training geht mit dem Netz von Schritt {step} weiter.',
  'status.train.smaller':
    'Der Speicher war zu klein. Das Training geht ab Schritt {step} mit {batch} Ausschnitten von {patch} Pixeln weiter.',
  'keep.title': 'Was dieser Browser aufbewahrt',
  'keep.what':
    'Damit beim Schließen oder Neuladen dieses Tabs nichts verloren geht, werden Ihre Dateien, Labels, eigenen Modelle und Trainings in dem Speicher aufbewahrt, den dieser Browser auf diesem Computer für diese Seite hat. Löschen Sie sie auf einem Computer, den auch andere benutzen, wenn Sie fertig sind.',
  'keep.offer.label': 'Frühere Sitzung',
  'keep.offer': 'Dort weitermachen, wo Sie waren: {what} ({when}).',
  'keep.files': { one: '1 Datei', other: '{count} Dateien' },
  'keep.slices': { one: '1 markierte Schicht', other: '{count} markierte Schichten' },
  'keep.models': { one: '{count} eigenes Modell', other: '{count} eigene Modelle' },
  'keep.training': 'ein Training bei Schritt {step} von {steps}',
  'keep.trained': 'ein abgeschlossenes Training mit seiner Kurve',
  'keep.when': '{date}, {time}',
  'keep.continue': 'Weitermachen',
  'keep.continuing': 'Wird zurückgeholt …',
  'keep.anew': 'Neu beginnen',
  'keep.anew.title': 'Löscht die frühere Sitzung aus diesem Browser. Ihre Dateien an anderen Orten bleiben.',
  'keep.sure': 'Endgültig löschen?',
  'keep.on': {
    one: 'In diesem Browser fürs nächste Mal aufbewahrt: 1 Datei, {size}.',
    other: 'In diesem Browser fürs nächste Mal aufbewahrt: {count} Dateien, {size}.',
  },
  'keep.full':
    'Der Platz reicht nicht, um die ganze Sitzung aufzubewahren. Speichern Sie Ihre Labels und Modelle, bevor Sie diesen Tab schließen.',
  'keep.days': {
    one: 'Sie wird gelöscht, wenn sie einen Tag lang nicht geöffnet war.',
    other: 'Sie wird gelöscht, wenn sie {count} Tage lang nicht geöffnet war.',
  },
  'keep.question': 'Diese Sitzung auf diesem Computer aufbewahren oder beim Schließen des Tabs alles vergessen?',
  'keep.question.keep': 'Auf diesem Computer aufbewahren',
  'keep.question.forget': 'Vergessen',
  'keep.question.forget.title':
    'Beim Schließen dieses Tabs wird nichts aufbewahrt. Das wird gemerkt und lässt sich unter der Dateiliste ändern.',
  'keep.phase.ask': 'Bevor Sie geantwortet haben, wird nichts aufbewahrt.',
  'keep.phase.never':
    'Beim Schließen dieses Tabs wird nichts aufbewahrt: So ist es auf dieser Seite für alle eingestellt.',
  'keep.phase.on': 'Diese Sitzung wird in diesem Browser aufbewahrt.',
  'keep.phase.off': 'Beim Schließen dieses Tabs wird nichts aufbewahrt.',
  'keep.phase.unknown': 'Noch wird nichts aufbewahrt.',
  'keep.phase.elsewhere':
    'Ein anderer Tab bewahrt seine Sitzung auf. Was hier geschieht, ist beim Schließen dieses Tabs verloren.',
  'keep.phase.newer':
    'Eine spätere Version von Insitu hat in diesem Browser eine Sitzung aufbewahrt, die diese Version nicht lesen kann. Sie bleibt, wie sie ist; öffnen Sie die spätere Version, um dort weiterzumachen. Was hier geschieht, wird nicht aufbewahrt.',
  'keep.phase.unavailable':
    'Dieser Browser kann die Sitzung hier nicht aufbewahren (sein Speicher ist für diese Seite abgeschaltet). Speichern Sie Labels und Modelle, bevor Sie diesen Tab schließen.',
  'keep.phase.broken':
    'Dieser Browser kann die Sitzung nicht mehr aufbewahren: Sein Speicher hat versagt. Speichern Sie Labels und Modelle, bevor Sie diesen Tab schließen.',
  'keep.delete': 'Aufbewahrtes löschen',
  'keep.delete.title':
    'Löscht alles, was dieser Browser von dieser Sitzung aufbewahrt, und bewahrt ab jetzt nichts mehr auf. Was offen ist, bleibt offen.',
  'keep.deleted': 'Gelöscht. Ab jetzt wird nichts aufbewahrt.',
  'keep.again': 'Sitzung aufbewahren',
  'keep.again.title': 'Damit sie nach dem Schließen oder Neuladen dieses Tabs noch da ist',
  'keep.gone':
    'Was dieser Browser für diese Seite aufbewahrte, wurde gelöscht, während sie offen war. Was offen ist, wird wieder aufbewahrt.',
  'keep.lost': {
    one: '1 Datei der früheren Sitzung ließ sich nicht zurückholen.',
    other: '{count} Dateien der früheren Sitzung ließen sich nicht zurückholen.',
  },
  'keep.order':
    'Ihre Labels sind alle da. Was früher gemalt wurde, lässt sich nicht mehr Schritt für Schritt rückgängig machen.',
  'error.train.checkpoint':
    'Das ist kein Trainingsstand, oder er ist beschädigt; das Training kann damit nicht fortgesetzt werden.',
};
