"""Writes small DICOM series, one ZIP archive each, into tests/reference/series, and index.json with the volumes that they are.

Run with Python 3, numpy, pydicom and SimpleITK; the tests themselves need none of it:
    python tests/reference/make_series.py

The body is a linear function of the place in the patient (LPS, mm), so that a value tells where it lies. Names and the order of files are
shuffled. Where a series is a regular stack, origin, steps and values are what SimpleITK reads; else (sheared, several times, one file)
they follow from Image Position (Patient) as pydicom reads it. For every slice index.json has its instance, its frame, and the sum and a
weighted sum of its physical values.
"""

import io
import json
import random
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, UID

HERE = Path(__file__).parent / "series"
INDEX = {}
CT, MR, PT, DOSE, NM, US = ("1.2.840.10008.5.1.4.1.1." + s for s in ("2", "4", "128", "481.2", "20", "3.1"))
EMR, SR, DIR = "1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.1.3.10"
ROWS, COLUMNS = 6, 8
AXIAL = ([1, 0, 0], [0, 1, 0])
CORONAL = ([1, 0, 0], [0, 0, -1])
SAGITTAL = ([0, 1, 0], [0, 0, -1])


def uid(*parts):
    return UID("1.2.826.0.1.3680043.8.498." + ".".join(str(p) for p in parts))


def body(position, way, spacing=(1.5, 2.0), rows=ROWS, columns=COLUMNS):
    """Values of a slice whose rows and columns run along `way`; spacing between rows first."""
    row, column = (np.array(v, float) for v in way)
    y, x = np.mgrid[:rows, :columns]
    world = np.array(position, float) + x[..., None] * row * spacing[1] + y[..., None] * column * spacing[0]
    return 1000 + world @ np.array([1.0, 3.0, 7.0])


