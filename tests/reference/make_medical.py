"""Writes the small files of tests/reference/medical and index.json: DICOM, JPEG, JPEG 2000 and JPEG-LS files that are
unusual or damaged, with what pydicom, libjpeg, OpenJPEG and CharLS read in them.

Run with Python 3, numpy, pillow, pydicom, imagecodecs, pyjpegls and pylibjpeg; the tests themselves need none of it:
    python tests/reference/make_medical.py

For every file index.json has the shape [slices, rows, columns, channels], the sample type, all values as a sum and a sum
weighted by their place (value number i times i % 97 + 1), values at points [slice, row, column, values...], how many are NaN
(which count nowhere else), spacing, window, unit; or the code of the error and words of its sentence.
"""

import io
import json
import struct
from pathlib import Path

import imagecodecs
import jpeg_ls
import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_modality_lut, apply_rescale
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEG2000Lossless, JPEGBaseline8Bit, JPEGLSLossless, JPEGLSNearLossless

HERE = Path(__file__).parent / "medical"
INDEX = {}
RNG = np.random.default_rng(21)
Y, X = np.mgrid[:48, :64]


def smooth(top=255, noise=0.02):
    """A picture with even and uneven parts that uses all of 0..top."""
    v = 0.5 + 0.25 * np.sin(X / 9) + 0.2 * np.cos(Y / 7) + RNG.normal(0, noise, X.shape)
    v[10:20, 20:50] = 0.3
    return (v.clip(0, 1) * top).astype(np.uint8 if top < 256 else np.uint16)


def block():
    """Red on blue, with a green ramp."""
    a = np.zeros((48, 64, 3), np.uint8)
    a[..., 2] = 200
    a[..., 1] = X * 2
    a[8:24, 16:48] = 255, 0, 0
    return a


def note(name, values, sample, tolerance=0, **more):
    v = np.asarray(values)
    while v.ndim < 4:
        v = v[None] if v.ndim == 3 else v[..., None] if v.ndim == 2 else v
    w = v.astype(np.float64)
    finite = np.nan_to_num(w, nan=0.0).ravel()
    places = RNG.integers(0, np.array(v.shape[:3]), (8, 3)).tolist() + [[0, 0, 0], [v.shape[0] - 1, v.shape[1] - 1, v.shape[2] - 1]]
    INDEX[name] = {
        "shape": list(v.shape), "sample": sample, "tolerance": tolerance,
        "sum": float(finite.sum()), "weighted": float((finite * (np.arange(finite.size) % 97 + 1)).sum()),
        "nan": int(np.isnan(w).sum()),
        "points": [[*p, *[float(x) for x in w[tuple(p)]]] for p in places if not np.isnan(w[tuple(p)]).any()], **more,
    }


def refuse(name, data, code, words):
    (HERE / name).write_bytes(data)
    INDEX[name] = {"refused": code, "words": words}


def jpeg(a, **options):
    out = io.BytesIO()
    Image.fromarray(a).save(out, "JPEG", **{"quality": 90, **options})
    return out.getvalue()


def without(data, marker):
    """A JPEG without the segments of a marker."""
    at = 2
    while data[at + 1] != 0xDA:
        length = struct.unpack(">H", data[at + 2:at + 4])[0] + 2
        if data[at + 1] == marker:
            data = data[:at] + data[at + length:]
        else:
            at += length
    return data


def entropy(data, nth=0):
    """Where the entropy-coded data of a scan begins and ends."""
    begin = -1
    for _ in range(nth + 1):
        begin = data.index(b"\xff\xda", begin + 1)
    begin += 2 + struct.unpack(">H", data[begin + 2:begin + 4])[0]
    end = begin
    while data[end] != 0xFF or data[end + 1] in (0, *range(0xD0, 0xD8)):
        end += 1
    return begin, end


