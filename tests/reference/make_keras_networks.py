"""Makes keras_networks/: U-Nets of two or three levels as Keras 3 saves them, each with something in its configuration that its weights do
not tell, and io.safetensors with what Keras computes of them (tests/weights_keras_networks.rs).

    KERAS_BACKEND=torch python tests/reference/make_keras_networks.py    # keras 3.15, torch, numpy, safetensors

Those called refused_* do what no network of Insitu does. io.safetensors: `input`, [1, 1, 32, 32], 0 to 255 for the networks with a rescaling,
and that divided by 255 for the others; NAME, what the network gives for it, [1, outputs, 32, 32].
"""

import os
import pathlib
import shutil
import zipfile

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers as L
from safetensors.numpy import save_file

OUT = pathlib.Path(__file__).parent / "keras_networks"
shutil.rmtree(OUT, ignore_errors=True)
OUT.mkdir()
rng = np.random.default_rng(1505)
image = np.kron(rng.integers(0, 256, (8, 8)), np.ones((4, 4))).astype(np.float32).reshape(1, 32, 32, 1)
io = {"input": image.transpose(0, 3, 1, 2).copy()}


def unet(activation="relu", norm=None, up="transposed", pool=L.MaxPooling2D, before=None, between=None, join=None, levels=2, outputs=1,
         end="sigmoid", up_activation=None, padding="same", second=None, **options):
    """`norm`: None, "first" (before the activation) or "last"; `before`, `between`: layers before the network, and behind each
    convolution; `second`: options of the second convolution of each block alone; `options`: of all."""

    def convolution(x, channels, more):
        more = dict(more)
        last = more.pop("activation", activation) if norm != "first" else None
        own = None if callable(last) else last
        x = L.Conv2D(channels, 3, padding=padding, activation=own, **options | more)(x)
        if norm == "first":
            x = L.BatchNormalization()(x)
            x = activation()(x) if callable(activation) else L.Activation(activation)(x)
        elif callable(last):
            x = last()(x)
        if norm == "last":
            x = L.BatchNormalization()(x)
        return between()(x) if between else x

    def block(x, channels):
        return convolution(convolution(x, channels, {}), channels, second or {})

    inputs = x = keras.Input((32, 32, 1))
    if before:
        x = before(x)
    skips = []
    for level in range(levels):
        if level:
            x = pool(2)(x)
        x = block(x, 2 << level)
        skips.append(x)
    skips.pop()
    for level in reversed(range(levels - 1)):
        if up == "transposed":
            x = L.Conv2DTranspose(2 << level, 2, strides=2, padding="same", activation=up_activation)(x)
        else:
            x = L.UpSampling2D(2, interpolation=up.split("+")[0])(x)
            if "+" in up:
                x = L.Conv2D(2 << level, 2, padding="same", activation="relu")(x)
        x = join(x, skips.pop()) if join else L.Concatenate()([skips.pop(), x])
        x = block(x, 2 << level)
    if "+" in up:
        x = L.Conv2D(2, 3, padding="same", activation="relu")(x)
    return keras.Model(inputs, L.Conv2D(outputs, 1, activation=end)(x))


def add(x, skip):
    return L.Concatenate()([L.Add()([x, skip]), skip])


class MonteCarlo(L.Layer):
    """A layer of one's own."""

    def call(self, x):
        return x * 0.5


def monte_carlo(x):
    return L.Dropout(0.5)(x, training=True)


NETWORKS = {
    "relu": unet(),
    "three_levels": unet(levels=3, norm="first"),
    "elu": unet("elu"),
    "selu": unet("selu", norm="first"),
    "leaky_layer": unet(L.LeakyReLU),
    "leaky_argument": unet("leaky_relu"),
    "elu_layer": unet(lambda: L.ELU(0.5)),
    "rescaling": unet(before=L.Rescaling(1 / 127.5, -1)),
    "norm_last": unet(norm="last"),
    "relu_after_transpose": unet(up_activation="relu"),
    "bilinear": unet(up="bilinear"),
    "bilinear_convolution": unet(up="bilinear+"),
    "nearest": unet(up="nearest", norm="first"),
    "nothing_in_inference": unet(between=lambda: L.SpatialDropout2D(0.3), before=L.GaussianNoise(0.1), kernel_regularizer="l2",
                                 kernel_initializer="he_normal", kernel_constraint=keras.constraints.MaxNorm(9)),
    "logits": unet(end=None),
    "softmax": unet(outputs=3, end="softmax"),
    "refused_average": unet(pool=L.AveragePooling2D),
    "refused_dilation": unet(second={"dilation_rate": 2}),
    "refused_add": unet(join=add),
    "refused_swish": unet("swish"),
    "refused_two_activations": unet("relu", second={"activation": "elu"}),
    "refused_limit": unet(lambda: L.ReLU(6.0)),
    "refused_sigmoids": unet(outputs=3, end="sigmoid"),
    "refused_tanh": unet(end="tanh"),
    "refused_cubic": unet(up="bicubic+"),
    "refused_monte_carlo": unet(before=monte_carlo),
    "refused_own_layer": unet(before=MonteCarlo()),
    "refused_rescaling_within": unet(between=lambda: L.Rescaling(0.5)),
}



def drawn(model, x):
    """Draws weights, and gives what the network computes."""
    for w in model.weights:
        value = rng.normal(0, np.sqrt(2 / np.prod(w.shape[:-1])), w.shape) if len(w.shape) > 1 else rng.normal(0, 0.2, w.shape)
        w.assign(np.abs(value) + 0.5 if "variance" in w.path or "gamma" in w.path else value)
    return np.ascontiguousarray(keras.ops.convert_to_numpy(model(x)).transpose(0, 3, 1, 2))


for name, model in NETWORKS.items():
    x = image if "rescaling" in name else image / 255
    # Networks this narrow may be dead.
    result = next(y for _ in range(100) if (y := drawn(model, x)).std() > 0.05)
    if not name.startswith("refused"):
        io[name] = result
    path = OUT / f"{name}.keras"
    model.save(path)
    if name == "elu":
        model.save(OUT / "elu.h5")
    # Keras stores; deflated, it is a tenth.
    with zipfile.ZipFile(path) as old:
        entries = [(n, old.read(n)) for n in old.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for entry, data in entries:
            new.writestr(zipfile.ZipInfo(entry, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    print(name, path.stat().st_size)

save_file(io, OUT / "io.safetensors")