def file(name, n, position, way, class_=CT, modality="CT", series=1, slope=1.0, intercept=0.0, kind=np.uint16, add=0,
         syntax=ExplicitVRLittleEndian, **more):
    """One file of a series; `add` makes phases and echoes differ."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = class_, syntax
    d = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    number = hash_of(name) % 10**6
    d.SOPClassUID, d.SOPInstanceUID = class_, uid(number, series, n + 1)
    meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID
    d.StudyInstanceUID, d.SeriesInstanceUID = uid(number, 0), uid(number, 0, series)
    d.FrameOfReferenceUID = uid(number, 9)
    d.SpecificCharacterSet, d.PatientName, d.PatientID = "ISO_IR 100", "M\u00fcller^Eva", "id 7"
    d.StudyDate, d.StudyTime, d.AccessionNumber = "20200131", "101112", "A1"
    d.Modality, d.SeriesNumber, d.SeriesDescription = modality, series, name
    d.InstanceNumber = n + 1
    spacing = more.pop("spacing", (1.5, 2.0))
    rows, columns = more.pop("rows", ROWS), more.pop("columns", COLUMNS)
    d.Rows, d.Columns = rows, columns
    if position is not None:
        d.ImagePositionPatient = [f"{v:.6f}"[:16] for v in position]
        d.ImageOrientationPatient = [f"{v:.10f}"[:16] for v in [*way[0], *way[1]]]
    d.PixelSpacing = list(spacing)
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
    physical = body(position if position is not None else (0, 0, n), way, spacing, rows, columns) + add
    stored = np.round((physical - intercept) / slope).astype(kind)
    d.BitsAllocated = d.BitsStored = 8 * stored.itemsize
    d.HighBit, d.PixelRepresentation = d.BitsStored - 1, int(np.dtype(kind).kind == "i")
    if slope != 1 or intercept:
        d.RescaleSlope, d.RescaleIntercept = f"{slope:.6g}", f"{intercept:.6g}"
    d.PixelData = stored.tobytes()
    for key, value in more.items():
        setattr(d, key, value)
    return d


def hash_of(text):
    out = 7
    for c in text:
        out = (out * 131 + ord(c)) % 2**31
    return out


def to_bytes(d):
    out = io.BytesIO()
    pydicom.dcmwrite(out, d, enforce_file_format=True)
    return out.getvalue()


def physical(d):
    a = d.pixel_array.astype(float)
    slope, intercept = float(d.get("RescaleSlope", 1)), float(d.get("RescaleIntercept", 0))
    return a * float(d.get("DoseGridScaling", slope)) + intercept


def sums(a):
    flat = np.asarray(a, float).ravel()
    return [round(float(flat.sum()), 4), round(float((flat * (np.arange(flat.size) % 97 + 1)).sum()), 4)]


def steps(d, first, last, n, thickness=1.0):
    """Origin and steps from the first and last position."""
    row, column = np.array(d[:3], float), np.array(d[3:6], float)
    normal = np.cross(row, column)
    along = (np.array(last) - first) / (n - 1) if n > 1 else normal * thickness
    return row, column, along


def volume(files, part="", times=1, geometry=True, notes=(), sample=None, regular=False):
    """`files`: datasets in the order of slices (depth fastest)."""
    depths = len(files) // times
    first, last = files[0], files[depths - 1]
    out = {"part": part, "depths": depths, "times": times, "channels": [""], "notes": list(notes),
           "size": [int(first.Columns), int(first.Rows)],
           "sample": sample or str(first.pixel_array.dtype),
           "slices": [[str(f.SOPInstanceUID), None, *sums(physical(f))] for f in files]}
    if geometry:
        o = [float(v) for v in first.ImageOrientationPatient]
        start = [float(v) for v in first.ImagePositionPatient]
        row, column, along = steps(o, start, [float(v) for v in last.ImagePositionPatient], depths,
                                   float(first.get("SliceThickness", 1.0)))
        dy, dx = (float(v) for v in first.PixelSpacing)
        out["origin"], out["steps"] = start, [list(row * dx), list(column * dy), list(along)]
        if regular:
            check(files, out)
    return out


def check(files, out):
    """The same as SimpleITK (GDCM) reads and orders, or this script is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        for i, f in enumerate(random.sample(files, len(files))):
            (Path(folder) / f"{i}.dcm").write_bytes(to_bytes(f))
        image = sitk.ReadImage(sitk.ImageSeriesReader.GetGDCMSeriesFileNames(folder))
    direction = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    assert np.allclose(image.GetOrigin(), out["origin"], atol=1e-4), (image.GetOrigin(), out["origin"])
    assert np.allclose(direction.T, out["steps"], atol=1e-4), (direction.T, out["steps"])
    for have, want in zip(sitk.GetArrayFromImage(image), out["slices"]):
        assert np.allclose(sums(have), want[2:], rtol=1e-6), (sums(have), want)
    out["origin"], out["steps"] = list(image.GetOrigin()), direction.T.tolist()


