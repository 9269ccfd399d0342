"""Draws a small image and its labels for every shipped model: no real specimen or patient, nobody's data.

    python tests/reference/make_model_samples.py     # writes tests/reference/models/NAME/; needs numpy, scipy and pillow

What a model finds in its drawing tells whether it still does what it did (`cargo xtask models`), not how good it is: cards say that.
"""

from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage as nd

OUT = Path(__file__).resolve().parent / "models"


class Sheet:
    """A square to draw on: rows `y` and columns `x` from -1 to 1, and random numbers."""

    def __init__(self, seed, size):
        self.rng = np.random.default_rng(seed)
        self.size = size
        self.y, self.x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]

    def noise(self, sigma):
        """Smooth noise with mean 0 and standard deviation 1; sigma in pixels."""
        field = nd.gaussian_filter(self.rng.standard_normal((self.size, self.size)), sigma, mode="wrap")
        return (field - field.mean()) / field.std()

    def ellipse(self, cy, cx, ry, rx, turn=0.0):
        """Distance from the centre in parts of the radius: below 1 is inside."""
        dy, dx = self.y - cy, self.x - cx
        u, v = dx * np.cos(turn) + dy * np.sin(turn), -dx * np.sin(turn) + dy * np.cos(turn)
        return np.hypot(u / rx, v / ry)


def soft(image, sigma=0.8):
    return nd.gaussian_filter(image, sigma)


def nuclei():
    s = Sheet(1, 128)
    light, labels = np.zeros((128, 128)), np.zeros((128, 128), np.uint16)
    for cy, cx in [(-0.7, -0.6), (-0.65, 0.1), (-0.6, 0.38), (-0.1, -0.75), (0.0, -0.2), (0.05, 0.5), (0.6, -0.5), (0.68, -0.2), (0.65, 0.6)]:
        inside = (s.ellipse(cy, cx, s.rng.uniform(0.14, 0.2), s.rng.uniform(0.13, 0.16), s.rng.uniform(0, 3)) < 1) & (labels == 0)
        labels[inside] = labels.max() + 1
        light[inside] = s.rng.uniform(0.5, 0.9)
    return soft(light * (1 + 0.12 * s.noise(2)), 1.2) * 230 + 12 + 3 * s.noise(0.5), labels


def membranes():
    s = Sheet(2, 128)
    points = s.rng.uniform(-1.1, 1.1, (28, 2))
    wy, wx = s.y + 0.05 * s.noise(9), s.x + 0.05 * s.noise(9)
    cell = np.argmin([np.hypot(wy - py, wx - px) for py, px in points], 0)
    edge = (cell != np.roll(cell, 1, 0)) | (cell != np.roll(cell, 1, 1))
    edge[0], edge[:, 0] = False, False
    away = nd.distance_transform_edt(~edge)
    return 175 - 125 * np.exp(-((away / 2) ** 2)) + 9 * s.noise(1), (away < 2.2) * 255


def phase_contrast():
    s = Sheet(3, 160)
    image, labels = np.zeros((160, 160)), np.zeros((160, 160), np.uint16)
    for cy, cx, ry, rx, turn in [(-0.5, -0.45, 0.2, 0.42, 0.5), (-0.35, 0.5, 0.24, 0.3, 1.2), (0.4, -0.4, 0.26, 0.34, 2.2), (0.5, 0.5, 0.18, 0.4, 2.7)]:
        body = s.ellipse(cy, cx, ry, rx, turn) + 0.06 * s.noise(9)
        inside = (body < 1) & (labels == 0)
        labels[inside] = labels.max() + 1
        # A phase ring makes the cell dark and its surroundings bright.
        image += np.where(inside, -14 - 12 * s.noise(1.5), 48 * np.exp(-(((body - 1.06) / 0.09) ** 2)))
        image += np.where(s.ellipse(cy, cx, 0.1, 0.1) < 1, 10, 0)
    return soft(image) + 110 + 2 * s.noise(0.7), labels


def vessels():
    s = Sheet(4, 192)
    view = np.hypot(s.y, s.x) < 0.94
    tree = np.zeros((192, 192), bool)

    def grow(y, x, turn, width, depth):
        for _ in range(s.rng.integers(26, 40)):
            tree[s.ellipse(y, x, width, width) < 1] = True
            turn += s.rng.normal(0, 0.09)
            y, x = y + 0.02 * np.sin(turn), x + 0.02 * np.cos(turn)
        if depth:
            grow(y, x, turn + 0.45, width * 0.72, depth - 1)
            grow(y, x, turn - 0.5, width * 0.72, depth - 1)

    for turn in (0.5, -0.5, 2.4, -2.4):
        grow(0, -0.5, turn, 0.022, 2)
    tree &= view
    shade = 0.8 + 0.08 * s.noise(26) + 0.35 * np.exp(-((s.ellipse(0, -0.5, 0.16, 0.15)) ** 4))
    # Blood swallows green light most.
    colour = np.stack([200 * shade * (1 - 0.18 * tree), 112 * shade * (1 - 0.5 * tree), 52 * shade * (1 - 0.25 * tree)], -1)
    colour = np.where(view[..., None], colour + 1.5 * s.noise(1)[..., None], 3)
    return nd.gaussian_filter(colour, (0.8, 0.8, 0)), tree * 255


