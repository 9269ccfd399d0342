"""Writes tests/reference/volumes: tiny volumes of research programs (NIfTI, ANALYZE 7.5, NRRD, MetaImage), and where other programs
find which value in the patient.

    python tests/reference/make_volumes.py        # numpy, nibabel, SimpleITK, pynrrd

index.json has for each file `points`: [place in the file (column, row, depth, time), place in the patient (mm, LPS) or null,
values], as nibabel (NIfTI, ANALYZE) and SimpleITK (NRRD, MetaImage) read them; `planes` [channels, depths, times]; `files`, those that
a header names; `note`, whether the reader is to tell that left and right are not certain; or the code of the refusal.
"""

import gzip
import itertools
import json
import re
import struct
from pathlib import Path

import nibabel
import nrrd
import numpy as np
import SimpleITK

HERE = Path(__file__).parent / "volumes"
INDEX = {}
SHAPE = (5, 4, 3)  # columns, rows, depths
SIZES = np.array([0.5, 1.25, 3.0])
ORIGIN = np.array([-12.5, 7.0, 40.25])
RNG = np.random.default_rng(7)
LPS = np.diag([-1.0, -1.0, 1.0])
# All that turn or mirror the axes; every fifth is a sample of both kinds and of all first axes.
TURNS = [np.eye(3)[list(axes)] * np.array(signs)
         for axes in itertools.permutations(range(3)) for signs in itertools.product([1, -1], repeat=3)][::5]


def ramp(shape=SHAPE, dtype=np.int16):
    """Another value for each voxel; the first axis changes fastest."""
    return (np.arange(np.prod(shape)) * 2 + 3).astype(dtype).reshape(shape, order="F")


def rotation():
    """By 20, 30 and -40 degrees about the axes."""
    out = np.eye(3)
    for axis, degrees in enumerate([20, 30, -40]):
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        one = np.eye(3)
        i, j = (axis + 1) % 3, (axis + 2) % 3
        one[i, i], one[j, j], one[i, j], one[j, i] = c, c, -s, s
        out = out @ one
    return out


SHEARED = np.eye(3) + np.array([[0, 0.1, 0.2], [0, 0, -0.3], [0, 0, 0]])


def places(shape, times):
    corners = list(itertools.product(*[sorted({0, n - 1}) for n in shape], sorted({0, times - 1})))
    return corners + [tuple(int(RNG.integers(n)) for n in (*shape, times)) for _ in range(4)]


def note(name, points, planes, **more):
    def number(v):
        v = float(f"{float(v):.9g}")
        return int(v) if v == int(v) else v
    points = [[list(at), None if world is None else [number(v) for v in world], [number(v) for v in np.atleast_1d(values)]]
              for at, world, values in points]
    INDEX[name] = {"planes": planes, "points": points, **{k: v for k, v in more.items() if v}}


def by_nibabel(name, *, files=None, unit=1.0, uncertain=False):
    image = nibabel.load(HERE / name)
    data, affine = np.asanyarray(image.dataobj), image.affine
    if data.dtype.names:
        data = np.stack([data[c] for c in "RGB"], axis=-1)[:, :, :, None]
        planes = 1
    elif data.ndim == 5:
        planes = data.shape[4]
    else:
        planes, data = 1, data.reshape(*data.shape, *[1] * (5 - data.ndim))
    depths, times = data.shape[2:4]
    points = []
    for i, j, k, t in places(data.shape[:3], times):
        ras = affine[:3, :3] @ [i, j, k] + affine[:3, 3]
        points.append(([i, j, k, t], LPS @ ras * unit, data[i, j, k, t]))
    note(name, points, [planes, depths, times], files=files, note=uncertain)


