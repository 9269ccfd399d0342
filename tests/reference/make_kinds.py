"""Learns by its looks which kind an image is of, measures how often that is right, and writes both.

    python tests/reference/make_kinds.py ../shared/data [--keep NUMBERS.npz]
    # writes www/pictures/kinds-weights.js and the tables in docs/models.md; needs node, numpy, scipy, scikit-image, pillow, pydicom, nibabel

It learns from images of patients and specimens, altered copies of these, drawings (`kinds_drawn.py`), and photographs that come with
scikit-image, as images of no kind. The numbers of an image are computed by the page's own code (`kinds-looks.mjs`); a small network of one
hidden layer is learned from them, its weights rounded and most of them left out. It is measured by cross-validation: no patient and
no specimen is in both halves. `--keep` keeps the numbers for the next run.
"""

import argparse
import subprocess
import threading
from collections import Counter, defaultdict
from pathlib import Path

import nibabel
import numpy as np
import pydicom
from kinds_drawn import KINDS, OTHERS, drawn, noise
from PIL import Image, ImageFilter
from skimage import data as photographs

ROOT = Path(__file__).resolve().parents[2]
NAMES = [*KINDS, "other"]
OTHER = len(KINDS)
# Sure from this probability on; asked about are kinds from the other one on, three at most.
SURE, ASK = 0.8, 0.1
# How much less likely than it looks an MR is in a file that says nothing of it.
RARE = 0.25
MR = [NAMES.index("brain-mr"), NAMES.index("left-ventricle")]
HIDDEN, FOLDS, LEVELS = 16, 5, 43
# Not which side is up: a microscope has none.
FREE = {"nuclei", "em-membrane", "cells-phase", "skin-lesion", "polyp", "left-ventricle"}
PHOTOGRAPHS = "astronaut brick camera chelsea coffee coins colorwheel grass gravel horse hubble_deep_field moon page rocket text".split()


# The images

def stretched(values):
    low, high = np.percentile(values, [0.35, 99.65])
    return np.clip((values - low) / max(high - low, 1) * 255, 0, 255).astype(np.uint8)


def real(data):
    """Kind, patient or specimen, and 8 bits as the page draws them."""
    for path in sorted((data / "nuclei/images").iterdir()):
        yield "nuclei", path.stem, np.asarray(Image.open(path).convert("RGB"))
    for path in sorted((data / "em-membrane/images").iterdir()):
        # Neighbouring slices are nearly the same picture.
        yield "em-membrane", f"em{int(path.stem) // 5}", np.asarray(Image.open(path))
    for path in sorted((data / "cells-phase/images").iterdir()):
        yield "cells-phase", path.stem, stretched(np.asarray(Image.open(path)).astype(float))
    for path in sorted((data / "retina-vessels/images").iterdir()):
        yield "retina-vessels", f"child{path.stem[:2]}", np.asarray(Image.open(path).convert("RGB"))
    for kind in ("chest-lungs", "fetal-head", "skin-lesion", "polyp"):
        for path in sorted((data / "clinical" / kind / "images").iterdir()):
            yield kind, kind + path.stem.split("__")[0].split("_HC")[0], np.asarray(Image.open(path))
    for path in sorted((data / "clinical/left-ventricle/images").iterdir()):
        file = pydicom.dcmread(path)
        low = float(file.WindowCenter) - float(file.WindowWidth) / 2
        yield "left-ventricle", path.stem.split("_")[0], np.clip((file.pixel_array - low) / float(file.WindowWidth) * 255, 0, 255).astype(np.uint8)
    for path in sorted((data / "clinical/brain-mr/images").iterdir()):
        volume = np.asarray(nibabel.load(path).dataobj)
        for part in np.linspace(0.2, 0.88, 9):
            yield "brain-mr", path.name.split("_")[0], stretched(volume[:, :, int(part * volume.shape[2])].T.astype(float))


def photos():
    from sklearn.datasets import load_sample_images

    yield from ((name, np.asarray(getattr(photographs, name)())) for name in PHOTOGRAPHS)
    yield from (("flower", image) for image in load_sample_images().images)