def write(name, files, volumes, left_out=()):
    files = [to_bytes(f) if isinstance(f, Dataset) else f for f in files]
    order = random.sample(range(len(files)), len(files))
    with zipfile.ZipFile(HERE / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for i, which in enumerate(order):
            info = zipfile.ZipInfo(f"IM{i:03}", (2020, 1, 31, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, files[which])
    INDEX[name] = {"volumes": volumes, "left_out": list(left_out)}


def stack(name, way, count=5, step=3.0, against=False, origin=(-20.0, 13.0, -40.0), along=None, **more):
    """In the order of the normal; instance numbers run against it if asked."""
    normal = np.cross(*way)
    along = normal * step if along is None else np.array(along)
    number = lambda i: count - 1 - i if against else i
    return [file(name, number(i), np.array(origin) + i * along, way, **more) for i in range(count)]


def plain():
    ways = {"axial": AXIAL, "axial_prone": ([-1, 0, 0], [0, -1, 0]), "axial_feet_first": ([-1, 0, 0], [0, 1, 0]),
            "coronal": CORONAL, "sagittal": SAGITTAL, "sagittal_from_behind": ([0, -1, 0], [0, 0, -1])}
    for i, (name, way) in enumerate(ways.items()):
        syntax = ImplicitVRLittleEndian if i % 2 else ExplicitVRLittleEndian
        files = stack(name, way, against=i % 2 == 0, syntax=syntax)
        write(name, files, [volume(files, regular=True)])
    a, b = 0.35, 0.6
    turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]]) @ \
        np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    way = (turn[:, 0], turn[:, 1])
    files = stack("oblique", way, class_=MR, modality="MR")
    write("oblique", files, [volume(files, regular=True)])
    lean = np.tan(np.radians(15)) * 3.0
    files = stack("tilted", AXIAL, along=[0, lean, 3.0], GantryDetectorTilt=15)
    write("tilted", files, [volume(files, notes=["tilted by 15.0 degrees"])])
    files = stack("signed_slopes", CORONAL, class_=PT, modality="PT", kind=np.int16)
    files = [file("signed_slopes", i, f.ImagePositionPatient, CORONAL, class_=PT, modality="PT", kind=np.int16,
                  slope=0.5 + 0.25 * i, intercept=-10.0 * i) for i, f in enumerate(files)]
    write("signed_slopes", files, [volume(files, regular=False)])
    files = stack("mixed_types", AXIAL)
    files = [file("mixed_types", i, f.ImagePositionPatient, AXIAL, kind=np.int16 if i == 2 else np.uint16)
             for i, f in enumerate(files)]
    write("mixed_types", files, [volume(files, sample="int32")])
    files = [file("one", 0, (1, 2, 3), SAGITTAL, SliceThickness=4.0)]
    write("one", files, [volume(files)])


def irregular():
    files = stack("gap", AXIAL, count=7)
    files = files[:2] + files[4:]
    write("gap", files, [volume(files, notes=["2 slices are missing between slice 2 (at -37.0 mm) and slice 3 (at -28.0 mm)"])])
    files = [file("unequal", i, (0, 0, z), AXIAL) for i, z in enumerate([0, 3, 6, 10, 13])]
    write("unequal", files, [volume(files, notes=["from 3.00 to 4.00 mm"])])
    files = stack("duplicates", AXIAL)
    again = file("duplicates", 30, files[3].ImagePositionPatient, AXIAL, add=5)
    write("duplicates", files + [files[1], again],
          [volume(files, notes=["1 file holds an image that another file holds", "1 image at positions that have others"])])
    files = stack("shifted", AXIAL)
    files[2].ImagePositionPatient[0] += 9
    write("shifted", files, [volume(files, geometry=False, notes=["up to 9.0 mm"])])
    files = stack("damaged", AXIAL, count=6)
    data = [to_bytes(f) for f in files]
    data[3] = data[3][:-30]
    left = files[:3] + files[4:]
    write("damaged", data, [volume(left, notes=["1 of 6 files is damaged", "1 slice is missing between slice 3"])])
    INDEX["damaged"]["volumes"][0]["files"] = 6
    files = [file("without_positions", i, None, AXIAL, add=i) for i in range(4)]
    write("without_positions", files, [volume(files, geometry=False, notes=["instance numbers"])])
    files, odd = stack("sizes", AXIAL), file("sizes", 9, (0, 0, 99), AXIAL, rows=5, columns=7)
    write("sizes", files + [odd], [volume(files, "8 x 6 pixels", notes=["2 volumes"]),
                                   volume([odd], "7 x 5 pixels", notes=["2 volumes"])])


