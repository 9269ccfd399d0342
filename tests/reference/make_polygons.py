"""Makes polygons.json: polygons and the pixels that scikit-image finds inside them.

Run from anywhere: python make_polygons.py   (numpy, scikit-image)
Corners are in pixels from the image's upper left corner, where the first pixel covers 0..1; scikit-image counts from the
first pixel's centre. No pixel's centre lies on an edge, where conventions differ.
"""
import json
import pathlib

import numpy as np
from skimage.draw import polygon2mask

rng = np.random.default_rng(1967)
WIDTH, HEIGHT = 28, 22
CENTRES = np.stack(np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5), -1).reshape(-1, 2)


def nearest_edge(corners):
    """Distance of the pixel centre that is nearest to the outline."""
    ends = np.roll(corners, -1, axis=0)
    along = ends - corners
    t = ((CENTRES[:, None] - corners) * along).sum(-1) / np.maximum((along**2).sum(-1), 1e-12)
    foot = corners + t.clip(0, 1)[..., None] * along
    return np.linalg.norm(CENTRES[:, None] - foot, axis=-1).min()


def blob(n):
    """A simple outline, as one draws around a cell."""
    angle = np.sort(rng.random(n)) * 2 * np.pi
    radius = rng.uniform(3, 12, n)
    middle = rng.uniform((8, 6), (20, 16))
    return middle + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1)


def star(n):
    """Every second corner of a circle: crosses itself, and surrounds its middle twice."""
    angle = np.arange(n) * 4 * np.pi / n + rng.random()
    return rng.uniform((10, 8), (18, 14)) + 10 * np.stack([np.cos(angle), np.sin(angle)], -1)


def scribble(n):
    """Corners anywhere, also outside of the image."""
    return rng.uniform((-6, -6), (WIDTH + 6, HEIGHT + 6), (n, 2))


cases = []
for make, sizes in ((blob, (5, 8, 13, 40)), (star, (5, 7, 9)), (scribble, (3, 4, 6, 9, 14))):
    for n in sizes:
        corners = make(n).round(4)
        while nearest_edge(corners) < 1e-3:
            corners = make(n).round(4)
        mask = polygon2mask((HEIGHT, WIDTH), corners[:, ::-1] - 0.5)
        rows = ["".join(".#"[int(v)] for v in row) for row in mask]
        cases.append({"kind": make.__name__, "corners": corners.tolist(), "mask": rows})

out = {"width": WIDTH, "height": HEIGHT, "polygons": cases}
path = pathlib.Path(__file__).with_name("polygons.json")
path.write_text(json.dumps(out, indent=1) + "\n")
