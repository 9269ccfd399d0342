"""Writes the reference values of tests/training_methods.rs: losses with their gradients, and steps of optimisers, by PyTorch.

    python tests/reference/make_training.py        # torch 2.9; writes tests/reference/training.json

losses: logits [2, outputs, 3, 4], classes (255: not labelled), weights of the pixels (0 where not labelled), and for each loss its value and
its gradient with respect to the logits. classWeights: the same with PyTorch's own class weights. optimisers: two parameters, the gradients of
six steps, and the parameters after each step. plateau: scores and the learning rate after each. borders: object numbers and the weights of
equation 2 in Ronneberger 2015 (scipy). elastic: displacements at 3 x 3 control points and everywhere (Keys' cubic, a = -1/2; numpy).
"""

import json
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import distance_transform_edt
from torch.nn import functional as F

torch.manual_seed(51)
torch.set_default_dtype(torch.float64)
IGNORE = 255


def cross_entropy(logits, classes):
    """Per pixel, [n, h, w]."""
    if logits.shape[1] == 1:
        return F.binary_cross_entropy_with_logits(logits[:, 0], classes.clamp(max=1).to(logits.dtype), reduction="none")
    return F.cross_entropy(logits, classes.where(classes != IGNORE, torch.zeros_like(classes)), reduction="none")


def weighted(values, weights):
    return (values * weights).sum() / weights.sum()


def focal(logits, classes, gamma, alpha=None):
    entropy = cross_entropy(logits, classes)
    factor = 1 if alpha is None else torch.where(classes == 0, 1 - alpha, alpha)
    return factor * (1 - torch.exp(-entropy)) ** gamma * entropy


def binary(logits, classes):
    """Each output by itself, the mean over the outputs."""
    n = logits.shape[1]
    known = classes.where(classes != IGNORE, torch.zeros_like(classes))
    wanted = known[:, None] if n == 1 else F.one_hot(known, n).permute(0, 3, 1, 2)
    return F.binary_cross_entropy_with_logits(logits, wanted.to(logits.dtype), reduction="none").mean(1)


def dice(logits, classes):
    labelled = (classes != IGNORE).to(logits.dtype)
    p = torch.sigmoid(logits) if logits.shape[1] == 1 else torch.softmax(logits, 1)
    first = 0 if logits.shape[1] == 1 else 1
    parts = []
    for output in range(first, logits.shape[1]):
        q = p[:, output] * labelled
        t = (classes == max(output, 1)).to(logits.dtype) * labelled
        parts.append((2 * (q * t).sum() + 1) / (q.sum() + t.sum() + 1))
    return 1 - sum(parts) / len(parts)


out = {"losses": [], "classWeights": [], "optimisers": []}
for outputs in (1, 2, 3):
    logits = torch.randn(2, outputs, 3, 4) * 2
    classes = torch.randint(0, max(outputs, 2), (2, 3, 4))
    classes[0, 0, :2] = IGNORE
    weights = torch.rand(2, 3, 4) * 4 + 0.2
    weights[classes == IGNORE] = 0
    cases = {
        "crossEntropy": lambda x: weighted(cross_entropy(x, classes), weights),
        "focal": lambda x: weighted(focal(x, classes, 2.0), weights),
        "focal1.5": lambda x: weighted(focal(x, classes, 1.5), weights),
        "focal0.5": lambda x: weighted(focal(x, classes, 0.5), weights),
        "focalAlpha": lambda x: weighted(focal(x, classes, 2.0, 0.25), weights),
        "binary": lambda x: weighted(binary(x, classes), weights),
        "dice": lambda x: dice(x, classes),
        "sum": lambda x: 0.5 * weighted(cross_entropy(x, classes), weights) + 2 * weighted(focal(x, classes, 2.0), weights) + 0.75 * dice(x, classes),
    }
    for name, of in cases.items():
        x = logits.clone().requires_grad_()
        value = of(x)
        value.backward()
        out["losses"].append({
            "name": name, "outputs": outputs, "logits": logits.flatten().tolist(), "classes": classes.flatten().tolist(),
            "weights": weights.flatten().tolist(), "value": value.item(), "gradient": x.grad.flatten().tolist(),
        })

    of_class = torch.tensor([0.3, 2.5, 0.8])[: max(outputs, 2)]
    x = logits.clone().requires_grad_()
    if outputs == 1:
        known = classes != IGNORE
        w = of_class[classes[known]]
        t = classes[known].to(x.dtype)
        value = F.binary_cross_entropy_with_logits(x[:, 0][known], t, weight=w, reduction="sum") / w.sum()
    else:
        value = F.cross_entropy(x, classes, weight=of_class, ignore_index=IGNORE)
    value.backward()
    out["classWeights"].append({
        "name": "classWeights", "outputs": outputs, "logits": logits.flatten().tolist(), "classes": classes.flatten().tolist(),
        "weights": of_class.tolist(), "value": value.item(), "gradient": x.grad.flatten().tolist(),
    })

