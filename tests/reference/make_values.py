"""Writes tests/reference/values: small files whose pixels are turned, packed or missing, and what other programs read in them.

    python tests/reference/make_values.py        # numpy, nibabel, SimpleITK, pillow, tifffile, zstandard

index.json has for each file the shape [slices, rows, columns, channels], all values in that order (null where there is
none), the spacing in mm [x, y, z or null], or the code of the refusal. axes.json has NIfTI files as hexadecimal gzip: all 48
orientations by sform, by qform and in NIfTI-2, oblique ones, and files that name none.
"""

import gzip
import io
import itertools
import json
import struct
import zipfile
from pathlib import Path

import nibabel
import numpy as np
import SimpleITK
import tifffile
import zstandard
from PIL import Image, ImageOps

HERE = Path(__file__).parent / "values"
INDEX = {}


def note(name, values, spacing=None, **more):
    v = np.asarray(values, np.float64)
    while v.ndim < 4:
        v = v[None] if v.ndim == 3 else v[..., None] if v.ndim == 2 else v
    flat = [float(x) if np.isfinite(x) else None for x in v.ravel()]
    INDEX[name] = {"shape": list(v.shape), "values": flat, "spacing": spacing, **more}


def refused(name, code):
    INDEX[name] = {"refused": code}


def shown(image):
    """What a radiological viewer shows of a nibabel image: slices along its third axis from feet to head, back to front or
    left to right; rows from the head or the front down, columns from the patient's right or the front."""
    data = np.asanyarray(image.dataobj)
    axes = nibabel.io_orientation(image.affine)[:, 0].astype(int)
    world = axes[2]
    canonical = nibabel.as_closest_canonical(image)
    v = np.asanyarray(canonical.dataobj)
    # Not those of `canonical`, which nibabel takes from the affine.
    sizes = [image.header.get_zooms()[list(axes).index(axis)] for axis in range(3)]
    v = np.moveaxis(v.reshape(*v.shape[:3], -1, order="F"), world, 0)  # slice, across, down, volume
    across, down = [axis for axis in range(3) if axis != world]
    v = v[:, ::-1, ::-1]
    v = np.moveaxis(v, 3, 0).reshape(-1, *v.shape[1:3])  # volume after volume
    assert v.size == data.size
    return np.swapaxes(v, 1, 2), [float(sizes[across]), float(sizes[down]), float(sizes[world])]


def turns():
    for axes in itertools.permutations(range(3)):
        for signs in itertools.product([1, -1], repeat=3):
            m = np.zeros((3, 3))
            for column, (axis, sign) in enumerate(zip(axes, signs)):
                m[axis, column] = sign
            yield m


