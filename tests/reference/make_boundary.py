"""Prints the boundary F1 and the 95 % Hausdorff distance of discs, as scipy and numpy find them, for src/metrics/boundary.rs.

The Hausdorff distance is that of medpy.metric.hd95: borders by erosion, distances by the Euclidean transform, the 95th percentile of both ways.
The F1 score is that of Csurka et al. 2013: borders within 0.75 % of the diagonal.
"""

import numpy as np
from scipy.ndimage import binary_erosion, distance_transform_edt, generate_binary_structure

WIDTH, HEIGHT = 200, 150


def disc(x, y, radius):
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    return np.hypot(columns - x, rows - y) <= radius


def border(mask):
    return mask ^ binary_erosion(mask, structure=generate_binary_structure(2, 1))


def distances(of, to):
    return distance_transform_edt(~border(to))[border(of)]


truth = disc(90.0, 70.0, 40.0)
for x, y, radius in [(90.0, 70.0, 39.0), (93.0, 70.0, 40.0), (110.0, 80.0, 50.0), (180.0, 130.0, 30.0)]:
    found = disc(x, y, radius)
    there, back = distances(found, truth), distances(truth, found)
    tolerance = 0.0075 * np.hypot(WIDTH, HEIGHT)
    precision, recall = (there <= tolerance).mean(), (back <= tolerance).mean()
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    print(f"({x}, {y}, {radius}, {f1:.9}, {np.percentile(np.hstack([there, back]), 95):.9}),")
