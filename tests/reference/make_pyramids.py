"""Writes small pyramids to tests/reference/pyramids, and index.json with what tifffile reads of each of their levels: OME-TIFF with SubIFDs, levels as
pages that say so, and a slide as Aperio's scanners write it.

Run with Python 3, numpy and tifffile; the tests themselves need none of it:
    python tests/reference/make_pyramids.py

index.json has for every file its levels, the largest first: width, height, micrometres from pixel to pixel, and the sum of the values of each slice (in
Insitu's order: the channel changes fastest).
"""

import json
from pathlib import Path

import numpy as np
import tifffile

HERE = Path(__file__).parent / "pyramids"
INDEX = {}


def ramp(h, w, n=1):
    y, x = np.mgrid[:h, :w]
    return np.stack([(x // 4 * 12 + y // 4 * 20 + 17 * i) % 256 for i in range(n)]).astype(np.uint8)


def note(name, pixel, axes):
    levels = []
    with tifffile.TiffFile(HERE / name) as file:
        series = file.series[0]
        assert series.is_pyramidal and axes == series.axes, (name, series.axes)
        whole = series.shape[axes.index("X")]
        for level in series.levels:
            a = level.asarray().astype(float)
            h, w = a.shape[axes.index("Y")], a.shape[axes.index("X")]
            sums = a.sum(axis=tuple(i for i, axis in enumerate(axes) if axis in "YXS"))
            if axes.startswith("CZ"):
                sums = sums.T
            levels.append({"width": w, "height": h, "pixel": pixel * whole / w, "sums": sums.reshape(-1).tolist()})
    INDEX[name] = levels


def ome():
    """Two channels at three depths, their levels as children of each page."""
    a = ramp(50, 64, 6).reshape(2, 3, 50, 64).astype(np.uint16)
    tile = {"tile": (32, 32), "photometric": "minisblack", "compression": "deflate"}
    with tifffile.TiffWriter(HERE / "children.ome.tif", ome=True) as out:
        out.write(a, subifds=2, metadata={"axes": "CZYX", "Channel": {"Name": ["DAPI", "GFP"]}, "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.5}, **tile)
        out.write(a[..., ::2, ::2] + 1, subfiletype=1, **tile)
        out.write(a[..., ::4, ::4] + 2, subfiletype=1, **tile)
    note("children.ome.tif", 0.5, "CZYX")


def pages():
    """Levels behind one another that NewSubfileType calls reduced."""
    rgb = np.stack([ramp(45, 60)[0], ramp(45, 60)[0] // 2, 255 - ramp(45, 60)[0]], -1)
    more = {"tile": (32, 32), "photometric": "rgb", "compression": "deflate", "metadata": None}
    with tifffile.TiffWriter(HERE / "pages.tif") as out:
        out.write(rgb, resolution=(20000, 20000), resolutionunit="CENTIMETER", **more)
        out.write(rgb[::2, ::2], subfiletype=1, **more)
        out.write(rgb[::4, ::4], subfiletype=1, **more)
    with tifffile.TiffFile(HERE / "pages.tif") as file:
        read = [page.asarray().astype(float) for page in file.pages]
    INDEX["pages.tif"] = [{"width": a.shape[1], "height": a.shape[0], "pixel": 0.5 * 60 / a.shape[1], "sums": [a.sum()]} for a in read]


def aperio():
    """A slide: levels as pages that do not say so, a thumbnail in strips as the second page, a label and a photograph at the end."""
    rgb = np.stack([ramp(64, 96)[0], ramp(64, 96)[0] // 2, 255 - ramp(64, 96)[0]], -1)
    tiles = {"tile": (32, 32), "photometric": "rgb", "compression": "deflate", "metadata": None}
    strips = {"photometric": "rgb", "metadata": None, "compression": "deflate"}
    about = "Aperio Image Library v11.2.1\r\n96x64 [0,0 96x64] (16x16) |AppMag = 20|MPP = 0.4990"
    with tifffile.TiffWriter(HERE / "slide.svs") as out:
        out.write(rgb, description=about, **tiles)
        out.write(rgb[::8, ::8], description="Aperio Image Library v11.2.1\r\n-> 12x8 -", **strips)
        out.write(rgb[::2, ::2], description=about, **tiles)
        out.write(rgb[::4, ::4], description=about, **tiles)
        out.write(rgb[:20, :20], subfiletype=1, description="Aperio Image Library v11.2.1\r\nlabel 20x20", **strips)
        out.write(rgb[:12, :32], subfiletype=9, description="Aperio Image Library v11.2.1\r\nmacro 32x12", **strips)
    note("slide.svs", 0.4990, "YXS")


HERE.mkdir(exist_ok=True)
for old in HERE.iterdir():
    old.unlink()
ome()
pages()
aperio()
(HERE / "index.json").write_text(json.dumps(INDEX, separators=(",", ":")).replace('],"', '],\n"') + "\n")
print(len(INDEX), "files,", sum(f.stat().st_size for f in HERE.iterdir()), "bytes")
