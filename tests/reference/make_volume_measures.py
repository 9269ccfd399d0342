"""Writes the reference values of tests/volume.rs: what SciPy and scikit-image make of label volumes.

    python tests/reference/make_volume_measures.py    # SciPy 1.17, scikit-image 0.26; writes tests/reference/volume/measures.json

Volumes are [slice][row][column], as strings of a digit a voxel (9 stands for 255, not labelled).
"""

import json
from pathlib import Path

import numpy as np
from scipy import ndimage, special
from scipy.spatial.distance import pdist
from skimage import draw, measure, morphology

HERE = Path(__file__).parent / "volume"


def text(labels):
    return "".join("9" if v == 255 else str(v) for v in np.asarray(labels).ravel())


def signed(plane, classes, spacing):
    """Signed distances, [class][row][column]; infinite where a class is all or nothing."""
    found = []
    for c in classes:
        is_ = plane == c
        if is_.all() or not is_.any():
            found.append(np.full(plane.shape, np.inf if is_.all() else -np.inf, np.float32))
            continue
        inside = ndimage.distance_transform_edt(is_, sampling=spacing)
        outside = ndimage.distance_transform_edt(~is_, sampling=spacing)
        found.append((inside - outside).astype(np.float32))
    return found


def between(first, last, spacing, count):
    """Raya and Udupa 1990 for several classes; `spacing`: of rows, of columns."""
    ends = [np.where(p == 255, 0, p) for p in (first, last)]
    classes = sorted({0, *np.unique(ends[0]), *np.unique(ends[1])})
    distances = [signed(p, classes, spacing) for p in ends]
    for i in range(len(classes)):
        one, other = distances[0][i], distances[1][i]
        levels = []
        for a, b in ((one, other), (other, one)):
            if np.isfinite(a).all():
                levels.append(None)
            else:
                sign = np.sign(a.flat[0])
                levels.append(sign * (max(0, (-sign * b).max()) if np.isfinite(b).all() else 1))
        for side, level in zip(distances, levels):
            if level is not None:
                side[i] = np.full_like(side[i], level)
    planes = []
    for k in range(count):
        mixed = [np.float32(count - k) * a + np.float32(k + 1) * b for a, b in zip(*distances)]
        plane = np.asarray(classes)[np.argmax(mixed, 0)]
        plane[(first == 255) & (last == 255)] = 255
        planes.append(plane)
    return planes


def interpolation():
    shape = (13, 15)

    def disc(at, radius, label=1, into=None):
        plane = np.zeros(shape, np.int64) if into is None else into
        plane[draw.disk(at, radius, shape=shape)] = label
        return plane

    empty = np.zeros(shape, np.int64)
    crescent = disc((6, 9), 4.2, 0, disc((6, 6), 5.5))
    ring = disc((6, 7), 2.2, 0, disc((6, 7), 5.8))
    two = disc((6, 11), 2.7, 1, disc((6, 3), 2.7))
    halves, moved = empty.copy(), empty.copy()
    halves[2:11, 2:6], halves[2:11, 6:13] = 1, 2
    moved[2:11, 2:9], moved[2:11, 9:13] = 1, 3
    painted = disc((3, 3), 3, 255, disc((6, 7), 5, 2))
    painted2 = disc((3, 4), 3, 255, disc((7, 8), 3, 2))
    cases = [
        ("a crescent becomes a disc", crescent, disc((5, 8), 3.5), [1.0, 1.0], 3),
        ("a ring closes", ring, disc((6, 7), 4.5), [1.5, 0.75], 3),
        ("an object splits", disc((6, 7), 4.2), two, [1.0, 1.0], 4),
        ("an object disappears", disc((6, 7), 4.6), empty, [0.75, 1.25], 5),
        ("neighbouring classes move", halves, moved, [1.0, 1.0], 2),
        ("unlabelled pixels", painted, painted2, [1.0, 2.0], 2),
        ("a class fills a plane", np.full(shape, 2), disc((2, 12), 2, 1), [1.0, 1.0], 3),
        ("a class fills both planes", np.full(shape, 2), np.full(shape, 2), [1.0, 1.0], 1),
    ]
    return [
        {
            "name": name,
            "width": shape[1],
            "spacing": [spacing[1], spacing[0]],
            "first": text(first),
            "last": text(last),
            "between": [text(p) for p in between(first, last, spacing, count)],
        }
        for name, first, last, spacing, count in cases
    ]


def scattered():
    """Two classes of specks, pieces that touch in edges and corners, and some unlabelled voxels."""
    rng = np.random.default_rng(5)
    noise = ndimage.gaussian_filter(rng.normal(size=(7, 9, 11)), 0.55)
    labels = np.zeros(noise.shape, np.int64)
    labels[noise > 0.28] = 1
    labels[noise < -0.30] = 2
    labels[rng.random(labels.shape) < 0.03] = 255
    return labels


