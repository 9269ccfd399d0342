"""Makes metrics_challenges.json: small maps and the scores that scikit-image, scikit-learn and numpy give them.

Run from anywhere: python make_metrics_challenges.py   (numpy, scipy, scikit-image, scikit-learn)

Membranes are thinned twice: by the procedure that `thin_borders` documents, written here again, whose scores must be
met exactly, and by scikit-image's watershed with lines, which breaks ties in another order, so that its scores are near.
"""
import json
import pathlib
import warnings
from collections import deque

import numpy as np
from scipy.ndimage import gaussian_filter, shift
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree
from skimage.measure import label
from skimage.metrics import adapted_rand_error, contingency_table, variation_of_information
from skimage.segmentation import watershed
from sklearn import metrics as sk

rng = np.random.default_rng(20120215)
THRESHOLDS = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
IOUS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9]


def hundredths(values):
    """32-bit numbers as the test makes them of the whole numbers in the file."""
    return values.astype(np.float32) / np.float32(100)


def membranes(points, noise, gaps, width):
    """Cells around random points; a blurred, noisy and partly erased image of what lies between them."""
    y, x = np.mgrid[:48, :48]
    distance, nearest = cKDTree(rng.uniform(0, 48, (points, 2))).query(np.c_[y.ravel(), x.ravel()], k=2)
    truth = (distance[:, 1] - distance[:, 0] < width).reshape(48, 48)
    keep = gaussian_filter(rng.normal(size=truth.shape), 3) * 3 > -gaps
    p = gaussian_filter(truth.astype(float), 0.8) * np.where(keep, 1.1, 0.3)
    p += noise * gaussian_filter(rng.normal(size=truth.shape), 0.7)
    return np.clip(np.rint(p * 100), 0, 100).astype(int), truth.astype(int)


def thin(numbers):
    """Regions grow by edges, first come, first served; who would touch two of them stays 0."""
    h, w = numbers.shape
    numbers, queued, waiting = numbers.copy(), numbers > 0, deque()

    def around(y, x):
        near = [(y - 1, x), (y, x - 1), (y, x + 1), (y + 1, x)]
        return [(b, a) for b, a in near if 0 <= b < h and 0 <= a < w]

    def queue(y, x):
        for at in around(y, x):
            if not queued[at]:
                queued[at] = True
                waiting.append(at)

    for y, x in zip(*np.nonzero(numbers)):
        queue(y, x)
    while waiting:
        at = waiting.popleft()
        near = {int(numbers[b]) for b in around(*at)} - {0}
        if len(near) == 1:
            numbers[at] = near.pop()
            queue(*at)
    return numbers


def watershed_thin(numbers):
    if not numbers.any():
        return numbers
    return watershed(np.zeros(numbers.shape), numbers, connectivity=1, watershed_line=True)


def rand(predicted, truth):
    """V^Rand: split, merge and F-score, with pairs of a pixel with itself."""
    table = np.asarray(contingency_table(truth, predicted).todense())
    both, t, s = (table**2).sum(), (table.sum(1) ** 2).sum(), (table.sum(0) ** 2).sum()
    return [both / t, both / s, 2 * both / (t + s)]


def info(predicted, truth):
    """V^Info is what scikit-learn calls completeness, homogeneity and V-measure."""
    homogeneity, completeness, v = sk.homogeneity_completeness_v_measure(truth, predicted)
    return [completeness, homogeneity, v]


def pairs(predicted, truth):
    """The same as rand() for pairs of different pixels."""
    (_, fp), (fn, tp) = sk.pair_confusion_matrix(truth, predicted).astype(float)
    return [tp / (tp + fn), tp / (tp + fp), 2 * tp / (2 * tp + fp + fn)]


def restricted(predicted, truth):
    """True foreground only; what is background in the prediction there, gets a number for each pixel."""
    p, t = predicted[truth > 0].astype(int), truth[truth > 0]
    background = np.flatnonzero(p == 0)
    p[background] = p.max() + 1 + np.arange(len(background))
    return p, t


def all_scores(predicted, truth):
    p, t = restricted(predicted, truth)
    return {"rand": rand(p, t), "info": info(p, t), "allPixels": pairs(predicted.ravel(), truth.ravel())}


def membrane_case(*arguments):
    membrane, truth = membranes(*arguments)
    true_cells = label(truth == 0, connectivity=1)
    case = {"membrane": membrane.ravel().tolist(), "truth": truth.ravel().tolist(), "width": 48}
    case |= {"asTheyAre": [], "thinned": [], "watershed": []}
    for threshold in THRESHOLDS:
        cells = label(hundredths(membrane) < np.float32(threshold), connectivity=1)
        case["asTheyAre"].append(all_scores(cells, true_cells))
        case["thinned"].append(all_scores(thin(cells), true_cells))
        near = all_scores(watershed_thin(cells), true_cells)
        case["watershed"].append([near["rand"][2], near["info"][2]])
    case["thinnedCells"] = thin(label(hundredths(membrane) < np.float32(0.4), connectivity=1)).ravel().tolist()
    return case


