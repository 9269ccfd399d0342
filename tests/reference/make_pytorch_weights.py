"""Writes weight files as PyTorch writes them, and hostile ones, for tests/weights_pytorch.rs: tests/reference/pytorch/.

    python tests/reference/make_pytorch_weights.py        # torch 2.9

expected.json: file -> { name: [shape, values] }; the files named hostile_* must be refused, the word after that tells by what.
"""

import io
import json
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn

torch.manual_seed(41)
folder = Path(__file__).parent / "pytorch"
folder.mkdir(exist_ok=True)
expected = {}


def save(name, what, tensors, **how):
    torch.save(what, folder / name, **how)
    expected[name] = {k: [list(v.shape), v.to(torch.float32).flatten().tolist()] for k, v in tensors.items()}


plain = OrderedDict(
    [("conv.weight", torch.randn(2, 3, 3, 3)), ("conv.bias", torch.randn(2)), ("scale", torch.tensor(1.5))]
)
save("plain.pth", plain, plain)
save("legacy.pth", plain, plain, _use_new_zipfile_serialization=False)
save("protocol4.pt", plain, plain, pickle_protocol=4)
kinds = {
    "double": torch.randn(3, dtype=torch.float64),
    "half": torch.randn(3).half(),
    "bfloat": torch.randn(3).bfloat16(),
    "long": torch.tensor([-5, 0, 7]),
    "int": torch.tensor([-5, 7], dtype=torch.int32),
    "short": torch.tensor([-300, 300], dtype=torch.int16),
    "char": torch.tensor([-5, 7], dtype=torch.int8),
    "byte": torch.tensor([0, 255], dtype=torch.uint8),
    "bool": torch.tensor([True, False]),
}
save("kinds.pth", kinds, kinds)
save("kinds_legacy.pth", kinds, kinds, _use_new_zipfile_serialization=False)
base = torch.arange(24.0).reshape(2, 3, 4)
views = {
    "whole": base,
    "transposed": base.transpose(0, 2),
    "part": base[:, 1:, ::2],
    "row": base[1, 2],
    "expanded": torch.tensor([3.0]).expand(2, 5),
    "empty": torch.zeros(0, 4),
}
save("views.pth", views, views)
save("views_legacy.pth", views, views, _use_new_zipfile_serialization=False)
net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
state = {k: v for k, v in net.state_dict().items() if "num_batches" not in k}
save("module.pth", net.state_dict(), state)
save("parameters.pth", dict(net.named_parameters()), {k: v.detach() for k, v in net.named_parameters()})
optimiser = torch.optim.Adam(net.parameters())
net(torch.randn(1, 1, 8, 8)).sum().backward()
optimiser.step()
state = {k: v for k, v in net.state_dict().items() if "num_batches" not in k}
save("checkpoint.pth", {"epoch": 3, "loss": 0.25, "optimizer": optimiser.state_dict(), "model_state_dict": net.state_dict()}, state)
save("parallel.pth", nn.DataParallel(net).state_dict(), state)
lightning = {"pytorch-lightning_version": "2.0", "epoch": 1, "hyper_parameters": {"lr": 1e-3, "wide": True},
             "state_dict": {"model." + k: v for k, v in net.state_dict().items()}, "callbacks": {}, "lr_schedulers": []}
save("lightning.ckpt", lightning, state)


class Calls:
    """Pickled as a call."""

    def __init__(self, function, *arguments):
        self.what = function, arguments

    def __reduce__(self):
        return self.what


import builtins, os, subprocess  # noqa: E402, E401

hostile = {
    "os.system": Calls(os.system, "true"),
    "builtins.eval": Calls(eval, "1"),
    "subprocess.Popen": Calls(subprocess.Popen, "true"),
}
for name, what in hostile.items():
    for protocol in (0, 2, 4):
        data = pickle.dumps({"weight": what}, protocol=protocol)
        (folder / f"hostile_{name}_{protocol}.pth").write_bytes(data)
    torch.save({"weight": torch.zeros(1), "x": what}, folder / f"hostile_{name}_zip.pth")
    torch.save({"x": what}, folder / f"hostile_{name}_legacy.pth", _use_new_zipfile_serialization=False)
# Instructions that Python's pickler no longer writes.
(folder / "hostile_os.system_inst.pth").write_bytes(b"\x80\x02(S'true'\nios\nsystem\n.")
(folder / "hostile_os.system_obj.pth").write_bytes(b"\x80\x02(cos\nsystem\nS'true'\no.")
torch.save(net, folder / "hostile_torch.nn_whole.pth")

(folder / "expected.json").write_text(json.dumps(expected))
for file in sorted(folder.iterdir()):
    print(file.name, file.stat().st_size)
