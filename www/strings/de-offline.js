/** Words about working without the network, new versions, and what a house sets, in German; see `de.js`. */

/** @type {import('./t.js').Table} */
export const offline = {
  'offline.title': 'Geht ohne Netzwerk',
  'offline.short.ready': 'Geht ohne Netzwerk',
  'offline.short.loading': 'Offline wird vorbereitet',
  'offline.short.none': 'Nur mit Netzwerk',
  'offline.short.failed': 'Nur mit Netzwerk',
  'offline.short.update': 'Neue Version',
  'offline.ready':
    'Bereit für die Arbeit ohne Netzwerk: Diese Seite lässt sich auch ohne es wieder öffnen, sogar nachdem der Browser geschlossen wurde.',
  'offline.loading': 'Die Arbeit ohne Netzwerk wird vorbereitet: {done} von {total} geladen.',
  'offline.beginning': 'Die Arbeit ohne Netzwerk wird vorbereitet.',
  'offline.none':
    'Ohne Netzwerk geht diese Seite hier nicht: Der Browser bewahrt nichts für sie auf (privates Fenster oder Seite ohne https). Mit Netzwerk geht alles.',
  'offline.failed':
    'Ohne Netzwerk geht diese Seite noch nicht: Was vom Server kam, war nicht vollständig. Mit Netzwerk geht alles; beim nächsten Laden der Seite wird es erneut versucht.',
  'offline.models': 'Modelle, die ohne Netzwerk da sind',
  'offline.wish.all': 'Alle ({size})',
  'offline.wish.all.title': 'Jedes mitgelieferte Modell dieser Seite wird auf diesem Computer aufbewahrt',
  'offline.wish.used': 'Nur schon verwendete',
  'offline.wish.used.title':
    'Ein Modell wird auf diesem Computer aufbewahrt, sobald es verwendet wurde; die anderen brauchen das Netzwerk',
  'offline.model.here': '{title}: da, {size}',
  'offline.model.away': '{title}: braucht das Netzwerk, {size}',
  'offline.what':
    'Die Teile dieser Seite und ihre Modelle werden in dem Speicher aufbewahrt, den dieser Browser für sie hat, jedes auf Vollständigkeit geprüft. Ihre Bilder gehören nicht dazu.',
  'offline.update.waits': 'Eine neue Version dieser Seite ist bereit.',
  'offline.update.taken': 'Ein anderer Tab hat eine neue Version dieser Seite übernommen.',
  'offline.update.kept':
    'Sie wird geladen, wenn Sie es wollen, nie von selbst. Ihre Sitzung wird vorher aufbewahrt und kommt in der neuen Version wieder; ein Training geht ab seiner letzten Validierung weiter.',
  'offline.update.notKept':
    'Sie wird geladen, wenn Sie es wollen, nie von selbst. Diese Sitzung wird nicht aufbewahrt: Speichern Sie vorher die Labels und Modelle, die Sie brauchen.',
  'offline.take': 'Neue Version laden',
  'offline.taking': 'Wird geladen …',

  'house.broken':
    'Die Einstellungen dieser Seite, config.json, sind kein gültiges JSON und bleiben unbeachtet, bis die Datei berichtigt ist ({why}). Bis dahin wird nichts ungefragt aufbewahrt.',
  'house.noObject':
    'Die Einstellungen dieser Seite, config.json, müssen ein Objekt in geschweiften Klammern sein und bleiben unbeachtet. Bis dahin wird nichts ungefragt aufbewahrt.',
  'house.unknown': '„{name}“ in config.json bedeutet hier nichts. Bekannt sind: {known}.',
  'house.wrong': '„{name}“ in config.json muss {what} sein. Die Angabe bleibt unbeachtet.',
  'house.must.keep': '"keep", "ask" oder "forget"',
  'house.must.keepDays': 'eine Zahl von Tagen über 0 und bis 3650',
  'house.must.languages': 'eine Liste von Sprachen wie ["en", "de"]',
  'house.must.models': 'eine Liste von Modellen nach ihren Kennungen wie ["nuclei"]',
  'house.must.defaultModel':
    'eine Zuordnung von Modalitäten zu Modellkennungen in geschweiften Klammern, wie "US": "fetal-head"',
  'house.must.notice': 'ein Text von höchstens 1000 Zeichen',
  'house.model': 'config.json nennt ein Modell, das nicht zu dieser Seite gehört: {id}.',
};
