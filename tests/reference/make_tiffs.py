"""Writes the small TIFFs of tests/reference/tiffs and index.json with what libtiff (through Pillow) and tifffile read in them.

Run with Python 3, numpy, pillow, tifffile and imagecodecs; the tests themselves need none of it:
    python tests/reference/make_tiffs.py

For every file index.json has either `refused`, the code of the error, or the shape [slices, rows, columns, channels],
the sample type, the spacing in mm [x, y, z or null], the number of notes, the tolerance, the sum of all values and
values at points [slice, row, column, values...].
"""

import json
import struct
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageCms

HERE = Path(__file__).parent / "tiffs"
INDEX = {}
RNG = np.random.default_rng(12)
GREY = dict(photometric="minisblack")


def grey(height=24, width=32, planes=None, dtype=np.uint16):
    shape = (planes or 1, height, width)
    y, x = np.mgrid[:height, :width]
    v = ((x * 7 + y * 5)[None] + RNG.integers(0, 9, shape) + 11 * np.arange(shape[0])[:, None, None]) % 200
    v = (v * (257 if dtype == np.uint16 else 1)).astype(dtype)
    return v if planes else v[0]


def colour(height=24, width=32):
    return np.stack([grey(height, width, dtype=np.uint8) for _ in range(3)], -1)