def partition_case(offset):
    noise = gaussian_filter(rng.normal(size=(20, 24)), 1.6)
    truth = label(noise > 0.03, connectivity=1)
    predicted = label(shift((noise > 0.05).astype(float), offset, order=0) > 0.5, connectivity=1) * 3
    error_all, precision_all, recall_all = adapted_rand_error(truth, predicted, ignore_labels=())
    error, precision, recall = adapted_rand_error(truth, predicted, ignore_labels=(0,))
    # scikit-image calls the parts the other way round: its precision divides by the pairs of the truth.
    return {
        "predicted": predicted.ravel().tolist(), "truth": truth.ravel().tolist(),
        "pairsAll": [precision_all, recall_all, 1 - error_all], "pairsLeftOut": [precision, recall, 1 - error],
        "randIndex": sk.rand_score(truth.ravel(), predicted.ravel()),
        "informationAll": variation_of_information(truth, predicted).tolist(),
        "informationLeftOut": variation_of_information(truth, predicted, ignore_labels=(0,)).tolist(),
        "averagePrecision": average_precision(predicted, truth),
    }


def average_precision(predicted, truth):
    """TP / (TP + FP + FN), the mean over the thresholds, by an optimal assignment at each."""
    table = np.asarray(contingency_table(truth, predicted).todense())
    area_t, area_p = table.sum(1), table.sum(0)
    keep_t, keep_p = np.flatnonzero(area_t[1:]) + 1, np.flatnonzero(area_p[1:]) + 1
    both = table[np.ix_(keep_t, keep_p)]
    iou = both / (area_t[keep_t][:, None] + area_p[keep_p][None, :] - both)
    scores = []
    for threshold in IOUS:
        rows, columns = linear_sum_assignment(-(iou >= threshold).astype(float))
        tp = int((iou[rows, columns] >= threshold).sum())
        scores.append(tp / (sum(iou.shape) - tp))
    return float(np.mean(scores))


def curve_case(levels, positives):
    """Probabilities with ties, a field of view, and truth that goes with them more or less."""
    truth = (gaussian_filter(rng.normal(size=(24, 24)), 1.2) > positives).astype(int)
    p = np.clip(0.35 + 0.25 * truth + 0.2 * rng.normal(size=truth.shape), 0, 1)
    p = np.rint(np.rint(p * levels) / levels * 100).astype(int)
    y, x = np.mgrid[:24, :24]
    field = np.hypot(y - 11.5, x - 11.5) < 11
    case = {"probability": p.ravel().tolist(), "truth": truth.ravel().tolist()}
    case["field"] = field.ravel().astype(int).tolist()
    for name, (score, is_positive) in {
        "whole": (p.ravel(), truth.ravel()), "inField": (p[field], truth[field])
    }.items():
        precision, recall, thresholds = sk.precision_recall_curve(is_positive, score)
        dice = np.array([sk.f1_score(is_positive, score >= t) for t in thresholds])
        best = np.flatnonzero(dice == dice.max())[-1]
        case[name] = {
            "roc": sk.roc_auc_score(is_positive, score), "average": sk.average_precision_score(is_positive, score),
            "trapezoids": sk.auc(recall, precision), "dice": float(dice[best]), "threshold": int(thresholds[best]),
        }
    return case


warnings.simplefilter("error")
result = {
    "thresholds": THRESHOLDS,
    "membranes": [membrane_case(9, 0.1, 2.0, 1.6), membrane_case(14, 0.25, 1.0, 2.2), membrane_case(20, 0.4, 0.8, 1.6)],
    "partitions": [partition_case(offset) for offset in ((0, 0), (0, 1), (1, 1), (2, 1))],
    "curves": [curve_case(100, 0.1), curve_case(10, 0.2), curve_case(3, 0.25)],
}
out = pathlib.Path(__file__).with_name("metrics_challenges.json")
out.write_text(json.dumps(result, separators=(",", ":")) + "\n")
print(out, out.stat().st_size, "bytes")
for case in result["membranes"]:
    print([round(s["rand"][2], 3) for s in case["asTheyAre"]], "as they are")
    print([round(s["rand"][2], 3) for s in case["thinned"]], [round(s["info"][2], 3) for s in case["thinned"]])
    print("watershed differs by", np.abs([[t["rand"][2], t["info"][2]] for t in case["thinned"]]
                                       - np.array(case["watershed"])).max(0))
print([c["averagePrecision"] for c in result["partitions"]], [c["whole"] for c in result["curves"]])