def dicom(name, pixels, syntax=ExplicitVRLittleEndian, shape=None, groups=None, **more):
    """`pixels`: an array, or the packed frames of an image of `shape`."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = "1.2.3"
    d = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    d.SOPClassUID, d.SOPInstanceUID, d.Modality = meta.MediaStorageSOPClassUID, "1.2.3", "OT"
    a = pixels if shape is None else shape
    frames, a3 = (a.shape[0], a[0]) if a.ndim == 4 or (a.ndim == 3 and a.shape[-1] != 3) else (1, a)
    d.Rows, d.Columns = a3.shape[:2]
    d.SamplesPerPixel = 3 if a3.ndim == 3 else 1
    if a3.ndim == 3:
        d.PlanarConfiguration = 0
    if frames > 1:
        d.NumberOfFrames = str(frames)
    d.PhotometricInterpretation = "RGB" if a3.ndim == 3 else "MONOCHROME2"
    d.BitsAllocated = d.BitsStored = a.itemsize * 8
    d.HighBit = d.BitsStored - 1
    d.PixelRepresentation = int(a.dtype.kind == "i")
    d.PixelData = a.tobytes() if shape is None else encapsulate(pixels)
    for key, value in more.items():
        setattr(d, key, value)
    d["PixelData"].VR = "OW" if d.BitsAllocated > 8 else "OB"
    d.save_as(HERE / name, enforce_file_format=True)
    return pydicom.dcmread(HERE / name)


def item(**values):
    d = Dataset()
    for key, value in values.items():
        setattr(d, key, value)
    return d


def damaged_jpegs():
    grey, colour = smooth(), block()
    base = jpeg(grey, quality=95)
    begin, end = entropy(base)
    half = (begin + end) // 2
    rows = "of its 48 rows can be read"
    refuse("cut.jpg", base[:half], "jpeg.invalid", rows)
    refuse("cut-with-end.jpg", base[:half] + b"\xff\xd9", "jpeg.invalid", rows)
    refuse("bytes-lost.jpg", base[:half] + base[half + 200:], "jpeg.invalid", rows)
    refuse("zeros.jpg", base[:half] + bytes(200) + base[half + 200:], "jpeg.invalid", rows)
    thumbnail = jpeg(grey[::4, ::4])
    app = b"\xff\xe1" + struct.pack(">H", len(thumbnail) + 8) + b"Exif\0\0" + thumbnail
    refuse("cut-with-thumbnail.jpg", base[:2] + app + base[2:half], "jpeg.invalid", rows)
    progressive = jpeg(colour, progressive=True, subsampling=2)
    begin, end = entropy(progressive, 3)
    refuse("progressive-cut.jpg", progressive[:(begin + end) // 2] + b"\xff\xd9", "jpeg.invalid", "of its scan 4 can be read")
    _, end = entropy(progressive, 4)
    refuse("progressive-scans-missing.jpg", progressive[:end] + b"\xff\xd9", "jpeg.invalid", "coarser image")
    restarts = jpeg(grey, restart_marker_blocks=4)
    (HERE / "restarts.jpg").write_bytes(restarts)
    note("restarts.jpg", np.asarray(Image.open(HERE / "restarts.jpg")), "uint8", tolerance=2)
    at = restarts.index(b"\xff\xd3")
    refuse("restart-lost.jpg", restarts[:at] + restarts[restarts.index(b"\xff\xd4"):], "jpeg.invalid", rows)
    dicom("jpeg-cut.dcm", [base[:half]], JPEGBaseline8Bit, shape=grey)
    INDEX["jpeg-cut.dcm"] = {"refused": "jpeg.invalid", "words": rows}
    # What only looks damaged: even parts are runs of zeros, padding comes behind the data, the end marker is missing.
    even = np.full((48, 640), 200, np.uint8)
    even[20:24, 300:310] = 9
    for name, data in [("even.jpg", jpeg(even, optimize=True)), ("progressive.jpg", progressive),
                       ("padding.jpg", base[:-2] + b"\0\0\0" + base[-2:]), ("no-end.jpg", base[:-2])]:
        (HERE / name).write_bytes(data)
        whole = io.BytesIO(data + (b"\xff\xd9" if name == "no-end.jpg" else b""))
        note(name, np.asarray(Image.open(whole)), "uint8", tolerance=3)
    twelve = np.stack([smooth(4095), smooth(4095)[::-1], smooth(4095)[:, ::-1]], -1)
    data = imagecodecs.jpeg8_encode(twelve, 95, bitspersample=12, subsampling="444")
    (HERE / "twelve-bits-colour.jpg").write_bytes(data)
    note("twelve-bits-colour.jpg", imagecodecs.jpeg8_decode(data), "uint16", tolerance=6)
    begin, end = entropy(data)
    refuse("twelve-bits-cut.jpg", data[:(begin + end) // 2] + b"\xff\xd9", "jpeg.invalid", rows)


def colours():
    a = block()
    planes = imagecodecs.jpeg2k_encode(np.asarray(Image.fromarray(a).convert("YCbCr")), reversible=True, mct=False, codecformat="J2K", level=0)
    transformed = imagecodecs.jpeg2k_encode(a, reversible=True, mct=True, codecformat="J2K", level=0)
    d = dicom("j2k-ybr-full.dcm", [planes], JPEG2000Lossless, shape=a, PhotometricInterpretation="YBR_FULL")
    note("j2k-ybr-full.dcm", d.pixel_array, "uint8", tolerance=1)
    dicom("j2k-transformed.dcm", [transformed], JPEG2000Lossless, shape=a, PhotometricInterpretation="YBR_RCT")
    note("j2k-transformed.dcm", a, "uint8")
    dicom("j2k-plain.dcm", [imagecodecs.jpeg2k_encode(a, reversible=True, mct=False, codecformat="J2K", level=0)], JPEG2000Lossless, shape=a)
    note("j2k-plain.dcm", a, "uint8")
    for name, data in [("jfif-says-rgb.dcm", jpeg(a, subsampling=0)), ("subsampled-says-rgb.dcm", without(jpeg(a, subsampling=2), 0xE0))]:
        dicom(name, [data], JPEGBaseline8Bit, shape=a)
        note(name, np.asarray(Image.open(io.BytesIO(data))), "uint8", tolerance=8)
    # Neither says that it is YCbCr: the header's word counts.
    plain = without(jpeg(np.ascontiguousarray(a), keep_rgb=True), 0xEE)
    plain = without(plain, 0xE0).replace(b"R\x11\0G\x11\0B\x11\0", b"\1\x11\0\2\x11\0\3\x11\0").replace(b"\x03R\0G\0B\0", b"\x03\1\0\2\0\3\0")
    dicom("plain-rgb.dcm", [plain], JPEGBaseline8Bit, shape=a)
    note("plain-rgb.dcm", np.asarray(Image.open(io.BytesIO(jpeg(a, keep_rgb=True)))), "uint8", tolerance=2)
    tables = lambda entries, first, bits, data: {f"{c}PaletteColorLookupTable{k}": v for c in ["Red", "Green", "Blue"]
                                                 for k, v in [("Descriptor", [entries, first, bits]), ("Data", data)]}
    ramp = (np.arange(64, dtype=np.uint16) * 4) << 8
    index = (X - 32).astype(np.int16)
    dicom("palette-negative.dcm", index, PhotometricInterpretation="PALETTE COLOR", **tables(64, -32, 16, ramp.tobytes()))
    note("palette-negative.dcm", np.stack([X * 4] * 3, -1), "uint8")
    index = (X * 4 + Y).astype(np.uint16)
    odd = bytes(range(100, -1, -1)) + b"\xee"
    dicom("palette-odd.dcm", index, PhotometricInterpretation="PALETTE COLOR", **tables(101, 0, 8, odd))
    note("palette-odd.dcm", np.stack([100 - index.clip(0, 100)] * 3, -1), "uint8")


def values():
    a = smooth(4095).astype(np.int16)
    name = "decimal-comma.dcm"
    dicom(name, a, RescaleSlope="2.5", RescaleIntercept="-24.5", PixelSpacing=["0.5", "0.25"], WindowCenter="40.5", WindowWidth="400.5")
    data = (HERE / name).read_bytes()
    for text in [b"2.5 ", b"-24.5 ", b"0.5\\0.25", b"40.5", b"400.5 "]:
        assert text in data, text
        data = data.replace(text, text.replace(b".", b","))
    (HERE / name).write_bytes(data)
    note(name, a * 2.5 - 24.5, "int16", spacing=[0.25, 0.5, None], window=[40.5, 400.5])
    g = smooth()
    lut = item(LUTDescriptor=[256, 0, 16], ModalityLUTType="OD", LUTData=((255 - np.arange(256)) * 100).astype("<u2").tobytes())
    lut["LUTData"].VR = "OW"
    d = dicom("modality-lut.dcm", g, ModalityLUTSequence=[lut])
    note("modality-lut.dcm", apply_modality_lut(g, d), "uint16", unit="OD")
    padded = a.copy()
    padded[:, :20] = -2000
    gone = np.where(padded == -2000, np.nan, padded * 2.0 + 1)
    more = dict(RescaleSlope="2", RescaleIntercept="1")
    dicom("padding.dcm", padded, PixelPaddingValue=-2000, **more)
    note("padding.dcm", gone, "int16")
    padded[:, :5] = -1500
    dicom("padding-range.dcm", padded, PixelPaddingValue=-1000, PixelPaddingRangeLimit=-2000, **more)
    note("padding-range.dcm", gone, "int16")
    # A value without a sign, and a table: both by the stored values.
    dicom("padding-lut.dcm", g, PixelPaddingValue=int(g[12, 25]), ModalityLUTSequence=[lut])
    note("padding-lut.dcm", np.where(g == g[12, 25], np.nan, (255.0 - g) * 100), "float32", unit="OD")
    frames = np.stack([smooth(4095)[:8, :8] for _ in range(3)])
    per = [item(FrameVOILUTSequence=[item(WindowCenter=c, WindowWidth=w)]) for c, w in [("100", "50"), ("200", "100"), ("300", "150")]]
    dicom("windows.dcm", frames, PerFrameFunctionalGroupsSequence=per)
    note("windows.dcm", frames[..., None], "uint16", window=[100, 50], windows=[[100, 50], [200, 100], [300, 150]])
    dicom("one-spacing.dcm", g, PixelSpacing="0.5")
    note("one-spacing.dcm", g, "uint8", spacing=[0.5, 0.5, None])
    region = lambda x, y, **o: item(**{**dict(RegionSpatialFormat=1, RegionDataType=1, PhysicalUnitsXDirection=3, PhysicalUnitsYDirection=3,
                                              PhysicalDeltaX=x, PhysicalDeltaY=y), **o})
    doppler = region(0.01, 5.0, RegionSpatialFormat=3, PhysicalUnitsXDirection=4)
    dicom("ultrasound.dcm", g, ImplicitVRLittleEndian, SequenceOfUltrasoundRegions=[region(0.02, -0.03), doppler])
    note("ultrasound.dcm", g, "uint8", spacing=[0.2, 0.3, None])
    dicom("ultrasound-two-scales.dcm", g, SequenceOfUltrasoundRegions=[region(0.02, 0.03), region(0.04, 0.03)])
    note("ultrasound-two-scales.dcm", g, "uint8")
    dicom("unknown-vr.dcm", g)
    data = (HERE / "unknown-vr.dcm").read_bytes()
    at = data.index(b"\x28\x00\x02\x00US")
    body = b"ABCDEF"
    (HERE / "unknown-vr.dcm").write_bytes(data[:at] + b"\x21\x00\x10\x10ZZ\0\0" + struct.pack("<I", 6) + body + data[at:])
    note("unknown-vr.dcm", g, "uint8")


def slides():
    slide = np.kron(block()[::2, ::2], np.ones((2, 2, 1), np.uint8))[:40, :56]
    padded = np.zeros((48, 64, 3), np.uint8)
    padded[:40, :56] = slide
    tiles = [padded[y:y + 16, x:x + 32] for y in range(0, 48, 16) for x in range(0, 64, 32)]
    size = dict(TotalPixelMatrixColumns=56, TotalPixelMatrixRows=40)
    full = dict(DimensionOrganizationType="TILED_FULL", **size)
    dicom("slide.dcm", np.stack(tiles), **full)
    note("slide.dcm", slide, "uint8")
    dicom("slide-in-part.dcm", np.stack(tiles[:4]), **full)
    INDEX["slide-in-part.dcm"] = {"refused": "dicom.unsupported.tiles", "words": "4 frames"}
    order = [5, 0, 3, 2, 1]
    place = lambda i: item(PlanePositionSlideSequence=[item(ColumnPositionInTotalImagePixelMatrix=i % 2 * 32 + 1,
                                                            RowPositionInTotalImagePixelMatrix=i // 2 * 16 + 1)])
    sparse = dict(DimensionOrganizationType="TILED_SPARSE", PerFrameFunctionalGroupsSequence=[place(i) for i in order], **size)
    missing = slide.copy()
    missing[32:, :32] = 255
    dicom("slide-sparse.dcm", np.stack([tiles[i] for i in order]), ImplicitVRLittleEndian, **sparse)
    note("slide-sparse.dcm", missing, "uint8")
    grey = slide[..., 1].astype(float)
    grey[32:, :32] = np.nan
    dicom("slide-sparse-grey.dcm", np.stack([np.ascontiguousarray(tiles[i][..., 1]) for i in order]), **sparse)
    note("slide-sparse-grey.dcm", grey, "float32")


def jpeg2000s():
    a = smooth(4095)
    packed = imagecodecs.jpeg2k_encode(a, reversible=True, codecformat="J2K", level=0)
    at = packed.index(b"\xff\x90")
    dicom("j2k-open-end.dcm", [packed[:at + 6] + bytes(4) + packed[at + 10:]], JPEG2000Lossless, shape=a)
    note("j2k-open-end.dcm", a, "uint16")
    boxed = imagecodecs.jpeg2k_encode(a, reversible=True, codecformat="JP2", level=0)
    for name, data in [("padding.jp2", boxed + b"\0"), ("open-end.jp2", boxed.replace(packed[at:at + 10], packed[at:at + 6] + bytes(4)))]:
        (HERE / name).write_bytes(data)
        note(name, a, "uint16")
    refuse("cut.jp2", boxed[:len(boxed) // 2], "jpeg2000.invalid", "damaged or cut off")
    high = imagecodecs.htj2k_encode(a, reversible=True)
    refuse("high-throughput.jph", high, "jpeg2000.unsupported", "HTJ2K")
    dicom("high-throughput.dcm", [high], pydicom.uid.UID("1.2.840.10008.1.2.4.201"), shape=a)
    INDEX["high-throughput.dcm"] = {"refused": "dicom.unsupported.transfer-syntax", "words": "High-Throughput JPEG 2000"}


def jpeg_ls_files():
    def plain(name, data, kind):
        (HERE / name).write_bytes(data)
        note(name, imagecodecs.jpegls_decode(data), kind)

    g, a12, a16 = smooth(), smooth(4095), smooth(65535)
    for name, a, near in [("grey.jls", g, 0), ("near.jls", g, 3), ("sixteen-bits.jls", a16, 0), ("sixteen-bits-near.jls", a16, 20)]:
        plain(name, bytes(jpeg_ls.encode_array(a, near)), str(a.dtype))
    c = np.stack([g, g[::-1], smooth()], -1)
    planes = np.ascontiguousarray(np.moveaxis(c, -1, 0))
    for near in [0, 2]:
        # CharLS takes and gives pixels for lines, too.
        for mode, b in [(0, planes), (1, c), (2, c)]:
            name = f"colour-{['planes', 'lines', 'samples'][mode]}-{near}.jls"
            data = bytes(jpeg_ls.encode_buffer(b.tobytes(), 48, 64, 3, 8, near, mode))
            (HERE / name).write_bytes(data)
            back = imagecodecs.jpegls_decode(data)
            assert np.abs(back.astype(int) - c).max() <= near
            note(name, back, "uint8")
    few = (X // 8 + Y // 12) % 4
    data = bytes(jpeg_ls.encode_pixel_data(few.astype(np.uint8).tobytes(), lossy_error=0, interleave_mode=0, rows=48, columns=64,
                                           samples_per_pixel=1, bits_stored=2))
    plain("two-bits.jls", data, "uint8")
    # After a restart all begins anew, so that bands that were packed one by one make one file.
    bands = [bytes(jpeg_ls.encode_array(np.ascontiguousarray(g[y:y + 10]))) for y in range(0, 48, 10)]
    whole = bytes(jpeg_ls.encode_array(g))
    begin, _ = entropy(whole)
    at = whole.index(b"\xff\xda")
    out = whole[:at] + b"\xff\xdd\0\x04\0\x0a" + whole[at:begin]
    for i, band in enumerate(bands):
        out += band[entropy(band)[0]:-2] + (bytes([0xFF, 0xD0 + i]) if i < 4 else b"\xff\xd9")
    (HERE / "restarts.jls").write_bytes(out)
    note("restarts.jls", g, "uint8")
    # Preset parameters that say what holds without them.
    out = whole[:at] + b"\xff\xf8\0\x0d\1" + struct.pack(">5H", 255, 3, 7, 21, 64) + whole[at:]
    plain("presets.jls", out, "uint8")
    refuse("cut.jls", whole[:len(whole) // 2], "jpegls.invalid", "of its 48 rows can be read")
    refuse("cut-with-end.jls", whole[:len(whole) // 2] + b"\xff\xd9", "jpegls.invalid", "of its 48 rows can be read")
    data = bytes(jpeg_ls.encode_pixel_data(a12.tobytes(), lossy_error=0, interleave_mode=0, rows=48, columns=64, samples_per_pixel=1, bits_stored=12))
    dicom("jpeg-ls.dcm", [data], JPEGLSLossless, shape=a12, BitsStored=12, HighBit=11)
    note("jpeg-ls.dcm", a12, "uint16")
    data = bytes(jpeg_ls.encode_array(c, 2, 2))
    d = dicom("jpeg-ls-near.dcm", [data], JPEGLSNearLossless, shape=c)
    note("jpeg-ls-near.dcm", d.pixel_array, "uint8")


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for old in HERE.iterdir():
        old.unlink()
    damaged_jpegs()
    colours()
    values()
    slides()
    jpeg2000s()
    jpeg_ls_files()
    (HERE / "index.json").write_text(json.dumps(INDEX, separators=(",", ":")).replace('},"', '},\n"') + "\n")
    print(len(INDEX), "files,", sum(f.stat().st_size for f in HERE.iterdir()), "bytes")