def parted():
    echo = lambda i, t, n: stack("echoes", AXIAL, class_=MR, modality="MR", EchoTime=t, EchoNumbers=i + 1, add=n)
    one, two = echo(0, 4.92, 0), echo(1, 7.38, 50)
    for f in two:
        f.InstanceNumber, f.SOPInstanceUID = f.InstanceNumber + 5, f.SOPInstanceUID + ".2"
    write("echoes", one + two, [volume(f, f"echo time {t} ms", notes=["2 volumes"]) for f, t in ((one, 4.92), (two, 7.38))])
    files, volumes = [], []
    for k, b in enumerate([0, 500, 1000]):
        these = stack("diffusion", AXIAL, class_=MR, modality="MR", add=-100 * k, DiffusionBValue=float(b),
                      syntax=ImplicitVRLittleEndian)
        for i, f in enumerate(these):
            f.InstanceNumber, f.SOPInstanceUID = i * 3 + k + 1, f.SOPInstanceUID + f".{k}"
        files += these
        volumes.append(volume(these, f"b-value {b} s/mm²", notes=["3 volumes"]))
    write("diffusion", files, volumes)
    phases, depths = 4, 3
    files = []
    for t in range(phases):
        for z in range(depths):
            files.append(file("cine", z * phases + t, (-20, 13, z * 8.0), AXIAL, class_=MR, modality="MR", add=20 * t,
                              TriggerTime=30.5 * t + z * 0.3, AcquisitionNumber=z + 1))
    write("cine", files, [volume(files, times=phases)])
    # One phase of one position is not there.
    write("cine_short", [f for i, f in enumerate(files) if i != 4],
          [volume(files[:4] + [files[1]] + files[5:], times=phases, notes=["1 image missing at some times"])])
    files = []
    for t in range(3):
        for z in range(3):
            files.append(file("perfusion", 50 - t * 3 - z, (-20, 13, z * 8.0), AXIAL, add=20 * t, AcquisitionTime=f"1011{t:02}.5",
                              TemporalPositionIdentifier=t + 1))
    write("perfusion", files, [volume(files, times=3)])
    def pair(name, key, values, parts, shift=(0, 0, 0)):
        files, volumes = [], []
        for k, (value, part) in enumerate(zip(values, parts)):
            origin = np.array([-20.0, 13.0, -40.0]) + np.array(shift) * k
            these = stack(name, AXIAL, add=30 * k, origin=origin, **{key: value})
            for i, f in enumerate(these):
                f.InstanceNumber, f.SOPInstanceUID = 10 * k + i + 1, f.SOPInstanceUID + f".{k}"
            files += these
            volumes.append(volume(these, part, notes=["2 volumes"]))
        write(name, files, volumes)

    pair("contrast", "AcquisitionNumber", [1, 2], ["acquisition 1", "acquisition 2"])
    pair("kinds", "ImageType", [["ORIGINAL", "PRIMARY", "M"], ["ORIGINAL", "PRIMARY", "P"]],
         ["image type ORIGINAL PRIMARY M", "image type ORIGINAL PRIMARY P"])
    pair("side_by_side", "AcquisitionNumber", [1, 1], ["place 1", "place 2"], shift=(120, 0, 0))
    # Two acquisitions that overlap by two slices.
    pair("overlap", "AcquisitionNumber", [1, 2], ["acquisition 1", "acquisition 2"], shift=(0, 0, 9))
    files = []
    for t in range(6):
        for z in range(3):
            way = [float(t == 0), float(t == 1), 1.0 - t / 6]
            files.append(file("directions", t * 3 + z, (-20, 13, z * 8.0), AXIAL, class_=MR, modality="MR", add=20 * t,
                              DiffusionBValue=1000.0, DiffusionGradientOrientation=way))
    order = sorted(range(6), key=lambda t: ([float(v) for v in files[t * 3].DiffusionGradientOrientation][0],
                                            "\\".join(f"{v:.17g}" for v in files[t * 3].DiffusionGradientOrientation)))
    write("directions", files, [volume([files[t * 3 + z] for t in order for z in range(3)], times=6,
                                       notes=["gradient direction tells apart"])])
    ways = {"axial": AXIAL, "coronal": CORONAL, "sagittal": SAGITTAL}
    files, volumes = [], []
    for k, (name, way) in enumerate(ways.items()):
        these = stack("localizer", way, count=3, step=10.0, class_=MR, modality="MR")
        for i, f in enumerate(these):
            f.InstanceNumber, f.SOPInstanceUID = k * 3 + i + 1, f.SOPInstanceUID + f".{k}"
        files += these
        volumes.append(volume(these, name, notes=["3 volumes"]))
    write("localizer", files, volumes)
    first = stack("two_series", AXIAL, series=2)
    second = stack("two_series", AXIAL, series=11, add=9)
    report = Dataset()
    report.file_meta = FileMetaDataset()
    report.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    report.file_meta.MediaStorageSOPClassUID = report.SOPClassUID = SR
    report.file_meta.MediaStorageSOPInstanceUID = report.SOPInstanceUID = uid(5, 5)
    report.Modality, report.StudyInstanceUID, report.SeriesInstanceUID = "SR", uid(5), uid(5, 1)
    directory = Dataset()
    directory.file_meta = FileMetaDataset()
    directory.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    directory.file_meta.MediaStorageSOPClassUID, directory.file_meta.MediaStorageSOPInstanceUID = DIR, uid(6, 6)
    directory.FileSetID = "DISC"
    directory.DirectoryRecordSequence = Sequence([])
    write("two_series", second + first + [report, directory], [volume(first), volume(second)],
          left_out=["structured report", "directory of a DICOM disc"])