def axes():
    rng = np.random.default_rng(5)
    made = []

    def keep(name, image):
        raw = image.to_bytes()
        values, spacing = shown(type(image).from_bytes(raw))
        made.append({"name": name, "file": gzip.compress(raw, 9, mtime=0).hex(), "shape": list(values.shape),
                     "values": values.ravel().astype(int).tolist(), "spacing": spacing})

    data = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    sizes = np.diag([0.5, 2.0, 3.0])
    for turn in turns():
        affine = np.eye(4)
        affine[:3, :3] = turn @ sizes
        affine[:3, 3] = [5, -7, 11]
        code = "".join(nibabel.aff2axcodes(affine))
        first = nibabel.Nifti1Image(data, None)
        first.header.set_xyzt_units("mm")
        first.set_sform(affine, 1)
        # A qform that says otherwise does not count.
        first.set_qform(np.diag([-0.5, -2.0, 3.0, 1.0]), 1)
        keep(f"sform {code}", first)
        second = nibabel.Nifti1Image(data, None)
        second.set_sform(None, 0)
        second.set_qform(affine, 2)
        keep(f"qform {code}", second)
    for n in range(12):
        turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        affine = np.eye(4)
        shear = np.eye(3) + np.triu(rng.normal(size=(3, 3)) / 4, 1)
        affine[:3, :3] = turn @ (shear if n % 2 else np.eye(3)) @ sizes
        kind = [nibabel.Nifti1Image, nibabel.Nifti2Image][n // 6]
        image = kind(data, None)
        image.header.set_zooms([0.5, 2, 3])
        if n % 2:
            image.set_sform(affine, 3)
        else:
            image.set_qform(affine, 1)
        keep(f"oblique {n}", image)
    for endian in "<>":
        for turn in [0, 13, 30, 47]:
            affine = np.eye(4)
            affine[:3, :3] = list(turns())[turn] @ sizes
            for kind, header in [(nibabel.Nifti1Image, nibabel.Nifti1Header), (nibabel.Nifti2Image, nibabel.Nifti2Header)]:
                image = kind(data.astype(np.int16), affine, header(endianness=endian))
                keep(f"{kind.__name__} {endian} {turn}", image)
    # Time after space: two volumes, each with its slices in order.
    volumes = np.arange(48, dtype=np.uint8).reshape(2, 3, 4, 2)
    keep("two volumes", nibabel.Nifti1Image(volumes, np.diag([2.0, 2.0, -3.0, 1.0])))
    # Neither form: method 1.
    none = nibabel.Nifti1Image(data, None)
    none.header.set_zooms([0.5, 2, 3])
    none.set_sform(None, 0)
    none.set_qform(None, 0)
    keep("none", none)
    (HERE / "axes.json").write_text("[" + ",\n".join(json.dumps(m, separators=(",", ":")) for m in made) + "]\n")


def niftis():
    picture = (np.arange(35) * 7 % 256).astype(np.uint8).reshape(5, 7)
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(picture), HERE / "simpleitk.nii.gz")
    Image.fromarray(picture).save(HERE / "simpleitk.png")
    note("simpleitk.nii.gz", picture, [1.0, 1.0, None])
    note("simpleitk.png", picture)
    image = nibabel.Nifti1Image(np.arange(24, dtype=np.float32).reshape(4, 3, 2), np.diag([-1.0, -1.0, 1.0, 1.0]))
    image.header.set_xyzt_units("mm")
    raw = image.to_bytes()
    values, spacing = shown(image)
    packed = gzip.compress(raw, mtime=0)
    for name, content in [("trailing-zeros.nii.gz", packed + bytes(500)), ("trailing-words.nii.gz", packed + b"and words"),
                          ("two-members.nii.gz", gzip.compress(raw[:300], mtime=0) + gzip.compress(raw[300:], mtime=0))]:
        (HERE / name).write_bytes(content)
        note(name, values[..., None], spacing)
    damaged = bytearray(packed)
    damaged[-6] ^= 1
    for name, content in [("cut.nii.gz", packed[:-40]), ("damaged.nii.gz", bytes(damaged)), ("cut-trailer.nii.gz", packed[:-4])]:
        (HERE / name).write_bytes(content)
        refused(name, "gzip.invalid")
    second = nibabel.Nifti2Image(np.zeros((2, 2, 2), np.uint8), np.eye(4)).to_bytes()
    (HERE / "as-text.nii").write_bytes(second.replace(b"n+2\0\r\n", b"n+2\0\n", 1) + b"\0")
    refused("as-text.nii", "nifti.invalid")
    (HERE / "pair2.hdr").write_bytes(second[:540].replace(b"n+2", b"ni2"))
    refused("pair2.hdr", "nifti.unsupported.pair")


