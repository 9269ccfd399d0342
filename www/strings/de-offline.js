/** Wörter zum Arbeiten ohne Netz, zu neuen Fassungen und zu den Einstellungen eines Hauses; siehe `en-offline.js`. */

/** @type {import('./t.js').Table} */
export const offline = {
  'offline.title': 'Arbeiten ohne Netz',
  'offline.short.ready': 'Auch ohne Netz',
  'offline.short.loading': 'Wird für ohne Netz geladen',
  'offline.short.none': 'Nur mit Netz',
  'offline.short.failed': 'Nur mit Netz',
  'offline.short.update': 'Neue Fassung',
  'offline.ready':
    'Bereit für die Arbeit ohne Netz: Diese Seite öffnet sich auch ohne Netz wieder, selbst nachdem der Browser geschlossen war.',
  'offline.loading': 'Wird für die Arbeit ohne Netz vorbereitet: {done} von {total} geladen.',
  'offline.beginning': 'Wird für die Arbeit ohne Netz vorbereitet.',
  'offline.none':
    'Diese Seite kann hier nicht ohne Netz arbeiten: Der Browser bewahrt nichts für sie auf (ein privates Fenster oder eine Seite ohne https). Mit Netz geht alles.',
  'offline.failed':
    'Diese Seite kann noch nicht ohne Netz arbeiten: Was vom Server kam, war nicht vollständig. Mit Netz geht alles; beim nächsten Laden der Seite wird es wieder versucht.',
  'offline.models': 'Modelle, die ohne Netz da sind',
  'offline.wish.all': 'Alle ({size})',
  'offline.wish.all.title': 'Jedes Modell, das mit dieser Seite kommt, wird auf diesem Rechner aufbewahrt',
  'offline.wish.used': 'Nur benutzte',
  'offline.wish.used.title':
    'Ein Modell wird auf diesem Rechner aufbewahrt, sobald es benutzt wurde; die anderen brauchen das Netz',
  'offline.model.here': '{title}: vorhanden, {size}',
  'offline.model.away': '{title}: braucht das Netz, {size}',
  'offline.what':
    'Die Teile dieser Seite und ihre Modelle liegen im Speicher, den dieser Browser für sie hat; jedes wird auf Vollständigkeit geprüft. Ihre Bilder gehören nicht dazu.',
  'offline.update.waits': 'Eine neue Fassung dieser Seite ist bereit.',
  'offline.update.taken': 'Ein anderer Tab hat eine neue Fassung dieser Seite übernommen.',
  'offline.update.kept':
    'Sie wird übernommen, wenn Sie es sagen, nie von selbst. Zuvor wird Ihre Sitzung aufbewahrt und ist in der neuen Fassung wieder da; ein Training geht ab seiner letzten Validierung weiter.',
  'offline.update.notKept':
    'Sie wird übernommen, wenn Sie es sagen, nie von selbst. Diese Sitzung wird nicht aufbewahrt: Speichern Sie zuvor die Markierungen und Modelle, die Sie brauchen.',
  'offline.take': 'Neue Fassung laden',
  'offline.taking': 'Wird geladen …',

  'house.broken':
    'Die Einstellungen dieser Seite, config.json, sind kein gültiges JSON und bleiben außer Acht, bis die Datei berichtigt ist ({why}). Bis dahin wird nichts ohne Nachfrage aufbewahrt.',
  'house.noObject':
    'Die Einstellungen dieser Seite, config.json, müssen ein Objekt in geschweiften Klammern sein und bleiben außer Acht. Bis dahin wird nichts ohne Nachfrage aufbewahrt.',
  'house.unknown': 'In config.json bedeutet „{name}“ nichts. Bekannt sind: {known}.',
  'house.wrong': 'In config.json muss „{name}“ {what} sein. Der Eintrag bleibt außer Acht.',
  'house.must.keep': '"keep", "ask" oder "forget"',
  'house.must.keepDays': 'eine Zahl von Tagen über 0 und bis 3650',
  'house.must.languages': 'eine Liste von Sprachen, etwa ["en", "de"]',
  'house.must.models': 'eine Liste von Modellen nach ihren Kennungen, etwa ["nuclei"]',
  'house.must.defaultModel': 'Kennungen von Modellen nach Modalität, etwa "US": "fetal-head", in geschweiften Klammern',
  'house.must.notice': 'ein Text von höchstens 1000 Zeichen',
  'house.model': 'config.json nennt ein Modell, das nicht mit dieser Seite kommt: {id}.',
};