def picture(image):
    if image.dtype == bool:
        image = image * np.uint8(255)
    return Image.fromarray(image[..., :3] if image.ndim == 3 else image)


def altered(image, kind, rng):
    """A copy that the same model would do well on."""
    im = picture(image)
    w, h = im.size
    if rng.random() < 0.6:
        part = rng.uniform(0.6 if kind in FREE else 0.82, 1)
        a, b = int(part * w), int(part * h * min(1, rng.uniform(0.9, 1.1)))
        x, y = rng.integers(0, w - a + 1), rng.integers(0, h - b + 1)
        im = im.crop((x, y, x + a, y + b))
    if kind in FREE and rng.random() < 0.5:
        im = im.rotate(90 * int(rng.integers(4)), expand=True)
    elif rng.random() < 0.35:
        im = im.rotate(rng.uniform(-12, 12), Image.Resampling.BILINEAR)
    if rng.random() < 0.4:
        im = im.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if rng.random() < 0.5:
        scale = rng.uniform(0.3, 1) * (rng.uniform(0.9, 1.12), 1)[rng.integers(2)]
        im = im.resize((max(24, int(scale * im.width)), max(24, int(scale * im.height))), Image.Resampling.BILINEAR)
    if rng.random() < 0.4:
        im = im.filter(ImageFilter.GaussianBlur(rng.uniform(0, 2) * min(im.size) / 256))
    values = np.asarray(im, float) / 255
    if rng.random() < 0.6:
        values = values ** np.exp(rng.uniform(-0.5, 0.5)) * rng.uniform(0.6, 1.15) + rng.uniform(0, 0.12) * (rng.random() < 0.3)
    if values.ndim == 3 and rng.random() < 0.4:
        values = values * rng.uniform(0.85, 1.15, 3)
    if values.ndim == 2 and kind in ("nuclei", "chest-lungs") and rng.random() < 0.15:
        values = values.max() - values
    if rng.random() < 0.3:
        values = values + rng.normal(0, rng.uniform(0, 0.05), values.shape)
    return np.clip(values * 255, 0, 255).astype(np.uint8)