def packings():
    picture = (np.arange(20) * 11 % 256).astype(np.uint8).reshape(4, 5)
    png = io.BytesIO()
    Image.fromarray(picture).save(png, "PNG")
    png = png.getvalue()
    squeeze = zstandard.ZstdCompressor(write_checksum=True, write_content_size=True).compress
    (HERE / "picture.png.zst").write_bytes(squeeze(png))
    skippable = struct.pack("<II", 0x184D2A53, 3) + b"abc"
    bare = zstandard.ZstdCompressor(write_checksum=False, write_content_size=False).compress(png[30:])
    (HERE / "frames.png.zst").write_bytes(squeeze(png[:30]) + skippable + bare + bytes(8))
    for name in ["picture.png.zst", "frames.png.zst"]:
        note(name, picture)
    whole = bytearray(squeeze(png))
    (HERE / "cut.png.zst").write_bytes(whole[:-12])
    whole[-1] ^= 1
    (HERE / "checksum.png.zst").write_bytes(whole)
    for name in ["cut.png.zst", "checksum.png.zst"]:
        refused(name, "zstd.invalid")

    def archive(name, files, method=zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(HERE / name, "w", method) as out:
            for path, content in files:
                out.writestr(zipfile.ZipInfo(path), content, method)
        return (HERE / name).read_bytes()

    mess = [("folder/", b""), ("folder/picture.png", png), ("__MACOSX/folder/._picture.png", b"x"), ("folder/.DS_Store", b"y")]
    stored = archive("stored.zip", [("picture.png", png)], zipfile.ZIP_STORED)
    archive("deflated.zip", mess)
    archive("nested.zip", [("picture.png.gz", gzip.compress(png, mtime=0))])
    for name in ["stored.zip", "deflated.zip", "nested.zip"]:
        note(name, picture)
    archive("two.zip", mess + [("readme.txt", b"words")])
    archive("empty.zip", [])
    archive("words.zip", [("readme.txt", b"words")])
    archive("matryoshka.zip", [("a.gz", gzip.compress(gzip.compress(png, mtime=0), mtime=0))])
    for name in ["two.zip", "empty.zip", "words.zip", "matryoshka.zip"]:
        refused(name, "scan.unsupported.format")
    archive("method.zip", [("picture.png", png)], zipfile.ZIP_BZIP2)
    refused("method.zip", "zip.unsupported.method")
    encrypted = bytearray(stored)
    for sign, at in [(b"PK\3\4", 6), (b"PK\1\2", 8)]:
        encrypted[encrypted.index(sign) + at] |= 1
    (HERE / "encrypted.zip").write_bytes(encrypted)
    refused("encrypted.zip", "zip.unsupported.encrypted")
    damaged = bytearray(stored)
    damaged[damaged.index(b"IDAT") + 8] ^= 1
    (HERE / "damaged.zip").write_bytes(damaged)
    (HERE / "cut.zip").write_bytes(stored[:-30])
    for name in ["damaged.zip", "cut.zip"]:
        refused(name, "zip.invalid")


def missing():
    for dtype in [np.float32, np.float64]:
        values = np.linspace(-3, 4, 30).astype(dtype).reshape(5, 6)
        values[1:3, 2] = np.nan
        values[4, 5], values[0, 0] = np.inf, -np.inf
        name = f"missing-{np.dtype(dtype)}"
        tifffile.imwrite(HERE / f"{name}.tif", values, photometric="minisblack")
        note(f"{name}.tif", values)
        image = nibabel.Nifti1Image(values.T[..., None], np.diag([-1.0, -1.0, 1.0, 1.0]))
        nibabel.save(image, HERE / f"{name}.nii")
        note(f"{name}.nii", values, [1.0, 1.0, None])


def turned():
    picture = (np.arange(4 * 6 * 3) * 13 % 256).astype(np.uint8).reshape(4, 6, 3)
    for orientation in range(1, 9):
        image = Image.fromarray(picture)
        exif = image.getexif()
        exif[0x0112] = orientation
        packed = io.BytesIO()
        image.save(packed, "WEBP", lossless=True, exif=exif)
        seen = np.asarray(ImageOps.exif_transpose(Image.open(packed)))
        # Some programs put the prefix before the chunk that JPEG has there.
        plain = packed.getvalue()
        at = plain.index(b"EXIF") + 4
        length = struct.unpack_from("<I", plain, at)[0]
        chunk = struct.pack("<I", length + 6) + b"Exif\0\0"
        prefixed = plain[:4] + struct.pack("<I", len(plain) - 2) + plain[8:at] + chunk + plain[at + 4:]
        for name, file in [(f"turned-{orientation}.webp", plain), (f"turned-{orientation}-prefixed.webp", prefixed)]:
            (HERE / name).write_bytes(file)
            note(name, seen[None])


HERE.mkdir(exist_ok=True)
for old in HERE.iterdir():
    old.unlink()
axes()
niftis()
packings()
missing()
turned()
lines = [f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in sorted(INDEX.items())]
(HERE / "index.json").write_text("{" + ",\n".join(lines) + "}\n")
print(len(INDEX), "files,", sum(f.stat().st_size for f in HERE.iterdir()), "bytes")