def by_itk(name, *, files=None, colour=False, placed=True, uncertain=False, unit=1.0):
    image = SimpleITK.ReadImage(str(HERE / name))
    size = image.GetSize()
    depths, times = (*size[2:], 1, 1)[:2]
    planes = 1 if colour else image.GetNumberOfComponentsPerPixel()
    points = []
    for i, j, k, t in places((*size[:2], depths), times):
        at = (i, j, k, t)[:len(size)]
        world = np.array(image.TransformContinuousIndexToPhysicalPoint([float(v) for v in (i, j, k, 0)[:len(size)]])[:3])
        points.append(([i, j, k, t], world * unit if placed and len(size) > 2 else None, np.atleast_1d(image[at])))
    note(name, points, [planes, depths, times], files=files, note=uncertain)


def nifti(name, data=None, matrix=None, *, qform=None, kind=nibabel.Nifti1Image, change=None, patch=(), **how):
    data = ramp() if data is None else data
    affine = None
    if matrix is not None:
        affine = np.eye(4)
        affine[:3, :3], affine[:3, 3] = matrix @ np.diag(SIZES), ORIGIN
    image = kind(data, affine)
    if qform is not None:
        affine = np.eye(4)
        affine[:3, :3], affine[:3, 3] = qform @ np.diag(SIZES), ORIGIN
        image.set_sform(None, 0)
        image.set_qform(affine, 1)
    if change:
        change(image.header)
    image.to_filename(HERE / name)
    if patch:
        content = bytearray((HERE / name).read_bytes())
        for at, new in patch:
            content[at:at + len(new)] = new
        (HERE / name).write_bytes(content)
    by_nibabel(name, **how)


def niftis():
    for i, turn in enumerate(TURNS):
        nifti(f"turned-{i}.nii", matrix=turn)
    nifti("qform-turned.nii", qform=TURNS[3])
    nifti("qform-oblique.nii", qform=rotation() @ TURNS[6])
    nifti("qform-mirrored.nii", qform=rotation() @ np.diag([1.0, 1, -1]))
    nifti("oblique.nii", matrix=rotation() @ TURNS[5])
    nifti("sheared.nii", matrix=SHEARED @ TURNS[4])
    nifti("second.nii", matrix=rotation(), kind=nibabel.Nifti2Image)
    sizes = struct.pack("<3f", *SIZES)
    bare = [(252, bytes(4)), (80, sizes)]
    nifti("bare.nii", patch=bare, uncertain=True)
    nifti("negative-sizes.nii", patch=[(252, bytes(4)), (80, struct.pack("<3f", *-SIZES))], uncertain=True)
    nifti("qform-negative-sizes.nii", qform=rotation(), patch=[(80, struct.pack("<3f", *-SIZES))])
    nifti("microns.nii", matrix=TURNS[1], change=lambda h: h.set_xyzt_units("micron"), unit=1e-3)
    nifti("slope.nii", matrix=TURNS[2], patch=[(112, struct.pack("<2f", 0.5, -8))])
    nifti("slope-0.nii", matrix=TURNS[2], patch=[(112, struct.pack("<2f", 0, 5))])
    nifti("slope-nan.nii", matrix=TURNS[2], patch=[(112, struct.pack("<2f", np.nan, np.nan))])
    big = nibabel.Nifti1Header(endianness=">")
    big.set_data_dtype(np.int16)
    image = nibabel.Nifti1Image(ramp(), np.diag([*SIZES, 1]) , big)
    image.to_filename(HERE / "big-endian.nii")
    by_nibabel("big-endian.nii")
    nifti("times.nii", ramp((4, 3, 2, 3)), rotation() @ TURNS[7])
    nifti("vectors.nii", ramp((4, 3, 2, 1, 3), np.float32), TURNS[7], change=lambda h: h.set_intent("vector"))
    colours = RNG.integers(0, 256, (*SHAPE, 3)).astype(np.uint8)
    nifti("colour.nii", colours.view([("R", "u1"), ("G", "u1"), ("B", "u1")]).reshape(SHAPE), TURNS[8])

    def beside(name):
        return {"files": [name.replace(".hdr", ".img")]}
    nifti("pair.hdr", matrix=rotation() @ TURNS[2], kind=nibabel.Nifti1Pair, **beside("pair.hdr"))
    nifti("pair-second.hdr", matrix=TURNS[9], kind=nibabel.Nifti2Pair, **beside("pair-second.hdr"))
    spm = nibabel.spm2analyze.Spm2AnalyzeImage

    def zooms(header):
        header.set_zooms(SIZES)

    def origin(header):
        zooms(header)
        header["origin"][:3] = [2, 3, 1]
        header["scl_slope"] = 0.25

    def named(name, change=zooms):
        data = ramp()
        image = spm(data, None)
        change(image.header)
        header = bytearray(348)
        header[:] = image.header.binaryblock[:348]
        (HERE / name).write_bytes(header)
        (HERE / name.replace(".hdr", ".img")).write_bytes(data.tobytes(order="F"))
        by_nibabel(name, uncertain=True, **beside(name))
    named("analyze.hdr")
    named("analyze-origin.hdr", origin)
    header = spm(ramp(), None).header
    zooms(header)
    (HERE / "analyze-big-endian.hdr").write_bytes(header.as_byteswapped(">").binaryblock[:348])
    (HERE / "analyze-big-endian.img").write_bytes(ramp().astype(">i2").tobytes(order="F"))
    by_nibabel("analyze-big-endian.hdr", uncertain=True, **beside("analyze-big-endian.hdr"))
    for end in ["hdr", "img"]:
        (HERE / f"packed.{end}.gz").write_bytes(gzip.compress((HERE / f"pair.{end}").read_bytes(), mtime=0))
    INDEX["packed.hdr.gz"] = {**INDEX["pair.hdr"], "files": ["packed.img.gz"]}


