#!/usr/bin/env python3
"""Segments an image that is larger than the memory: an ONNX file of Insitu, chunk by chunk, with Dask.

    insitu export --model nuclei --out nuclei.onnx
    python segment.py nuclei.onnx image.tif mask.zarr

The image is a TIFF or a Zarr array: [row, column], [row, column, channel] with 3 channels (a fourth is left out), or
[slice, row, column], where each slice is an image of its own. The mask has the class of each pixel, 0 being background,
as `insitu predict` writes it: the same scaling of the whole image, the same mirrored border, the same average over flips
and the same threshold.
"""

import argparse
import json
import os
import sys
from functools import lru_cache

import dask
import dask.array as da
import numpy as np
import onnx
import onnxruntime
import tifffile
import zarr

# Mirrored pixels around the image: the zeros that convolutions are padded with stay away from it.
MARGIN = 32
# Axes of [channel, row, column] that are reversed.
FLIPS = [(), (2,), (1,), (1, 2)]


def card(path):
    """What the model says of itself: its network, scaling, classes and threshold."""
    model = onnx.load(path, load_external_data=False)
    told = {entry.key: entry.value for entry in model.metadata_props}
    if "insitu" not in told:
        sys.exit(f"{path} was not written by `insitu export`.")
    card = json.loads(told["insitu"])
    network = card["network"]
    whole = {
        "valid padding": network["padding"] != "same",
        "statistics of the whole image inside the network": isinstance(network["norm"], dict),
        "an interpolation that depends on the size of the image": network["upsampling"] == "bilinear-aligned",
        "an average over patches": card.get("patches") is not None,
        "a search for the field of view": card.get("fieldOfView") is not None,
    }
    if any(whole.values()):
        why = " and ".join(what for what, is_so in whole.items() if is_so)
        sys.exit(f"This model has {why}, which is not done in chunks here: use `insitu predict`.")
    return card


