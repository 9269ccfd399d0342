/** Words of the engine and of shipped models, in German, which come in English; see `engine.js`. */

/** @type {import('./t.js').Table} */
export const engine = {
  'model.nuclei.title': 'Zellkerne',
  'model.nuclei.summary':
    'Zellkerne in Fluoreszenz, Hellfeld und gefärbtem Gewebe, grau oder farbig; trennt Kerne, die sich berühren.',
  'model.em-membrane.title': 'EM-Membranen',
  'model.em-membrane.summary':
    'Zellmembranen in Serienschnitten von Nervengewebe, Transmissionselektronenmikroskopie, etwa 4 nm je Pixel.',
  'model.cells-phase.title': 'Zellen, Phasenkontrast',
  'model.cells-phase.summary': 'Adhärente Zellen im Phasenkontrast; trennt Zellen, die sich berühren.',
  'model.retina-vessels.title': 'Netzhautgefäße',
  'model.retina-vessels.summary': 'Blutgefäße in farbigen Fotos der Netzhaut (Fundus).',
  'model.chest-lungs.title': 'Lungen',
  'model.chest-lungs.summary':
    'Die Lungen, einschließlich des Herzschattens, in frontalen Thoraxaufnahmen von Erwachsenen und Kindern.',
  'model.fetal-head.title': 'Fetaler Kopf',
  'model.fetal-head.summary':
    'Der Kopf eines Fetus in der Standardebene des Ultraschalls, gefüllt bis zum Außenrand des Schädels.',
  'model.brain-mr.title': 'Gehirn',
  'model.brain-mr.summary':
    'Das Gehirn ohne Schädel und Kopfhaut in MR-Bildern des Kopfes, Schicht für Schicht: FLAIR, T1.',
  'model.left-ventricle.title': 'Linker Ventrikel',
  'model.left-ventricle.summary': 'Das Blut im linken Ventrikel in Cine-MR-Bildern des Herzens, kurze Achse.',
  'model.polyp.title': 'Polypen',
  'model.polyp.summary': 'Polypen des Darms in farbigen Bildern der Koloskopie.',
  'model.skin-lesion.title': 'Hautveränderungen',
  'model.skin-lesion.summary': 'Eine pigmentierte Veränderung der Haut in einer dermatoskopischen Aufnahme.',
  'class.of.nucleus': 'Zellkern',
  'class.of.membrane': 'Membran',
  'class.of.cell': 'Zelle',
  'class.of.vessel': 'Gefäß',
  'class.of.lung': 'Lunge',
  'class.of.brain': 'Gehirn',
  'class.of.left ventricle': 'linker Ventrikel',
  'class.of.polyp': 'Polyp',
  'class.of.lesion': 'Läsion',
  'class.of.head': 'Kopf',

  'said.The CPU was asked for.': 'Die CPU wurde verlangt.',
  'said.The graphics card passed the start-up test.': 'Die Grafikkarte hat die Prüfung beim Start bestanden.',
  'said.This browser has no WebGPU. Running on the CPU.': 'Dieser Browser hat kein WebGPU. Es rechnet die CPU.',
  'said.The browser offers no graphics card for computing. Running on the CPU.':
    'Der Browser bietet keine Grafikkarte zum Rechnen an. Es rechnet die CPU.',
  'said.This page was opened over plain http, so the browser hides the GPU; ask for https or use localhost. Running on the CPU.':
    'Diese Seite wurde über einfaches http geöffnet, deshalb verbirgt der Browser die GPU; fragen Sie nach https oder nehmen Sie localhost. Es rechnet die CPU.',
  "said.The browser hides the graphics card's clock (timestamp-query), which is needed to run on it. Running on the CPU.":
    'Der Browser verbirgt die Uhr der Grafikkarte (timestamp-query), die zum Rechnen darauf nötig ist. Es rechnet die CPU.',
  'said.The graphics card gave a wrong answer in the start-up test. Running on the CPU.':
    'Die Grafikkarte hat bei der Prüfung beim Start falsch gerechnet. Es rechnet die CPU.',
  'said.The graphics card could not be started. Running on the CPU.':
    'Die Grafikkarte ließ sich nicht starten. Es rechnet die CPU.',

  'error.device.memory': 'Der Speicher der Grafikkarte hat nicht gereicht.',
  'error.device.read': 'Die Grafikkarte hat währenddessen aufgehört zu antworten.',
  'error.device.start': 'Die Grafikkarte ließ sich nicht starten.',
  'error.device.self-test': 'Die Grafikkarte hat bei der Prüfung beim Start falsch gerechnet.',
  'error.device.no-webgpu': 'Dieser Browser hat kein WebGPU.',
  'error.device.no-adapter': 'Der Browser bietet keine Grafikkarte zum Rechnen an.',
  'error.device.insecure':
    'Diese Seite wurde über einfaches http geöffnet, deshalb verbirgt der Browser die GPU; fragen Sie nach https oder nehmen Sie localhost.',
  'error.engine.panic': 'Der Rechenkern ist wegen eines Fehlers darin stehen geblieben. Er muss neu starten.',

  'error.dicom.invalid': 'Diese DICOM-Datei ist beschädigt oder unvollständig. ({original})',
  'error.dicom.no-pixels': 'Diese DICOM-Datei enthält kein Bild. ({original})',
  'error.dicom.segmentation':
    'Das ist eine DICOM-Segmentierung (SEG), auf einem anderen Bild markierte Bereiche, und kein Bild. Öffnen Sie zuerst die Bilder und legen Sie diese Datei dann darauf ab.',
  'error.dicom.unsupported.bits': 'Die Bittiefe dieser DICOM-Datei kann Insitu nicht lesen. ({original})',
  'error.dicom.unsupported.palette': 'Diese DICOM-Datei hat eine segmentierte Palette, die Insitu nicht lesen kann.',
  'error.dicom.unsupported.photometric': 'Die Farbdarstellung dieser DICOM-Datei kann Insitu nicht lesen. ({original})',
  'error.dicom.unsupported.segmentation': 'Insitu liest Segmentierungen nur als Pixel auf Bildern. ({original})',
  'error.dicom.unsupported.tiles':
    'Diese DICOM-Datei ist ein ganzer Objektträger, dessen Kacheln eigene Skalierungen haben; das kann Insitu nicht lesen. ({original})',
  'error.dicom.unsupported.transfer-syntax':
    'Diese DICOM-Datei ist mit einem Verfahren komprimiert, das Insitu nicht lesen kann. Exportieren Sie sie unkomprimiert oder als verlustfreies JPEG 2000. ({original})',
  'error.gif.invalid': 'Dieses GIF ist beschädigt oder unvollständig. ({original})',
  'error.gzip.invalid': 'Diese gzip-Datei ist beschädigt oder unvollständig.',
  'error.zstd.invalid': 'Diese Zstandard-Datei ist beschädigt oder unvollständig.',
  'error.jpeg.invalid': 'Die JPEG-Daten sind beschädigt oder unvollständig. ({original})',
  'error.jpeg.unsupported': 'Diese Art von JPEG kann Insitu nicht lesen. ({original})',
  'error.jpeg2000.invalid': 'Die JPEG-2000-Daten sind beschädigt oder unvollständig. ({original})',
  'error.jpeg2000.unsupported': 'Diese Art von JPEG 2000 kann Insitu nicht lesen. ({original})',
  'error.jpegls.invalid': 'Die JPEG-LS-Daten sind beschädigt oder unvollständig. ({original})',
  'error.jpegls.unsupported': 'Diese Art von JPEG-LS kann Insitu nicht lesen. ({original})',
  'error.metaimage.invalid': 'Dieses MetaImage ist beschädigt oder unvollständig. ({original})',
  'error.metaimage.unsupported': 'Diese Art von MetaImage kann Insitu nicht lesen. ({original})',
  'error.nifti.invalid': 'Diese NIfTI-Datei ist beschädigt oder unvollständig. ({original})',
  'error.nifti.unsupported.data-type':
    'Den Datentyp dieser NIfTI-Datei kann Insitu nicht lesen. Wandeln Sie sie in 32-Bit-Gleitkommazahlen um. ({original})',
  'error.nifti.unsupported.pair': 'Dieses Dateipaar aus NIfTI-Kopf und Pixeln kann Insitu so nicht lesen. ({original})',
  'error.nrrd.invalid': 'Diese NRRD-Datei ist beschädigt oder unvollständig. ({original})',
  'error.png.invalid': 'Dieses PNG ist beschädigt oder unvollständig.',
  'error.tiff.invalid': 'Dieses TIFF ist beschädigt oder unvollständig. ({original})',
  'error.tiff.set':
    'Die Dateien dieses OME-TIFF-Bildes enthalten nicht die Ebenen, die sie angeben. Öffnen Sie eine allein, um zu sehen, was darin ist.',
  'error.tiff.unsupported.bits': 'Die Bittiefe dieses TIFFs kann Insitu nicht lesen. ({original})',
  'error.tiff.unsupported.colour': 'Die Farbdarstellung dieses TIFFs kann Insitu nicht lesen. ({original})',
  'error.tiff.unsupported.compression':
    'Dieses TIFF ist mit einem Verfahren komprimiert, das Insitu nicht lesen kann. Speichern Sie es mit LZW oder unkomprimiert. ({original})',
  'error.tiff.unsupported.predictor': 'Diese Kompression (Prädiktor) des TIFFs kann Insitu nicht lesen. ({original})',
  'error.tiff.unsupported.stack':
    'Diesen TIFF-Stapel kann Insitu nicht lesen. Speichern Sie ihn mit einer Seite je Ebene. ({original})',
  'error.zarr.chunk':
    'Ein Stück dieses Zarr-Ordners ist beschädigt oder unvollständig. Kopieren Sie den Ordner noch einmal. ({original})',
  'error.zarr.empty':
    'Keines der Stücke dieses Zarr-Bildes ist da. Legen Sie den ganzen Ordner ab oder ein ZIP-Archiv davon. ({original})',
  'error.zarr.invalid': 'Dieser Zarr-Ordner ist beschädigt oder nicht vollständig. ({original})',
  'error.zarr.unsupported': 'Diese Art von Zarr-Ordner liest Insitu nicht. ({original})',
  'error.zip.invalid': 'Dieses ZIP-Archiv ist beschädigt oder unvollständig. ({original})',
  'error.zip.limit.bytes': 'Eine Datei in diesem ZIP-Archiv ist zu groß. ({original})',
  'error.zip.limit.entries': 'Dieses ZIP-Archiv hat mehr als 100 000 Einträge.',
  'error.zip.unsupported.encrypted': 'Die Datei in diesem ZIP-Archiv ist verschlüsselt. Entpacken Sie sie zuerst.',
  'error.zip.unsupported.method':
    'Eine Datei in diesem ZIP-Archiv ist so komprimiert, dass Insitu sie nicht lesen kann. ({original})',

  'error.scan.empty': 'Diese Datei ist leer. ({original})',
  'error.scan.limit.bytes': 'Diese Datei braucht zu viel Speicher. ({original})',
  'error.scan.limit.memory': 'Für diese Datei reicht der Speicher nicht mehr. ({original})',
  'error.scan.limit.pixels': 'Dieses Bild hat zu viele Pixel. Beschneiden oder verkleinern Sie es zuerst. ({original})',
  'error.scan.marks':
    'Diese DICOM-Datei enthält Bereiche, die auf Bildern markiert wurden, und kein Bild. Legen Sie sie auf den Bildern ab, zu denen sie gehört.',
  'error.scan.shape': 'Die Achsen dieser Datei ergeben kein Bild. ({original})',
  'error.scan.together': 'Das Öffnen dieser Dateien wurde beendet; öffnen Sie sie noch einmal.',
  'error.scan.unknown': 'Diese Datei hat kein Bildformat, das Insitu kennt. ({original})',
  'error.scan.unsupported.format': 'Dieses Format kann Insitu nicht lesen. ({original})',
  'error.series.changed':
    'Die Dateien dieser Serie sind nicht mehr, was sie beim Durchsehen waren. Öffnen Sie sie noch einmal.',

  'error.label.between': 'Es gibt nichts zu füllen: Markieren Sie zwei Schichten, zwischen denen andere liegen.',
  'error.label.empty': 'Noch ist nichts markiert, deshalb gibt es nichts zu speichern.',
  'error.label.grey':
    'Dieses Werkzeug braucht die Werte des Bildes, die noch nicht da sind; versuchen Sie es noch einmal.',
  'error.label.import.colours':
    'Dieses Bild unterscheidet Klassen durch Farben. Speichern Sie es mit einer Palette (indiziert) oder als Grauwerte: eine Zahl je Klasse.',
  'error.label.import.jpeg':
    'JPEG verändert die Pixelwerte, deshalb eignet es sich nicht für Labels. Speichern Sie sie als PNG oder TIFF.',
  'error.label.import.sheet': 'Die Tabelle der Klassen in dieser Datei lässt sich nicht lesen.',
  'error.label.import.values': 'Diese Datei enthält Werte, für die es keine Klasse gibt. ({original})',
  'error.label.import.which':
    'Dieses Archiv enthält Labels mehrerer Bilder dieser Größe, und keines heißt wie dieses Bild. Entpacken Sie es und öffnen Sie das zugehörige. ({original})',
  'error.label.import.zip':
    'Dieses ZIP-Archiv hat keine Tabelle der Klassen (classes.json). Entpacken Sie es und öffnen Sie seine Bilder einzeln.',
  'error.label.invalid': 'Diese gespeicherten Labels sind beschädigt oder unvollständig.',
  'error.label.limit.pixels': 'Das sind zu viele Pixel für Labels. ({original})',
  'error.label.name': 'Der Name einer Klasse ist leer oder zu lang. ({original})',
  'error.label.order':
    'Alle Labels sind da, aber die Schritte dahin lassen sich nicht mehr rückgängig machen: Die gespeicherten Schritte gehören zu anderen Labels.',
  'error.label.shape': 'Diese Labels haben eine andere Größe als das Bild. ({original})',
  'error.label.unsupported.version': 'Diese Labels sind von einer anderen Version von Insitu. ({original})',
  'error.labels.elsewhere': 'Diese Labels gehören nicht zu diesem Bild. ({original})',

  'error.export.classes': 'Es gibt noch keine Klasse, deshalb gibt es nichts zu schreiben.',
  'error.export.limit.classes': 'Ein Label-Volumen kann höchstens 254 Klassen haben.',
  'error.export.limit.dicom': 'Dieses Bild ist für DICOM zu groß. ({original})',
  'error.export.limit.memory': 'Für diese Datei reicht der Speicher nicht mehr. ({original})',
  'error.export.limit.objects': 'Das sind mehr Objekte, als ein 16-Bit-PNG nummerieren kann. ({original})',
  'error.export.limit.roi': 'ImageJ-Regionen reichen bis Pixel 32767, und dieses Bild ist größer.',
  'error.export.limit.tiff':
    'Dieser Stapel ist größer als 4 GiB; so groß wird OME-TIFF hier nicht geschrieben. Speichern Sie die Labels als NIfTI.',
  'error.export.place': 'Wo dieses Volumen im Patienten liegt, lässt sich nicht schreiben.',
  'error.export.rtstruct.place':
    'Konturen (RTSTRUCT) liegen im Patienten, und dieses Bild sagt nicht, wo es liegt. Speichern Sie die Labels als DICOM-Segmentierung.',
  'error.export.times':
    'Dieses Bild hat mehrere Kanäle oder Zeitpunkte, und eine solche Datei fasst die Labels eines einzigen Volumens. ({original})',

  'error.image.channels': 'Dieses Modell braucht eine andere Zahl von Kanälen, als das Bild hat. ({original})',
  'error.model.card': 'Die Karte des Modells ist falsch. ({original})',
  'error.model.invalid':
    'Das ist keine Modelldatei, oder sie ist beschädigt. Insitu liest .safetensors, .pth von PyTorch, .h5 und .keras von Keras sowie .onnx.',
  'error.model.none': 'Es ist noch kein Modell geladen; wählen Sie zuerst eines.',
  'error.model.tensors': 'Diese Gewichte passen nicht zum Netz. ({original})',
  'error.model.unsupported.dtype': 'Den Zahlentyp dieser Gewichte liest Insitu nicht. ({original})',
  'error.model.unsupported.format': 'Diese Modelldatei ist von einer neueren Version von Insitu. ({original})',
  'error.model.unsupported.layer':
    'Diese Gewichte enthalten eine Lage, die zu keinem U-Net gehört, das Insitu kennt. ({original})',
  'error.model.unsupported.network': 'Diese Gewichte gehören zu keinem Netz, das Insitu kennt. ({original})',
  'error.keras.invalid': 'Diese Gewichtsdatei ist beschädigt. ({original})',
  'error.hdf5.invalid': 'Diese HDF5-Datei ist beschädigt oder unvollständig. ({original})',
  'error.weights.onnx.invalid': 'Diese ONNX-Datei ist beschädigt oder unvollständig. ({original})',
  'error.weights.onnx.unsupported.external':
    'Die Gewichte dieser ONNX-Datei stehen in einer anderen Datei daneben, die hier fehlt. Öffnen Sie beide zusammen. ({original})',
  'error.weights.onnx.unsupported.layer': 'Diese ONNX-Datei enthält eine Lage, die hier kein U-Net hat. ({original})',
  'error.weights.onnx.unsupported.stars': 'Ein StarDist-Netz wird nicht als ONNX geschrieben. ({original})',
  'error.weights.pickle.forbidden':
    'Diese Datei ist ein ganzes Modell mit seinem Python-Code; beim Öffnen liefe dieser Code, deshalb öffnet Insitu sie nicht. Speichern Sie nur die Gewichte. ({original})',
  'error.weights.pickle.invalid': 'Diese PyTorch-Datei ist beschädigt oder unvollständig. ({original})',
  'error.weights.pytorch.empty': 'In dieser PyTorch-Datei sind keine Gewichte.',
  'error.weights.pytorch.invalid': 'Diese PyTorch-Datei ist beschädigt oder unvollständig. ({original})',
  'error.weights.pytorch.limit': 'Die Tensoren dieser PyTorch-Datei sind zu groß. ({original})',
  'error.weights.pytorch.unsupported.script':
    'Das ist ein TorchScript-Programm, keine Gewichtsdatei. Speichern Sie nur die Gewichte: torch.save(model.state_dict(), "weights.pth").',

  'error.train.checkpoint.format':
    'Dieses Training wurde von einer anderen Version von Insitu aufbewahrt; diese kann es nicht fortsetzen.',
  'error.train.classes': 'Ein Netz lernt mindestens eine und höchstens 254 Klassen.',
  'error.train.diverged':
    'Das Training ist entgleist: Der Verlust ist keine Zahl mehr. Versuchen Sie eine kleinere Lernrate.',
  'error.train.empty': 'Es gibt kein markiertes Bild, aus dem gelernt werden könnte.',
  'error.train.memory': 'Dieses Gerät hat zu wenig Speicher für dieses Netz, selbst mit den kleinsten Ausschnitten.',
  'error.train.none': 'Es läuft kein Training, oder gerade wird ein Schritt davon getan.',
  'error.train.point': 'So früh wurde vom Training nichts aufgehoben. ({original})',
  'error.train.size': 'Labels und Bild sind verschieden groß. ({original})',
  'error.train.state.limit':
    'Dieses Netz ist zu groß, um sein Training aufzubewahren; nur seine Gewichte lassen sich speichern.',
  'error.train.unlabelled': 'Noch ist kein Pixel markiert; es gibt nichts zu lernen.',
  'error.train.unsupported.stars':
    'Ein StarDist-Netz lernt Abstände zu den Rändern von Objekten; das trainiert Insitu nicht. Trainieren Sie es in StarDist, oder wählen Sie ein anderes Modell.',

  'error.volume.flat':
    'Dieses Bild hat eine einzige Schicht und deshalb keine Ebenen quer dazu. Segmentieren Sie die Schichten, wie sie sind.',
  'error.volume.limit.runs':
    'Diese Labels bestehen aus zu vielen kleinen Stücken, um sie in 3D zu trennen. Glätten Sie sie zuerst Schicht für Schicht.',
  'error.volume.memory':
    'Ebenen quer zu den Schichten brauchen für dieses Bild und Modell zu viel Speicher. Segmentieren Sie die Schichten, wie sie sind, oder öffnen Sie jede zweite. ({original})',
  'error.volume.none': 'Die Masken dieser Ebenen sind nicht mehr da. „Alle Schichten segmentieren“ erstellt sie neu.',
  'error.volume.piece': 'Die Labels sind nicht mehr die, deren Stücke aufgelistet wurden. Listen Sie sie neu auf.',
  'error.volume.sigma':
    'Zum Glätten braucht es eine Breite in mm über 0 und höchstens 100 Voxel. Wählen Sie eine andere.',
  'error.volume.size': 'Die Labels haben nicht so viele Voxel wie das Volumen. Öffnen Sie beide noch einmal.',
  'error.volume.stars':
    'Dieses Modell bestimmt Formen von Objekten in Schichten (StarDist), die sich nicht über Ebenen mitteln lassen. Segmentieren Sie die Schichten, wie sie sind, oder nehmen Sie ein anderes Modell.',
  'error.volume.thick':
    'Die Schichten dieses Volumens liegen für Ebenen quer dazu zu weit auseinander. Segmentieren Sie sie, wie sie sind.',
  'error.volume.unfinished':
    'Noch sind nicht alle Ebenen dieses Volumens segmentiert. Drücken Sie noch einmal „Alle Schichten segmentieren“.',
};
