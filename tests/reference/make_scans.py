"""Writes the small files of tests/reference/scans and index.json with what other programs read in them.

Run with Python 3, numpy, pillow, tifffile, nibabel and pydicom; the tests themselves need none of it:
    python tests/reference/make_scans.py

For every file index.json has the shape [slices, rows, columns, channels], the sample type, the spacing in mm
[x, y, z or null], the sum of all physical values, and values at points [slice, row, column, values...].
"""

import json
import struct
import zlib
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import tifffile
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
)

HERE = Path(__file__).parent / "scans"
INDEX = {}
RNG = np.random.default_rng(20)


def grey(dtype, height=13, width=17):
    """A smooth picture with some noise that uses much of the type's range."""
    y, x = np.mgrid[:height, :width]
    v = (x * 7 + y * 5 + RNG.integers(0, 9, (height, width))) % 200
    if np.issubdtype(dtype, np.floating):
        return (v / 64 - 1).astype(dtype)
    info = np.iinfo(dtype)
    v = v.astype(np.int64)
    return (v - 40 if info.min < 0 else v * (257 if info.bits == 16 else 1)).astype(dtype)


def colour(dtype=np.uint8, height=13, width=17):
    return np.stack([grey(dtype, height, width) for _ in range(3)], -1)


def note(name, values, sample, spacing=None, tolerance=0, **more):
    """Keeps what the file should give; `values` is [slices, rows, columns, channels], physical."""
    v = np.asarray(values)
    while v.ndim < 4:
        v = v[None] if v.ndim == 3 else v[..., None] if v.ndim == 2 else v
    w = v.astype(np.float64)
    points = [(0, 0, 0), (0, v.shape[1] - 1, 1), (v.shape[0] - 1, v.shape[1] // 2, v.shape[2] - 1)]
    INDEX[name] = {
        "shape": list(v.shape),
        "sample": sample,
        "spacing": spacing,
        "sum": float(w.sum()),
        "points": [[s, y, x, *map(float, w[s, y, x])] for s, y, x in points],
        "tolerance": tolerance,
        **more,
    }


def rasters():
    g, c, g16 = grey(np.uint8), colour(), grey(np.uint16)
    for name, mode, options in [
        ("grey.png", g, {}),
        ("colour.png", c, {}),
        ("grey16.png", g16, {}),
        ("colour.bmp", c, {}),
        ("colour.webp", c, {"lossless": True}),
    ]:
        Image.fromarray(mode).save(HERE / name, **options)
        note(name, mode, str(mode.dtype))
    alpha = np.concatenate([c, g[..., None]], -1)
    Image.fromarray(alpha).save(HERE / "alpha.png")
    note("alpha.png", c, "uint8")
    palette = Image.fromarray(c).quantize(16)
    palette.save(HERE / "palette.png")
    note("palette.png", np.asarray(palette.convert("RGB")), "uint8")
    # 100 pixels per mm; and 72 dpi, which is no measurement.
    Image.fromarray(g).save(HERE / "spacing.png", dpi=(2540, 5080))
    note("spacing.png", g, "uint8", spacing=[0.01, 0.005, None], spacing_tolerance=1e-5)
    Image.fromarray(g).save(HERE / "screen.png", dpi=(72, 72))
    note("screen.png", g, "uint8")
    frames = [Image.fromarray(np.roll(g, 3 * i, 1)) for i in range(3)]
    frames[0].save(HERE / "frames.gif", save_all=True, append_images=frames[1:], optimize=False)
    note("frames.gif", np.stack([np.roll(g, 3 * i, 1) for i in range(3)])[..., None], "uint8")
    big = np.kron(colour(np.uint8, 5, 6), np.ones((8, 8, 1), np.uint8))
    for name, image, options in [
        ("grey.jpg", Image.fromarray(big[..., 0]), {}),
        ("colour.jpg", Image.fromarray(big), {"subsampling": 0}),
        ("progressive.jpg", Image.fromarray(big), {"subsampling": 0, "progressive": True}),
        ("cmyk.jpg", Image.fromarray(big).convert("CMYK"), {}),
    ]:
        image.save(HERE / name, quality=95, **options)
        back = Image.open(HERE / name)
        back = back.convert("RGB") if back.mode == "CMYK" else back
        note(name, np.asarray(back), "uint8", tolerance=3)
    turned = Image.fromarray(big)
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(HERE / "turned.jpg", quality=95, subsampling=0, exif=exif)
    back = np.asarray(Image.open(HERE / "turned.jpg"))
    note("turned.jpg", np.rot90(back, -1), "uint8", tolerance=3)
    Image.fromarray(c).save(HERE / "colour.jp2", irreversible=False)
    note("colour.jp2", c, "uint8")


def tiffs():
    for dtype in [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.float32, np.float64]:
        a = grey(dtype)
        name = f"{np.dtype(dtype)}.tif"
        tifffile.imwrite(HERE / name, a, photometric="minisblack")
        note(name, a, str(np.dtype(dtype)))
    a16 = grey(np.uint16, 40, 37)
    half = grey(np.float16)
    tifffile.imwrite(HERE / "float16.tif", half, photometric="minisblack")
    note("float16.tif", half, "float32")
    tifffile.imwrite(HERE / "big-endian.tif", a16, byteorder=">", photometric="minisblack")
    note("big-endian.tif", a16, "uint16")
    tifffile.imwrite(HERE / "bigtiff.tif", a16, bigtiff=True, tile=(16, 32), photometric="minisblack")
    note("bigtiff.tif", a16, "uint16")
    for predictor in [False, True]:
        name = f"zlib{'-predictor' if predictor else ''}.tif"
        tifffile.imwrite(HERE / name, a16, compression="zlib", predictor=predictor, rowsperstrip=7,
                         photometric="minisblack")
        note(name, a16, "uint16")
    Image.fromarray(a16).save(HERE / "packbits.tif", compression="packbits")
    note("packbits.tif", a16, "uint16")
    c = colour(np.uint8, 40, 37)
    for name, packing in [("lzw.tif", "tiff_lzw"), ("jpeg.tif", "jpeg")]:
        Image.fromarray(c).save(HERE / name, compression=packing)
        note(name, np.asarray(Image.open(HERE / name)), "uint8", tolerance=3 if packing == "jpeg" else 0)
    bits = (grey(np.uint8, 40, 37) > 99)
    Image.fromarray(bits).save(HERE / "group4.tif", compression="group4")
    note("group4.tif", bits, "uint8")
    tifffile.imwrite(HERE / "one-bit.tif", bits, photometric="minisblack")
    note("one-bit.tif", bits, "uint8")
    tifffile.imwrite(HERE / "planar.tif", np.moveaxis(colour(np.uint16), -1, 0), planarconfig="separate",
                     photometric="rgb")
    note("planar.tif", np.moveaxis(tifffile.imread(HERE / "planar.tif"), 0, -1), "uint16")
    rgba = np.concatenate([c, c[..., :1]], -1)
    tifffile.imwrite(HERE / "rgba.tif", rgba, photometric="rgb", extrasamples=["unassalpha"])
    note("rgba.tif", c, "uint8")
    tifffile.imwrite(HERE / "white-is-zero.tif", a16, photometric="miniswhite")
    note("white-is-zero.tif", a16, "uint16", inverted=True)
    palette = Image.fromarray(c).quantize(16)
    palette.save(HERE / "palette.tif")
    note("palette.tif", np.asarray(palette.convert("RGB")), "uint8")
    stack = np.stack([grey(np.uint16) for _ in range(4)])
    # Pages, and a thumbnail that is no slice.
    with tifffile.TiffWriter(HERE / "pages.tif") as file:
        for page in stack:
            file.write(page, photometric="minisblack", contiguous=False, resolution=(2000, 1000), resolutionunit="CENTIMETER")
        file.write(stack[0, ::2, ::2], photometric="minisblack", subfiletype=1)
    note("pages.tif", stack[..., None], "uint16", spacing=[0.005, 0.01, None])
    tifffile.imwrite(HERE / "imagej.tif", stack, imagej=True, resolution=(4.0, 2.0),
                     metadata={"unit": "um", "spacing": 1.5, "axes": "ZYX"})
    note("imagej.tif", stack[..., None], "uint16", spacing=[0.00025, 0.0005, 0.0015])
    composite = np.stack([[grey(np.uint8) for _ in range(3)] for _ in range(2)])
    tifffile.imwrite(HERE / "imagej-composite.tif", composite, imagej=True,
                     metadata={"axes": "ZCYX", "mode": "composite"})
    note("imagej-composite.tif", np.moveaxis(composite, 1, -1), "uint8")
    tifffile.imwrite(HERE / "ome.ome.tif", stack, photometric="minisblack",
                     metadata={"axes": "ZYX", "PhysicalSizeX": 0.65, "PhysicalSizeY": 0.65, "PhysicalSizeZ": 2.0})
    note("ome.ome.tif", stack[..., None], "uint16", spacing=[0.00065, 0.00065, 0.002])


def dicom(name, pixels, syntax, **elements):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = "1.2.826.0.1.3680043.8.498.1"
    meta.TransferSyntaxUID = syntax
    d = FileDataset(str(HERE / name), {}, file_meta=meta, preamble=b"\0" * 128)
    d.SOPClassUID, d.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    d.Modality = "OT"
    d.SamplesPerPixel = 3 if pixels.shape[-1] == 3 else 1
    d.PhotometricInterpretation = "RGB" if d.SamplesPerPixel == 3 else "MONOCHROME2"
    if d.SamplesPerPixel == 3:
        d.PlanarConfiguration = 0
    shape = pixels.shape[:-1] if d.SamplesPerPixel == 3 else pixels.shape
    if len(shape) == 3:
        d.NumberOfFrames = shape[0]
    d.Rows, d.Columns = shape[-2:]
    bits = pixels.dtype.itemsize * 8
    d.BitsAllocated, d.BitsStored, d.HighBit = bits, bits, bits - 1
    d.PixelRepresentation = int(pixels.dtype.kind == "i")
    big = syntax == ExplicitVRBigEndian
    raw = pixels.astype(pixels.dtype.newbyteorder(">")).tobytes() if big else pixels.tobytes()
    d.PixelData = raw + b"\0" * (len(raw) % 2)
    d["PixelData"].VR = "OW" if bits == 16 else "OB"
    for key, value in elements.items():
        setattr(d, key, value)
    if syntax == RLELossless:
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        d.compress(RLELossless)
    if syntax in (JPEG2000Lossless, JPEGBaseline8Bit):
        d["PixelData"].VR = "OB"
        d["PixelData"].is_undefined_length = True
    pydicom.dcmwrite(HERE / name, d, enforce_file_format=True)
    return d


def dicoms():
    ct = grey(np.int16) - np.int16(1024)
    hounsfield = dict(Modality="CT", RescaleSlope="2", RescaleIntercept="-24.5", WindowCenter=["40", "300"],
                      WindowWidth=["400", "1500"], PixelSpacing=["0.7", "0.5"], SliceThickness="2.5")
    physical = ct * 2.0 - 24.5
    more = dict(spacing=[0.5, 0.7, 2.5], unit="HU", modality="CT", window=[40, 400])
    for name, syntax in [("implicit.dcm", ImplicitVRLittleEndian), ("explicit.dcm", ExplicitVRLittleEndian),
                         ("big-endian.dcm", ExplicitVRBigEndian), ("deflated.dcm", DeflatedExplicitVRLittleEndian),
                         ("rle.dcm", RLELossless)]:
        dicom(name, ct, syntax, **hounsfield)
        note(name, physical, "int16", **more)
    whole = (HERE / "implicit.dcm").read_bytes()
    # Without preamble and meta information.
    (HERE / "bare.dcm").write_bytes(whole[whole.index(b"\x08\x00\x16\x00"):])
    note("bare.dcm", physical, "int16", **more)
    frames = np.stack([grey(np.uint8) for _ in range(3)])
    for name, syntax in [("frames.dcm", ExplicitVRLittleEndian), ("frames-rle.dcm", RLELossless)]:
        dicom(name, frames, syntax, SpacingBetweenSlices="3", ImagerPixelSpacing=["0.2", "0.1"])
        note(name, frames[..., None], "uint8", spacing=[0.1, 0.2, 3.0], modality="OT")
    # 12 of 16 bits, with other bits above them; bright is low.
    twelve = grey(np.uint16) & 0x0FFF
    dicom("monochrome1.dcm", twelve | 0xA000, ExplicitVRLittleEndian, BitsStored=12, HighBit=11,
          PhotometricInterpretation="MONOCHROME1")
    note("monochrome1.dcm", twelve, "uint16", inverted=True, modality="OT")
    c = colour()
    dicom("rgb.dcm", c, ExplicitVRLittleEndian)
    note("rgb.dcm", c, "uint8", modality="OT")
    planes = np.ascontiguousarray(np.moveaxis(c, -1, 0)).reshape(c.shape)
    dicom("rgb-planar.dcm", planes, ExplicitVRLittleEndian, PlanarConfiguration=1)
    note("rgb-planar.dcm", c, "uint8", modality="OT")
    index = grey(np.uint8) % 8
    table = (np.arange(8, dtype=np.uint16) * 0x1111, np.arange(8, dtype=np.uint16)[::-1] * 0x1000, np.full(8, 0x8080, np.uint16))
    dicom("palette.dcm", index, ExplicitVRLittleEndian, PhotometricInterpretation="PALETTE COLOR",
          RedPaletteColorLookupTableDescriptor=[8, 0, 16], GreenPaletteColorLookupTableDescriptor=[8, 0, 16],
          BluePaletteColorLookupTableDescriptor=[8, 0, 16], RedPaletteColorLookupTableData=table[0].tobytes(),
          GreenPaletteColorLookupTableData=table[1].tobytes(), BluePaletteColorLookupTableData=table[2].tobytes())
    note("palette.dcm", np.stack([t[index] >> 8 for t in table], -1), "uint8", modality="OT")
    for name, syntax, fmt, options in [("jpeg2000.dcm", JPEG2000Lossless, "JPEG2000", {"irreversible": False, "no_jp2": True}),
                                       ("jpeg.dcm", JPEGBaseline8Bit, "JPEG", {"quality": 95})]:
        import io
        g = np.kron(grey(np.uint8, 5, 6), np.ones((8, 8), np.uint8))
        packed = io.BytesIO()
        Image.fromarray(g).save(packed, fmt, **options)
        dicom(name, g, syntax, PixelData=encapsulate([packed.getvalue()]))
        note(name, pydicom.dcmread(HERE / name).pixel_array, "uint8", modality="OT", tolerance=2 if fmt == "JPEG" else 0)
    lossless = grey(np.uint16, 11, 14)
    dicom("jpeg-lossless.dcm", lossless, JPEGBaseline8Bit, PixelData=encapsulate([jpeg_lossless(lossless)]))
    patch = (HERE / "jpeg-lossless.dcm").read_bytes()
    old, new = b"1.2.840.10008.1.2.4.50", b"1.2.840.10008.1.2.4.70"
    (HERE / "jpeg-lossless.dcm").write_bytes(patch.replace(old, new))
    note("jpeg-lossless.dcm", lossless, "uint16", modality="OT")


def jpeg_lossless(a):
    """ITU-T T.81 process 14, predictor 1, with a Huffman table of seventeen codes of five bits."""
    height, width = a.shape
    bits = ""
    for y in range(height):
        for x in range(width):
            if x:
                prediction = int(a[y, x - 1])
            else:
                prediction = int(a[y - 1, 0]) if y else 1 << 15
            d = (int(a[y, x]) - prediction + 32767) % 65536 - 32767
            n = 16 if d == 32768 else abs(d).bit_length()
            bits += f"{n:05b}"
            if 0 < n < 16:
                bits += f"{d if d > 0 else d + (1 << n) - 1:0{n}b}"
    bits += "1" * (-len(bits) % 8)
    data = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)).replace(b"\xff", b"\xff\0")
    dht = b"\0" + bytes([0, 0, 0, 0, 17] + [0] * 11) + bytes(range(17))
    sof = struct.pack(">BHHB", 16, height, width, 1) + b"\x01\x11\0"
    segment = lambda marker, body: b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body
    return (b"\xff\xd8" + segment(0xC3, sof) + segment(0xC4, dht) + segment(0xDA, b"\x01\x01\x00\x01\0\0") + data + b"\xff\xd9")


