/** Words about checking that nothing leaves, and about files without the patient's identity, in German; see `de.js`. */

/** @type {import('./t.js').Table} */
export const privacy = {
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

  'privacy.door.fetch-get': 'Eine Adresse abrufen (fetch, GET)',
  'privacy.door.fetch-post': 'An eine Adresse senden (fetch, POST)',
  'privacy.door.fetch-no-cors': 'Senden, ohne die Antwort zu lesen (fetch, no-cors)',
  'privacy.door.fetch-keepalive': 'Senden, das die Seite überdauert (fetch, keepalive)',
  'privacy.door.fetch-later': 'Senden, wenn die Seite weg ist (fetchLater)',
  'privacy.door.xhr': 'Senden auf die alte Art (XMLHttpRequest)',
  'privacy.door.websocket': 'Eine dauerhafte Verbindung (WebSocket)',
  'privacy.door.eventsource': 'Meldungen eines Servers (EventSource)',
  'privacy.door.webtransport': 'Eine Verbindung über HTTP/3 (WebTransport)',
  'privacy.door.import': 'Code laden (import)',
  'privacy.door.import-scripts': 'Ein Worker, der Code lädt (importScripts)',
  'privacy.door.worker-address': 'Ein Worker von anderswo',
  'privacy.door.worker-blob': 'Ein Worker aus dem Speicher, der sendet (blob:)',
  'privacy.door.worker-data': 'Ein Worker aus einer Textadresse, der sendet (data:)',
  'privacy.door.shared-worker': 'Ein Worker, den sich mehrere Tabs teilen (SharedWorker)',
  'privacy.door.service-worker': 'Ein Worker, der die Seite überdauert (Service Worker)',
  'privacy.door.worklet': 'Code für Ton (AudioWorklet)',
  'privacy.door.beacon': 'Eine Nachricht beim Verlassen (sendBeacon)',
  'privacy.door.ping': 'Eine Nachricht über einen Klick (ping)',
  'privacy.door.payment': 'Anfrage bei einem Zahlungsdienst (PaymentRequest)',
  'privacy.door.image': 'Ein Bild',
  'privacy.door.svg': 'Ein Bild in einer Zeichnung (SVG)',
  'privacy.door.audio': 'Eine Tonaufnahme',
  'privacy.door.video': 'Ein Video',
  'privacy.door.poster': 'Das Vorschaubild eines Videos',
  'privacy.door.css-background': 'Ein Hintergrund in einer Formatvorlage (CSS)',
  'privacy.door.css-import': 'Eine Formatvorlage, die eine andere lädt (CSS @import)',
  'privacy.door.font': 'Eine Schriftart',
  'privacy.door.stylesheet': 'Eine Formatvorlage',
  'privacy.door.icon': 'Ein Symbol der Seite',
  'privacy.door.manifest': 'Eine Beschreibung der Seite als Programm (manifest)',
  'privacy.door.prefetch': 'Vorausladen (prefetch)',
  'privacy.door.preload': 'Vorausladen (preload)',
  'privacy.door.modulepreload': 'Code vorausladen (modulepreload)',
  'privacy.door.dns-prefetch': 'Einen Namen im Voraus nachschlagen (dns-prefetch)',
  'privacy.door.preconnect': 'Im Voraus verbinden (preconnect)',
  'privacy.door.speculation': 'Eine Seite im Voraus laden (speculation rules)',
  'privacy.door.script': 'Ein Skript von anderswo',
  'privacy.door.markup': 'Text, der Teil der Seite wird (innerHTML)',
  'privacy.door.iframe': 'Eine Seite in der Seite (iframe)',
  'privacy.door.object': 'Ein eingebettetes Objekt',
  'privacy.door.embed': 'Ein eingebettetes Dokument',
  'privacy.door.frame-fetch': 'Eine leere Seite in der Seite, die sendet',
  'privacy.door.frame-webrtc': 'Eine leere Seite in der Seite, die eine Gegenstelle anruft',
  'privacy.door.webrtc': 'Eine Gegenstelle anrufen (WebRTC, STUN und TURN)',
  'privacy.door.form': 'Ein Formular senden',
  'privacy.door.window-open': 'Ein weiteres Fenster (window.open)',
  'privacy.door.link-window': 'Ein Link, den ein Skript drückt, in einem weiteren Fenster',
  'privacy.door.link': 'Ein Link, den ein Skript drückt',
  'privacy.door.download': 'Ein Download von anderswo',
  'privacy.door.location': 'Diesen Tab anderswohin führen (location)',
  'privacy.door.refresh': 'Diesen Tab anderswohin führen (refresh)',

  'identity.without': 'Ohne Identität des Patienten',
  'identity.means':
    'Dateien und die darin genannten Bilder bekommen fortlaufende Nummern, DICOM-Dateien eine Nummer anstelle des Patientennamens und weder Geburtsdatum noch Geschlecht, Untersuchungsdaten, Auftragsnummer (Accession Number) oder Arzt. Sie verweisen weiterhin über die Kennungen (UIDs) der Bilder auf die Bilder, über denen sie liegen: Wer diese Bilder hat, kann sagen, von wem sie sind. Text in einem Bild bleibt, ebenso die Namen der Klassen.',
  'identity.key': 'Kopieren, welche Nummer welches Bild ist',
  'identity.key.title': 'Eine Zeile je Bild, getrennt von den Dateien aufzubewahren',
  'identity.model': 'ein mit Insitu trainiertes Modell',

  'privacy.limits': 'Wofür keine Seite bürgen kann',
  'privacy.limit.extensions':
    'Erweiterungen des Browsers sehen, was in der Seite ist. Nehmen Sie ein Profil ohne Erweiterungen oder nur mit denen Ihres Hauses.',
  'privacy.limit.browser':
    'Was Browser und Betriebssystem selbst tun: synchronisieren, übersetzen, Rechtschreibung prüfen, Abstürze melden. Darüber entscheidet Ihre Administration.',
  'privacy.limit.server':
    'Der Server kann beim nächsten Mal eine andere Version liefern. Stellen Sie die Seite im eigenen Haus bereit und vergleichen Sie die Hashwerte ihrer Dateien.',
  'privacy.limit.person':
    'Was Menschen tun: Dateien, die sie speichern und weitergeben, Bildschirmfotos, Links in der Beschreibung eines Modells, denen sie folgen.',
  'privacy.limit.hidden':
    'Der Wächter hält auf, was aus Versehen geschieht; Code mit böser Absicht müsste erst unter die Dateien der Seite selbst geraten, denn anderen Code lässt die Richtlinie nicht laufen.',

  'privacy.copy': 'Als Text kopieren',
  'privacy.copy.title': 'All das mit Version, Browser und Zeit, für die Datenschutzbeauftragten',
  'privacy.copied': 'Kopiert.',
  'privacy.sheet': 'Blatt für den Datenschutz',
  'privacy.sheet.open.title': 'Eine Seite zum Drucken oder zum Aufbewahren als PDF',

  'privacy.report.title': 'Insitu: Prüfung, dass nichts hinausgeht',
  'privacy.report.page': 'Seite: {page}',
  'privacy.report.version': 'Version: {version}',
  'privacy.report.browser': 'Browser: {browser}',
  'privacy.report.time': 'Zeit: {time}',
  'privacy.report.target': 'Zu erreichen versucht: {target}',
  'privacy.report.mark': 'Marke jedes Versuchs in seiner Adresse: {mark}',
  'privacy.report.row': '{where}: {count} Anfragen, {size}',
  'privacy.report.line': '- {way}: {result}',
  'privacy.version.none': 'eine Arbeitskopie, keine veröffentlichte Version',

  'privacy.sheet.title': 'Insitu: Blatt für den Datenschutz',
  'privacy.sheet.print': 'Drucken oder als PDF speichern',
  'privacy.sheet.lead':
    'Insitu ist eine Webseite, die Strukturen in biomedizinischen Bildern findet und vermisst. Gerechnet wird im Browser, auf dem Computer der Person, die sie benutzt. Es gibt keinen Server, der Bilder annimmt, kein Konto, keine Cookies, keine Nutzungsstatistik und nichts von Dritten.',
  'privacy.sheet.facts': 'Dieses Exemplar',
  'privacy.sheet.address': 'Adresse',
  'privacy.sheet.version': 'Version',
  'privacy.sheet.browser': 'Browser',
  'privacy.sheet.time': 'Gedruckt am',
  'privacy.sheet.leaves': 'Was diesen Computer verlässt',
  'privacy.sheet.leaves.text':
    'Nichts. Bilder, Namen, Masken, Labels und hier trainierte Modelle bleiben im Tab und im Speicher dieses Browsers. Die Seite fragt ihren eigenen Server nur nach ihren eigenen Dateien: Code, Modellen, Beispielen.',
  'privacy.sheet.stored': 'Was gespeichert wird, und wo',
  'privacy.sheet.stored.what': 'Was',
  'privacy.sheet.stored.where': 'Wo',
  'privacy.sheet.stored.long': 'Wie lange',
  'privacy.sheet.stored.delete': 'Wie es gelöscht wird',
  'privacy.sheet.session.what': 'Geöffnete Bilddateien, Labels mit ihrem Verlauf, eigene Modelle, Trainings',
  'privacy.sheet.session.where': 'Privater Speicher dieses Browsers für diese Seite (OPFS, Ordner insitu-session)',
  'privacy.sheet.session.long': 'Bis zum Löschen; ist die Festplatte voll, kann der Browser es löschen',
  'privacy.sheet.session.delete':
    '„Aufbewahrtes löschen“ in der Seite, wonach auch nichts mehr aufbewahrt wird; oder „Websitedaten löschen“ im Browser',
  'privacy.sheet.settings.what':
    'Einstellungen: Größen der Bereiche, zuletzt gespeicherte Dateiarten, ob eine Sitzung aufbewahrt wird. Keine Namen, keine Bilder',
  'privacy.sheet.settings.where': 'Lokaler Speicher (Local Storage) dieses Browsers für diese Seite',
  'privacy.sheet.settings.long': 'Bis zum Löschen',
  'privacy.sheet.settings.delete': '„Websitedaten löschen“ im Browser',
  'privacy.sheet.cache.what': 'Die Dateien der Seite selbst. Keine Namen, keine Bilder',
  'privacy.sheet.cache.where': 'Zwischenspeicher (Cache) dieses Browsers',
  'privacy.sheet.cache.long': 'So lange der Browser will',
  'privacy.sheet.cache.delete': '„Websitedaten löschen“ im Browser',
  'privacy.sheet.saved.what':
    'Ergebnisse, die jemand speichert (Masken, Tabellen, DICOM-Objekte), auf Wunsch ohne Identität',
  'privacy.sheet.saved.where': 'Wo diese Person sie ablegt',
  'privacy.sheet.saved.long': 'Wie in Ihrem Haus geregelt',
  'privacy.sheet.saved.delete': 'Wie jede Datei',
  'privacy.sheet.memory.what': 'Alles, was berechnet wird',
  'privacy.sheet.memory.where': 'Arbeitsspeicher des Tabs',
  'privacy.sheet.memory.long': 'Bis der Tab geschlossen wird',
  'privacy.sheet.memory.delete': 'Von selbst',
  'privacy.sheet.how': 'Was dafür sorgt',
  'privacy.sheet.how.policy':
    'Die Sicherheitsrichtlinie der Seite (Content-Security-Policy, in den ersten Zeilen ihres Quelltexts) lässt den Browser Verbindungen, Bilder, Formatvorlagen, Schriften, Code, eingebettete Seiten und Formulare jeder anderen Adresse abweisen; die Worker erben sie. Aus Text wird nie Code (Trusted Types).',
  'privacy.sheet.how.guard':
    'Für die Wege, die keine solche Richtlinie abdeckt (Anrufe bei Gegenstellen, Fenster, Wegführen des Tabs, Nachschlagen von Namen im Voraus), hat die Seite einen Wächter, der vor allem anderen startet.',
  'privacy.sheet.checked': 'Wie es geprüft wurde',
  'privacy.sheet.checked.requests':
    'Anfragen in diesem Tab bisher: {own} an den eigenen Server der Seite ({size} empfangen), {others} an andere Adressen.',
  'privacy.sheet.checked.all':
    '{time}: {count} Versuche auf {doors} Wegen, ein markiertes Byte an {target} zu senden. {result}',
  'privacy.sheet.checked.by':
    'Vom Browser nach der Richtlinie abgewiesen: {policy}. Vom Wächter: {guard}. Wege, die dieser Browser nicht hat: {absent}.',
  'privacy.sheet.checked.none':
    'In diesem Tab noch nicht: Drücken Sie zuerst „Versuchen, etwas hinauszusenden“ unter „Selbst prüfen“; das Ergebnis steht dann hier.',
  'privacy.sheet.checked.doors': 'Die Wege: {doors}.',
  'privacy.sheet.hashes': 'Dateien dieser Version',
  'privacy.sheet.hashes.text':
    '{count} Dateien; SHA-256 ihrer Liste (files.json, mit dem SHA-256 jeder einzelnen): {hash}',
  'privacy.sheet.sign': 'Geprüft von, am',
};
