"""Makes stardist/: StarDist networks of a few channels as its own files have them, what Keras computes of them, and what StarDist's
non-maximum suppression makes of an image of discs and ellipses (tests/stardist.rs).

    KERAS_BACKEND=torch python tests/reference/make_stardist.py    # keras 3.15, torch, numpy, h5py, safetensors; stardist 0.9.2

The networks are built here after `_build_unet` of stardist/models/model2d.py, with its names of layers. NAME.h5 is what Keras' `save_weights`
writes; NAME_io.safetensors has `input` [1, channels, height, width], `prob` [1, 1, h, w] and `dist` [1, rays, h, w] at the resolution of the
grid. folder.zip is the folder of a model; refused_*.zip are folders of what is not computed. nms.safetensors has for a grid of 1 and of 2: `points_G`
[candidates, 2] (row, column, pixels), `prob_G`, `dist_G` [candidates, rays], `kept_G` (points that stay), `labels_G` [height, width].
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
from keras import layers as L
from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group
from safetensors.numpy import save_file
from stardist.geometry import polygons_to_label
from stardist.nms import non_maximum_suppression

OUT = pathlib.Path(__file__).parent / "stardist"
shutil.rmtree(OUT, ignore_errors=True)
OUT.mkdir()
rng = np.random.default_rng(1806)


def stardist(grid=1, depth=2, base=2, each=2, features=4, rays=8, channels=1, norm=False, classes=None):
    conv = lambda n, size=3, act="relu", **name: L.Conv2D(n, size, padding="same", activation=act, **name)

    def block(x, n, name):
        if not norm:
            return conv(n, name=name)(x)
        return L.Activation("relu")(L.BatchNormalization()(conv(n, act=None, name=name)(x)))

    image = x = keras.Input((None, None, channels))
    pooled = 1
    while pooled < grid:
        for _ in range(each):
            x = conv(base)(x)
        x, pooled = L.MaxPooling2D(2)(x), 2 * pooled
    skips = []
    for n in range(depth):
        for i in range(each):
            x = block(x, base * 2**n, f"down_level_{n}_no_{i}")
        skips.append(x)
        x = L.MaxPooling2D(2, name=f"max_{n}")(x)
    for i in range(each - 1):
        x = block(x, base * 2**depth, f"middle_{i}")
    x = block(x, base * 2 ** max(0, depth - 1), f"middle_{each}")
    for n in reversed(range(depth)):
        x = L.Concatenate()([L.UpSampling2D(2)(x), skips[n]])
        for i in range(each - 1):
            x = block(x, base * 2**n, f"up_level_{n}_no_{i}")
        x = block(x, base * 2 ** max(0, n - 1), f"up_level_{n}_no_{each}")
    unet = x
    if features:
        x = conv(features, name="features")(x)
    heads = [conv(1, 1, "sigmoid", name="prob")(x), conv(rays, 1, "linear", name="dist")(x)]
    if classes:
        y = conv(features, name="features_class")(unet) if features else x
        heads.append(conv(classes + 1, 1, "softmax", name="prob_class")(y))
    net = keras.Model(image, heads)
    for layer in net.layers:
        shapes = [w.shape for w in layer.get_weights()]
        if isinstance(layer, L.BatchNormalization):
            layer.set_weights([rng.uniform(0.6, 1.4, s) if i in (0, 3) else rng.normal(0, 0.2, s) for i, s in enumerate(shapes)])
        elif shapes:
            fan = np.prod(shapes[0][:3])
            layer.set_weights([rng.normal(0, (2 / fan) ** 0.5, shapes[0]), rng.normal(0, 0.1, shapes[1])])
    return net


def weights(net, path):
    keras.backend.clear_session()
    with h5py.File(path, "w") as file:
        save_weights_to_hdf5_group(file, net)


def write(name, **options):
    net = stardist(**options)
    weights(net, OUT / f"{name}.h5")
    x = rng.uniform(0, 1, (1, 32, 48, options.get("channels", 1))).astype(np.float32)
    prob, dist = (np.asarray(y.detach()) for y in net(x)[:2])
    planar = lambda a: np.ascontiguousarray(a.transpose(0, 3, 1, 2))
    save_file({"input": planar(x), "prob": planar(prob), "dist": planar(dist)}, OUT / f"{name}_io.safetensors")


def folder(name, net, config, thresholds=None, where="my_model/"):
    weights(net, OUT / "weights.h5")
    with zipfile.ZipFile(OUT / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as z:
        for at in [where] if isinstance(where, str) else where:
            z.writestr(f"{at}config.json", json.dumps(config))
            z.write(OUT / "weights.h5", f"{at}weights_best.h5")
            if thresholds:
                z.writestr(f"{at}thresholds.json", json.dumps(thresholds))
    (OUT / "weights.h5").unlink()


def config(**more):
    return {"n_dim": 2, "axes": "YXC", "n_channel_in": 1, "n_channel_out": 9, "train_checkpoint": "weights_best.h5", "n_rays": 8, "grid": [2, 2],
            "backbone": "unet", "n_classes": None, "unet_n_depth": 1, "unet_kernel_size": [3, 3], "unet_n_filter_base": 2,
            "unet_n_conv_per_depth": 2, "unet_pool": [2, 2], "unet_activation": "relu", "unet_last_activation": "relu", "unet_batch_norm": False,
            "unet_dropout": 0.0, "unet_prefix": "", "net_conv_after_unet": 4, "net_input_shape": [None, None, 1]} | more


def objects():
    """Object numbers of an image of discs and ellipses that touch and overlap, those in front last."""
    height, width = 72, 88
    y, x = np.mgrid[:height, :width]
    labels = np.zeros((height, width), int)
    for n, (cy, cx, a, b, turn) in enumerate([(14, 14, 8, 8, 0), (14, 29, 8, 8, 0), (16, 50, 12, 6, 0.5), (20, 68, 7, 10, 0.2), (38, 16, 10, 7, 1.2),
                                              (40, 34, 9, 9, 0), (48, 46, 8, 8, 0), (42, 64, 13, 7, 2.2), (58, 22, 9, 6, 0.1), (60, 72, 8, 8, 0)]):
        u, v = (x - cx) * np.cos(turn) + (y - cy) * np.sin(turn), (y - cy) * np.cos(turn) - (x - cx) * np.sin(turn)
        labels[(u / a) ** 2 + (v / b) ** 2 <= 1] = n + 1
    return labels


def distances(labels, rays):
    """How far each pixel's object reaches along each ray, in steps of a tenth of a pixel, with the errors of a network."""
    out = np.zeros(labels.shape + (rays,))
    for y, x in zip(*np.nonzero(labels)):
        for k in range(rays):
            phi, r = 2 * np.pi * k / rays, 0.0
            while True:
                i, j = round(y + r * np.sin(phi)), round(x + r * np.cos(phi))
                if not (0 <= i < labels.shape[0] and 0 <= j < labels.shape[1]) or labels[i, j] != labels[y, x]:
                    break
                r += 0.1
            out[y, x, k] = r
    return out * rng.normal(1, 0.06, out.shape)


