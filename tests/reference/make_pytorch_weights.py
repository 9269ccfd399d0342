"""Writes weight files as PyTorch writes them, and hostile ones, for tests/weights_pytorch.rs: tests/reference/pytorch/.

    python tests/reference/make_pytorch_weights.py        # torch 2.9

expected.json: file -> { name: [shape, values] }; the files named hostile_* must be refused, the word after that tells by what.
"""

import json
import pickle
import sys
import tarfile
import types
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
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

# Every protocol of the older files; the zero-th cannot be read by PyTorch itself.
for protocol in (1, 3, 4, 5):
    save(f"legacy_protocol{protocol}.pth", plain, plain, _use_new_zipfile_serialization=False, pickle_protocol=protocol)


def swapped(name, of, tensors):
    """As a machine with the other byte order writes it."""
    out = zipfile.ZipFile(folder / name, "w")
    with zipfile.ZipFile(folder / of) as file:
        widths = {t.untyped_storage().data_ptr(): t.element_size() for t in tensors.values()}
        assert len(set(widths.values())) == 1
        for entry in file.namelist():
            data = file.read(entry)
            if "/data/" in entry:
                data = np.frombuffer(data, f"V{next(iter(widths.values()))}").view("<f4").astype(">f4").tobytes()
            out.writestr(entry, b"big" if entry.endswith("byteorder") else data)
    out.close()
    expected[name] = expected[of]


swapped("big_endian.pth", "plain.pth", plain)
# The older files say so too, but their values have the lowest byte first on every machine.
torch.serialization.sys = types.SimpleNamespace(byteorder="big", version_info=sys.version_info, maxsize=sys.maxsize)
save("legacy_big_endian.pth", plain, plain, _use_new_zipfile_serialization=False)
torch.serialization.sys = sys
with zipfile.ZipFile(folder / "plain.pth") as file, zipfile.ZipFile(folder / "deflated.pth", "w", zipfile.ZIP_DEFLATED) as out:
    for entry in file.namelist():
        out.writestr(entry, file.read(entry))
expected["deflated.pth"] = expected["plain.pth"]
tied = torch.randn(6, 4)
shared = {"encoder.weight": tied, "decoder.weight": tied, "middle": tied[2:4], "column": tied[:, 1], "turned": tied.t()}
for name, how in (("shared.pth", True), ("shared_legacy.pth", False)):
    save(name, shared, shared, _use_new_zipfile_serialization=how)
save("compiled.pth", {"_orig_mod.module." + k: v for k, v in net.state_dict().items()}, state)
marked = nn.Parameter(torch.randn(3))
marked.decay = False
save("marked.pth", {"scale": marked}, {"scale": marked.detach()})
# What trainers keep beside the weights: single tensors, sets, bytes, counters, moments that are larger than the weights.
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimiser, [2, 4, 4])
for name, how in (("trainer.pth", True), ("trainer_legacy.pth", False)):
    trainer = {"epoch": torch.tensor(3), "best": {"score": torch.ones(400)}, "optimizer": optimiser.state_dict(),
               "moments_optim": {"all": torch.zeros(500)}, "scheduler": scheduler.state_dict(), "seen": {1, 2},
               "frozen": frozenset(["a"]), "hash": b"\x00\xff", "large": 2**70, "none": None, "size": torch.Size([2, 3]),
               "device": torch.device("cpu"), "spectrum": torch.zeros(2, dtype=torch.complex64),
               "net": {"state": net.state_dict()}}
    save(name, trainer, state, _use_new_zipfile_serialization=how)
# No usual name: the dictionary with the most numbers.
save("largest.pth", {"norm": {"w": torch.ones(3), "b": torch.ones(3)}, "segmenter": {"w": torch.ones(20)}}, {"w": torch.ones(20)})

# PyTorch itself reads what is expected to be read, and the other byte order to the same values; it has no deflate.
for name in expected.keys() - {"deflated.pth"}:
    loaded = torch.load(folder / name, weights_only=False)
    if "big_endian" in name:
        assert all(torch.equal(loaded[k], plain[k]) for k in plain)

torch.jit.save(torch.jit.script(nn.Conv2d(1, 1, 1)), folder / "refused_script.pt")
torch.save({"w": torch.zeros(2, dtype=torch.complex64)}, folder / "refused_complex.pth")
torch.save({"w": torch.quantize_per_tensor(torch.zeros(2), 0.1, 0, torch.quint8)}, folder / "hostile_torch._utils._quantised.pth")
with tarfile.open(folder / "refused_oldest.tar.pth", "w", format=tarfile.PAX_FORMAT) as out:
    for name in ("sys_info", "pickle", "tensors", "storages"):
        out.addfile(tarfile.TarInfo(name))


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
(folder / "hostile_os.system_newobj.pth").write_bytes(b"\x80\x02cos\nsystem\nX\x04\0\0\0true\x85\x81.")
(folder / "hostile_os.system_build.pth").write_bytes(b"\x80\x02cos\nsystem\n)\x81}X\x01\0\0\0aK\x01sb.")
(folder / "hostile_os.system_stack.pth").write_bytes(b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.")
(folder / "hostile_builtins.getattr_stack.pth").write_bytes(b"\x80\x04\x8c\x08builtins\x8c\x07getattr\x93.")
torch.save(net, folder / "hostile_torch.nn_whole.pth")

(folder / "expected.json").write_text(json.dumps(expected))
for file in sorted(folder.iterdir()):
    print(file.name, file.stat().st_size)
