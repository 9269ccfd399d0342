"""Writes the reference values of tests/objects.rs: what scikit-image measures of objects.

    python tests/reference/make_objects.py        # scikit-image 0.26; writes tests/reference/objects/measured.json

Objects of many shapes in one image: discs that touch, rings, pieces that touch in corners, lines, single pixels, an object in two parts,
and what noise makes of a threshold. Two channels of values.
"""

import json
from pathlib import Path

import numpy as np
from skimage import draw, filters, measure

HERE = Path(__file__).parent / "objects"


def image():
    rng = np.random.default_rng(7)
    numbers = np.zeros((72, 96), np.int32)

    def put(pixels, number):
        free = numbers[pixels] == 0
        numbers[pixels[0][free], pixels[1][free]] = number

    put(draw.disk((12, 12), 9.3), 1)
    put(draw.disk((13, 28), 8.1), 2)
    put(draw.ellipse(14, 50, 5.2, 12.7, rotation=0.6), 3)
    put(draw.disk((14, 78), 11.5), 4)
    numbers[draw.disk((14, 78), 5.0)] = 0
    put(draw.line(30, 3, 41, 30), 5)
    numbers[34, 44] = 6
    numbers[38, 44:46] = 7
    numbers[42:44, 44] = 8
    numbers[34:41, 50] = 9
    numbers[30:32, 54:57] = 10
    numbers[32:34, 57:60] = 10
    numbers[37:39, 54:56] = 11
    numbers[37:39, 62:64] = 11
    put(draw.polygon((44, 66, 50, 68, 46), (6, 2, 14, 24, 30)), 12)
    put(draw.rectangle((30, 70), (36, 92)), 13)
    noise = filters.gaussian(rng.normal(size=(30, 58)), 1.6)
    pieces = measure.label(noise > 0.06, connectivity=1)
    below = numbers[42:, 38:]
    below[(pieces > 0) & (below == 0)] = pieces[(pieces > 0) & (below == 0)] + 20
    values = np.stack([rng.normal(120, 30, numbers.shape), rng.uniform(-5, 5, numbers.shape)], -1)
    return numbers, values.astype(np.float32)


def main():
    numbers, values = image()
    regions = []
    for r in measure.regionprops(numbers, intensity_image=values):
        mean, low, high = r.intensity_mean, r.intensity_min, r.intensity_max
        regions.append(
            {
                "object": int(r.label),
                "area": int(r.area),
                "bbox": [int(v) for v in r.bbox],
                "centroid": [float(v) for v in r.centroid],
                "equivalent_diameter": float(r.equivalent_diameter_area),
                "perimeter": float(r.perimeter_crofton),
                "axes": [float(r.axis_major_length), float(r.axis_minor_length)],
                "eccentricity": float(r.eccentricity),
                "orientation": float(r.orientation),
                "convex_area": int(r.area_convex),
                "solidity": float(r.solidity),
                "feret": float(r.feret_diameter_max),
                "intensity": [
                    [float(mean[c]), float(low[c]), float(high[c]), float(r.image_intensity[..., c][r.image].sum(dtype=np.float64))]
                    for c in range(2)
                ],
            }
        )
    runs, flat = [], numbers.ravel()
    for part in np.split(flat, np.flatnonzero(np.diff(flat)) + 1):
        runs.append([int(part[0]), len(part)])
    file = {
        "width": numbers.shape[1],
        "height": numbers.shape[0],
        "runs": runs,
        "values": [[float(v) for v in values[..., c].ravel()] for c in range(2)],
        "regions": regions,
    }
    HERE.mkdir(exist_ok=True)
    (HERE / "measured.json").write_text(json.dumps(file, separators=(",", ":")) + "\n")
    print(len(regions), "objects")


main()
