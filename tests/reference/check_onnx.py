"""Compares exported ONNX files with Insitu, PyTorch and Keras: run by hand, not in CI.

    python tests/reference/check_onnx.py            # onnx 1.23, onnxruntime 1.31, safetensors; cargo

lets tests/weights_onnx.rs export every preset, 1 to 4 channels wide, with each kind of scaling, to a folder of its own
(`check_onnx.py DIR` takes what lies in DIR, written by `INSITU_WRITE_ONNX=DIR cargo test --test weights_onnx -- exported`). Each file passes
ONNX's checker with strict shape inference, and onnxruntime computes
    what PyTorch or Keras computed for the reference input (networks/ or unet/NAME_io.safetensors), where nothing is scaled;
    what Insitu computes at two other sizes, height and width not the same, of an image with NaN and infinity in it and of a
    constant one, alone and as a batch of both (each image is scaled for itself).
The table has the largest differences of probabilities.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

HERE = Path(__file__).parent
LIMIT = 1e-4
KINDS = {"raw", "percentile", "reversed", "fixed", "z-score", "clipped"}


def probabilities(logits):
    logits = logits.astype(np.float64)
    if logits.shape[1] == 1:
        return 1 / (1 + np.exp(-logits))
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def off(found, expected):
    assert found.shape == expected.shape, (found.shape, expected.shape)
    return float(np.abs(found - expected).max())


def check(path):
    """Largest difference from the framework that the network comes from (only where nothing is scaled) and from Insitu, and the sizes."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    assert [(o.domain, o.version) for o in model.opset_import] == [("", 17)]
    props = {p.key: p.value for p in model.metadata_props}
    assert set(props) == {"title", "classes", "sizes", "insitu"}, props
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 2  # warnings, such as of shapes that are not as promised
    session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
    assert [(i.name, i.type) for i in session.get_inputs()] == [("image", "tensor(float)")]
    names = [o.name for o in session.get_outputs()]
    assert names[0] == "probability"
    preset, kind = path.stem.rsplit(".", 1)
    sizes, theirs = [], None
    if kind == "raw":
        path = HERE / "networks" / f"{preset}_io.safetensors"
        io = load_file(path if path.exists() else HERE / "unet" / path.name)
        found = session.run(names, {"image": io["input"]})
        logits = [io[name.replace("probability", "output")] for name in names]
        theirs = max(off(f, probabilities(e)) for f, e in zip(found, logits))
        sizes.append("x".join(str(n) for n in io["input"].shape[2:]))
    io = load_file(path.with_suffix(".safetensors"))
    ours = 0
    for i in range(2):
        images = [io[f"{i}.{j}.image"] for j in range(2)]
        alone = [session.run(names, {"image": image}) for image in images]
        batch = session.run(names, {"image": np.concatenate(images)})
        sizes.append("x".join(str(n) for n in images[0].shape[2:]))
        for k, name in enumerate(names):
            for j in range(2):
                for found in (alone[j][k], batch[k][j : j + 1]):
                    ours = max(ours, off(found, io[f"{i}.{j}.{name}"]))
    assert float(io["0.0.probability"].std()) > 1e-3, "it says the same everywhere"
    assert max(ours, theirs or 0) <= LIMIT, (path, theirs, ours)
    return theirs, ours, sizes


def written(folder):
    command = ["cargo", "test", "--release", "--workspace", "--exclude", "xtask", "--test", "weights_onnx", "--", "exported"]
    subprocess.run(command, cwd=HERE, env=os.environ | {"INSITU_WRITE_ONNX": folder}, check=True)


def table(folder):
    files = sorted(Path(folder).glob("*.onnx"))
    presets = sorted({f.stem.rsplit(".", 1)[0] for f in files})
    assert len(presets) == 11 and len(files) == 11 * len(KINDS), f"{len(files)} files of {presets}"
    print(f"{'preset':20} {'PyTorch, Keras':>15} {'Insitu':>9}   height x width")
    for preset in presets:
        results = [check(Path(folder) / f"{preset}.{kind}.onnx") for kind in sorted(KINDS)]
        theirs = max(r[0] for r in results if r[0] is not None)
        ours = max(r[1] for r in results)
        sizes = max((r[2] for r in results), key=len)
        print(f"{preset:20} {theirs:15.1e} {ours:9.1e}   {', '.join(sizes)}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        table(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            written(folder)
            table(folder)
