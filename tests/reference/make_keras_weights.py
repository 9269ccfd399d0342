"""Makes keras/: tiny weight files as Keras 1, 2 and 3 write them, and expected.json with what is in them.

Run from anywhere: python make_keras_weights.py   (keras 3, torch, h5py, scipy)

The files of Keras 3 come from Keras itself; those of Keras 1 and 2, which no longer install, are written with h5py as
`save_weights_to_hdf5_group` of those versions did. Values are multiples of 1/32, exact in every float type.
"""
import json
import os
import pathlib
import shutil
import zipfile

os.environ["KERAS_BACKEND"] = "torch"

import h5py
import keras
import numpy as np
import torch
import torch.nn.functional as F
from keras import layers as L
from scipy.signal import convolve2d

OUT = pathlib.Path(__file__).parent / "keras"
shutil.rmtree(OUT, ignore_errors=True)
OUT.mkdir()
rng = np.random.default_rng(20150327)
expected = {}


def values(*shape):
    return (rng.integers(-96, 97, shape) / 32).astype(np.float32)


def weight(name, array):
    array = np.asarray(array)
    scaled = (array.astype(np.float64) * 32).astype(int).ravel()
    assert (scaled / 32 == array.ravel()).all()
    return {"name": name, "shape": list(array.shape), "values32": scaled.tolist()}


def entry(name, cls, weights, pytorch=None, transposed=None):
    out = {"name": name, "class": cls, "weights": [weight(n, a) for n, a in weights]}
    if pytorch is not None:
        out["pytorch"] = weight("kernel", pytorch)
        out["transposed"] = transposed
    return out