def components(labels):
    known = np.where(labels == 255, 0, labels)
    found = {}
    for neighbours, connectivity in ((6, 1), (18, 2), (26, 3)):
        numbers = measure.label(known, background=0, connectivity=connectivity)
        of_one = known == 1
        small = morphology.remove_small_objects(of_one, max_size=3, connectivity=connectivity)
        pieces = measure.label(of_one, connectivity=connectivity)
        largest = pieces == 1 + np.argmax(np.bincount(pieces.ravel())[1:])
        found[str(neighbours)] = {
            "numbers": [int(n) for n in numbers.ravel()],
            "without_small": text(np.where(of_one & ~small, 0, labels)),
            "largest": text(np.where(of_one & ~largest, 0, labels)),
        }
    return found


def hollow():
    """A ball with a hole, one with a channel to its outside, one with another class inside, and a hole that touches a side."""
    z, y, x = np.mgrid[:9, :12, :30]
    labels = np.zeros(z.shape, np.int64)
    for cx in (5, 15, 24):
        r = np.sqrt((z - 4) ** 2 + (y - 5.5) ** 2 + (x - cx) ** 2)
        labels[(r < 4.4) & (r > 2.1)] = 1
    labels[4, 5, 15:] = np.where(x[4, 5, 15:] < 20, 0, labels[4, 5, 15:])
    labels[4, 5:7, 24] = 2
    labels[0, 8:12, 0:4] = 1
    labels[0, 10, 2] = 0
    labels[1, 10, 2] = 1
    labels[3, 5, 5] = 255
    return labels


def fill(labels):
    filled = ndimage.binary_fill_holes(labels == 1)
    return text(np.where(filled & np.isin(labels, (0, 255)), 1, labels))


def smooth(labels, sigma, spacing):
    blurred = ndimage.gaussian_filter(
        (labels == 1).astype(np.float64), [sigma / s for s in spacing], mode="nearest", truncate=3
    )
    assert np.abs(blurred - 0.5).min() > 1e-5, "no voxel may depend on rounding"
    out = np.where((labels == 1) & (blurred <= 0.5), 0, labels)
    return text(np.where(np.isin(labels, (0, 255)) & (blurred > 0.5), 1, out))


def tidied(labels, spacing, neighbours, smallest, largest, filled, sigma):
    """Holes, pieces, smoothing, and both again, as src/volume/tidy.rs says; pieces and holes counted, too."""
    labels = labels.copy()
    structure = ndimage.generate_binary_structure(3, {6: 1, 18: 2, 26: 3}[neighbours])
    counts = {"removed": [0, 0], "holes": [0, 0], "smoothed": 0}

    def holes():
        nonlocal labels
        new = ndimage.binary_fill_holes(labels == 1) & np.isin(labels, (0, 255))
        around, _ = ndimage.label(labels != 1)
        counts["holes"][0] += len(np.unique(around[new]))
        counts["holes"][1] += int(new.sum())
        labels = np.where(new, 1, labels)

    def pieces():
        nonlocal labels
        numbers, count = ndimage.label(labels == 1, structure)
        sizes = np.bincount(numbers.ravel())[1:]
        volumes = sizes * np.prod(spacing)
        gone = [i + 1 for i in range(count) if volumes[i] < smallest or largest and i != np.argmax(sizes)]
        counts["removed"][0] += len(gone)
        counts["removed"][1] += int(np.isin(numbers, gone).sum())
        labels = np.where(np.isin(numbers, gone), 0, labels)

    def both():
        if filled:
            holes()
        if largest or smallest > 0:
            pieces()

    both()
    if sigma > 0:
        before = labels
        labels = np.array([int(c) for c in smooth(labels, sigma, spacing)]).reshape(labels.shape)
        labels[labels == 9] = 255
        counts["smoothed"] = int((before != labels).sum())
        both()
    return {"labels": text(labels), **counts}


