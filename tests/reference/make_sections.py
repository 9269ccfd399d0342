"""Planes across the slices of a volume with square pixels, and back to its voxels, by SciPy: tests/reference/volume/sections.json.

    python tests/reference/make_sections.py
"""
import json
from pathlib import Path

import numpy as np
from scipy import ndimage

# Columns, rows, slices; mm.
SIZE, SPACING = (7, 6, 5), (0.5, 0.8, 2.1)


def resized(plane, shape):
    """Linear, over the same area; beyond the outermost centres the values stay."""
    factors = [to / n for to, n in zip(shape, plane.shape)]
    return ndimage.zoom(plane, factors, order=1, mode="nearest", grid_mode=True)


def main():
    rng = np.random.default_rng(5)
    volume = rng.integers(0, 200, SIZE[::-1]).astype(np.float32)
    planes = []
    for axis, index in [(0, 3), (1, 4)]:
        # [slice][row or column]
        plane = volume[:, :, index] if axis == 0 else volume[:, index, :]
        across = SPACING[1 - axis]
        square = resized(plane, (round(SIZE[2] * SPACING[2] / across), plane.shape[1]))
        planes.append(
            {
                "axis": axis,
                "index": index,
                "size": [square.shape[1], square.shape[0]],
                "square": [round(float(v), 4) for v in square.ravel()],
                "back": [round(float(v), 4) for v in resized(square, plane.shape).ravel()],
            }
        )
    out = {"size": SIZE, "spacing": SPACING, "voxels": volume.astype(int).ravel().tolist(), "planes": planes}
    path = Path(__file__).parent / "volume" / "sections.json"
    path.write_text(json.dumps(out) + "\n")


if __name__ == "__main__":
    main()
