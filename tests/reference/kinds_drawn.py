"""Draws images of the kinds that models are made for, and of others: no two alike, no real specimen or patient, nobody's data.

`make_kinds.py` teaches with them beside real images, so that drawings, which people try a page with, are known too, and so that what is of no
kind at all is known as that.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage as nd


class Sheet:
    """Something to draw on: rows `y` and columns `x` from -1 to 1 along the shorter side, and random numbers."""

    def __init__(self, rng, smallest=40, largest=360, wide=0.25):
        self.rng = rng
        short = int(np.exp(rng.uniform(np.log(smallest), np.log(largest))))
        long = int(short * (1 + (rng.random() < wide) * rng.uniform(0, 0.6)))
        self.h, self.w = (short, long) if rng.random() < 0.8 else (long, short)
        self.size = min(self.h, self.w)
        self.y = (np.arange(self.h)[:, None] - (self.h - 1) / 2) / (self.size / 2) + np.zeros((1, self.w))
        self.x = (np.arange(self.w)[None] - (self.w - 1) / 2) / (self.size / 2) + np.zeros((self.h, 1))

    def u(self, low, high):
        return self.rng.uniform(low, high)

    def noise(self, sigma):
        field = nd.gaussian_filter(self.rng.standard_normal((self.h, self.w)), sigma, mode="wrap")
        return (field - field.mean()) / (field.std() + 1e-9)

    def rough(self, part):
        """Smooth noise whose hills are this part of the shorter side."""
        return self.noise(max(0.5, part * self.size))

    def ellipse(self, cy, cx, ry, rx, turn=0.0):
        dy, dx = self.y - cy, self.x - cx
        return np.hypot((dx * np.cos(turn) + dy * np.sin(turn)) / rx, (dy * np.cos(turn) - dx * np.sin(turn)) / ry)

    def places(self, count, radius, gap=0.95):
        """Centres and radii, in pixels, of things that hardly overlap."""
        found = []
        for _ in range(12 * count):
            if len(found) == count:
                break
            r = radius * self.u(0.75, 1.3)
            y, x = self.u(-r / 3, self.h + r / 3), self.u(-r / 3, self.w + r / 3)
            if all(np.hypot(y - b, x - a) > gap * (r + s) for b, a, s in found):
                found.append((y, x, r))
        return found


def soft(image, sigma=0.8):
    return nd.gaussian_filter(image, (sigma, sigma, 0) if image.ndim == 3 else sigma)


def discs(s, hardest=0.0, gap=None):
    """How much of a disc a pixel is, 0 to 1, each with its own brightness and shape."""
    radius = s.u(4, 14) if s.rng.random() < 0.6 else s.u(0.03, 0.11) * s.size
    radius = min(radius, s.size / 5)
    most = s.h * s.w / (np.pi * radius**2)
    count = int(np.clip(most * s.u(0.05, 0.45), 1, 160))
    if s.rng.random() < 0.12:
        count = s.rng.integers(1, 4)
    rows, columns = np.mgrid[: s.h, : s.w]
    image = np.zeros((s.h, s.w))
    hollow, uneven, long = s.u(0, 0.4), s.u(0, 0.6), s.u(0, 0.8)
    free = s.rng.random() < 0.3
    for y, x, r in s.places(count, radius, s.u(0.3, 0.8) if free else (gap or s.u(0.9, 1.2))):
        top, left, reach = max(0, int(y - 2 * r)), max(0, int(x - 2 * r)), int(4 * r) + 2
        part = np.s_[top : top + reach, left : left + reach]
        turn, stretch = s.u(0, 3.2), 1 + long * s.u(0, 1)
        dy, dx = rows[part] - y, columns[part] - x
        d = np.hypot((dx * np.cos(turn) + dy * np.sin(turn)) / stretch**0.5, (dy * np.cos(turn) - dx * np.sin(turn)) * stretch**0.5) / r
        image[part] = np.maximum(image[part], (d < 1) * (1 - hollow * d**2) * (1 - uneven * s.rng.random()))
    image *= 1 + s.u(0, 0.15) * s.noise(1.5)
    return soft(image, s.u(0, 1.2) * (s.rng.random() < 0.7) + 1e-3)


def nuclei(rng):
    s = Sheet(rng, 28, 600) if rng.random() < 0.6 else Sheet(rng, 28, 130)
    light = discs(s)
    way = rng.choice(["dark", "bright", "blue", "stained"], p=[0.55, 0.2, 0.08, 0.17])
    if way == "stained":
        ground, stain = np.array([s.u(215, 250), s.u(150, 225), s.u(190, 240)]), np.array([s.u(70, 130), s.u(40, 100), s.u(110, 165)])
        light = np.clip(light + 0.1 * s.noise(2), 0, 1)[..., None]
        return ground * (1 + 0.05 * s.rough(0.03)[..., None]) * (1 - light) + stain * light + 2 * s.noise(0.5)[..., None]
    if way == "bright":
        return s.u(170, 245) - light * s.u(60, 170) + s.u(0, 6) * s.noise(0.5)
    grey = s.u(2, 28) + light * s.u(50, 230) + s.u(0, 8) * rng.random(light.shape)
    return grey[..., None] * np.array([s.u(0, 0.4), s.u(0, 0.5), 1]) if way == "blue" else grey


def membranes(rng):
    s = Sheet(rng, 64, 420)
    cell = s.u(9, 30) if rng.random() < 0.6 else s.u(0.05, 0.16) * s.size
    count = int(np.clip(s.h * s.w / (2.2 * cell**2), 8, 260))
    points = rng.uniform(-0.1, 1.1, (count, 2)) * (s.h, s.w)
    rows, columns = np.mgrid[: s.h, : s.w]
    warp = s.u(0.05, 0.35) * cell
    wy, wx = rows + warp * s.noise(cell / 2), columns + warp * s.noise(cell / 2)
    best, which = np.full(wy.shape, 1e9), np.zeros(wy.shape, int)
    for i, (py, px) in enumerate(points):
        d = np.hypot(wy - py, wx - px) * (1 + 0.3 * np.sin(7 * i))
        which, best = np.where(d < best, i, which), np.minimum(d, best)
    edge = (which != np.roll(which, 1, 0)) | (which != np.roll(which, 1, 1))
    away = nd.distance_transform_edt(~edge)
    thick = s.u(1.2, 2.6) * max(1, cell / 22)
    image = s.u(150, 195) + 10 * np.sin(which * 2.3) - s.u(70, 130) * np.exp(-((away / thick) ** 2))
    spots = rng.random(image.shape) < 0.004
    return soft(image - s.u(0, 400) * soft(spots * 1.0, 1.2), s.u(0.2, 0.9)) + s.u(3, 14) * s.noise(0.8)


def phase(rng):
    s = Sheet(rng, 80, 480)
    image, halo = np.zeros((s.h, s.w)), s.u(25, 75)
    dark, slim = s.u(8, 45), s.u(0.35, 0.8)
    radius = s.u(0.08, 0.3)
    for y, x, r in s.places(int(np.clip(0.9 / radius**1.6, 3, 40)), radius * s.size / 2, s.u(0.7, 1.1)):
        cy, cx, r = (y - s.h / 2) / (s.size / 2), (x - s.w / 2) / (s.size / 2), 2 * r / s.size
        body = s.ellipse(cy, cx, r * slim, r * s.u(0.8, 1.7), s.u(0, 3.2)) + 0.08 * s.noise(0.05 * s.size)
        image += np.where(body < 1, -dark * (1 + 0.4 * s.noise(1.5)), halo * np.exp(-(((body - 1.08) / 0.1) ** 2)))
        image += (s.ellipse(cy, cx, 0.25 * r, 0.25 * r) < 1) * s.u(0, 30)
    return soft(image) + s.u(95, 140) + s.u(1, 4) * s.noise(0.8) + s.u(0, 5) * s.rough(0.2)


def tree(s, y, x, turns, width, depth, reach):
    mask = Image.new("L", (s.w, s.h))
    pen = ImageDraw.Draw(mask)

    def grow(y, x, turn, width, depth):
        for _ in range(s.rng.integers(14, 26)):
            to = y + reach * np.sin(turn), x + reach * np.cos(turn)
            ends = [((b + s.w / s.size) * s.size / 2, (a + s.h / s.size) * s.size / 2) for a, b in ((y, x), to)]
            pen.line(ends, fill=255, width=max(1, round(width * s.size / 2)))
            (y, x), turn = to, turn + s.rng.normal(0, 0.13)
            if depth and s.rng.random() < 0.08:
                grow(y, x, turn + s.rng.choice([-0.6, 0.6]), width * 0.6, depth - 1)
        if depth:
            grow(y, x, turn + s.u(0.2, 0.6), width * 0.72, depth - 1)
            grow(y, x, turn - s.u(0.2, 0.6), width * 0.72, depth - 1)

    for turn in turns:
        grow(y, x, turn, width, depth)
    return np.asarray(mask) / 255.0


def vessels(rng):
    s = Sheet(rng, 72, 420)
    side = rng.choice([-1, 1]) * s.u(0.1, 0.6)
    blood = soft(tree(s, 0, side, [0.6, -0.6, 2.5, -2.5, *rng.uniform(0, 6, 2)], s.u(0.03, 0.06), 3, 0.035), 0.6)
    shade = s.u(0.6, 1.05) * (1 + 0.08 * s.rough(0.15) - s.u(0, 0.3) * np.hypot(s.y, s.x)) + s.u(0.1, 0.4) * np.exp(-((s.ellipse(0, side, 0.17, 0.15)) ** 4))
    tint = np.array([200, s.u(80, 120), s.u(15, 65)])
    colour = tint * shade[..., None] * (1 - blood[..., None] * np.array([0.2, 0.5, 0.3]))
    if rng.random() < 0.8:
        colour = np.where((np.hypot(s.y, s.x) < s.u(0.85, 1.1))[..., None], colour, s.u(0, 8))
    return soft(colour, 0.5) + 1.5 * s.noise(0.7)[..., None]


def lungs(rng):
    s = Sheet(rng, 72, 420)
    wide, high, cy = s.u(0.22, 0.3), s.u(0.5, 0.68), s.u(-0.15, 0.1)
    both = [s.ellipse(cy, cx, high, wide, turn) + 0.05 * s.rough(0.08) for cx, turn in ((-s.u(0.36, 0.46), s.u(0, 0.2)), (s.u(0.36, 0.46), -s.u(0, 0.2)))]
    body = np.clip(1.25 - s.ellipse(0.3, 0, 1.5, s.u(0.9, 1.2)) ** 4, 0, 1)
    ribs = 0.5 + 0.5 * np.sin(s.u(15, 26) * (s.y + 0.35 * np.abs(s.x) ** 1.5))
    heart = s.ellipse(cy + 0.36, s.u(0.06, 0.16), 0.3, s.u(0.22, 0.34)) < 1
    image = body * (s.u(120, 150) + s.u(25, 60) * np.exp(-((s.x / 0.1) ** 2))) - s.u(60, 95) * soft((np.minimum(*both) < 1) * 1.0, 0.014 * s.size)
    return soft(image + s.u(4, 18) * ribs * body + s.u(30, 60) * soft(heart * 1.0, 0.014 * s.size), s.u(0.3, 1.2)) + s.u(1, 5) * s.noise(0.8)


def brain(rng):
    s = Sheet(rng, 64, 360)
    k, turn = s.u(0.8, 1.15), s.u(-0.12, 0.12)
    at = lambda a, b: s.ellipse(0, 0, k * a, k * b, turn)
    inside = at(0.66, 0.52) + 0.02 * s.rough(0.06) < 1
    flair = rng.random() < 0.4
    image = np.where(at(0.83, 0.69) < 1, s.u(90, 190), s.u(0, 6))
    image[at(0.76, 0.62) < 1] = s.u(10, 40)
    image[inside] = s.u(85, 130)
    image[inside & (at(0.52, 0.4) + 0.2 * s.rough(0.035) < 1)] = s.u(70, 95) if flair else s.u(140, 180)
    for cx in (-0.09, 0.09):
        image[s.ellipse(-0.05 * k, cx * k, k * s.u(0.12, 0.28), k * s.u(0.04, 0.08), 0.2 * np.sign(cx)) < 1] = s.u(15, 45)
    return soft(image, s.u(0.4, 1.2)) + s.u(1, 5) * s.noise(0.8)


def ventricle(rng):
    s = Sheet(rng, 64, 300, 0.15)
    cy, cx, r = s.u(-0.12, 0.12), s.u(-0.1, 0.2), s.u(0.11, 0.2)
    wall = s.ellipse(cy, cx, 1.6 * r, 1.55 * r) < 1
    right = (s.ellipse(cy - 0.06, cx - 2 * r, 1.6 * r, 1.3 * r, s.u(0, 1)) < 1) & ~wall
    image = np.where(s.ellipse(0, 0, s.u(0.65, 0.85), s.u(0.85, 1.1)) < 1, s.u(40, 75) + 12 * s.rough(0.06), s.u(0, 8))
    image = image + (image > 20) * s.u(30, 110) * (s.ellipse(0, 0, 0.66, 0.86) > 1)
    for x in (-0.62, 0.6):
        image[s.ellipse(s.u(-0.1, 0.3), x, s.u(0.3, 0.5), 0.22) < 1] = s.u(4, 22)
    image[s.ellipse(0.62, s.u(-0.3, 0.3), 0.22, 0.4) < 1] = s.u(60, 110)
    image[right], image[wall] = s.u(140, 190), s.u(35, 60)
    image[s.ellipse(cy, cx, r, r) + 0.05 * s.rough(0.04) < 1] = s.u(150, 220)
    return soft(image, s.u(0.5, 1.2)) + s.u(1, 5) * s.noise(0.8)


def head(rng):
    s = Sheet(rng, 90, 400, 0.8)
    turn, k = s.u(-0.8, 0.8), s.u(0.6, 1.25)
    r = s.ellipse(s.u(-0.2, 0.2), s.u(-0.2, 0.2), 0.45 * k, 0.6 * k, turn) + 0.012 * s.rough(0.08)
    fan = (np.hypot(s.y + 1.5, s.x) < 2.4) & (np.abs(s.x) < s.u(0.5, 0.75) * (s.y + 1.75))
    bright = s.u(0.2, 0.5) + 0.6 * np.abs(np.sin(np.arctan2(s.y, s.x) - turn))
    echo = s.u(20, 55) * (1 + 0.4 * s.rough(0.05)) * (1 - 0.4 * (r < 0.94)) + s.u(120, 190) * bright * np.exp(-(((r - 0.97) / s.u(0.03, 0.06)) ** 2))
    midline = s.u(0, 80) * np.exp(-(((s.y * np.cos(turn) - s.x * np.sin(turn)) / 0.02) ** 2)) * (r < 0.7)
    return fan * (echo + midline) * soft(rng.gamma(s.u(2, 5), 0.3, (s.h, s.w)), s.u(0.6, 1.2))


def lesion(rng):
    s = Sheet(rng, 64, 360)
    mole = s.ellipse(s.u(-0.2, 0.2), s.u(-0.2, 0.2), s.u(0.2, 0.62), s.u(0.25, 0.65), s.u(0, 3)) + 0.12 * s.rough(0.08) < 1
    depth = soft(mole * s.u(0.6, 1.1), 0.02 * s.size)[..., None] * (0.8 + 0.15 * s.rough(0.03))[..., None]
    skin = np.array([s.u(190, 235), s.u(140, 185), s.u(120, 170)]) * (1 + 0.03 * s.rough(0.15))[..., None]
    image = skin * (1 - depth * np.array([0.52, 0.63, 0.66]))
    if rng.random() < 0.3:
        image *= (np.hypot(s.y, s.x) < s.u(1.0, 1.3))[..., None]
    return image + s.u(1, 4) * s.noise(0.8)[..., None]


def polyp(rng):
    s = Sheet(rng, 64, 360)
    r = s.ellipse(s.u(-0.3, 0.4), s.u(-0.4, 0.4), s.u(0.25, 0.5), s.u(0.25, 0.5), s.u(0, 3)) + 0.03 * s.rough(0.1)
    ly, lx = s.u(-0.7, 0.7), s.u(-0.7, 0.7)
    lumen = np.exp(-(s.ellipse(ly, lx, 0.4, 0.4) ** 2))
    light = s.u(0.6, 0.8) - 0.6 * lumen + 0.06 * np.sin(14 * s.ellipse(ly, lx, 1, 1)) + 0.05 * s.rough(0.04) + 0.3 * np.sqrt(np.clip(1 - r**2, 0, 1)) - 0.18 * np.exp(-(((r - 1.08) / 0.07) ** 2))
    image = light[..., None] * np.where(r[..., None] < 1, [235, 120, 95], [205, s.u(85, 120), s.u(60, 85)])
    for _ in range(rng.integers(1, 6)):
        image = image + 190 * np.exp(-((s.ellipse(s.u(-0.6, 0.6), s.u(-0.6, 0.6), s.u(0.02, 0.08), s.u(0.02, 0.09))) ** 2))[..., None]
    return soft(np.where(s.ellipse(0, 0, 1.15, 1.15)[..., None] < s.u(0.95, 1.3), image, 4), 0.8)


def text(rng):
    s = Sheet(rng, 80, 420)
    paper, ink = (s.u(225, 255), s.u(0, 70)) if rng.random() < 0.8 else (s.u(0, 40), s.u(170, 255))
    page = Image.new("L", (s.w, s.h), int(paper))
    pen, size = ImageDraw.Draw(page), int(s.u(8, 22))
    for y in range(int(s.u(2, 20)), s.h, int(size * s.u(1.1, 1.8))):
        words = " ".join("".join(rng.choice(list("aeinrstlodumcXWTB1"), rng.integers(1, 10))) for _ in range(rng.integers(0, 14)))
        pen.text((int(s.u(3, 12)), y), words, fill=int(ink), font=ImageFont.load_default(size))
    return np.asarray(page, float)


def plot(rng):
    s = Sheet(rng, 80, 420)
    page = Image.new("RGB", (s.w, s.h), (255, 255, 255) if rng.random() < 0.7 else (30, 30, 34))
    pen = ImageDraw.Draw(page)
    ink = lambda: tuple(int(v) for v in rng.integers(0, 255, 3))
    for _ in range(rng.integers(1, 9)):
        x0, x1 = sorted(rng.integers(0, s.w, 2))
        y0, y1 = sorted(rng.integers(0, s.h, 2))
        way = rng.integers(4)
        if way == 0:
            pen.rectangle([x0, y0, x1, y1], fill=ink() if rng.random() < 0.5 else None, outline=ink())
        elif way == 1:
            steps = s.h / 2 + np.cumsum(rng.normal(0, s.h / 30, 40))
            pen.line([(i * s.w / 39, float(v)) for i, v in enumerate(steps)], fill=ink(), width=2)
        elif way == 2:
            pen.text((x0, y0), "Label 12.5", fill=ink(), font=ImageFont.load_default(14))
        else:
            pen.polygon([tuple(float(v) for v in rng.uniform(0, 1, 2) * (s.w, s.h)) for _ in range(3)], fill=ink())
    return np.asarray(page, float)


def scene(rng):
    """Sky, hills, houses, a sun: what a photograph of a landscape is made of."""
    s = Sheet(rng, 60, 420)
    sky, ground = rng.uniform([90, 120, 160], [200, 220, 255]), rng.uniform([30, 60, 20], [150, 160, 110])
    image = sky * (1 - 0.25 * (s.y[..., None] + 1) * s.u(-1, 1)) + 12 * s.rough(0.1)[..., None] * s.u(0, 2)
    for depth in range(rng.integers(1, 4)):
        ridge = s.u(-0.3, 0.5) + 0.2 * np.sin(s.u(1, 5) * s.x + s.u(0, 6)) + 0.06 * np.sin(s.u(6, 20) * s.x)
        image = np.where((s.y > ridge)[..., None], ground * s.u(0.6, 1.3) + s.u(2, 25) * s.noise(s.u(0.6, 2))[..., None], image)
    for _ in range(rng.integers(0, 6)):
        cy, cx, a, b = s.u(-0.4, 0.8), s.u(-1, 1), s.u(0.05, 0.4), s.u(0.05, 0.3)
        image[(np.abs(s.y - cy) < a) & (np.abs(s.x - cx) < b)] = rng.uniform(30, 230, 3)
    grey = rng.random() < 0.3
    return image.mean(-1) if grey else image


def noise(rng):
    s = Sheet(rng, 28, 420)
    colour = rng.random() < 0.35
    if rng.random() < 0.25:
        # Every pixel by itself, and of all values alike.
        return rng.uniform(*sorted(rng.uniform(0, 255, 2)), (s.h, s.w, 3) if colour else (s.h, s.w))
    layers = [s.noise(s.u(0, 1) ** 3 * 20 + 1e-3) * s.u(0.3, 1) + s.noise(s.u(0, 30) + 1e-3) * (rng.random() < 0.5) for _ in range(3 if colour else 1)]
    image = s.u(8, 235) + s.u(1, 60) * np.stack(layers, -1)
    return image if colour else image[..., 0]


def gradient(rng):
    s = Sheet(rng, 28, 420)
    way = s.y * s.u(-1, 1) + s.x * s.u(-1, 1) if rng.random() < 0.6 else s.ellipse(s.u(-1, 1), s.u(-1, 1), s.u(0.3, 1.5), s.u(0.3, 1.5))
    if rng.random() < 0.35:
        way = np.sin(way * s.u(4, 30)) if rng.random() < 0.5 else np.sign(np.sin(s.x * s.u(3, 30)) * np.sin(s.y * s.u(3, 30)))
    if rng.random() < 0.2:
        way = ((np.arange(s.h * s.w).reshape(s.h, s.w) * rng.integers(3, 40)) % 256) / 128 - 1
    tint = rng.uniform(-110, 110, 3) if rng.random() < 0.4 else np.full(3, s.u(20, 110))
    return s.u(60, 190) + way[..., None] * tint + s.u(0, 3) * s.noise(0.5)[..., None]


def turbulence(rng):
    """Clouds, bark, fur, gravel: hills at several scales, folded at sharp lines, perhaps drawn out in one direction."""
    s = Sheet(rng, 60, 420)
    layers, sigma, long = np.zeros((s.h, s.w)), s.u(1, 12), s.u(1, 6) if rng.random() < 0.4 else 1
    for octave in range(rng.integers(1, 5)):
        hills = nd.gaussian_filter(rng.standard_normal((s.h, s.w)), (sigma * 2**octave, sigma * long * 2**octave), mode="wrap")
        hills /= hills.std() + 1e-9
        layers += (np.abs(hills) if rng.random() < 0.5 else hills) * 0.6 ** (rng.integers(4) - octave)
    layers = (layers - layers.mean()) / layers.std()
    image = s.u(60, 190) + layers * s.u(15, 60) + s.u(0, 12) * s.noise(0.5)
    return image[..., None] * rng.uniform(0.6, 1.1, 3) if rng.random() < 0.4 else image


def body(rng):
    """Slices and films of other parts of the body: a trunk with organs and a spine, bones of a limb, a chest from the side."""
    s = Sheet(rng, 72, 420)
    way = rng.integers(3)
    if way == 0:
        image = np.where(s.ellipse(0, 0, s.u(0.55, 0.8), s.u(0.8, 1)) < 1, s.u(90, 130), 0.0)
        for _ in range(rng.integers(3, 12)):
            organ = s.ellipse(s.u(-0.45, 0.45), s.u(-0.7, 0.7), s.u(0.05, 0.35), s.u(0.05, 0.35), s.u(0, 3)) + 0.08 * s.rough(0.05) < 1
            image[organ & (image > 0)] = s.u(60, 170)
        image[s.ellipse(s.u(0.3, 0.5), 0, 0.13, 0.14) < 1] = s.u(200, 255)
    elif way == 1:
        image = np.full((s.h, s.w), s.u(5, 40))
        lean = s.u(-0.4, 0.4)
        limb = np.abs(s.x - lean * s.y)
        image[limb < s.u(0.35, 0.7)] = s.u(60, 110)
        for cx in rng.uniform(-0.4, 0.4, rng.integers(1, 5)):
            d = np.abs(s.x - lean * s.y - cx) / s.u(0.06, 0.14)
            image = np.where(d < 1, s.u(130, 190) + 60 * d**2, image)
    else:
        side = rng.choice([-1, 1])
        image = np.clip(s.u(1.1, 1.3) - s.ellipse(0.2, 0, 1.5, s.u(0.7, 0.9)) ** 4, 0, 1) * s.u(120, 160)
        image -= s.u(50, 90) * soft((s.ellipse(s.u(-0.1, 0.1), 0.05 * side, 0.6, s.u(0.4, 0.55), 0.2 * side) < 1) * 1.0, 0.02 * s.size)
        image += s.u(20, 60) * np.exp(-(((s.x - 0.5 * side) / 0.1) ** 2)) * (1 + 0.3 * np.sin(20 * s.y)) + 30 * (s.ellipse(0.3, -0.25 * side, 0.25, 0.25) < 1)
    return soft(image, s.u(0.3, 1.2)) + s.u(1, 6) * s.noise(0.8)


KINDS = {
    "nuclei": nuclei,
    "em-membrane": membranes,
    "cells-phase": phase,
    "retina-vessels": vessels,
    "chest-lungs": lungs,
    "brain-mr": brain,
    "left-ventricle": ventricle,
    "fetal-head": head,
    "skin-lesion": lesion,
    "polyp": polyp,
}
OTHERS = [text, plot, scene, noise, gradient, body, turbulence]


def drawn(draw, seed):
    """An image of a kind as 8 bits, of grey or of three colours."""
    return np.clip(np.rint(draw(np.random.default_rng(seed))), 0, 255).astype(np.uint8)
