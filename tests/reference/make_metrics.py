"""Makes metrics.json: small masks and the scores that numpy, scipy and scikit-image give them.

Run from anywhere: python make_metrics.py   (numpy, scipy, scikit-image)
"""
import json
import pathlib

import numpy as np
from scipy.ndimage import gaussian_filter, shift
from scipy.optimize import linear_sum_assignment
from skimage.measure import label
from skimage.metrics import contingency_table

rng = np.random.default_rng(20180418)
SHAPE = (20, 24)


def blobs(level):
    return gaussian_filter(rng.normal(size=SHAPE), 1.6) > level


def pairs(predicted, truth):
    table = np.asarray(contingency_table(truth, predicted, ignore_labels=[]).todense())
    inner = table[1:, 1:]
    union = table[1:].sum(1)[:, None] + table[:, 1:].sum(0)[None, :] - inner
    iou = inner / np.maximum(union, 1)
    keep_t, keep_p = table[1:].sum(1) > 0, table[:, 1:].sum(0) > 0
    return iou[keep_t][:, keep_p]


def match(predicted, truth, threshold):
    """As StarDist's matching(): an optimal assignment among the pairs that reach the threshold."""
    iou = pairs(predicted, truth)
    cost = -(iou >= threshold).astype(float) - iou / (2 * min(iou.shape) if min(iou.shape) else 1)
    rows, columns = linear_sum_assignment(cost) if min(iou.shape) else ([], [])
    tp = int(sum(iou[r, c] >= threshold for r, c in zip(rows, columns)))
    return [tp, iou.shape[1] - tp, iou.shape[0] - tp]


classes = []
for _ in range(4):
    truth = blobs(0.05).astype(np.uint8) + (blobs(0.15) * 2).astype(np.uint8).clip(0, 2)
    truth = np.minimum(truth, 2)
    predicted = np.where(rng.random(SHAPE) < 0.15, rng.integers(0, 3, SHAPE), truth).astype(np.uint8)
    truth[rng.random(SHAPE) < 0.1] = 255
    known = truth != 255
    scores = {}
    for c in (1, 2):
        p, t = (predicted == c) & known, truth == c
        both = np.logical_and(p, t).sum()
        scores[str(c)] = [2 * both / (p.sum() + t.sum()), both / np.logical_or(p, t).sum()]
    classes.append({
        "predicted": predicted.ravel().tolist(), "truth": truth.ravel().tolist(), "diceAndIou": scores,
        "pixelError": float((predicted[known] != truth[known]).mean()),
    })

objects = []
for offset in ((0, 0), (0, 1), (1, 1), (2, 1)):
    mask = blobs(0.06)
    truth = label(mask, connectivity=1)
    predicted = label(shift(mask.astype(float), offset, order=0) > 0.5, connectivity=1) * 3
    objects.append({
        "predicted": predicted.ravel().tolist(), "truth": truth.ravel().tolist(),
        "matches": {str(t): match(predicted, truth, t) for t in (0.5, 0.6, 0.75, 0.9)},
    })

out = pathlib.Path(__file__).with_name("metrics.json")
out.write_text(json.dumps({"classes": classes, "objects": objects}, separators=(",", ":")) + "\n")
print(out, out.stat().st_size, "bytes", [o["matches"] for o in objects])
