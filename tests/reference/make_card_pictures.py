"""Draws the picture on a model's card: where its mask and the label agree, in a good case and in the worst.

    python tests/reference/make_card_pictures.py INSITU MODEL DATA [--split FILE.split.csv] [--weights FILE]
    # writes models/pictures/MODEL.png and prints what is to be said of it; needs numpy, pillow, pydicom, nibabel

INSITU is the command line's program. With --split, as `insitu train` writes it, images that were set aside count alone, or, if none were, those that
were held out. --weights is a network that has not seen these images, where the one that ships has seen all. The images themselves are not
drawn: they are no part of the project.
"""

import argparse
import csv
import subprocess
import tempfile
from pathlib import Path

import nibabel
import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SIDE, GAP = 360, 16
# Told apart by those who see no red or no green, too (Okabe and Ito 2008).
NOTHING, BOTH, MISSED, TOO_MUCH = (255, 255, 255), (190, 190, 190), (213, 94, 0), (0, 114, 178)


def held_out(split: str | None) -> set[str] | None:
    """Names without ending, or nothing where all count."""
    if split is None:
        return None
    with open(split, newline="") as file:
        parts = [(row["id"], row["part"]) for row in csv.DictReader(file)]
    wanted = "test" if any(part == "test" for _, part in parts) else "validation"
    return {name for name, part in parts if part == wanted}


def stem(path: Path) -> str:
    return path.name.removesuffix(".gz").rsplit(".", 1)[0]


def slices(volume: Path) -> np.ndarray:
    """What is marked, slice by slice from the feet up, as a radiologist looks at it: front up, the patient's right on the left."""
    voxels = np.asarray(nibabel.as_closest_canonical(nibabel.load(volume)).dataobj) > 0
    return voxels[::-1, ::-1].T


def pairs(program: str, model: str, data: Path, names: set[str] | None):
    """Name, mask and label of each slice."""
    files = [path for path in sorted((data / "images").iterdir()) if names is None or stem(path) in names]
    labels = {stem(path): path for path in (data / "labels").iterdir()}
    with tempfile.TemporaryDirectory() as out:
        volumes = ["--export", "nifti"] if files[0].name.endswith(".nii.gz") else []
        subprocess.run([program, "predict", "--model", model, "--out", out, *volumes, *map(str, files)], check=True, cwd=ROOT)
        for path in files:
            name, label = stem(path), labels[stem(path)]
            if label.name.endswith(".nii.gz"):
                yield name, slices(Path(out) / f"{name}.nii.gz"), slices(label)
            else:
                mask = np.asarray(Image.open(Path(out) / f"{name}.png")) > 0
                yield name, mask[None], (np.asarray(Image.open(label)) > 0)[None]


def dice(mask: np.ndarray, label: np.ndarray) -> float:
    return 2 * np.count_nonzero(mask & label) / max(1, np.count_nonzero(mask) + np.count_nonzero(label))


def around(mask: np.ndarray, label: np.ndarray) -> tuple[slice, slice]:
    """What is marked with half as much again around it, at least a quarter of the image a side."""
    parts = []
    for axis, side in enumerate(mask.shape):
        marked = np.flatnonzero((mask | label).any(axis=1 - axis))
        middle = (marked[0] + marked[-1] + 1) / 2
        wanted = min(side, max(round(1.5 * (marked[-1] + 1 - marked[0])), side // 4))
        start = min(max(0, round(middle - wanted / 2)), side - wanted)
        parts.append(slice(start, start + wanted))
    return parts[0], parts[1]


def panel(mask: np.ndarray, label: np.ndarray) -> Image.Image:
    part = around(mask, label)
    mask, label = mask[part], label[part]
    colours = np.full((*mask.shape, 3), NOTHING, np.uint8)
    for where, colour in [(mask & label, BOTH), (label & ~mask, MISSED), (mask & ~label, TOO_MUCH)]:
        colours[where] = colour
    image = Image.fromarray(colours)
    scale = SIDE / max(image.size)
    image = image.resize(
        [max(1, round(side * scale)) for side in image.size], Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST
    )
    framed = Image.new("RGB", (image.width + 2, image.height + 2), (160, 160, 160))
    framed.paste(image, (1, 1))
    return framed


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("insitu")
    parser.add_argument("model")
    parser.add_argument("data", type=Path)
    parser.add_argument("--split")
    parser.add_argument("--weights")
    parser.add_argument(
        "--least", type=float, default=0.0, help="leave out what has less than this part of the largest label: ends of organs"
    )
    args = parser.parse_args()
    cases = []
    for name, masks, labels in pairs(args.insitu, args.weights or args.model, args.data.resolve(), held_out(args.split)):
        if masks.shape != labels.shape:
            raise SystemExit(f"{name}: the mask is {masks.shape}, the label {labels.shape}")
        # Slices with nothing to find tell nothing.
        cases += [(dice(m, l), name, m, l) for m, l in zip(masks, labels, strict=True) if l.any()]
    largest = max(np.count_nonzero(label) for *_, label in cases)
    cases = [case for case in cases if np.count_nonzero(case[3]) >= args.least * largest]
    cases.sort(key=lambda case: case[0])
    good, bad = cases[3 * len(cases) // 4], cases[0]
    left, right = panel(*good[2:]), panel(*bad[2:])
    both = Image.new("RGB", (left.width + GAP + right.width, max(left.height, right.height)), NOTHING)
    both.paste(left, (0, 0))
    both.paste(right, (left.width + GAP, 0))
    out = ROOT / "models" / "pictures" / f"{args.model}.png"
    out.parent.mkdir(exist_ok=True)
    both.quantize(24, dither=Image.Dither.NONE).save(out, optimize=True)
    print(
        f"{out.relative_to(ROOT)}: {out.stat().st_size} bytes; of {len(cases)}: {good[1]} Dice {good[0]:.3f}, worst {bad[1]} {bad[0]:.3f}"
    )


if __name__ == "__main__":
    main()
