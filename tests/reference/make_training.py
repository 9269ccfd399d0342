"""Writes the reference values of tests/training_methods.rs: losses with their gradients, and steps of optimisers, by PyTorch.

    python tests/reference/make_training.py        # torch 2.9; writes tests/reference/training.json

losses: logits [2, outputs, 3, 4], classes (255: not labelled), weights of the pixels (0 where not labelled), and for each loss its value and
its gradient with respect to the logits. optimisers: two parameters, the gradients of six steps, and the parameters after each step.
"""

import json
from pathlib import Path

import torch
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


def focal(logits, classes, gamma):
    entropy = cross_entropy(logits, classes)
    return (1 - torch.exp(-entropy)) ** gamma * entropy


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


out = {"losses": [], "optimisers": []}
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

for name, make in {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.99),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
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
        optimiser.step()
        gradients.append([v.flatten().tolist() for v in g])
        after.append([p.detach().flatten().tolist() for p in parameters])
    out["optimisers"].append({"name": name, "start": start, "gradients": gradients, "after": after})

path = Path(__file__).parent / "training.json"
path.write_text(json.dumps(out))
print(path.stat().st_size, "bytes")