def note(name, values, spacing=None, tolerance=0, notes=0, **more):
    """Keeps what the file should give; `values` is [slices, rows, columns, channels]."""
    v = np.asarray(values)
    while v.ndim < 4:
        v = v[None] if v.ndim == 3 else v[..., None] if v.ndim == 2 else v
    w = v.astype(np.float64)
    s, h, x = v.shape[0] - 1, v.shape[1] - 1, v.shape[2] - 1
    points = [(0, 0, 0), (0, 2, 3), (0, h, 1), (s, h // 2, x), (s, 1, x // 2)]
    INDEX[name] = {
        "shape": list(v.shape), "sample": more.pop("sample", str(v.dtype)), "spacing": spacing, "notes": notes, "tolerance": tolerance,
        "sum": float(w.sum()), "points": [[s, y, x, *map(float, w[s, y, x])] for s, y, x in points], **more,
    }


def refuse(name, code):
    INDEX[name] = {"refused": code}


def entries(data):
    """Offsets of the tags in the first directory of a little-endian TIFF."""
    at, = struct.unpack_from("<I", data, 4)
    n, = struct.unpack_from("<H", data, at)
    return {struct.unpack_from("<H", data, at + 2 + 12 * i)[0]: at + 2 + 12 * i for i in range(n)}


def patch(name, tags=(), kinds=()):
    """Gives tags other numbers, or types of the same size."""
    data = bytearray((HERE / name).read_bytes())
    found = entries(data)
    for tag, new in dict(tags).items():
        struct.pack_into("<H", data, found[tag], new)
    for tag, kind in dict(kinds).items():
        struct.pack_into("<H", data, found[tag] + 2, kind)
    (HERE / name).write_bytes(data)


def write(name, pixels, tags):
    """A little-endian TIFF of one strip. `tags`: number to (type, count, bytes)."""
    out = bytearray(b"II*\0\0\0\0\0") + pixels
    tags = {273: (4, 1, struct.pack("<I", 8)), 279: (4, 1, struct.pack("<I", len(pixels))), **tags}
    body = b""
    for tag in sorted(tags):
        kind, count, value = tags[tag]
        if len(value) > 4:
            out += b"\0" * (len(out) % 2)
            value, at = struct.pack("<I", len(out)), value
            out += at
        body += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
    out += b"\0" * (len(out) % 2)
    struct.pack_into("<I", out, 4, len(out))
    (HERE / name).write_bytes(out + struct.pack("<H", len(tags)) + body + b"\0" * 4)


def short(*values):
    return (3, len(values), struct.pack(f"<{len(values)}H", *values))


def fraction(a, b=1):
    return (5, 1, struct.pack("<II", a, b))


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return (2, len(value) + 1, value + b"\0")


def plain(a, **more):
    """The tags of an uncompressed page."""
    samples = a.shape[2] if a.ndim == 3 else 1
    tags = {256: short(a.shape[1]), 257: short(a.shape[0]), 258: short(*[a.itemsize * 8] * samples), 259: short(1),
            262: short(2 if samples == 3 else 1), 277: short(samples), 278: short(a.shape[0])}
    return tags | {int(k[1:]): v for k, v in more.items()}


def stacks():
    a = grey(planes=5)
    tifffile.imwrite(HERE / "imagej-one-directory.tif", a, imagej=True, truncate=True, resolution=(2, 2),
                     metadata={"axes": "ZYX", "unit": "um", "spacing": 2.0})
    with tifffile.TiffFile(HERE / "imagej-one-directory.tif") as file:
        assert len(file.pages) == 1 and (file.asarray() == a).all()
    note("imagej-one-directory.tif", a[..., None], spacing=[0.0005, 0.0005, 0.002])
    whole = (HERE / "imagej-one-directory.tif").read_bytes()
    (HERE / "imagej-one-directory-cut.tif").write_bytes(whole[:-2 * a[0].nbytes - 7])
    refuse("imagej-one-directory-cut.tif", "tiff.invalid")
    # One plane taken out of a stack with its description.
    write("imagej-one-of-five.tif", a[0].tobytes(), plain(a[0], t270=text("ImageJ=1.53t\nimages=5\nslices=5\n")))
    note("imagej-one-of-five.tif", a[0], notes=1)
    tifffile.imwrite(HERE / "tifffile-one-directory.tif", a, truncate=True, **GREY)
    assert (tifffile.imread(HERE / "tifffile-one-directory.tif") == a).all()
    note("tifffile-one-directory.tif", a[..., None])
    c = np.stack([colour() for _ in range(3)])
    tifffile.imwrite(HERE / "tifffile-one-directory-planar.tif", np.moveaxis(c, -1, 1), truncate=True,
                     photometric="rgb", planarconfig="separate")
    assert (tifffile.imread(HERE / "tifffile-one-directory-planar.tif") == np.moveaxis(c, -1, 1)).all()
    note("tifffile-one-directory-planar.tif", c)
    planes = struct.pack("<6I", 1, 1, 2453000, 0, 2453000, 0) * 5
    wave = struct.pack("<2I", 488, 1) * 5
    # Calibration: pairs of a number and a value or its place, of which tifffile reads as many as the count says.
    unit, size = struct.pack("<I3s", 3, b"um\0"), struct.pack("<2I", 13, 20)
    place = 8 + a.nbytes
    pairs = struct.pack("<8I", 3, 1, 4, place, 5, place, 6, place + 8)
    tags = plain(a[0], t33628=(4, 4, pairs), t33629=(5, 5, planes), t33630=(5, 5, wave), t33631=(4, 5, b"\0" * 20))
    write("metamorph.stk", a.tobytes() + size + unit, tags | {279: (4, 1, struct.pack("<I", a[0].nbytes))})
    assert (tifffile.imread(HERE / "metamorph.stk") == a).all()
    with tifffile.TiffFile(HERE / "metamorph.stk") as file:
        said = file.stk_metadata
    assert said["XCalibration"] == said["YCalibration"] == 0.65 and said["CalibrationUnits"] == "um"
    note("metamorph.stk", a[..., None], spacing=[0.00065, 0.00065, None])
    write("metamorph-cut.stk", a[:2].tobytes(), tags)
    refuse("metamorph-cut.stk", "tiff.invalid")


def levels():
    c, label = colour(48, 64), colour(10, 12)
    with tifffile.TiffWriter(HERE / "label-first.tif") as file:
        for page in [label, c, c[::2, ::2]]:
            file.write(page, photometric="rgb", contiguous=False, metadata=None)
    note("label-first.tif", c, notes=1)
    with tifffile.TiffWriter(HERE / "pyramid.tif") as file:
        file.write(c, photometric="rgb", subifds=1, metadata=None)
        file.write(c[::2, ::2], photometric="rgb", subfiletype=1, metadata=None)
        file.write(c[::4, ::4], photometric="rgb", subfiletype=1, metadata=None)
    note("pyramid.tif", c)
    with tifffile.TiffWriter(HERE / "thumbnail-with-child.tif") as file:
        file.write(c[::4, ::4], photometric="rgb", subfiletype=1, subifds=1, metadata=None)
        file.write(c, photometric="rgb", metadata=None)
    with tifffile.TiffFile(HERE / "thumbnail-with-child.tif") as file:
        assert (file.pages[0].pages[0].asarray() == c).all()
    note("thumbnail-with-child.tif", c)
    stack = grey(planes=3)
    with tifffile.TiffWriter(HERE / "stack-with-montage.tif") as file:
        file.write(grey(26, 34), contiguous=False, metadata=None, **GREY)
        for page in stack:
            file.write(page, contiguous=False, metadata=None, **GREY)
    note("stack-with-montage.tif", stack[..., None], notes=1)


def layouts():
    a, a8 = grey(), grey(dtype=np.uint8)
    for name, packing in [("tiles-in-strip-tags.tif", None), ("tiles-in-strip-tags-lzw.tif", "lzw")]:
        tifffile.imwrite(HERE / name, a, tile=(16, 16), compression=packing, metadata=None, **GREY)
        patch(name, {324: 273, 325: 279})
        assert (tifffile.imread(HERE / name) == a).all()
        note(name, a)
    write("predictor-none.tif", a.tobytes(), plain(a, t317=short(2)))
    write("predictor-packbits.tif", b"".join(map(imagecodecs.packbits_encode, a8)), plain(a8, t259=short(32773), t317=short(2)))
    for name, values in [("predictor-none.tif", a), ("predictor-packbits.tif", a8)]:
        assert (np.asarray(Image.open(HERE / name)) == values).all()
        note(name, values)
    write("signed-types.tif", a.tobytes(), plain(a))
    patch("signed-types.tif", kinds={256: 8, 257: 8, 258: 8, 259: 8, 262: 8, 273: 9, 277: 8, 278: 8, 279: 9})
    assert (tifffile.imread(HERE / "signed-types.tif") == a).all()
    note("signed-types.tif", a)
    y, x = np.mgrid[:48, :75]
    disc = np.hypot(x - 37, y - 20) % 13 < 8
    disc[30] = disc[31] = False
    disc[40, 2:22] = True
    for name, packing, info in [("group3.tif", "group3", {}), ("group3-2d.tif", "group3", {292: 1}), ("group3-aligned.tif", "group3", {292: 4}),
                                ("group3-2d-aligned.tif", "group3", {292: 5}), ("group4-disc.tif", "group4", {}), ("modified-huffman.tif", "tiff_ccitt", {})]:
        Image.fromarray(disc).save(HERE / name, compression=packing, tiffinfo=info)
        assert (np.asarray(Image.open(HERE / name)) == disc).all()
        white_is_zero = Image.open(HERE / name).tag_v2[262] == 0
        assert Image.open(HERE / name).tag_v2.get(292, 0) == info.get(292, 0)
        note(name, disc.astype(np.uint8) ^ white_is_zero, inverted=white_is_zero)
        whole = (HERE / name).read_bytes()
    # The same without the marks between the rows, which some writers leave out, and cut off.
    stripes = (x + 2 * y) % 23 < 9
    rows = unmarked(stripes)
    write("group3-no-marks.tif", rows, plain(a8) | {256: short(75), 257: short(48), 258: short(1), 259: short(3), 278: short(48)})
    note("group3-no-marks.tif", stripes.astype(np.uint8))
    for kind, name in [(3, "group3-cut.tif"), (2, "modified-huffman-cut.tif")]:
        write(name, rows[:len(rows) // 2], plain(a8) | {256: short(75), 257: short(48), 258: short(1), 259: short(kind), 278: short(48)})
        refuse(name, "tiff.invalid")


# Codes of ITU-T T.4, table 2, as far as the rows need them.
WHITE = "00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010 00000011 00011010 00011011 00010010 00010011 00010100 00010101 00010110 00010111 00101000".split()
BLACK = "0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 000011000 0000010111 0000011000 0000001000 00001100111 00001101000".split()


def unmarked(rows):
    """T.4 in one dimension: runs of white (0) and black, nothing between the rows. White is 0 here."""
    bits = ""
    for row in rows:
        edges = [0, *(np.flatnonzero(np.diff(row.astype(int))) + 1), len(row)]
        runs = list(np.diff(edges))
        runs = runs if not row[0] else [0, *runs]
        for i, run in enumerate(runs):
            if run > 63:
                bits += "0000001111" if i % 2 else "11011"
                run -= 64
            bits += (BLACK if i % 2 else WHITE)[run]
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def codecs():
    a, c = grey(), colour()
    tifffile.imwrite(HERE / "zstd.tif", a, compression="zstd", predictor=True, rowsperstrip=9, metadata=None, **GREY)
    tifffile.imwrite(HERE / "jpeg2000.tif", a, compression="jpeg2000", compressionargs={"level": 0}, byteorder=">", tile=(16, 16), metadata=None, **GREY)
    for name in ["zstd.tif", "jpeg2000.tif"]:
        assert (tifffile.imread(HERE / name) == a).all()
        note(name, a)
    whole = (HERE / "zstd.tif").read_bytes()
    last = entries(whole)
    count, = struct.unpack_from("<I", whole, last[279] + 8)
    broken = bytearray(whole)
    at, = struct.unpack_from("<I", whole, last[273] + 8)
    first, = struct.unpack_from("<I", whole, at)
    broken[first + 20:first + 60] = b"\0" * 40
    (HERE / "zstd-damaged.tif").write_bytes(broken)
    refuse("zstd-damaged.tif", "tiff.invalid")
    tifffile.imwrite(HERE / "webp.tif", c, compression="webp", compressionargs={"lossless": True}, photometric="rgb", metadata=None)
    assert (tifffile.imread(HERE / "webp.tif") == c).all()
    note("webp.tif", c)
    smooth = (np.add.outer(np.arange(24), np.arange(32)) * 70).astype(np.uint16)
    stream = imagecodecs.jpeg_encode(smooth, level=95, bitspersample=12)
    write("jpeg12.tif", stream, plain(smooth) | {258: short(12), 259: short(7)})
    note("jpeg12.tif", imagecodecs.jpeg_decode(stream), tolerance=4, sample="uint16")
    stream = imagecodecs.jpeg_encode(c, level=95, colorspace="RGB", outcolorspace="YCBCR", subsampling="444")
    write("old-jpeg.tif", stream, plain(c) | {259: short(6), 262: short(6), 513: (4, 1, struct.pack("<I", 8)), 514: (4, 1, struct.pack("<I", len(stream)))})
    note("old-jpeg.tif", imagecodecs.jpeg_decode(stream), tolerance=3)
    stream = imagecodecs.jpeg_encode(c, level=95, subsampling="420")
    write("jpeg-says-rgb.tif", stream, plain(c) | {259: short(7)})
    refuse("jpeg-says-rgb.tif", "tiff.unsupported.colour")
    write("old-jpeg-tables.tif", stream, plain(c) | {259: short(6), 262: short(6)})
    refuse("old-jpeg-tables.tif", "tiff.unsupported.compression")
    tifffile.imwrite(HERE / "lerc.tif", a, compression="lerc", metadata=None, **GREY)
    refuse("lerc.tif", "tiff.unsupported.compression")
    tifffile.imwrite(HERE / "lzma.tif", a, compression="lzma", metadata=None, **GREY)
    refuse("lzma.tif", "tiff.unsupported.compression")


def colours():
    image = Image.fromarray(np.kron(colour(6, 8), np.ones((4, 4, 1), np.uint8))).convert("YCbCr")
    c = np.asarray(image)
    for name, h, v in [("ycbcr-44.tif", 4, 4), ("ycbcr-22.tif", 2, 2), ("ycbcr-21.tif", 2, 1), ("ycbcr-11.tif", 1, 1)]:
        # 29 columns and 22 rows fill no whole number of blocks.
        d = c[:22, :29]
        pad = np.pad(d, ((0, -22 % v), (0, -29 % h), (0, 0)), "edge")
        blocks = pad.reshape(pad.shape[0] // v, v, pad.shape[1] // h, h, 3).swapaxes(1, 2)
        luma = blocks[..., 0].reshape(*blocks.shape[:2], -1)
        packed = np.concatenate([luma, blocks[:, :, 0, 0, 1:]], -1).tobytes()
        tags = plain(d) | {262: short(6), 530: short(h, v)}
        if name == "ycbcr-21.tif":
            # ITU-R BT.601 with head and foot room.
            tags[532] = (5, 6, struct.pack("<12I", 15, 1, 235, 1, 128, 1, 240, 1, 128, 1, 240, 1))
        write(name, packed, tags)
        if h == v:
            # Pillow asks libtiff only for subsampling that its JPEG knows, too; blocks of one colour make it exact.
            want = np.asarray(Image.fromarray(d, "YCbCr").convert("RGB"))
        else:
            y, cb, cr = [d[..., i].astype(float) for i in range(3)]
            y, cb, cr = (y - 15) * 255 / 220, (cb - 128) * 127 / 112, (cr - 128) * 127 / 112
            want = np.stack([y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb], -1).round().clip(0, 255).astype(np.uint8)
        note(name, want, tolerance=2)
    lab = np.stack(np.meshgrid(np.linspace(40, 220, 16), np.linspace(108, 148, 12)), -1)
    lab = np.dstack([lab, lab[..., 1:][:, ::-1]]).astype(np.uint8)
    srgb, cie = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    turn = ImageCms.buildTransform(cie, srgb, "LAB", "RGB", renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                                   flags=ImageCms.Flags.NOOPTIMIZE)
    cielab = lab.copy()
    cielab[..., 1:] ^= 128
    # Pillow takes a* and b* with a sign.
    want = np.asarray(ImageCms.applyTransform(Image.fromarray(cielab, "LAB"), turn))
    write("lab-icc.tif", lab.tobytes(), plain(lab) | {262: short(9)})
    write("lab.tif", cielab.tobytes(), plain(lab) | {262: short(8)})
    deep = lab.astype(np.uint16) * np.uint16(256)
    write("lab-icc-16.tif", deep.tobytes(), plain(deep) | {262: short(9)})
    for name in ["lab-icc.tif", "lab.tif"]:
        note(name, want, tolerance=1)
    note("lab-icc-16.tif", want, tolerance=1)


def spacings():
    a = grey(3, 4)
    def one(name, spacing, description=None, x=None, y=None, unit=1, **more):
        tags = plain(a, **more) | {296: short(unit)}
        if description is not None:
            tags[270] = text(description)
        if x:
            tags[282], tags[283] = fraction(*x), fraction(*(y or x))
        write(name, a.tobytes(), tags)
        note(name, a, spacing=spacing, notes=more.pop("notes", 0))

    def ome(size, first="", quote='"'):
        xml = f'<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">{first}<Image ID="Image:0"><Pixels ID="Pixels:0" SizeX="4" SizeY="3" SizeZ="1" SizeC="1" SizeT="1" {size}/></Image></OME>'
        return xml.replace('"', quote)

    micro = lambda unit: ome(f'PhysicalSizeX="0.65" PhysicalSizeXUnit="{unit}" PhysicalSizeY="0.65" PhysicalSizeYUnit="{unit}"')
    good = [0.00065, 0.00065, None]
    one("ome-reference.tif", good, micro("&#181;m"))
    one("ome-hexadecimal.tif", good, micro("&#xB5;m"))
    one("ome-latin1.tif", good, micro("µm").encode("latin-1"))
    one("ome-single-quotes.tif", good, ome('PhysicalSizeX="0.65" PhysicalSizeY="0.65"', quote="'"))
    one("ome-angstrom.tif", [6.5e-8, 6.5e-8, None], micro("Å"))
    one("ome-pixel.tif", None, micro("pixel"))
    one("ome-no-size.tif", None, ome("").replace("</Image>", '</Image><Image><Pixels SizeX="9" SizeY="9" PhysicalSizeX="8"/></Image>'))
    one("ome-size-of-another.tif", None, ome("", '<Image><Pixels SizeX="9" SizeY="9" PhysicalSizeX="8" PhysicalSizeY="8"/></Image>'))
    imagej = lambda lines: b"ImageJ=1.53t\n" + lines.encode("latin-1")
    for name, unit in [("latin1", "µm"), ("escaped", r"\u00B5m"), ("micrometers", "micrometers"), ("microns", "microns")]:
        one(f"imagej-{name}.tif", [0.00025, 0.00025, None], imagej(f"unit={unit}\n"), (4000000, 1000000))
    one("imagej-yunit.tif", [0.00025, 0.25, None], imagej("unit=um\nyunit=mm\n"), (4, 1))
    one("imagej-pixel.tif", None, imagej("unit=pixel\n"), (4, 1), unit=2)
    one("one-per-inch.tif", None, None, (1, 1), unit=2)
    one("one-per-centimetre.tif", None, None, (1, 1), unit=3)
    one("screen-in-centimetres.tif", None, None, (28346, 1000), unit=3)
    one("per-centimetre.tif", [0.001, 0.0005, None], None, (10000, 1), (20000, 1), unit=3)
    one("aperio.tif", [0.000499, 0.000499, None], "Aperio Image Library v11.2.1 \r\n128x96 (32x32) JPEG/RGB Q=95|AppMag = 20|MPP = 0.4990|Filename = x")
    voxels = struct.pack("<10i3d", 0x0400494C, 512, 4, 3, 1, 1, 1, 2, 4, 3, 1.3e-7, 1.3e-7, 5e-7).ljust(512, b"\0")
    one("lsm.tif", [0.00013, 0.00013, 0.0005], t34412=(1, 512, voxels))


HERE.mkdir(exist_ok=True)
for old in HERE.iterdir():
    old.unlink()
stacks()
levels()
layouts()
codecs()
colours()
spacings()
(HERE / "index.json").write_text(json.dumps(INDEX, indent=None, separators=(",", ":")).replace('},"', '},\n"') + "\n")
print(len(INDEX), "files,", sum(f.stat().st_size for f in HERE.iterdir()), "bytes")