def tidy():
    """A ball with a hole and one with none, and specks that touch by edges and corners."""
    z, y, x = np.mgrid[:7, :9, :15]
    labels = np.zeros(z.shape, np.int64)
    r = np.sqrt((z - 3) ** 2 + (y - 4) ** 2 + (x - 4) ** 2)
    labels[(r < 3.4) & (r > 1.2)] = 1
    labels[3, 4, 3:5] = 255
    labels[2:5, 5:8, 9:12] = 1
    for place in ((0, 0, 9), (0, 1, 10), (1, 1, 11), (2, 2, 12), (1, 0, 14), (6, 8, 0), (6, 7, 0)):
        labels[place] = 1
    spacing = [2.5, 0.8, 0.7]
    cases = [
        (6, 3.0, False, True, 0.0),
        (18, 3.0, False, True, 0.0),
        (26, 3.0, False, False, 0.0),
        (6, 0.0, True, True, 0.9),
        (26, 6.0, False, True, 0.6),
    ]
    return {
        "size": list(labels.shape[::-1]),
        "labels": text(labels),
        "spacing": spacing[::-1],
        "cases": [[list(case), tidied(labels, spacing, *case)] for case in cases],
    }


AFFINE = np.array([[0.7, 0.05, 0.0, -60.5], [-0.04, 0.7, 0.6, 30.25], [0.01, 0.0, 2.4, -12.0]])


def values(shape):
    """The image under the labels, which the test makes, too; NaN is a voxel without a value."""
    z, y, x = np.indices(shape)
    v = ((x * 37 + y * 101 + z * 59) % 211 - 100 + 0.25 * x).astype(np.float32)
    v[(x + 2 * y + 3 * z) % 17 == 0] = np.nan
    return v


def regions(numbers, image):
    found = []
    for number in np.unique(numbers[numbers > 0]):
        at = np.argwhere(numbers == number)
        inside = image[numbers == number].astype(np.float64)
        inside = inside[~np.isnan(inside)]
        centroid = at.mean(0)[::-1]
        places = at[:, ::-1] @ AFFINE[:, :3].T
        bounds = [[int(lo), int(hi) + 1] for lo, hi in zip(at.min(0)[::-1], at.max(0)[::-1])]
        found.append(
            {
                "number": int(number),
                "voxels": len(at),
                "bounds": bounds,
                "centroid": centroid.tolist(),
                "position": (AFFINE[:, :3] @ centroid + AFFINE[:, 3]).tolist(),
                "volume_ml": len(at) * abs(np.linalg.det(AFFINE[:, :3])) / 1000,
                "diameter_mm": float(pdist(places).max()) if len(at) > 1 else 0.0,
                "values": [len(inside), inside.mean(), inside.std(), inside.min(), inside.max()] if len(inside) else None,
            }
        )
    return found


def slices(numbers, image):
    pixel = np.linalg.norm(np.cross(AFFINE[:, 0], AFFINE[:, 1]))
    rows = []
    for z, plane in enumerate(numbers):
        for number in np.unique(plane[plane > 0]):
            inside = image[z][plane == number].astype(np.float64)
            has = ~np.isnan(inside)
            count = int((plane == number).sum())
            rows.append([z, int(number), count, count * pixel, inside[has].mean() if has.any() else None])
    return rows


def ellipsoids():
    """Surfaces of ellipsoids (Carlson's symmetric integral), mm²: half axes and distances between voxels, mm."""
    cases = [
        ([10, 10, 10], [1, 1, 1]),
        ([25, 25, 25], [1, 1, 1]),
        ([20, 20, 20], [0.7, 0.7, 3.0]),
        ([20, 14, 30], [0.7, 0.7, 3.0]),
        ([30, 12, 12], [0.7, 0.7, 3.0]),
        ([12, 30, 18], [0.5, 0.5, 5.0]),
        ([25, 20, 9], [1.2, 0.6, 0.6]),
        ([8, 16, 24], [1, 1, 1]),
    ]
    found = []
    for (a, b, c), spacing in cases:
        area = 4 * np.pi * a * b * c * special.elliprg(a**-2, b**-2, c**-2)
        found.append({"axes": [a, b, c], "spacing": spacing, "area": float(area)})
    return found


def main():
    labels = scattered()
    known = np.where(labels == 255, 0, labels)
    objects = measure.label(known, background=0, connectivity=3)
    image = values(labels.shape)
    holes = hollow()
    small_spacing = [2.5, 0.8, 0.7]
    reference = {
        "interpolation": interpolation(),
        "scattered": {"size": list(labels.shape[::-1]), "labels": text(labels), "components": components(labels)},
        "hollow": {
            "size": list(holes.shape[::-1]),
            "labels": text(holes),
            "filled": fill(holes),
            "spacing": small_spacing[::-1],
            "smoothed": [[sigma, smooth(holes, sigma, small_spacing)] for sigma in (0.6, 1.3, 2.6)],
        },
        "tidy": tidy(),
        "affine": AFFINE.tolist(),
        "classes": regions(known, image),
        "objects": regions(objects, image),
        "slices": slices(known, image),
        "ellipsoids": ellipsoids(),
    }
    HERE.mkdir(exist_ok=True)
    (HERE / "measures.json").write_text(json.dumps(reference, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
