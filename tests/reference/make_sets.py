"""Writes small OME-TIFF images that are in several files to tests/reference/sets, and index.json with what tifffile reads in them: a file for each channel,
and a file for each time with its planes in an order of their own.

Run with Python 3, numpy and tifffile; the tests themselves need none of it:
    python tests/reference/make_sets.py

index.json has for each set its files, the names of the channels, how many depths and times, and the value at the middle of each plane, by time, depth and channel.
"""

import json
import uuid
from pathlib import Path

import numpy as np
import tifffile

HERE = Path(__file__).parent / "sets"
INDEX = {}
T, Z, C = 2, 3, 2
NAMES = ["DAPI", "GFP"]


def cube():
    """Each plane is its own number and a ramp."""
    v = np.arange(T)[:, None, None] * 100 + np.arange(Z)[:, None] * 10 + np.arange(C) + 1000
    y, x = np.mgrid[:3, :4]
    return (v[..., None, None] + x * 2 + y).astype(np.uint16)


def write(stem, file_of, reverse):
    """`file_of(t, z, c)`: the number of the file that a plane is in."""
    full = cube()
    places = [(t, z, c) for t in range(T) for c in range(C) for z in range(Z)]
    if reverse:
        places.reverse()
    count = 1 + max(file_of(*place) for place in places)
    names = [f"{stem}-{i}.ome.tif" for i in range(count)]
    ids = [f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}" for name in names]
    pages = [[place for place in places if file_of(*place) == i] for i in range(count)]
    data = "".join(
        f'<TiffData FirstT="{t}" FirstZ="{z}" FirstC="{c}" IFD="{n}" PlaneCount="1"><UUID FileName="{names[i]}">{ids[i]}</UUID></TiffData>'
        for i in range(count) for n, (t, z, c) in enumerate(pages[i]))
    channels = "".join(f'<Channel ID="Channel:0:{c}" Name="{name}" SamplesPerPixel="1"/>' for c, name in enumerate(NAMES))
    for i, name in enumerate(names):
        xml = (f'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="{ids[i]}"><Image ID="Image:0"><Pixels ID="Pixels:0" '
               f'DimensionOrder="XYZCT" Type="uint16" SizeX="4" SizeY="3" SizeZ="{Z}" SizeC="{C}" SizeT="{T}" PhysicalSizeX="0.5" PhysicalSizeY="0.5" '
               f'PhysicalSizeZ="2">{channels}{data}</Pixels></Image></OME>')
        with tifffile.TiffWriter(HERE / name) as out:
            for n, place in enumerate(pages[i]):
                out.write(full[place], photometric="minisblack", contiguous=False, metadata=None, description=xml.encode() if n == 0 else None)
    with tifffile.TiffFile(HERE / names[0]) as file:
        series = file.series[0]
        read, axes = series.asarray(), series.axes
    read = read.transpose([axes.index(axis) for axis in "TZCYX"])
    assert (read == full).all()
    INDEX[stem] = {"files": names, "channels": NAMES, "depths": Z, "times": T, "held": len(pages[0]), "values": read[..., 1, 2].tolist()}


HERE.mkdir(exist_ok=True)
for old in HERE.iterdir():
    old.unlink()
write("channels", lambda t, z, c: c, False)
write("times", lambda t, z, c: t, True)
(HERE / "index.json").write_text(json.dumps(INDEX, separators=(",", ":")).replace('},"', '},\n"') + "\n")
print(len(INDEX), "sets,", sum(f.stat().st_size for f in HERE.iterdir()), "bytes")