def enhanced(name, frames, pointers, notes=(), geometry=True, depths=None, times=1, channels=("",), private=lambda d, f: None):
    """`frames`: (position, dimension indices, add) in the order of slices; written shuffled."""
    way = AXIAL
    order = random.sample(range(len(frames)), len(frames))
    d = file(name, 0, (0, 0, 0), way, class_=EMR, modality="MR")
    del d.ImagePositionPatient, d.ImageOrientationPatient, d.PixelSpacing
    d.NumberOfFrames = len(frames)
    shared, measures, orientation = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = [1.5, 2.0], 2.5
    orientation.ImageOrientationPatient = [*way[0], *way[1]]
    shared.PixelMeasuresSequence, shared.PlaneOrientationSequence = Sequence([measures]), Sequence([orientation])
    d.SharedFunctionalGroupsSequence = Sequence([shared])
    organised = Sequence()
    for pointer in pointers:
        item = Dataset()
        item.DimensionIndexPointer = pydicom.datadict.tag_for_keyword(pointer)
        organised.append(item)
    d.DimensionIndexSequence = organised
    groups, planes, slices = [], [], [None] * len(frames)
    for at, which in enumerate(order):
        position, indices, add = frames[which]
        group, content, plane, transformation = Dataset(), Dataset(), Dataset(), Dataset()
        content.DimensionIndexValues = list(indices)
        plane.ImagePositionPatient = [float(v) for v in position]
        # Each frame has a slope of its own.
        slope, intercept = 1.0 + which % 3, -3.0 * which
        transformation.RescaleSlope, transformation.RescaleIntercept, transformation.RescaleType = slope, intercept, "US"
        group.FrameContentSequence, group.PlanePositionSequence = Sequence([content]), Sequence([plane])
        group.PixelValueTransformationSequence = Sequence([transformation])
        private(group, frames[which])
        groups.append(group)
        stored = np.round((body(position, way) + add - intercept) / slope).astype(np.uint16)
        planes.append(stored)
        slices[which] = [str(d.SOPInstanceUID), at + 1, *sums(stored * slope + intercept)]
    d.PerFrameFunctionalGroupsSequence = Sequence(groups)
    d.PixelData = np.stack(planes).tobytes()
    if not geometry:
        by_file = sorted(slices, key=lambda s: s[1])
        slices = by_file
    out = {"part": "", "depths": depths or len(frames), "times": times, "channels": list(channels), "notes": list(notes),
           "size": [COLUMNS, ROWS], "sample": "uint16", "slices": slices, "files": 1}
    if geometry:
        positions = [np.array(f[0], float) for f in frames[::len(channels)]]
        n = out["depths"]
        row, column, along = steps([*way[0], *way[1]], positions[0], positions[n - 1], n, 2.5)
        out["origin"] = positions[0].tolist()
        out["steps"] = [list(row * 2.0), list(column * 1.5), list(along)]
    write(name, [d], [out])


