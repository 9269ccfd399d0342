"""Draws the three sample images of the page: no real specimen, nobody's data.

    python tests/reference/make_samples.py     # writes www/samples/*.png; needs numpy, scipy and pillow
"""

from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage as nd
from scipy.spatial import cKDTree

OUT = Path(__file__).resolve().parents[2] / "www" / "samples"
SIZE = 512


def noise(rng, sigma, size=SIZE):
    """Smooth noise with mean 0 and standard deviation 1."""
    field = nd.gaussian_filter(rng.standard_normal((size, size)), sigma, mode="wrap")
    return (field - field.mean()) / field.std()


def blob(rng, cy, cx, radius, elongation, angle, roughness):
    """A closed outline that is nearly an ellipse, as a mask."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    dy, dx = y - cy, x - cx
    u = dx * np.cos(angle) + dy * np.sin(angle)
    v = -dx * np.sin(angle) + dy * np.cos(angle)
    theta = np.arctan2(v, u)
    wave = sum(
        roughness / k * rng.normal() * np.cos(k * theta + rng.uniform(0, 2 * np.pi)) for k in (2, 3, 4, 5)
    )
    r = np.hypot(u / np.sqrt(elongation), v * np.sqrt(elongation))
    return r < radius * (1 + wave)


def place(rng, count, smallest, largest, gap, clusters):
    """Centres and radii: some free, some in clumps whose members touch."""
    found = []
    tries = 0
    while len(found) < count and tries < 40000:
        tries += 1
        radius = rng.uniform(smallest, largest)
        if found and rng.random() < clusters:
            y0, x0, r0 = found[rng.integers(len(found))]
            turn = rng.uniform(0, 2 * np.pi)
            reach = (r0 + radius) * rng.uniform(0.93, 1.02)
            y, x = y0 + reach * np.sin(turn), x0 + reach * np.cos(turn)
            near = 0.92
        else:
            y, x = rng.uniform(-5, SIZE + 5, 2)
            near = 1 + gap
        if all(np.hypot(y - b, x - a) > (radius + r) * near for b, a, r in found):
            found.append((y, x, radius))
    return found


def fluorescence(rng):
    """Nuclei in a DNA stain: touching, of varying brightness, blurred, with shot noise."""
    light = np.zeros((SIZE, SIZE))
    texture = noise(rng, 2.2)
    coarse = noise(rng, 5)
    for y, x, radius in place(rng, 78, 13, 21, 0.25, 0.45):
        inside = blob(rng, y, x, radius, rng.uniform(1.0, 1.5), rng.uniform(0, np.pi), 0.06)
        inside &= light == 0
        depth = nd.distance_transform_edt(inside)
        body = np.clip(depth / 5, 0, 1) ** 0.7
        brightness = rng.lognormal(np.log(0.5), 0.38)
        shade = 1 + 0.13 * texture + 0.12 * coarse
        for _ in range(rng.integers(1, 4)):
            # Nucleoli are dark.
            a, r = rng.uniform(0, 2 * np.pi), rng.uniform(0, radius * 0.5)
            yy, xx = np.mgrid[0:SIZE, 0:SIZE]
            spot = np.exp(-((yy - y - r * np.sin(a)) ** 2 + (xx - x - r * np.cos(a)) ** 2) / (2 * rng.uniform(1.6, 2.8) ** 2))
            shade = shade * (1 - 0.4 * spot)
        light = np.where(inside, np.maximum(brightness * body * shade, 1e-3), light)
    haze = nd.gaussian_filter(light, 14)
    uneven = 1 + 0.12 * noise(rng, 120)
    image = (nd.gaussian_filter(light, 1.25) + 0.13 * haze + 0.03) * uneven
    photons = rng.poisson(np.clip(image, 0, None) * 260) / 260 + rng.normal(0, 0.008, image.shape)
    return to_bytes(photons / np.percentile(photons, 99.8) * 245)


def stained(rng):
    """Haematoxylin and eosin by Beer and Lambert: optical densities add, light multiplies."""
    eosin = np.array([0.07, 0.99, 0.11])
    haematoxylin = np.array([0.65, 0.70, 0.29])
    warp = [24 * noise(rng, 40), 24 * noise(rng, 40)]
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(float)
    run = (x * 0.45 + y + warp[0]) / 5.5
    fibres = 0.5 + 0.5 * np.sin(run + 2.2 * noise(rng, 9))
    pink = 0.30 + 0.10 * fibres + 0.055 * noise(rng, 3) + 0.09 * noise(rng, 30)
    gaps = nd.gaussian_filter((noise(rng, 13) + 0.5 * noise(rng, 6) > 1.85).astype(float), 1.6)
    pink *= 1 - 0.85 * gaps
    purple = 0.045 + 0.02 * noise(rng, 6)
    taken = np.zeros((SIZE, SIZE), bool)
    speckle = noise(rng, 1.3)
    clumps = noise(rng, 2.6)
    for cy, cx, radius in place(rng, 105, 8, 14, 0.18, 0.30):
        if gaps[int(np.clip(cy, 0, SIZE - 1)), int(np.clip(cx, 0, SIZE - 1))] > 0.2:
            continue
        spindle = rng.random() < 0.35
        inside = blob(rng, cy, cx, radius * (0.8 if spindle else 1), rng.uniform(1.9, 3.0) if spindle else rng.uniform(1, 1.5),
                      -0.42 + rng.normal(0, 0.35) if spindle else rng.uniform(0, np.pi), 0.07)
        inside &= ~taken
        taken |= nd.binary_dilation(inside)
        depth = nd.distance_transform_edt(inside)
        strength = rng.uniform(0.55, 0.95) * (1.25 if spindle else 1)
        rim = np.exp(-((depth - 1.2) ** 2) / 2.2)
        body = strength * (0.72 + 0.16 * clumps + 0.10 * speckle) + 0.30 * strength * rim
        for _ in range(rng.integers(0, 3)):
            a, r = rng.uniform(0, 2 * np.pi), rng.uniform(0, radius * 0.45)
            spot = np.exp(-((y - cy - r * np.sin(a)) ** 2 + (x - cx - r * np.cos(a)) ** 2) / (2 * 1.5**2))
            body = body + 0.45 * spot * strength
        purple = np.where(inside, np.clip(body, 0.25, None), purple)
        pink = np.where(inside, 0.20 + 0.02 * fibres, pink)
    pink, purple = nd.gaussian_filter(pink, 0.8), nd.gaussian_filter(purple, 0.9)
    density = np.clip(pink, 0, None)[..., None] * eosin + np.clip(purple, 0, None)[..., None] * haematoxylin
    light = 243 * np.exp(-1.35 * density)
    light += rng.normal(0, 1.3, (SIZE, SIZE, 1))
    return to_bytes(light, 5)


def electron(rng):
    """Neurites cut across: dark membranes around pale cells, mitochondria, vesicles, section noise."""
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(float)
    points = []
    # Big dendrites keep others away; thin axons fill what is left.
    for radius, tries in ((52, 500), (30, 3000), (17, 12000)):
        for _ in range(tries):
            p = rng.uniform(-30, SIZE + 30, 2)
            if all(np.hypot(*(p - q)) > 0.78 * (radius + r) for q, r in points):
                points.append((p, radius))
    centres = np.array([p for p, _ in points])
    radii = np.array([r for _, r in points], float)
    wy = y + 9 * noise(rng, 16) + 3.5 * noise(rng, 6)
    wx = x + 9 * noise(rng, 16) + 3.5 * noise(rng, 6)
    distance, index = cKDTree(centres).query(np.stack([wy, wx], -1), k=8)
    # Distance in units of the cell's size: a Voronoi pattern whose cells keep their sizes.
    power = distance**2 - radii[index] ** 2
    order = np.argsort(power, -1)
    cell = np.take_along_axis(index, order[..., :1], -1)[..., 0]
    edge = np.zeros((SIZE, SIZE), bool)
    edge[:-1] |= cell[:-1] != cell[1:]
    edge[:, :-1] |= cell[:, :-1] != cell[:, 1:]
    away = nd.distance_transform_edt(~edge)
    thick = 1.7 + 0.55 * noise(rng, 12)
    # Where a membrane is cut obliquely it is broad and grey.
    oblique = np.clip(noise(rng, 24) - 1.1, 0, 1)
    membrane = np.exp(-((away / (thick + 4.5 * oblique)) ** 2)) * (1 - 0.35 * oblique)
    tone = rng.normal(0, 0.035, len(centres))[cell]
    plasma = 0.70 + tone + 0.035 * noise(rng, 14) + 0.05 * noise(rng, 3.2) + 0.05 * noise(rng, 1.4)
    inner = np.zeros((SIZE, SIZE))
    for c in rng.permutation(len(centres)):
        py, px = centres[c]
        if radii[c] < 28 or rng.random() < 0.25:
            continue
        for _ in range(rng.integers(1, 4)):
            a, r = rng.uniform(0, 2 * np.pi), rng.uniform(0, radii[c] * 0.5)
            my, mx, mr = py + r * np.sin(a), px + r * np.cos(a), rng.uniform(8, 13)
            inside = blob(rng, my, mx, mr, rng.uniform(1.1, 1.9), rng.uniform(0, np.pi), 0.05) & (cell == c) & (away > 5) & (inner == 0)
            if inside.sum() < 120:
                continue
            depth = nd.distance_transform_edt(inside)
            turn = rng.uniform(0, np.pi)
            cristae = 0.5 + 0.5 * np.sin((x * np.cos(turn) + y * np.sin(turn)) / 1.25 + 1.5 * noise(rng, 6))
            inner = np.where(inside, 0.20 + 0.13 * cristae + 0.20 * np.exp(-((depth - 1.2) ** 2) / 1.5), inner)
    vesicles = np.zeros((SIZE, SIZE))
    for _ in range(300):
        c = rng.integers(len(centres))
        p = centres[c] + rng.normal(0, radii[c] * 0.35, 2)
        iy, ix = int(p[0]), int(p[1])
        if 4 < iy < SIZE - 5 and 4 < ix < SIZE - 5 and away[iy, ix] > 4 and inner[iy, ix] == 0:
            ring = np.hypot(y[iy - 4:iy + 5, ix - 4:ix + 5] - p[0], x[iy - 4:iy + 5, ix - 4:ix + 5] - p[1])
            patch = vesicles[iy - 4:iy + 5, ix - 4:ix + 5]
            np.maximum(patch, 0.22 * np.exp(-((ring - 2.2) ** 2) / 0.7), out=patch)
    # Microtubules, cut across, are dark dots.
    dots = nd.gaussian_filter((rng.random((SIZE, SIZE)) < 0.0035).astype(float), 0.9) * 1.5
    image = plasma - 0.50 * membrane - inner - vesicles - 0.35 * dots
    grain = nd.gaussian_filter(rng.standard_normal(image.shape), 0.8)
    image = nd.gaussian_filter(image, 0.75) + 0.085 * grain / grain.std()
    image = image * (1 + 0.03 * noise(rng, 90))
    return to_bytes(255 * np.clip((image - 0.02) / 0.92, 0, 1), 6)


def to_bytes(image, step=1):
    """8 bits; in coarser steps the noise, which no compression can remove, takes less of the file."""
    return np.clip(np.rint(image / step) * step, 0, 255).astype(np.uint8)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, draw, seed in (
        ("nuclei-fluorescence", fluorescence, 11),
        ("nuclei-stained", stained, 12),
        ("em-membranes", electron, 13),
    ):
        path = OUT / f"{name}.png"
        Image.fromarray(draw(np.random.default_rng(seed))).save(path, optimize=True)
        print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
