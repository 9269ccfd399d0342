"""Label masks as other programs write them: Pillow and tifffile, small, with the values that they hold.

Writes tests/reference/labels/. Run with Python 3, numpy, Pillow, tifffile.
"""

import json
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

OUT = Path(__file__).parent / "labels"
WIDTH, HEIGHT = 21, 13


def shapes(values):
    """A picture in which each of the values covers a rectangle, on 0."""
    picture = np.zeros((HEIGHT, WIDTH), np.int64)
    for i, value in enumerate(values):
        picture[1 + i : 8 + i, 1 + 4 * i : 4 + 4 * i] = value
    return picture


def palette(picture, colours, bits=None):
    image = Image.fromarray(picture.astype(np.uint8), "P")
    image.putpalette(sum(colours, []))
    return image


def main():
    OUT.mkdir(exist_ok=True)
    told = {}

    def tell(name, picture, classes):
        """What is expected: values in rising order, 0 the background."""
        told[name] = {"shape": list(picture.shape), "values": picture.astype(int).ravel().tolist(), "classes": classes}

    red, green = [[0, 0, 0], [230, 0, 10], [0, 200, 30]][1:]
    indexed = shapes([1, 2])
    palette(indexed, [[0, 0, 0], red, green]).save(OUT / "indexed.png", optimize=True)
    tell("indexed.png", indexed, ["#E6000A", "#00C81E"])
    # Few colours: Pillow writes 2 bits a pixel.
    palette(indexed, [[0, 0, 0], red, green]).save(OUT / "two-bits.png", bits=2)
    tell("two-bits.png", indexed, ["#E6000A", "#00C81E"])
    voc = shapes([1, 255, 7])
    palette(voc, [[i, 255 - i, 7] for i in range(256)]).save(OUT / "void.png", optimize=False)
    tell("void.png", np.select([voc == 1, voc == 7, voc == 255], [1, 2, 255]), ["#01FE07", "#07F807"])
    binary = shapes([255, 255])
    Image.fromarray(binary.astype(np.uint8), "L").save(OUT / "binary.png")
    tell("binary.png", binary // 255, [None])
    Image.fromarray(binary > 0).save(OUT / "one-bit.png")
    tell("one-bit.png", binary // 255, [None])
    Image.fromarray(np.repeat(binary[..., None], 3, 2).astype(np.uint8), "RGB").save(OUT / "grey-as-rgb.png")
    tell("grey-as-rgb.png", binary // 255, [None])
    deep = shapes([40_000, 255, 300])
    Image.fromarray(deep.astype(np.uint16)).save(OUT / "sixteen-bits.png")
    tell("sixteen-bits.png", np.select([deep == 255, deep == 300, deep == 40_000], [1, 2, 3]), [None] * 3)
    grey = shapes([50, 200])
    tifffile.imwrite(OUT / "grey.tif", grey.astype(np.uint8), compression="deflate")
    tell("grey.tif", np.select([grey == 50, grey == 200], [1, 2]), [None] * 2)
    stack = np.stack([shapes([3]), shapes([0, 900]), shapes([3, 900, 65_535])])
    tifffile.imwrite(OUT / "stack.tif", stack.astype(np.uint16), photometric="minisblack", compression="deflate")
    tell("stack.tif", np.select([stack == 3, stack == 900, stack == 65_535], [1, 2, 3]), [None] * 3)
    image_j = np.stack([shapes([1]), shapes([1, 2]), shapes([2])])
    tifffile.imwrite(OUT / "imagej.tif", image_j.astype(np.float32), imagej=True)
    tell("imagej.tif", image_j, [None] * 2)

    colours = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    colours[3:6, 4:9] = red
    Image.fromarray(colours).save(OUT / "colours.png")
    photograph = np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    Image.fromarray(photograph.astype(np.uint16)).save(OUT / "photograph.png")
    tifffile.imwrite(OUT / "fractions.tif", (photograph / 7).astype(np.float32))
    tifffile.imwrite(OUT / "negative.tif", (photograph - 3).astype(np.int16))
    Image.fromarray(binary.astype(np.uint8), "L").save(OUT / "lossy.jpg", quality=50)
    (OUT / "expected.json").write_text(json.dumps(told, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