def suppression():
    labels, rays, found = objects(), 16, {}
    dist = distances(labels, rays)
    prob = np.where(labels > 0, dist.min(-1) / (dist.max(-1) + 1e-6), 0) ** 0.5 * rng.uniform(0.9, 1, labels.shape)
    for grid in (1, 2):
        d, p = dist[::grid, ::grid].astype(np.float32), prob[::grid, ::grid].astype(np.float32)
        candidates = np.stack(np.nonzero(p > 0.3), 1)
        at = tuple(candidates.T)
        kept, scores, rims = non_maximum_suppression(d, p, grid=(grid, grid), nms_thresh=0.3, prob_thresh=0.4)
        drawn = polygons_to_label(rims, kept, shape=labels.shape, prob=scores)
        print(f"grid {grid}: {len(candidates)} candidates, {len(kept)} kept, {len(np.unique(drawn)) - 1} drawn")
        number = lambda a: np.ascontiguousarray(a, np.float32)
        found |= {f"points_{grid}": number(candidates * grid), f"prob_{grid}": p[at], f"dist_{grid}": d[at], f"kept_{grid}": number(kept),
                  f"labels_{grid}": number(drawn)}
    save_file(found, OUT / "nms.safetensors")


write("grid1_features")
write("grid2_plain_bn", grid=2, depth=1, features=0, norm=True, channels=3)
write("grid4_one", grid=4, depth=2, each=1, features=3, rays=5)
small = dict(grid=2, depth=1)
folder("folder", stardist(**small), config(), {"prob": 0.479071, "nms": 0.3})
folder("refused_grid", stardist(**small), config(grid=[2, 1]))
folder("refused_activation", stardist(**small), config(unet_activation="elu"), where="")
folder("refused_classes", stardist(**small, classes=2), config(n_classes=2))
folder("refused_two", stardist(**small), config(), where=["a/", "b/"])
suppression()
# Nothing of a volume but the shapes of its kernels.
with h5py.File(OUT / "refused_3d.h5", "w") as file:
    kernels = {"down_level_0_no_0": (3, 3, 3, 1, 2), "prob": (1, 1, 1, 2, 1), "dist": (1, 1, 1, 2, 8)}
    file.attrs["layer_names"] = [name.encode() for name in kernels]
    for name, shape in kernels.items():
        group = file.create_group(name)
        group.attrs["weight_names"] = [f"{name}/kernel:0".encode(), f"{name}/bias:0".encode()]
        group[f"{name}/kernel:0"], group[f"{name}/bias:0"] = np.zeros(shape, "f4"), np.zeros(shape[-1], "f4")
