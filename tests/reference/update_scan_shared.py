"""Brings the NIfTI rows of scan_shared.json up to what nibabel reads in the files, shown as make_values.py says.

    python tests/reference/update_scan_shared.py SHARED/data/formats        # numpy, nibabel

The points of a row stay where they are; rows of refused files are left alone.
"""

import json
import sys
from pathlib import Path

import nibabel
import numpy as np

TABLE = Path(__file__).parent / "scan_shared.json"


def shown(image):
    """[slice, row, column, channel]: slices along the file's third axis from feet to head, back to front or left to right;
    rows from the head or the front down, columns from the patient's right or the front."""
    v = np.asanyarray(image.dataobj)
    turn = nibabel.io_orientation(image.affine)
    if v.dtype.names:
        v = np.stack([v[c] for c in "RGB"], -1)
    else:
        v = v[..., None]
    channels = v.shape[-1]
    v = v.reshape(*(list(v.shape[:-1]) + [1, 1, 1])[:3], -1, channels, order="F") if v.ndim != 5 else v
    signs = turn[:, 1] * [-1, -1, 1]
    v = v[tuple(slice(None, None, int(sign)) for sign in signs)]
    if turn[0, 0] > turn[1, 0]:
        v = np.swapaxes(v, 0, 1)
    return np.moveaxis(v, [3, 2, 1, 0, 4], [0, 1, 2, 3, 4]).reshape(-1, v.shape[1], v.shape[0], channels)


def main(folder):
    table = json.loads(TABLE.read_text())
    for name, row in table.items():
        if not name.startswith("nifti/") or row.get("by") != "nibabel":
            continue
        v = shown(nibabel.load(folder / name)).astype(np.float64)
        assert list(v.shape) == row["shape"], (name, v.shape)
        row["sum"] = float(v[np.isfinite(v)].sum())
        row["points"] = [[*map(int, p[:3]), *map(float, v[tuple(map(int, p[:3]))])] for p in row["points"]]
    TABLE.write_text(json.dumps(table, separators=(",", ":")).replace('},"', '},\n"') + "\n")


main(Path(sys.argv[1]))
