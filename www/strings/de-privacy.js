/** Words about checking that nothing leaves, and about files without the patient's identity, in German; see `de.js`. */

/** @type {import('./t.js').Table} */
export const privacy = {
  'privacy.self': 'Selbst prüfen',
  'privacy.self.what':
    'Sehen Sie jede Anfrage, die diese Seite gestellt hat, und lassen Sie sie auf jedem bekannten Weg versuchen, etwas hinauszusenden. Eine Liste nennt zu jedem Versuch, wer ihn abgewiesen hat.',
  'privacy.check.title': 'Prüfen, dass nichts hinausgeht',

  'privacy.requests': 'Anfragen, seit diese Seite geöffnet wurde',
  'privacy.requests.means':
    'Wie der Browser selbst sie aufgezeichnet hat, von der Seite und von ihren Workern (Teilen, die neben ihr rechnen).',
  'privacy.requests.where': 'An welche Adresse',
  'privacy.requests.count': 'Anfragen',
  'privacy.requests.bytes': 'Empfangen',
  'privacy.requests.own': '{origin}: von dort kommt diese Seite',
  'privacy.requests.others': 'alle anderen Adressen',
  'privacy.requests.nothing': 'nichts',
  'privacy.requests.refused': {
    one: 'Außerdem hat der Browser {count} Versuch, anderswo anzufragen, abgewiesen, bevor etwas gesendet wurde: bei der Prüfung unten.',
    other:
      'Außerdem hat der Browser {count} Versuche, anderswo anzufragen, abgewiesen, bevor etwas gesendet wurde: bei der Prüfung unten.',
  },
  'privacy.requests.serviceWorker': 'durch den Teil, der diese Seite für den Gebrauch ohne Netzwerk bereithält',
  'privacy.requests.serviceWorker.silent': 'gibt keine Auskunft',
  'privacy.requests.list': { one: 'Adresse zeigen', other: 'Alle {count} Adressen zeigen' },
  'privacy.requests.from': 'Angefragt von',
  'privacy.from.page': 'der Seite',
  'privacy.from.worker': 'Worker {file}',
  'privacy.from.serviceWorker': 'Service Worker',

  'privacy.try': 'Versuchen, etwas hinauszusenden',
  'privacy.try.means':
    'Die Seite versucht auf jedem Weg, den sie hat, ein markiertes Byte an eine fremde Adresse zu senden. Keines darf ankommen. Ihre Bilder werden dabei nicht angerührt, und Sie bleiben auf dieser Seite.',
  'privacy.try.address': 'An diese Adresse',
  'privacy.try.address.title':
    'Die vorgegebene Adresse gehört niemandem. Tragen Sie die eines eigenen Servers ein, dessen Protokoll Sie lesen können, um dort zu sehen, dass nichts ankommt.',
  'privacy.try.address.wrong':
    'Das muss eine Webadresse sein (http:// oder https://), und zwar eine andere als die dieser Seite.',
  'privacy.try.go': 'Versuchen, etwas hinauszusenden',
  'privacy.try.again': 'Noch einmal versuchen',
  'privacy.try.progress': 'Versuch {done} von {all}',
  'privacy.try.workers': 'Wartet auf die Versuche der Worker',
  'privacy.try.all': {
    one: 'Der einzige Versuch wurde abgewiesen: Nichts ging hinaus.',
    other: 'Alle {count} Versuche wurden abgewiesen: Nichts ging hinaus.',
  },
  'privacy.try.some':
    'Bei {open} von {count} Versuchen war keine Abweisung zu erkennen; sie stehen in der Liste obenan.',
  'privacy.try.untried': {
    one: '{count} Versuch war nicht möglich, weil in diesem Browser keine Seite ihren eigenen Tab zurückhalten kann.',
    other:
      '{count} Versuche waren nicht möglich, weil in diesem Browser keine Seite ihren eigenen Tab zurückhalten kann.',
  },
  'privacy.try.busy':
    'Der Worker {file} ist beschäftigt und hat nicht geantwortet. Versuchen Sie es noch einmal, wenn nichts berechnet wird.',
  'privacy.try.way': 'Weg hinaus',
  'privacy.try.result': 'Was daraus wurde',
  'privacy.try.who':
    'Die Sicherheitsrichtlinie steht in den ersten Zeilen des Quelltexts der Seite, und der Browser setzt sie durch, auch in den Workern. Der Wächter ist ein Teil der Seite, der vor allen anderen startet und Wege schließt, die keine Richtlinie abdeckt.',
  'privacy.try.ofPage': 'Die Seite',
  'privacy.try.ofWorker': 'Der Worker {file}',

  'privacy.by.policy': 'vom Browser abgewiesen: Sicherheitsrichtlinie ({detail})',
  'privacy.by.guard': 'von der Seite abgewiesen: Wächter',
  'privacy.by.browser': 'vom Browser abgewiesen: {detail}',
  'privacy.by.absent': 'diesen Weg gibt es in diesem Browser nicht',
  'privacy.by.open': 'NICHT abgewiesen',
  'privacy.by.unsure': 'keine Abweisung zu erkennen; sehen Sie im Protokoll der Adresse nach',
  'privacy.by.untried': 'nicht versucht: In diesem Browser kann eine Seite ihren eigenen Tab nicht zurückhalten',
};