def niftis():
    def shown(a, to_right=True):
        """[x, y, z, t] to [slices, rows, columns]: rows from the front, columns from the patient's right. Without sform and
        qform, nibabel takes columns to run to the left already."""
        a = a.reshape(*a.shape[:2], -1, order="F")
        a = a[::-1] if to_right else a
        return np.moveaxis(np.swapaxes(a, 0, 1)[::-1], 2, 0)[..., None]

    for dtype in [np.uint8, np.int8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64]:
        a = np.stack([grey(dtype, 7, 9) for _ in range(3)], -1)
        image = nibabel.Nifti1Image(a, np.diag([0.5, 2, 3, 1]), dtype=dtype)
        image.header.set_xyzt_units("mm")
        name = f"{np.dtype(dtype)}.nii"
        nibabel.save(image, HERE / name)
        note(name, shown(a), str(np.dtype(dtype)), spacing=[0.5, 2.0, 3.0])
    a = np.stack([grey(np.int16, 7, 9) for _ in range(6)], -1).reshape(7, 9, 3, 2)
    header = nibabel.Nifti1Header(endianness=">")
    header.set_data_shape(a.shape)
    header.set_data_dtype(np.int16)
    header.set_zooms([500, 1000, 2000, 1])
    header.set_xyzt_units("micron")
    header["vox_offset"], header["scl_slope"], header["scl_inter"], header["magic"] = 352, 0.5, 10, b"n+1"
    raw = header.binaryblock + b"\0" * 4 + a.astype(">i2").tobytes(order="F")
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    (HERE / "big-endian.nii.gz").write_bytes(packer.compress(raw) + packer.flush())
    assert np.allclose(np.asarray(nibabel.load(HERE / "big-endian.nii.gz").dataobj), a * 0.5 + 10)
    assert nibabel.aff2axcodes(nibabel.load(HERE / "big-endian.nii.gz").affine) == ("L", "A", "S")
    note("big-endian.nii.gz", shown(a, to_right=False) * 0.5 + 10, "int16", spacing=[0.5, 1.0, 2.0])
    rgb = np.moveaxis(np.stack([colour(np.uint8, 7, 9) for _ in range(2)]), 0, 2)
    typed = np.ascontiguousarray(rgb).view([("R", "u1"), ("G", "u1"), ("B", "u1")])[..., 0]
    nibabel.save(nibabel.Nifti1Image(typed, np.eye(4)), HERE / "rgb.nii")
    note("rgb.nii", np.moveaxis(np.swapaxes(rgb, 0, 1)[::-1, ::-1], 2, 0), "uint8", spacing=[1.0, 1.0, 1.0])


HERE.mkdir(exist_ok=True)
for old in HERE.iterdir():
    old.unlink()
rasters()
tiffs()
dicoms()
niftis()
(HERE / "index.json").write_text(json.dumps(INDEX, indent=None, separators=(",", ":")).replace('},"', '},\n"') + "\n")
print(len(INDEX), "files,", sum(f.stat().st_size for f in HERE.iterdir()), "bytes")