def correlates(layer, kernel, transposed):
    """Asserts that PyTorch with this kernel computes what the Keras layer computes."""
    channels = layer.kernel.shape[3 if transposed else 2]
    x = rng.normal(size=(1, 6, 6, channels)).astype(np.float32)
    wanted = keras.ops.convert_to_numpy(layer(x)).transpose(0, 3, 1, 2)
    bias = None if layer.bias is None else torch.tensor(layer.get_weights()[1])
    x, kernel = torch.tensor(x.transpose(0, 3, 1, 2)), torch.tensor(kernel.copy())
    if transposed:
        out = F.conv_transpose2d(x, kernel, bias, stride=2)
    else:
        out = F.conv2d(x, kernel, bias, padding=kernel.shape[-1] // 2)
    assert np.abs(out.numpy() - wanted).max() < 1e-4


# --- Keras 3 ---------------------------------------------------------------------------------------------------------
i = keras.Input((8, 8, 1))
x = L.Conv2D(4, 3, padding="same", name="first")(i)
x = L.BatchNormalization(name="norm")(x)
x = skip = L.Dropout(0.1)(x)
x = L.MaxPooling2D()(x)
x = L.Conv2D(4, 3, padding="same", use_bias=False)(x)
x = L.BatchNormalization(scale=False)(x)
x = L.BatchNormalization(center=False)(x)
x = L.Conv2DTranspose(3, 2, strides=2)(x)
x = L.Concatenate()([x, skip])
x = keras.Sequential([keras.Input((8, 8, 7)), L.Conv2D(2, 1), L.BatchNormalization(center=False, scale=False),
                      L.Conv2D(2, 3, padding="same")], name="inner")(x)
x = L.Conv2D(2, 1)(x)
x = L.TimeDistributed(L.Dense(2))(x)
x = L.Dense(3)(x)
model = keras.Model(i, x)
for w in model.weights:
    w.assign(values(*w.shape))


def leaves(model, outer=""):
    """Layers with weights in the order of the model."""
    for layer in model.layers:
        name = outer + layer.name
        if hasattr(layer, "layers"):
            yield from leaves(layer, name + "/")
        elif layer.weights:
            yield name, layer


def of_layer(name, layer):
    inner = layer.layer if isinstance(layer, L.TimeDistributed) else layer
    # Trainable before the rest: the order of both formats.
    weights = [(w.name, w.numpy()) for w in inner.trainable_weights + inner.non_trainable_weights]
    cls = type(inner).__name__
    if not cls.startswith("Conv2D"):
        return entry(name, cls, weights)
    kernel = inner.get_weights()[0].transpose(3, 2, 0, 1)
    correlates(inner, kernel, cls == "Conv2DTranspose")
    return entry(name, cls, weights, kernel, cls == "Conv2DTranspose")


all_layers = [of_layer(name, layer) for name, layer in leaves(model)]
three = {"generation": "Three", "backend": None, "keras_version": keras.__version__}

model.save(OUT / "full.h5", include_optimizer=False)
expected["full.h5"] = {"generation": "Two", "keras_version": keras.__version__, "backend": "torch", "layers": all_layers}

for entry_ in all_layers:
    entry_["path"] = None  # filled below


def paths(model, outer=""):
    """The path of each layer in the file, without `layers`, as saving_lib builds it."""
    from keras.src.utils.naming import to_snake_case
    used = {}
    for layer in model.layers:
        base = to_snake_case(type(layer).__name__)
        count = used[base] = used.get(base, -1) + 1
        path = outer + (f"{base}_{count}" if count else base)
        if hasattr(layer, "layers"):
            yield from paths(layer, path + "/")
        elif layer.weights:
            yield path + ("/layer" if isinstance(layer, L.TimeDistributed) else "")


for entry_, path in zip(all_layers, paths(model), strict=True):
    entry_["path"] = path


def natural(path):
    # "layers" of a model within the model stands in front of its other members.
    return [[int(p) if p.isdigit() else p for p in part.replace("_", " ").split()] for part in path.split("/")]


def by_path(entries):
    """What `.weights.h5` alone tells: paths for names, natural order, classes from paths."""
    out = []
    for e in sorted(entries, key=lambda e: [[(isinstance(p, str), str(p) if isinstance(p, str) else p) for p in part]
                                            for part in natural(e["path"])]):
        e = dict(e, name=e["path"])
        if e["path"].endswith("/layer"):
            e["class"] = None
            e["weights"] = [dict(w, name=str(n)) for n, w in enumerate(e["weights"])]
        if [w["name"] for w in e["weights"]] == ["gamma", "moving_mean", "moving_variance"]:
            # Without the configuration three of a batch normalisation are taken for scale=False.
            e["weights"] = [dict(e["weights"][0], name="beta")] + e["weights"][1:]
        out.append(e)
    return out


model.save_weights(OUT / "plain.weights.h5")
expected["plain.weights.h5"] = dict(three, keras_version=None, layers=by_path(all_layers))

model.compile("sgd", "mse")
model.optimizer.build(model.trainable_variables)
model.save(OUT / "full.keras")
expected["deflated.keras"] = dict(three, layers=[
    # The archive knows the wrapper and the layer in it.
    dict(e, name=e["name"] + "/layer") if e["path"].endswith("/layer") else e for e in all_layers])

# Keras stores; others who pack such a file again deflate, and it is smaller here.
with zipfile.ZipFile(OUT / "full.keras") as old, zipfile.ZipFile(OUT / "deflated.keras", "w", zipfile.ZIP_DEFLATED) as new:
    for name in old.namelist():
        new.writestr(name, old.read(name))
(OUT / "full.keras").unlink()

small = keras.Sequential([keras.Input((4, 4, 1)), L.Conv2D(2, 3, dtype="bfloat16", name="tiny")])
for w in small.weights:
    w.assign(values(*w.shape))
small.save_weights(OUT / "bfloat16.weights.h5")
small.save(OUT / "archive.keras")
conv = small.layers[0]
kernel, bias = (keras.ops.convert_to_numpy(keras.ops.cast(w, "float32")) for w in conv.weights)
expected["bfloat16.weights.h5"] = dict(three, keras_version=None, layers=[
    entry("conv2d", "Conv2D", [("kernel", kernel), ("bias", bias)], kernel.transpose(3, 2, 0, 1), False)])

tiny = [dict(e, name="tiny") for e in expected["bfloat16.weights.h5"]["layers"]]
expected["archive.keras"] = dict(three, layers=tiny)


# --- Keras 1 ---------------------------------------------------------------------------------------------------------
def save(group, layers, **options):
    """`layers`: [(layer name, [(weight name, array)])]; names as fixed-length strings, as h5py made them of bytes."""
    group.attrs["layer_names"] = [name.encode() for name, _ in layers]
    for name, weights in layers:
        g = group.create_group(name)
        g.attrs["weight_names"] = [n.encode() for n, _ in weights]
        for n, array in weights:
            g.create_dataset(n, data=array, **(options if array.ndim > 1 else {}))


def norm(count):
    return [values(count) for _ in range(4)]


def turned(kernel):
    """Asserts that a convolution (as Theano computes it) is a correlation with the turned kernel; returns that."""
    out = kernel[..., ::-1, ::-1].copy()
    x = rng.normal(size=(kernel.shape[1], 7, 7)).astype(np.float32)
    wanted = [sum(convolve2d(x[i], k[i], "valid") for i in range(len(x))) for k in kernel]
    assert np.abs(F.conv2d(torch.tensor(x[None]), torch.tensor(out))[0].numpy() - np.array(wanted)).max() < 1e-4
    return out


k1, b1, k2, b2, bn = values(4, 1, 3, 3), values(4), values(5, 4, 2, 2), values(5), norm(4)
old_norm = ["gamma", "beta", "running_mean", "running_std"]
new_norm = ["gamma", "beta", "moving_mean", "moving_variance"]
theano = [
    ("input_1", []),
    ("convolution2d_1", [("convolution2d_1_W", k1), ("convolution2d_1_b", b1)]),
    ("batchnormalization_1", [(f"batchnormalization_1_{n}", a) for n, a in zip(old_norm, bn)]),
    ("activation_1", []),
    ("deconvolution2d_1", [("deconvolution2d_1_W", k2), ("deconvolution2d_1_b", b2)]),
]
with h5py.File(OUT / "keras1_theano_weights.h5", "w") as f:
    save(f, theano)
first = [("kernel", k1), ("bias", b1)], [("kernel", k2), ("bias", b2)]
expected["keras1_theano_weights.h5"] = {"generation": "One", "keras_version": None, "backend": None, "layers": [
    entry("convolution2d_1", None, first[0], turned(k1), False),
    entry("batchnormalization_1", None, list(zip(new_norm, bn))),
    entry("deconvolution2d_1", None, first[1], turned(k2).transpose(1, 0, 2, 3), True),
]}

k1, k2 = values(3, 3, 2, 2), values(2, 2, 2, 3)  # HWIO both; shapes alone would not tell the first
config = {"class_name": "Sequential", "config": [
    {"class_name": "Convolution2D", "config": {"name": "convolution2d_1", "dim_ordering": "tf", "nb_filter": 2}},
    {"class_name": "Deconvolution2D", "config": {"name": "up", "dim_ordering": "tf", "nb_filter": 3}},
]}
with h5py.File(OUT / "keras1_tensorflow.h5", "w") as f:
    f.attrs["keras_version"] = b"1.2.2"
    f.attrs["model_config"] = json.dumps(config).encode()
    save(f.create_group("model_weights"), [
        ("convolution2d_1", [("convolution2d_1_W:0", k1), ("convolution2d_1_b:0", values(2))]),
        ("up", [("up_W:0", k2), ("up_b:0", values(3))]),
    ])
    stored = {n: np.asarray(f["model_weights"][n.rsplit("_", 1)[0]][n]) for n in ("convolution2d_1_b:0", "up_b:0")}
expected["keras1_tensorflow.h5"] = {"generation": "One", "keras_version": "1.2.2", "backend": None, "layers": [
    entry("convolution2d_1", "Conv2D", [("kernel", k1), ("bias", stored["convolution2d_1_b:0"])],
          k1.transpose(3, 2, 0, 1), False),
    entry("up", "Conv2DTranspose", [("kernel", k2), ("bias", stored["up_b:0"])], k2.transpose(2, 3, 0, 1), True),
]}

k1, b1 = values(3, 3, 2, 4), values(4)
with h5py.File(OUT / "keras1_numbered.h5", "w") as f:
    save(f, [("convolution2d_1", [("param_0", k1), ("param_1", b1)])])
expected["keras1_numbered.h5"] = {"generation": "One", "keras_version": None, "backend": None, "layers": [
    entry("convolution2d_1", None, [("kernel", k1), ("bias", b1)], k1.transpose(3, 2, 0, 1), False)]}

# --- Keras 2 ---------------------------------------------------------------------------------------------------------
k1, b1, k2, bn = values(3, 3, 3, 8), values(8), values(2, 2, 5, 8), norm(8)
two = [("conv2d_1", [("conv2d_1/kernel:0", k1), ("conv2d_1/bias:0", b1)]),
       ("batch_normalization_1", [(f"batch_normalization_1/{n}:0", a) for n, a in zip(new_norm, bn)]),
       ("conv2d_transpose_1", [("conv2d_transpose_1/kernel:0", k2)])]


def of_two(generation, version, backend, turn=False):
    flip = (lambda k: k[..., ::-1, ::-1]) if turn else (lambda k: k)
    return {"generation": generation, "keras_version": version, "backend": backend, "layers": [
        entry("conv2d_1", None, [("kernel", k1), ("bias", b1)], flip(k1.transpose(3, 2, 0, 1)), False),
        entry("batch_normalization_1", None, list(zip(new_norm, bn))),
        entry("conv2d_transpose_1", None, [("kernel", k2)], flip(k2.transpose(3, 2, 0, 1)), True)]}


def two_file(name, dtype=None, backend="tensorflow", options=None, version="2.2.4", libver=None, split=False):
    layers = [(n, [(w, a.astype(dtype or a.dtype)) for w, a in weights]) for n, weights in two]
    with h5py.File(OUT / name, "w", libver=libver) as f:
        save(f, layers, **(options or {}))
        if split:  # as save_attributes_to_hdf5_group does beyond 64 kB
            del f.attrs["layer_names"]
            f.attrs["layer_names0"] = [n.encode() for n, _ in two[:2]]
            f.attrs["layer_names1"] = [n.encode() for n, _ in two[2:]]
        if version:
            f.attrs["keras_version"], f.attrs["backend"] = version, backend  # str: of variable length
    expected[name] = of_two("Two", version or None, backend if version else None, turn=backend == "theano")


two_file("keras2_weights.h5")
two_file("keras2_theano_gzip.h5", backend="theano", options={"chunks": True, "compression": "gzip", "shuffle": True, "fletcher32": True})
two_file("keras2_half_big_endian.h5", dtype=">f2", split=True)
two_file("keras2_libver_latest.h5", libver="latest", version=None)

k, many = values(3, 3, 7, 9), [(f"conv2d_{i}", [(f"conv2d_{i}/bias:0", values(2))]) for i in range(1, 10)]
with h5py.File(OUT / "keras2_chunked.h5", "w") as f:  # chunks over the edge, names that fill several nodes
    save(f, [("conv2d", [("conv2d/kernel:0", k)])], chunks=(1, 2, 2, 2), compression="gzip")
    f.create_group("double").attrs["weight_names"] = [b"kernel"]
    f["double"].create_dataset("kernel", data=k.astype("<f8"), chunks=(3, 2, 4, 4))
    f.attrs["layer_names"] = [b"conv2d", b"double"] + [n.encode() for n, _ in many]
    for n, weights in many:
        g = f.create_group(n)
        g.attrs["weight_names"] = [w for w, _ in weights]  # str: of variable length
        g.create_dataset(weights[0][0], data=weights[0][1])
    f.attrs["keras_version"] = b"2.1.6"
expected["keras2_chunked.h5"] = {"generation": "Two", "keras_version": "2.1.6", "backend": None, "layers":
    [entry("conv2d", None, [("kernel", k)], k.transpose(3, 2, 0, 1), False),
     entry("double", None, [("kernel", k)])]
    + [entry(n, None, [("bias", w[0][1])]) for n, w in many]}

# A model within the model, as tf.keras 2 names it: paths without the outer name, trained weights first.
k1, k2, bn = values(1, 1, 2, 3), values(1, 1, 3, 2), [values(3), values(3)]
config = {"class_name": "Model", "config": {"name": "model_1", "layers": [
    {"class_name": "Model", "name": "inner", "config": {"name": "inner", "layers": [
        {"class_name": "BatchNormalization", "name": "norm", "config": {"name": "norm", "center": False, "scale": False}},
        {"class_name": "Conv2D", "name": "conv2d_1", "config": {"name": "conv2d_1"}},
        {"class_name": "Conv2D", "name": "conv2d_2", "config": {"name": "conv2d_2"}}]}}]}}
with h5py.File(OUT / "keras2_nested.h5", "w") as f:
    f.attrs["keras_version"], f.attrs["backend"] = b"2.4.0", b"tensorflow"
    f.attrs["model_config"] = json.dumps(config)
    save(f.create_group("model_weights"), [("inner", [
        ("conv2d_1/kernel:0", k1), ("conv2d_2/kernel:0", k2),
        ("norm/moving_mean:0", bn[0]), ("norm/moving_variance:0", bn[1])])])
expected["keras2_nested.h5"] = {"generation": "Two", "keras_version": "2.4.0", "backend": "tensorflow", "layers": [
    entry("inner/norm", "BatchNormalization", [("moving_mean", bn[0]), ("moving_variance", bn[1])]),
    entry("inner/conv2d_1", "Conv2D", [("kernel", k1)], k1.transpose(3, 2, 0, 1), False),
    entry("inner/conv2d_2", "Conv2D", [("kernel", k2)], k2.transpose(3, 2, 0, 1), False)]}

# --- What is refused -------------------------------------------------------------------------------------------------
with h5py.File(OUT / "refused_dense.h5", "w", libver="latest") as f:  # over 8 links: a fractal heap
    save(f, many[:9])
expected["refused_dense.h5"] = {"error": "hdf5.unsupported.dense"}
with h5py.File(OUT / "refused_lzf.h5", "w") as f:
    save(f, [("conv2d", [("conv2d/kernel:0", k1)])], compression="lzf")
expected["refused_lzf.h5"] = {"error": "hdf5.unsupported.filter"}
with h5py.File(OUT / "refused_keras0.h5", "w") as f:
    f.attrs["nb_layers"] = 1
    f.create_group("layer_0").create_dataset("param_0", data=k1)
expected["refused_keras0.h5"] = {"error": "keras.unsupported.old"}
with h5py.File(OUT / "refused_other.h5", "w") as f:
    f["image"] = values(3, 3)
expected["refused_other.h5"] = {"error": "keras.invalid"}

for file in expected.values():
    for e in file.get("layers", []):
        e.pop("path", None)
(OUT / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
for p in sorted(OUT.iterdir()):
    print(f"{p.stat().st_size:8} {p.name}")
print(f"{sum(p.stat().st_size for p in OUT.iterdir()):8} in all")