def raster(name, header, content, **how):
    """A NRRD whose header is written by hand."""
    (HERE / name).write_bytes("\n".join(["NRRD0005", *header, "", ""]).encode() + content)
    by_itk(name, **how)


def pynrrd(name, data, header):
    nrrd.write(str(HERE / name), data, header)
    # Without the hour, so that the same script writes the same file.
    content = (HERE / name).read_bytes()
    (HERE / name).write_bytes(re.sub(rb"# on [^\n]*\n", b"", content, count=1))
    by_itk(name)


def nrrds():
    spaces = ["left-posterior-superior", "right-anterior-superior", "left-anterior-superior"]
    for i, turn in enumerate(TURNS):
        header = {"space": spaces[i % 3], "space directions": (turn @ np.diag(SIZES)).T, "space origin": ORIGIN,
                  "kinds": ["domain"] * 3, "encoding": ["raw", "gzip", "ascii"][i % 3]}
        pynrrd(f"turned-{i}.nrrd", ramp(), header)
    oblique = {"space": "RAS", "space directions": (rotation() @ np.diag(SIZES)).T, "space origin": ORIGIN}
    pynrrd("oblique.nrrd", ramp(), oblique)
    for dtype in [np.int8, np.uint8, np.uint16, np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64]:
        pynrrd(f"{np.dtype(dtype)}.nrrd", ramp((3, 2, 2), dtype), {**oblique, "encoding": "raw", "endian": "big"})
    image = SimpleITK.GetImageFromArray(ramp().T)
    image.SetDirection((rotation() @ TURNS[5]).ravel())
    image.SetSpacing(SIZES)
    image.SetOrigin(ORIGIN)
    SimpleITK.WriteImage(image, str(HERE / "simpleitk.nrrd"), True)
    by_itk("simpleitk.nrrd")
    colours = RNG.integers(0, 256, (4, 5, 3)).astype(np.uint8)
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(colours, isVector=True), str(HERE / "colour.nrrd"))
    by_itk("colour.nrrd", colour=True)
    raster("grey.nrrd", ["type: unsigned char", "dimension: 2", "sizes: 5 4", "spacings: 0.5 1.25", "encoding: raw"],
           ramp((5, 4), np.uint8).tobytes(order="F"))
    three = ["space: left-posterior-superior", "space origin: (1,2,3)", "endian: little"]
    raster("channels-first.nrrd", ["type: short", "dimension: 4", "sizes: 2 5 4 3", *three, "kinds: list domain domain domain",
           "space directions: none (0.5,0,0) (0,0,-1.25) (0,3,0)", "encoding: raw"], ramp((2, *SHAPE)).tobytes(order="F"))
    raster("channels-last.nrrd", ["type: short", "dimension: 4", "sizes: 5 4 3 2", *three, "kinds: domain domain domain vector",
           "space directions: (0.5,0,0) (0,0,-1.25) (0,3,0) none", "encoding: raw"], ramp((*SHAPE, 2)).tobytes(order="F"))
    raster("times.nrrd", ["type: short", "dimension: 4", "sizes: 4 3 2 3", "kinds: domain domain domain time", "spacings: 1 2 3 4",
           "endian: little", "encoding: raw"], ramp((4, 3, 2, 3)).tobytes(order="F"), placed=False)
    plain = ["type: int16", "dimension: 3", "sizes: 5 4 3", *three, "space directions: (0.5,0,0) (0,1.25,0) (0,0,3)"]
    data = ramp().tobytes(order="F")
    raster("hexadecimal.nrrd", [*plain, "encoding: hex"], data.hex(" ", 16).encode())
    raster("skipped-to.nrrd", [*plain, "encoding: raw", "byte skip: -1"], b"words that nobody reads" + data)
    raster("lines.nrrd", [*plain, "encoding: raw", "line skip: 2", "byte skip: 3"], b"a line\nanother\nabc" + data)
    raster("unnamed-space.nrrd", ["type: int16", "dimension: 3", "sizes: 5 4 3", "space dimension: 3", "space origin: (1,2,3)",
           "endian: little", "space directions: (0.5,0,0) (0,0,1.25) (0,3,0)", "encoding: raw"], data, uncertain=True)
    raster("segments.seg.nrrd", [*plain, "encoding: gzip", "Segment0_Name:=liver", "Segment0_LabelValue:=1"], gzip.compress(data, mtime=0))
    (HERE / "microns.nrrd").write_bytes((HERE / "skipped-to.nrrd").read_bytes().replace(
        b"encoding", b'space units: "um" "um" "um"\nencoding', 1))
    by_itk("microns.nrrd", unit=1e-3)
    (HERE / "one.raw").write_bytes(b"abcd" + data)
    raster("one.nhdr", [*plain, "encoding: raw", "byte skip: -1", "data file: one.raw"], b"", files=["one.raw"])
    each = len(data) // 3
    names = [f"depth-{i:02}.raw" for i in range(3)]
    for i, name in enumerate(names):
        (HERE / name).write_bytes(data[i * each:][:each])
    raster("pattern.nhdr", [*plain, "encoding: raw", "data file: depth-%02d.raw 0 2 1"], b"", files=names)
    (HERE / "list.nhdr").write_bytes("\n".join(["NRRD0005", *plain, "encoding: raw", "data file: LIST", *names, ""]).encode())
    by_itk("list.nhdr", files=names)
    (HERE / "bzip2.nrrd").write_bytes("\n".join(["NRRD0004", *plain, "encoding: bzip2", "", "BZh9"]).encode())
    INDEX["bzip2.nrrd"] = {"refused": "nrrd.unsupported"}


