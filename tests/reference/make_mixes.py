"""Writes small files with coloured channels to tests/reference/mixes, and index.json with the colours and with what they look like mixed: OME-TIFF with
Color, an ImageJ hyperstack with lookup tables, Zeiss LSM.

Run with Python 3, numpy and tifffile; the tests themselves need none of it:
    python tests/reference/make_mixes.py

index.json has for every file the colours of its channels as tifffile reads them (red, green, blue), and `mixed`: red, green and blue of each pixel of its
first place, [row][column], through the windows given (centre, width), by the formula of DICOM PS3.3 C.11.2.1.2.1 and additive mixing in float64.
"""

import json
import re
import struct
from pathlib import Path

import numpy as np
import tifffile

HERE = Path(__file__).parent / "mixes"
INDEX = {}
COLOURS = [[0, 0, 255], [0, 200, 30], [255, 128, 0]]
WINDOWS = [[101.3, 87.7], [140.2, 203.9], [60.6, 45.1]]


def channels(z=1, dtype=np.uint8):
    """Three ramps that run different ways."""
    y, x = np.mgrid[:5, :7]
    one = np.stack([x * 35 + y, 250 - x * 30 - y * 3, y * 40 + x * 11])
    return np.stack([one + 2 * i for i in range(z)]).astype(dtype)


def note(name, planes, colours):
    shades = []
    for value, (c, w) in zip(planes.astype(np.float64), WINDOWS):
        shades.append(np.rint(np.clip(((value - (c - 0.5)) / (w - 1) + 0.5) * 255, 0, 255)))
    light = sum(shade[..., None] * np.array(colour) / 255 for shade, colour in zip(shades, colours))
    INDEX[name] = {"colours": colours, "windows": WINDOWS, "mixed": np.minimum(np.rint(light), 255).astype(int).tolist()}


def ome():
    path = HERE / "coloured.ome.tif"
    number = [struct.unpack(">i", bytes(c + [255]))[0] for c in COLOURS]
    tifffile.imwrite(path, channels(2, np.uint16), ome=True, photometric="minisblack",
                     metadata={"axes": "ZCYX", "Channel": {"Name": ["DAPI", "GFP", "x"], "Color": number}})
    with tifffile.TiffFile(path) as file:
        read = [int(n) for n in re.findall(r'Color="(-?\d+)"', file.ome_metadata)]
        note(path.name, file.series[0].asarray()[0], [list(struct.pack(">i", n)[:3]) for n in read])


def imagej():
    path = HERE / "tables.tif"
    ramp = np.arange(256) / 255
    luts = [np.stack([np.rint(ramp * v) for v in colour]).astype(np.uint8) for colour in COLOURS]
    tifffile.imwrite(path, channels(2), imagej=True, metadata={"axes": "ZCYX", "mode": "composite", "LUTs": luts})
    with tifffile.TiffFile(path) as file:
        note(path.name, file.series[0].asarray()[0], [lut[:, -1].tolist() for lut in file.imagej_metadata["LUTs"]])


def lsm():
    """As ZEN writes them: the channels are planes of a page that calls them colours; their names and colours stand at the end of the file."""
    path, a = HERE / "coloured.lsm", channels()[0]
    names = b"".join(struct.pack("<I", 3) + n + b"\0" for n in (b"T1", b"T2", b"T3"))
    block = struct.pack("<6I", 24 + 12 + len(names), 3, 3, 24, 36, 0) + b"".join(bytes(c + [0]) for c in COLOURS) + names
    info = bytearray(struct.pack("<10i3d", 0x0400494C, 512, 7, 5, 1, 3, 1, 1, 7, 5, 1.3e-7, 1.3e-7, 5e-7).ljust(512, b"\0"))
    for place in (0, None):
        with tifffile.TiffWriter(path) as out:
            more = {"photometric": "rgb", "planarconfig": "separate", "contiguous": False, "metadata": None}
            out.write(a, extratags=[(34412, 1, 512, bytes(info), True)], **more)
            out.write(a[:, ::2, ::2], subfiletype=1, **more)
        if place == 0:
            struct.pack_into("<I", info, 108, len(path.read_bytes()))
    path.write_bytes(path.read_bytes() + block)
    with tifffile.TiffFile(path) as file:
        read = file.lsm_metadata["ChannelColors"]
        assert read["ColorNames"] == ["T1", "T2", "T3"], read
        note(path.name, file.series[0].asarray().reshape(3, 5, 7), [list(c[:3]) for c in read["Colors"]])


HERE.mkdir(exist_ok=True)
for old in HERE.iterdir():
    old.unlink()
ome()
imagej()
lsm()
(HERE / "index.json").write_text(json.dumps(INDEX, separators=(",", ":")).replace('},"', '},\n"') + "\n")
print(len(INDEX), "files,", sum(f.stat().st_size for f in HERE.iterdir()), "bytes")