def multiframe():
    at = lambda z: (-20.0, 13.0, z * 2.5)
    enhanced("enhanced", [(at(z), (1, z + 1), 0) for z in range(5)], ["StackID", "InStackPositionNumber"])
    enhanced("enhanced_times", [(at(z), (1, z + 1, t + 1), 40 * t) for t in range(3) for z in range(4)],
             ["StackID", "InStackPositionNumber", "TemporalPositionIndex"], depths=4, times=3)

    def b_value(group, frame):
        diffusion = Dataset()
        diffusion.DiffusionBValue = 800.0 * (frame[1][2] - 1)
        group.MRDiffusionSequence = Sequence([diffusion])

    enhanced("enhanced_diffusion",
             [(at(z), (1, z + 1, b + 1, t + 1), 40 * t - 90 * b) for t in range(2) for z in range(3) for b in range(2)],
             ["StackID", "InStackPositionNumber", "DiffusionBValue", "TemporalPositionIndex"], depths=3, times=2,
             channels=("b 0", "b 800"), private=b_value)
    enhanced("enhanced_ragged", [(at(z), (1, z + 1, 1), 0) for z in range(4)] + [(at(1), (1, 2, 2), 9)],
             ["StackID", "InStackPositionNumber", "TemporalPositionIndex"], geometry=False, notes=["Some positions have more frames"])

    def frames(name, positions, **more):
        d = file(name, 0, positions[0], AXIAL, **more)
        d.NumberOfFrames = len(positions)
        stored = [np.round(body(p, AXIAL)).astype(np.uint16) for p in positions]
        d.PixelData = np.stack(stored).tobytes()
        return d, stored

    def expect(d, stored, order, geometry, notes=(), scale=1.0):
        out = {"part": "", "depths": len(stored), "times": 1, "channels": [""], "notes": list(notes), "size": [COLUMNS, ROWS],
               "sample": "uint16", "files": 1,
               "slices": [[str(d.SOPInstanceUID), i + 1, *sums(stored[i] * scale)] for i in order]}
        if geometry:
            out["origin"], out["steps"] = geometry
        return out

    z = [10.0, 6.0, 2.0, -2.0]
    d, stored = frames("dose", [(-20.0, 13.0, v) for v in z], class_=DOSE, modality="RTDOSE")
    d.GridFrameOffsetVector, d.DoseGridScaling, d.DoseUnits = [0, -4, -8, -12], "0.002", "GY"
    step = [[2.0, 0, 0], [0, 1.5, 0], [0, 0, 4.0]]
    write("dose", [d], [expect(d, stored, [3, 2, 1, 0], ([-20.0, 13.0, -2.0], step), scale=0.002)])
    d, stored = frames("dose_absolute", [(-20.0, 13.0, v) for v in z[::-1]], class_=DOSE, modality="RTDOSE")
    d.GridFrameOffsetVector, d.DoseGridScaling, d.DoseUnits = z[::-1], "0.002", "GY"
    write("dose_absolute", [d], [expect(d, stored, range(4), ([-20.0, 13.0, -2.0], step), scale=0.002)])
    d, stored = frames("nuclear", [(-20.0, 13.0, v) for v in z], class_=NM, modality="NM")
    detector = Dataset()
    detector.ImagePositionPatient, detector.ImageOrientationPatient = d.ImagePositionPatient, d.ImageOrientationPatient
    del d.ImagePositionPatient, d.ImageOrientationPatient
    d.DetectorInformationSequence = Sequence([detector])
    d.ImageType, d.SpacingBetweenSlices, d.SliceVector = ["ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION"], -4.0, [1, 2, 3, 4]
    write("nuclear", [d], [expect(d, stored, [3, 2, 1, 0], ([-20.0, 13.0, -2.0], step))])
    d, stored = frames("ultrasound", [(0.0, 0.0, v) for v in z], class_=US, modality="US")
    del d.ImagePositionPatient, d.ImageOrientationPatient
    write("ultrasound", [d], [expect(d, stored, range(4), None)])


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    random.seed(7)
    plain()
    irregular()
    parted()
    multiframe()
    (HERE / "index.json").write_text(json.dumps(INDEX, indent=None, separators=(",", ":"), ensure_ascii=False).replace('},"', '},\n"') + "\n")