def image_of(data, direction=np.eye(3), **how):
    image = SimpleITK.GetImageFromArray(data.T if not how.get("isVector") else data, **how)
    n = image.GetDimension()
    matrix = np.eye(n)
    matrix[:3, :3] = direction[:n, :n]
    image.SetDirection(matrix.ravel())
    image.SetSpacing([*SIZES, 1.0][:n])
    image.SetOrigin([*ORIGIN, 0.0][:n])
    return image


def meta(name, image, packed=False, change=(), **how):
    SimpleITK.WriteImage(image, str(HERE / name), packed)
    if change:
        content = (HERE / name).read_bytes()
        for old, new in change:
            assert old in content, (name, old)
            content = content.replace(old, new, 1)
        (HERE / name).write_bytes(content)
    by_itk(name, **how)


def metas():
    for i, turn in enumerate(TURNS):
        meta(f"turned-{i}.mha", image_of(ramp(), turn), packed=i % 2 == 1)
    oblique = rotation() @ TURNS[6]
    meta("oblique.mha", image_of(ramp(), oblique), change=[(b"CenterOfRotation = 0 0 0", b"CenterOfRotation = 5 6 7")])
    for dtype in [np.int8, np.uint8, np.uint16, np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64]:
        meta(f"{np.dtype(dtype)}.mha", image_of(ramp((3, 2, 2), dtype), oblique))
    meta("long.mha", image_of(ramp((3, 2, 2), np.int32), oblique), change=[(b"MET_INT", b"MET_LONG")])
    swapped = ramp().byteswap().view(np.int16)
    meta("big-endian.mha", image_of(swapped, oblique), change=[(b"ByteOrderMSB = False", b"ByteOrderMSB = True")])
    meta("names.mha", image_of(ramp(), oblique), change=[(b"TransformMatrix", b"Orientation"), (b"Offset", b"Position")])
    meta("grey.mha", image_of(ramp((5, 4))))
    meta("times.mha", image_of(ramp((4, 3, 2, 3)), oblique))
    meta("vectors.mha", image_of(ramp((2, *SHAPE), np.float32).T, oblique, isVector=True))
    colours = RNG.integers(0, 256, (3, 4, 5, 3)).astype(np.uint8)
    meta("colour.mha", image_of(colours, oblique, isVector=True), colour=True)
    data = ramp()
    meta("text.mha", image_of(data, oblique))
    content = (HERE / "text.mha").read_bytes()[:-data.nbytes].replace(b"BinaryData = True", b"BinaryData = False")
    (HERE / "text.mha").write_bytes(content + (" ".join(map(str, data.ravel(order="F"))) + "\n").encode())
    by_itk("text.mha")
    meta("both.mhd", image_of(ramp(), oblique), files=["both.raw"])
    meta("both-packed.mhd", image_of(ramp(), oblique), packed=True, files=["both-packed.zraw"])
    raw = (HERE / "both.raw").read_bytes()
    header = (HERE / "both.mhd").read_bytes()

    def like(name, file, more=b"", files=()):
        (HERE / name).write_bytes(header.replace(b"ElementDataFile = both.raw", more + b"ElementDataFile = " + file))
        by_itk(name, files=list(files))
    (HERE / "behind.raw").write_bytes(b"twelve bytes" + raw)
    like("behind.mhd", b"behind.raw", b"HeaderSize = 12\n", ["behind.raw"])
    like("from-the-end.mhd", b"behind.raw", b"HeaderSize = -1\n", ["behind.raw"])
    names = [f"depth-{i:02}.raw" for i in range(3)]
    like("list.mhd", "\n".join(["LIST", *names]).encode(), b"", names)
    like("pattern.mhd", b"depth-%02d.raw 0 2 1", b"", names)
    (HERE / "tube.tre").write_text("ObjectType = Tube\nNDims = 3\n")
    INDEX["tube.tre"] = {"refused": "metaimage.unsupported"}


def main():
    HERE.mkdir(exist_ok=True)
    for old in HERE.iterdir():
        old.unlink()
    niftis()
    nrrds()
    metas()
    lines = [f"{json.dumps(name)}:{json.dumps(INDEX[name], separators=(',', ':'))}" for name in sorted(INDEX)]
    (HERE / "index.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
