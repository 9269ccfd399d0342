"""Writes the small multi-dimensional TIFFs of tests/reference/channels and index.json with what tifffile reads in them: OME-TIFF in
every order of its dimensions and with planes in an order of their own, ImageJ hyperstacks, Zeiss LSM.

Run with Python 3, numpy and tifffile; the tests themselves need none of it:
    python tests/reference/make_channels.py

For every file index.json has the names of the channels, how many depths and times, the shape and type of a slice, and the value at the
middle of each plane, by time, depth and channel, whatever the order in the file.
"""

import itertools
import json
import re
import struct
from pathlib import Path

import numpy as np
import tifffile

HERE = Path(__file__).parent / "channels"
INDEX = {}
T, Z, C = 2, 4, 3
NAMES = ["DAPI", "GFP", "Cy5"]


def cube(t=T, z=Z, c=C, dtype=np.uint16):
    """Each plane is its own number and a ramp."""
    v = np.arange(t)[:, None, None] * 100 + np.arange(z)[:, None] * 10 + np.arange(c)
    y, x = np.mgrid[:3, :4]
    return (v[..., None, None] + (1000 if dtype == np.uint16 else 0) + x * 2 + y).astype(dtype)


def note(name, names, axes=None, colour=False):
    """What tifffile reads, brought into the order time, depth, channel."""
    with tifffile.TiffFile(HERE / name) as file:
        series = file.series[0]
        a, axes = series.asarray(), axes or series.axes
    for axis in "TZC":
        if axis not in axes:
            a, axes = a[None], axis + axes
    a = a.transpose([axes.index(axis) for axis in ("TZCYXS" if "S" in axes else "TZCYX")])
    t, z, c, h, w = a.shape[:5]
    middle = a[:, :, :, h // 2, w // 2]
    INDEX[name] = {"channels": names, "depths": z, "times": t, "shape": [h, w], "colour": colour,
                   "sample": str(a.dtype), "values": middle.astype(float).tolist()}


def ome():
    full = cube()
    for order in itertools.permutations("TZC"):
        # tifffile's axes are the slowest first, OME's order the fastest.
        name = f"xy{''.join(reversed(order)).lower()}.ome.tif"
        a = full.transpose(["TZC".index(axis) for axis in order] + [3, 4])
        tifffile.imwrite(HERE / name, a, ome=True, photometric="minisblack",
                         metadata={"axes": "".join(order) + "YX", "Channel": {"Name": NAMES}})
        note(name, NAMES)
    # The planes of one file in another order than that of its dimensions, each place told by itself.
    data = (HERE / "xyczt.ome.tif").read_bytes()
    elements = "".join(f'<TiffData IFD="{23 - i}" FirstC="{i % C}" FirstZ="{i // C % Z}" FirstT="{i // C // Z}" PlaneCount="1"/>'
                       for i in range(T * Z * C))
    with tifffile.TiffFile(HERE / "xyczt.ome.tif") as file:
        xml, pages = file.ome_metadata, [page.asarray() for page in file.pages]
    xml = re.sub(r"<TiffData.*?(/>|</TiffData>)", elements, xml, count=1, flags=re.S)
    with tifffile.TiffWriter(HERE / "turned.ome.tif") as out:
        for i, page in enumerate(pages):
            out.write(page, photometric="minisblack", contiguous=False, metadata=None, description=xml.encode() if i == 0 else None)
    note("turned.ome.tif", NAMES)
    # Two times of a colour image, and channels without names.
    rgb = np.stack([cube(2, 1, 1, np.uint8)[:, 0, 0] + k * 9 for k in range(3)], -1)
    tifffile.imwrite(HERE / "colour.ome.tif", rgb, ome=True, photometric="rgb", metadata={"axes": "TYXS"})
    note("colour.ome.tif", [""], colour=True)
    tifffile.imwrite(HERE / "nameless.ome.tif", full[0, 0], ome=True, photometric="minisblack", metadata={"axes": "CYX"})
    note("nameless.ome.tif", [""] * C)
    # Two images of one size in one file: the slices of the second follow those of the first.
    two = cube(2, 2, 3)
    with tifffile.TiffWriter(HERE / "images.ome.tif", ome=True) as out:
        for image in two:
            out.write(image.transpose(1, 0, 2, 3), photometric="minisblack", metadata={"axes": "CZYX", "Channel": {"Name": NAMES}})
    with tifffile.TiffFile(HERE / "images.ome.tif") as file:
        read = np.stack([series.asarray().transpose(1, 0, 2, 3) for series in file.series]).reshape(4, 3, 3, 4)
    INDEX["images.ome.tif"] = {"channels": NAMES, "depths": 4, "times": 1, "shape": [3, 4], "colour": False, "sample": "uint16",
                               "values": [read[:, :, 1, 2].astype(float).tolist()], "notes": 1}
    # Channels that are samples of one page.
    tifffile.imwrite(HERE / "samples.ome.tif", full[0, :, :2], ome=True, photometric="minisblack", planarconfig="separate",
                     metadata={"axes": "ZCYX", "Channel": {"Name": NAMES[:2]}})
    note("samples.ome.tif", [NAMES[0], ""], axes="ZCYX")


def imagej():
    full = cube()
    tifffile.imwrite(HERE / "imagej.tif", full, imagej=True, metadata={"axes": "TZCYX", "mode": "composite"})
    note("imagej.tif", [""] * C)
    tifffile.imwrite(HERE / "imagej-one-directory.tif", full[:1], imagej=True, truncate=True, metadata={"axes": "TZCYX"})
    note("imagej-one-directory.tif", [""] * C)
    # Three 8-bit channels shown together are colours if their lookup tables are; here they are cyan, magenta and yellow.
    small = cube(1, 2, 3, np.uint8)
    ramp, none = np.arange(256, dtype=np.uint8), np.zeros(256, np.uint8)
    luts = [np.stack(lut) for lut in [(none, ramp, ramp), (ramp, none, ramp), (ramp, ramp, none)]]
    tifffile.imwrite(HERE / "imagej-cyan.tif", small, imagej=True, metadata={"axes": "TZCYX", "mode": "composite", "LUTs": luts})
    note("imagej-cyan.tif", [""] * C)
    luts = [np.stack(lut) for lut in [(ramp, none, none), (none, ramp, none), (none, none, ramp)]]
    tifffile.imwrite(HERE / "imagej-rgb.tif", small, imagej=True, metadata={"axes": "TZCYX", "mode": "composite", "LUTs": luts})
    note("imagej-rgb.tif", [""], axes=None)
    was = INDEX["imagej-rgb.tif"]
    was["colour"], was["values"] = True, [[[row] for row in time] for time in was["values"]]


def lsm():
    """As ZEN writes them: channels as planes of a page that calls them colours, a thumbnail behind each page."""
    a = cube(1, 2, 3, np.uint8)[0]
    names = b"".join(struct.pack("<I", len(n) + 1) + n.encode() + b"\0" for n in NAMES)
    colours = struct.pack("<6I", 24 + 12 + len(names), 3, 3, 24, 36, 0) + bytes(12) + names
    info = bytearray(struct.pack("<10i3d", 0x0400494C, 512, 4, 3, 2, 3, 1, 1, 2, 2, 1.3e-7, 1.3e-7, 5e-7).ljust(512, b"\0"))
    path = HERE / "three.lsm"
    for place in (0, None):
        with tifffile.TiffWriter(path) as out:
            for i, page in enumerate(a):
                extra = [(34412, 1, 512, bytes(info), True)] if i == 0 else []
                out.write(page, photometric="rgb", planarconfig="separate", contiguous=False, metadata=None, extratags=extra)
                out.write(page[:, ::2, ::2], photometric="rgb", planarconfig="separate", subfiletype=1, contiguous=False, metadata=None)
        if place == 0:
            struct.pack_into("<I", info, 108, len(path.read_bytes()))
    path.write_bytes(path.read_bytes() + colours)
    note("three.lsm", NAMES)


HERE.mkdir(exist_ok=True)
for old in HERE.iterdir():
    old.unlink()
ome()
imagej()
lsm()
(HERE / "index.json").write_text(json.dumps(INDEX, separators=(",", ":")).replace('},"', '},\n"') + "\n")
print(len(INDEX), "files,", sum(f.stat().st_size for f in HERE.iterdir()), "bytes")