# What a file may have gone through, each by itself, to measure.
ALTERATIONS = {
    "inverted": lambda im, free: Image.fromarray(255 - np.asarray(im)),
    "cropped to 70 %": lambda im, free: im.crop((int(0.15 * im.width), int(0.15 * im.height), int(0.85 * im.width), int(0.85 * im.height))),
    "rotated": lambda im, free: im.rotate(90, expand=True) if free else im.rotate(8, Image.Resampling.BILINEAR),
    "blurred": lambda im, free: im.filter(ImageFilter.GaussianBlur(1.5 * min(im.size) / 256)),
    "half the size": lambda im, free: im.resize((im.width // 2, im.height // 2), Image.Resampling.BOX),
    "darker": lambda im, free: im.point(lambda v: v * 0.6),
    "brighter": lambda im, free: im.point(lambda v: min(255, v * 1.3 + 20)),
}


def collection(data):
    """Rows of (use, kind, group, image): `real` and `altered` are measured, all others but `altered` are learned from."""
    images = list(real(data))
    counts = Counter(kind for kind, _, _ in images)
    for at, (kind, group, image) in enumerate(images):
        yield "real", kind, group, image
        for name, change in ALTERATIONS.items():
            if at % max(1, counts[kind] // 60) == 0:
                yield f"altered: {name}", kind, group, np.asarray(change(picture(image), kind in FREE))
        for copy in range(round(np.clip(420 / counts[kind], 1, 20))):
            yield "copy", kind, group, altered(image, kind, np.random.default_rng([at, copy]))
        if kind == "chest-lungs":
            turned = altered(np.rot90(image, (2, 2, 1, 3)[at % 4]), kind, np.random.default_rng(at))
            yield "turned film", "other", group, turned
        if kind in ("skin-lesion", "polyp", "retina-vessels") and at % 4 == 0:
            yield "inverted colour", "other", group, 255 - altered(image, kind, np.random.default_rng(at))
    for kind, draw in KINDS.items():
        for seed in range(500 if kind == "nuclei" else 140):
            yield "drawn", kind, f"{kind}{seed}", drawn(draw, [NAMES.index(kind), seed])
        path = ROOT / "tests/reference/models" / kind / "images/drawn.png"
        for copy in range(12):
            yield "sample", kind, path.parts[-3] + "drawn", altered(np.asarray(Image.open(path)), "", np.random.default_rng(copy))
    for name, kind in (("nuclei-fluorescence", "nuclei"), ("nuclei-stained", "nuclei"), ("em-membranes", "em-membrane")):
        for copy in range(12):
            yield "sample", kind, name, altered(np.asarray(Image.open(ROOT / f"www/samples/{name}.png")), kind, np.random.default_rng(copy))
    for draw in OTHERS:
        for seed in range(200 if draw is noise else 130):
            yield f"drawn {draw.__name__}", "other", f"{draw.__name__}{seed}", drawn(draw, [99, OTHERS.index(draw), seed])
    for name, image in photos():
        for copy in range(30):
            rng = np.random.default_rng(copy)
            w, h = picture(image).size
            part = rng.uniform(0.3, 1)
            x, y = int(rng.uniform(0, 1 - part) * w), int(rng.uniform(0, 1 - part) * h)
            cut = np.asarray(picture(image).crop((x, y, x + int(part * w), y + int(part * h))).convert("L" if rng.random() < 0.4 else "RGB"))
            cut = np.asarray(Image.fromarray(cut).resize((min(512, cut.shape[1]), min(512, cut.shape[0]))))
            yield "photograph", "other", name, altered(cut, "polyp", rng)


def numbers(rows):
    """What the page's code makes of every image, and what it is."""
    node = subprocess.Popen(["node", str(ROOT / "tests/reference/kinds-looks.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    facts = []

    def send():
        for use, kind, group, image in rows:
            facts.append((use, NAMES.index(kind), group))
            node.stdin.write(np.array([image.shape[1], image.shape[0]], "<u4").tobytes() + np.asarray(Image.fromarray(image).convert("RGBA")).tobytes())
        node.stdin.close()

    threading.Thread(target=send, daemon=True).start()
    found = []
    while head := node.stdout.read(4):
        found.append(np.frombuffer(node.stdout.read(8 * int(np.frombuffer(head, "<u4")[0])), "<f8"))
    if node.wait() != 0 or len(found) != len(facts):
        raise SystemExit("some images have no numbers")
    use, kind, group = (np.array(column) for column in zip(*facts))
    return np.array(found), use, kind, group


# The network

def rounded(values, step):
    return np.clip(np.rint(values / step), -LEVELS, LEVELS)


class Network:
    """Standardised numbers, one hidden layer of ReLU, softmax; all of it as whole numbers from -43 to 43 and a step for each block."""

    def __init__(self, x, y, weight, seed=0, epochs=160, thin=4e-4):
        rng, weight = np.random.default_rng(seed), weight.astype(np.float32)
        mean, deviation = x.mean(0), np.maximum(x.std(0), 0.01)
        self.shift, self.scale = rounded(mean, 1 / LEVELS), rounded(np.log2(1 / deviation), 1 / 6)
        x = self.standard(x).astype(np.float32)
        blocks = [rng.normal(0, (2 / x.shape[1]) ** 0.5, (x.shape[1], HIDDEN)), np.zeros(HIDDEN), rng.normal(0, 0.35, (HIDDEN, len(NAMES))), np.zeros(len(NAMES))]
        blocks = [block.astype(np.float32) for block in blocks]
        first, second = [np.zeros_like(b) for b in blocks], [np.zeros_like(b) for b in blocks]
        step = 0
        # A little doubt, so that no answer is surer than it should be.
        wanted = (np.eye(len(NAMES))[y] * 0.96 + 0.04 / len(NAMES)).astype(np.float32)
        for epoch in range(epochs):
            rate = 4e-3 * 0.5 * (1 + np.cos(np.pi * epoch / epochs))
            for part in np.array_split(rng.permutation(len(x)), max(1, len(x) // 128)):
                a = x[part] + 0.15 * rng.standard_normal((len(part), x.shape[1]), np.float32)
                hidden = np.maximum(a @ blocks[0] + blocks[1], 0)
                error = (softmax(hidden @ blocks[2] + blocks[3]) - wanted[part]) * weight[part, None] / weight[part].sum()
                back = (error @ blocks[2].T) * (hidden > 0)
                step += 1
                for i, slope in enumerate([a.T @ back, back.sum(0), hidden.T @ error, error.sum(0)]):
                    slope = slope + 1e-4 * blocks[i]
                    first[i] = 0.9 * first[i] + 0.1 * slope
                    second[i] = 0.999 * second[i] + 0.001 * slope**2
                    blocks[i] -= rate * first[i] / (1 - 0.9**step) / (np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8)
                # What matters little goes to zero and takes no room.
                blocks[0] = np.sign(blocks[0]) * np.maximum(np.abs(blocks[0]) - rate * thin * 4, 0)
        # Few weights are much larger than the others: those are cut.
        self.steps = [float(f"{min(np.abs(b).max(), 5 * b.std() + 1e-9) / LEVELS:.3g}") for b in blocks]
        self.blocks = [rounded(b, s) for b, s in zip(blocks, self.steps)]

    def standard(self, x):
        return np.clip((x - self.shift / LEVELS) * 2 ** (self.scale / 6), -4, 4)

    def __call__(self, x):
        w, b, v, c = (block * step for block, step in zip(self.blocks, self.steps))
        return softmax(np.maximum(self.standard(x) @ w + b, 0) @ v + c)

    def text(self):
        whole = np.concatenate([self.shift, self.scale, *(block.ravel() for block in self.blocks)]).astype(int) + LEVELS
        # Printable, and neither a quotation mark nor a backslash.
        return "".join(chr(40 + v + (40 + v > 91)) for v in whole)


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def learned(x, use, kind):
    weight = np.zeros(len(x))
    drawing = np.char.startswith(use, "drawn") | (use == "sample")
    for k in range(len(NAMES)):
        mine = kind == k
        real_part, drawn_part = mine & ~drawing, mine & drawing
        weight[real_part] = (1.0 if k != OTHER else 1.4) / max(real_part.sum(), 1)
        weight[drawn_part] = (0.5 if k != OTHER else 1.6) / max(drawn_part.sum(), 1)
    return Network(x, kind, weight / weight.mean())


def informed(p, mr):
    """With what files say: `mr` are known to be MR, the others come without a word. As `suggestion.js` does it."""
    p = p.copy()
    p[np.ix_(~mr, MR)] *= RARE
    p[~mr] /= p[~mr].sum(1, keepdims=True)
    part = p[:, MR].sum(1)
    whole = np.where(part < 0.5, 1, part + p[:, OTHER])[:, None]
    only = np.zeros_like(p)
    only[:, MR] = p[:, MR] / whole
    only[:, OTHER] = 1 - only.sum(1)
    return np.where(mr[:, None], only, p)


def answers(p):
    """What the page does with each: 'sure' of a kind, 'asked' with pictures of which ones, or nothing."""
    for row in p:
        best = int(row.argmax())
        if best != OTHER and row[best] >= SURE:
            yield "sure", [best]
            continue
        kinds = [k for k in np.argsort(-row)[:3] if k != OTHER and row[k] >= ASK]
        yield ("asked", kinds) if kinds and row[OTHER] < 0.5 else ("none", [])


# What is told

def outcome(answer, kind):
    way, kinds = answer
    if kind == OTHER:
        return "wrong" if way == "sure" else "asked" if way == "asked" else "right"
    if way == "sure":
        return "right" if kinds[0] == kind else "wrong"
    return "none" if way == "none" or kind not in kinds else "asked"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def percent(counts, key):
    return f"{100 * counts[key] / max(1, sum(counts.values())):.1f} %"


def report(p, use, kind):
    # The drawings of MR are mere pictures.
    mr = np.isin(kind, MR) & ((use == "real") | np.char.startswith(use, "altered"))
    found = list(answers(informed(p, mr)))
    told = np.array([outcome(answer, k) for answer, k in zip(found, kind)])
    is_real = use == "real"
    grid = defaultdict(Counter)
    for (way, kinds), k in ((found[i], kind[i]) for i in np.flatnonzero(is_real)):
        grid[k][kinds[0] if way == "sure" else way if way == "none" or k in kinds else "none"] += 1
    columns = [*range(OTHER), "asked", "none"]
    confusion = [[NAMES[k], sum(grid[k].values()), *(grid[k][c] or "" for c in columns)] for k in range(OTHER)]
    head = ["images of", "count", *NAMES[:OTHER], "asked, its own among the pictures", "no mask"]
    ways = ["right", "asked", "none", "wrong"]
    line = lambda name, where: [name, int(where.sum()), *(percent(Counter(told[where]), way) for way in ways)]
    rows = [line("as they are", is_real)]
    changed = np.char.startswith(use, "altered")
    rows += [line(name, use == f"altered: {name}") for name in ALTERATIONS]
    rows.append(line("all that are altered", changed))
    drawings = (use == "drawn") | (use == "sample")
    rows.append(line("drawings of these kinds", drawings))
    others = [line(name, (use == name) & (kind == OTHER)) for name in sorted(set(use[kind == OTHER]))]
    others = [[row[0], row[1], row[2], row[3], row[5]] for row in others]
    return "\n\n".join([
        table(head, confusion),
        table(["images", "count", "right, unasked", "asked, its own among the pictures", "no mask", "wrong, unasked"], rows),
        table(["images of no kind", "count", "no mask", "asked", "a mask unasked"], others),
    ])


def put(text):
    path = ROOT / "docs/models.md"
    before, rest = path.read_text().split("<!-- kinds -->\n")
    path.write_text(f"{before}<!-- kinds -->\n{text}\n<!-- end of kinds -->\n{rest.split('<!-- end of kinds -->' + chr(10))[1]}")


def write(network):
    lines = [
        "/** Written by tests/reference/make_kinds.py: the network that tells kinds of images by their looks; see docs/models.md. */",
        "export const KINDS = [",
        *(f"  '{name}'," for name in NAMES[:OTHER]),
        "];",
        f"export const SURE = {SURE};",
        f"export const ASK = {ASK};",
        f"export const RARE = {RARE};",
        f"export const STEPS = [{', '.join(map(str, network.steps))}];",
        "export const WEIGHTS =",
        f"  '{network.text()}';",
        "",
    ]
    (ROOT / "www/pictures/kinds-weights.js").write_text("\n".join(lines))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("data", type=Path)
    options.add_argument("--keep", type=Path)
    options = options.parse_args()
    if options.keep and options.keep.exists():
        kept = np.load(options.keep)
        x, use, kind, group = kept["x"], kept["use"], kept["kind"], kept["group"]
    else:
        x, use, kind, group = numbers(collection(options.data))
        if options.keep:
            np.savez(options.keep, x=x, use=use, kind=kind, group=group)
    learn = ~np.char.startswith(use, "altered")
    names = np.unique(group)
    fold = dict(zip(names, np.random.default_rng(0).permutation(len(names)) % FOLDS))
    folds = np.array([fold[name] for name in group])
    p = np.zeros((len(x), len(NAMES)))
    for f in range(FOLDS):
        others = learn & (folds != f)
        p[folds == f] = learned(x[others], use[others], kind[others])(x[folds == f])
    text = report(p, use, kind)
    print(text)
    network = learned(x[learn], use[learn], kind[learn])
    write(network)
    put(text)
    print(f"{sum(int((block != 0).sum()) for block in network.blocks)} weights are not zero")


if __name__ == "__main__":
    main()