def context(path):
    """How many pixels an output looks beyond its own block, from the last layer back to the first."""
    graph = onnx.load(path, load_external_data=False).graph
    reach = {"probability": 0}
    for node in reversed(graph.node):
        after = max((reach.get(name, 0) for name in node.output), default=0)
        sides = next((a.ints for a in node.attribute if a.name == "kernel_shape"), [1, 1])
        strides = next((a.ints for a in node.attribute if a.name == "strides"), [1, 1])
        if node.op_type in ("Conv", "MaxPool"):
            after = after * strides[0] + (sides[0] // 2 if node.op_type == "Conv" else 0)
        elif node.op_type in ("ConvTranspose", "Resize"):
            after = -(-after // 2) if sides[0] == 2 else after // 2 + 1
        for name in node.input:
            reach[name] = max(reach.get(name, 0), after)
    return reach["scaling.scaled"]


@lru_cache(maxsize=1)
def network(path):
    """The network without the scaling before it, which would take each chunk for an image; once in each process."""
    model = onnx.load(path)
    graph = model.graph
    graph.input[0].name = "scaling.scaled"
    for node in [n for n in graph.node if n.output[0].startswith("scaling.")]:
        graph.node.remove(node)
    for constant in [c for c in graph.initializer if c.name.startswith("scaling.")]:
        graph.initializer.remove(constant)
    options = onnxruntime.SessionOptions()
    # Dask has a thread for each chunk.
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def stored(path):
    """The values of a file, and which axes a TIFF says it has; opened once in each process."""
    if not path.rstrip("/").endswith((".tif", ".tiff")):
        return zarr.open(path, mode="r"), None
    series = tifffile.TiffFile(path).series[0]
    if series.keyframe.photometric == tifffile.PHOTOMETRIC.MINISWHITE:
        sys.exit(f"{path} stores white as 0. Invert it first.")
    return zarr.open(series.aszarr(level=0), mode="r"), series.axes


class Stored:
    """What Dask reads chunks from. Workers are sent its path, since an open file cannot be sent."""

    def __init__(self, path, array):
        self.path, self.shape, self.dtype, self.ndim = path, array.shape, array.dtype, array.ndim

    def __getitem__(self, index):
        return stored(self.path)[0][index]


def opened(path, chunk):
    """The images of a file, [image, channel, row, column], nothing read yet."""
    array, axes = stored(path)
    if not isinstance(array, zarr.Array):
        sys.exit(f"{path} is a group. Name one of its arrays, such as {path}/0.")
    ones = max(0, array.ndim - 3)
    if array.ndim < 2 or any(n > 1 for n in array.shape[:ones]):
        sys.exit(f"{path} has the shape {array.shape}. Choose two axes, or three.")
    last = array.ndim > 2 and axes != "SYX" and array.shape[-1] in (3, 4)
    chunks = [1] * array.ndim
    if last:
        chunks[-3:] = chunk, chunk, -1
    else:
        chunks[-2:] = chunk, chunk
    image = da.from_array(Stored(path, array), chunks=tuple(chunks))[(0,) * ones]
    if image.ndim == 2:
        return image[None, None]
    if last:
        return da.moveaxis(image[..., :3], 2, 0)[None]
    # A TIFF may store one colour after the other.
    return image[None, :3] if axes == "SYX" else image[:, None]


def converted(image, channels):
    """As many channels as the model wants, as floats: colour becomes luma; grey stays one channel, which stands for all."""
    image = image.astype(np.float32)
    if channels == 1 and image.shape[0] == 3:
        red, green, blue = image
        return (np.float32(0.299) * red + np.float32(0.587) * green + np.float32(0.114) * blue)[None]
    return image


def percentiles(image, percents, times):
    """Values at percentiles by nearest rank, exactly, without sorting: the upper, then the lower 16 bits are counted.

    Each channel stands for `times` channels. `dask.array.percentile` would give an estimate.
    """
    bits = image.map_blocks(lambda values: np.ascontiguousarray(values).view(np.uint32), dtype=np.uint32)
    # In the order of the values, those below zero too.
    keys = da.where(bits >> 31 == 0, bits | np.uint32(1 << 31), ~bits)
    upper = da.where(da.isfinite(image), (keys >> 16).astype(np.int32), -1)
    lower = (keys & 0xFFFF).astype(np.int32)

    def counted(values):
        return da.histogram(values, bins=1 << 16, range=(0, 1 << 16))[0]

    counts = counted(upper).compute()
    if not counts.any():
        return np.zeros(len(percents), np.float32)
    last = int(counts.sum()) * times - 1
    ranks = [int(percent / 100 * last + 0.5) // times for percent in percents]
    before = np.cumsum(counts)
    high = [int(np.searchsorted(before, rank, side="right")) for rank in ranks]
    within = dask.compute([counted(da.where(upper == h, lower, -1)) for h in high])[0]
    low = [
        int(np.searchsorted(np.cumsum(count), rank - (before[h - 1] if h else 0), side="right"))
        for rank, h, count in zip(ranks, high, within)
    ]
    found = np.array([h << 16 | l for h, l in zip(high, low)], np.uint32)
    return np.where(found >> 31 == 1, found & np.uint32(0x7FFFFFFF), ~found).view(np.float32)


def scaling(image, how, channels):
    """What is subtracted, by what is divided, within which limits, and what stands for pixels without a value.

    All of it is taken from the whole image, [channel, row, column], since a chunk has another brightness than its neighbour.
    """
    clip, most, kind = (-np.inf, np.inf), np.inf, how["kind"]
    finite = da.where(da.isfinite(image), image, np.nan)
    if kind == "percentile":
        low, high = percentiles(image, [how["low"], how["high"]], channels // image.shape[0])
        subtract, divide, none, most = low, high - low, low, 1e4
    elif kind == "z-score":
        values = finite.astype(np.float64)
        each = [da.nanmean(values, (1, 2)), da.nanstd(values, (1, 2)), da.nanmin(finite, (1, 2))]
        subtract, divide, none = (v[:, None, None] for v in dask.compute(*each))
        divide = np.maximum(divide, 1e-8)
    else:
        clip = (how["low"], how["high"]) if kind == "clipped" else clip
        subtract, divide = np.float32(how["subtract"]), np.float32(how["divide"])
        none = np.float32(da.nanmin(da.clip(finite, *clip)).compute())
    # A constant image stays constant.
    divide = np.where(np.abs(divide) > np.finfo(np.float32).tiny, divide, 1)
    return clip, subtract, divide, most, none


def classes(tile, path, card, scaled):
    """The class of each pixel, [row, column], of a tile [channel, row, column] as the file has it."""
    clip, subtract, divide, most, none = scaled
    channels = card["input"]["channels"]
    tile = converted(tile, channels)
    valued = np.isfinite(tile)
    tile = np.where(valued, np.clip(tile, *clip), none)
    tile = np.clip((tile - subtract) / divide, -most, most).astype(np.float32)
    tile = np.broadcast_to(tile, (channels, *tile.shape[1:]))
    net, sums = network(path), 0
    flips = FLIPS if card.get("flips") else FLIPS[:1]
    for axes in flips:
        given = np.ascontiguousarray(np.flip(tile, axes))[None]
        sums = sums + np.flip(net.run(["probability"], {"scaling.scaled": given})[0][0], axes) / len(flips)
    # Several outputs may belong to a class: its inside and its rim.
    found = np.zeros((len(card["classes"]), *tile.shape[1:]), np.float32)
    for output, probability in zip(card["outputs"], sums):
        if output["class"] > 0:
            found[output["class"] - 1] += probability
    foreground = (found.sum(0) >= np.float32(card["threshold"])) & valued.all(0)
    return np.where(foreground, found.argmax(0) + 1, 0).astype(np.uint8)


def even(size, chunk, stride):
    """Chunks of about the same size, each of whole blocks of pixels under one pixel of the lowest level."""
    blocks, count = size // stride, max(1, round(size / chunk))
    return tuple(stride * (blocks * (i + 1) // count - blocks * i // count) for i in range(count))


def segmented(image, path, chunk):
    """The mask of one image [channel, row, column]: [row, column], not computed yet, but for the scaling."""
    about = card(path)
    channels, stride = about["input"]["channels"], 2 ** (about["network"]["levels"] - 1)
    if (image.shape[0], channels) not in ((1, 1), (1, 3), (3, 1), (3, 3)):
        sys.exit(f"This model wants {channels} channels, and the image has {image.shape[0]}.")
    height, width = image.shape[1:]
    margin, depth = (-(-n // stride) * stride for n in (MARGIN, context(path)))
    if min(height, width) < margin + stride:
        sys.exit(f"An image of {width} x {height} pixels is too small for chunks: use `insitu predict`.")
    # What a chunk shares with its neighbours is computed twice; it may not be larger than they are.
    chunk = max(chunk, 2 * depth)
    image = image.rechunk((-1, chunk, chunk))
    scaled = scaling(converted(image, channels), about["input"]["normalisation"], channels)
    # The mirror does not repeat the pixels at the edge ("reflect" of NumPy; that of `map_overlap` does repeat them).
    pads = [(margin, margin + -size % stride) for size in (height, width)]
    whole = da.pad(image, [(0, 0), *pads], mode="reflect")
    whole = whole.rechunk((-1, *(even(size, chunk, stride) for size in whole.shape[1:])))
    mask = da.map_overlap(
        classes,
        whole,
        depth=(0, depth, depth),
        boundary="none",
        drop_axis=0,
        dtype=np.uint8,
        meta=np.empty((0, 0), np.uint8),
        path=path,
        card=about,
        scaled=scaled,
    )
    return mask[margin : margin + height, margin : margin + width]


def tiles(masks, side):
    """The tiles of a TIFF in their order; a row of chunks is computed at once, and none twice."""
    for mask in masks:
        rows, top = np.empty((0, mask.shape[1]), np.uint8), 0
        for height in mask.chunks[0]:
            rows = np.concatenate([rows, mask[top : top + height].compute()])
            top += height
            while len(rows) >= side or (top == mask.shape[0] and len(rows) > 0):
                yield from (rows[:side, left : left + side] for left in range(0, rows.shape[1], side))
                rows = rows[side:]


def absolute(path):
    """Workers may have another working directory; an address stays as it is."""
    return path if "://" in path else os.path.abspath(path)


def main():
    parser = argparse.ArgumentParser(description="Segments a large image, chunk by chunk, with an ONNX file of Insitu.")
    parser.add_argument("model", help="what `insitu export` wrote, .onnx")
    parser.add_argument("image", help="TIFF, or an array of a Zarr")
    parser.add_argument("mask", help="where the mask goes, .zarr or .tif")
    parser.add_argument("--chunk", type=int, default=1024, help="pixels a side, about (default: %(default)s)")
    parser.add_argument("--workers", type=int, help="chunks at a time (default: as many as there are cores)")
    parser.add_argument("--scheduler", help="address of a Dask cluster whose workers see the same files")
    args = parser.parse_args()
    model, image, out = map(absolute, (args.model, args.image, args.mask))
    if args.scheduler:
        from dask.distributed import Client

        Client(args.scheduler).upload_file(__file__)
    elif args.workers:
        dask.config.set(scheduler="threads", num_workers=args.workers)

    images = opened(image, args.chunk)
    # Their scaling is found one after the other, when it is needed.
    masks = (segmented(image, model, args.chunk) for image in images)
    shape = (images.shape[0], *images.shape[2:]) if images.shape[0] > 1 else images.shape[2:]
    if out.endswith((".tif", ".tiff")):
        options = dict(tile=(256, 256), compression="zlib", photometric="minisblack")
        tifffile.imwrite(out, tiles(masks, 256), shape=shape, dtype=np.uint8, **options)
    else:
        chunks = (*(1,) * (len(shape) - 2), min(args.chunk, shape[-2]), min(args.chunk, shape[-1]))
        target = zarr.create_array(out, shape=shape, chunks=chunks, dtype=np.uint8, overwrite=True)
        for i, mask in enumerate(masks):
            # Chunks of the mask may not be written by two at once.
            mask = mask.rechunk(chunks[-2:])
            mask.store(target, regions=(i, slice(None), slice(None)) if len(shape) > 2 else None, lock=False)


if __name__ == "__main__":
    # By the name under which workers import it, so that each process keeps its network from chunk to chunk.
    import segment

    segment.main()