def lungs():
    s = Sheet(5, 144)
    sides = [s.ellipse(-0.05, cx, 0.62, 0.27, turn) + 0.05 * s.noise(12) for cx, turn in ((-0.4, 0.12), (0.42, -0.12))]
    lung = np.minimum(*sides) < 1
    body = np.clip(1.25 - s.ellipse(0.3, 0, 1.5, 0.95) ** 4, 0, 1)
    ribs = 0.5 + 0.5 * np.sin(22 * (s.y + 0.35 * np.abs(s.x) ** 1.5))
    heart = s.ellipse(0.32, 0.12, 0.3, 0.3) < 1
    image = body * (135 + 45 * np.exp(-((s.x / 0.1) ** 2))) - 78 * soft(lung * 1.0, 2) + 13 * ribs * body + 45 * soft(heart * 1.0, 2)
    return soft(image, 1) + 3 * s.noise(1), lung * 255


def brain():
    s = Sheet(6, 144)
    inside = s.ellipse(0, 0, 0.66, 0.52) + 0.015 * s.noise(8) < 1
    skull, skin = s.ellipse(0, 0, 0.74, 0.6) < 1, s.ellipse(0, 0, 0.83, 0.69) < 1
    white = s.ellipse(0, 0, 0.52, 0.4) + 0.2 * s.noise(5) < 1
    image = np.where(skin, 150, 4) * 1.0
    image[skull] = 22
    image[inside] = 112
    image[inside & white] = 158
    for cx in (-0.09, 0.09):
        image[s.ellipse(-0.05, cx, 0.22, 0.055, 0.2 * np.sign(cx)) < 1] = 38
    return soft(image, 0.9) + 3 * s.noise(0.8), inside * 255


def left_ventricle():
    s = Sheet(7, 160)
    pool = s.ellipse(0.02, 0.05, 0.16, 0.15) + 0.04 * s.noise(6) < 1
    wall = s.ellipse(0.02, 0.05, 0.26, 0.25) < 1
    right = (s.ellipse(-0.05, -0.28, 0.26, 0.22, 0.4) < 1) & ~wall
    chest = s.ellipse(0, 0, 0.75, 0.95) < 1
    image = np.where(chest, 55 + 10 * s.noise(9), 6)
    image[chest & (s.ellipse(0.0, 0.6, 0.42, 0.22) < 1)] = 14
    image[right], image[wall], image[pool] = 165, 48, 185
    return soft(image, 1) + 3 * s.noise(1), pool * 255


def fetal_head():
    s = Sheet(8, 160)
    r = s.ellipse(0.02, 0.03, 0.45, 0.6, 0.3) + 0.01 * s.noise(12)
    fan = (np.hypot(s.y + 1.5, s.x) < 2.4) & (np.abs(s.x) < 0.55 * (s.y + 1.75))
    # The beam meets the skull squarely above and below, and shows it best there.
    bright = 0.35 + 0.65 * np.abs(np.sin(np.arctan2(s.y, s.x) + 0.1))
    echo = 46 + 24 * (r < 0.94) * -0.5 + 165 * bright * np.exp(-(((r - 0.97) / 0.045) ** 2))
    midline = 60 * np.exp(-(((s.y - 0.3 * s.x) / 0.02) ** 2)) * (r < 0.7)
    speckle = s.rng.gamma(3, 1 / 3, (160, 160))
    return fan * (echo + midline) * soft(speckle, 0.9), (r < 1) * 255


def skin_lesion():
    s = Sheet(9, 128)
    mole = s.ellipse(0.05, -0.03, 0.42, 0.5, 0.5) + 0.12 * s.noise(10) < 1
    depth = soft(mole * 1.0, 3)[..., None] * (0.8 + 0.15 * s.noise(4))[..., None]
    skin = np.array([218, 168, 148]) * (1 + 0.03 * s.noise(20))[..., None]
    image = skin * (1 - depth * np.array([0.52, 0.63, 0.66])) + 2 * s.noise(1)[..., None]
    return image, mole * 255


def polyp():
    s = Sheet(10, 128)
    r = s.ellipse(0.1, 0.15, 0.38, 0.42, 0.3) + 0.03 * s.noise(12)
    bump = np.sqrt(np.clip(1 - r**2, 0, 1))
    # The lamp sits at the camera: near things are bright, the lumen is dark.
    lumen = np.exp(-(s.ellipse(-0.45, -0.5, 0.4, 0.4) ** 2))
    folds = 0.06 * np.sin(14 * s.ellipse(-0.45, -0.5, 1, 1))
    light = 0.75 - 0.6 * lumen + folds + 0.03 * s.noise(4) + 0.3 * bump - 0.18 * np.exp(-(((r - 1.08) / 0.07) ** 2))
    image = light[..., None] * np.where(r[..., None] < 1, [235, 120, 95], [205, 105, 75])
    image = image + 190 * np.exp(-((s.ellipse(-0.05, 0.05, 0.05, 0.07)) ** 2))[..., None]
    view = s.ellipse(0, 0, 1.15, 1.15)[..., None] < 1
    return nd.gaussian_filter(np.where(view, image, 4), (0.8, 0.8, 0)), (r < 1) * 255


DRAWINGS = {
    "nuclei": nuclei,
    "em-membrane": membranes,
    "cells-phase": phase_contrast,
    "retina-vessels": vessels,
    "chest-lungs": lungs,
    "brain-mr": brain,
    "left-ventricle": left_ventricle,
    "fetal-head": fetal_head,
    "skin-lesion": skin_lesion,
    "polyp": polyp,
}


def main():
    for name, draw in DRAWINGS.items():
        image, labels = draw()
        # In steps of two the noise, which no compression can remove, takes less of the file.
        image = np.clip(np.rint(image / 2) * 2, 0, 255).astype(np.uint8)
        labels = labels if labels.dtype == np.uint16 else labels.astype(np.uint8)
        for folder, pixels in (("images", image), ("labels", labels)):
            path = OUT / name / folder / "drawn.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(path, optimize=True)
            print(path.relative_to(OUT), path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