for name, make in {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.99),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
    "descent": lambda p: torch.optim.SGD(p, lr=0.05),
    "clipped": lambda p: torch.optim.SGD(p, lr=0.05),
    "sgdDecay": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.1),
    "adamDecay": lambda p: torch.optim.Adam(p, lr=0.05, weight_decay=0.1),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.1),
}.items():
    parameters = [torch.randn(2, 1, 1, 1, requires_grad=True), torch.randn(2, requires_grad=True)]
    start = [p.detach().flatten().tolist() for p in parameters]
    optimiser = make(parameters)
    gradients, after = [], []
    for _ in range(6):
        g = [torch.randn_like(p) for p in parameters]
        for p, value in zip(parameters, g):
            p.grad = value.clone()
            if name == "clipped":
                torch.nn.utils.clip_grad_norm_([p], 0.5)
        optimiser.step()
        gradients.append([v.flatten().tolist() for v in g])
        after.append([p.detach().flatten().tolist() for p in parameters])
    out["optimisers"].append({"name": name, "start": start, "gradients": gradients, "after": after})

scores = torch.rand(24).mul(0.2).add(torch.linspace(0.3, 0.8, 24).clamp(max=0.55)).tolist()
optimiser = torch.optim.SGD([torch.zeros(1)], lr=0.05)
schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, mode="max", factor=0.3, patience=2, threshold=0.0)
rates = []
for score in scores:
    schedule.step(score)
    rates.append(optimiser.param_groups[0]["lr"])
out["plateau"] = {"scores": scores, "rates": rates}

objects = np.zeros((20, 24), int)
rows, columns = np.mgrid[:20, :24]
for number, (y, x, r) in enumerate([(6, 5, 4), (7, 15, 5), (16, 12, 3)], 1):
    objects[(rows - y) ** 2 + (columns - x) ** 2 <= r * r] = number
distances = np.sort([distance_transform_edt(objects != number) for number in (1, 2, 3)], axis=0)
weights = np.where(objects > 0, 2.0, 0.7 + 10 * np.exp(-((distances[0] + distances[1]) ** 2) / (2 * 5**2)))
out["borders"] = {"width": 24, "height": 20, "objects": objects.ravel().tolist(), "weights": weights.ravel().tolist()}


def keys(x, a=-0.5):
    x = abs(x)
    near = (a + 2) * x**3 - (a + 3) * x**2 + 1
    far = a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0))


rng = np.random.default_rng(2015)
grids = rng.normal(0, 10, (2, 3, 3))
size = 17
position = np.linspace(0, 2, size)
field = np.zeros((2, size, size))
for j in range(-2, 5):
    for i in range(-2, 5):
        kernel = keys(position - j)[:, None] * keys(position - i)[None, :]
        field += kernel * grids[:, min(max(j, 0), 2), min(max(i, 0), 2)][:, None, None]
out["elastic"] = {"size": size, "grids": grids.tolist(), "field": field.reshape(2, -1).tolist()}

path = Path(__file__).parent / "training.json"
path.write_text(json.dumps(out))
print(path.stat().st_size, "bytes")
