"""Writes the reference values of tests/presets.rs: every preset in the framework it comes from, 2 channels wide (retina: 4).

    KERAS_BACKEND=torch python tests/reference/make_networks.py    # torch 2.9, keras 3.15, safetensors

For each preset NAME, tests/reference/networks/ gets NAME.safetensors, the weights under Insitu's names, and NAME_io.safetensors:
    input          [batch, channels, size, size]
    output         logits in inference (of the deepest head), [batch, outputs, out, out]
    output.J       for U-Net++: logits of the shallower heads J
    target         classes 0 and 1, [batch, 1, out, out]
    losses         of steps 1 to 5 of Adam (1e-3, 0.9, 0.999, 1e-8), training mode, without dropout: mean cross-entropy (two outputs),
                   mean binary cross-entropy (one output), for U-Net++ averaged over its heads
    gradient.NAME  gradients of the first step for three parameters
The Keras networks are also saved as Keras does (.h5, .weights.h5). They are built in Keras and their weights converted here: kernels [row, column, in, out] become [out, in, row, column].
"""

import math
from pathlib import Path

import keras
import torch
from keras import layers
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

from make_unet import BatchNorm, picture


def double(inputs, outputs, norm, padding):
    block = nn.ModuleDict({"c1": nn.Conv2d(inputs, outputs, 3, padding=padding), "c2": nn.Conv2d(outputs, outputs, 3, padding=padding)})
    if norm:
        block.update({"b1": BatchNorm(outputs), "b2": BatchNorm(outputs)})
    return block


def run(block, x):
    for i in "12":
        x = block["c" + i](x)
        x = F.relu(block["b" + i](x) if "b" + i in block else x)
    return x


class UNet(nn.Module):
    """Ronneberger 2015: valid or same padding, with or without batch normalisation, a 1x1 or a 3x3 convolution at the end."""

    def __init__(self, width, outputs, norm, same, up_activation, head=1):
        super().__init__()
        c = [width * 2**level for level in range(5)]
        padding = 1 if same else 0
        self.down = nn.ModuleList(double(i, o, norm, padding) for i, o in zip([1] + c, c))
        steps = list(zip(c[::-1], c[-2::-1]))
        self.up = nn.ModuleList(nn.ConvTranspose2d(below, here, 2, stride=2) for below, here in steps)
        if up_activation:
            self.upb = nn.ModuleList(BatchNorm(here) for _, here in steps)
        self.dec = nn.ModuleList(double(2 * here, here, norm, padding) for _, here in steps)
        self.head = nn.Conv2d(width, outputs, head, padding=head // 2)

    def forward(self, x):
        skips = []
        for level, block in enumerate(self.down):
            x = run(block, x if level == 0 else F.max_pool2d(x, 2))
            skips.append(x)
        skips.pop()
        for i, block in enumerate(self.dec):
            x = self.up[i](x)
            if hasattr(self, "upb"):
                x = F.relu(self.upb[i](x))
            skip = skips.pop()
            edge = (skip.shape[2] - x.shape[2]) // 2
            x = run(block, torch.cat([x, skip[:, :, edge : edge + x.shape[2], edge : edge + x.shape[3]]], 1))
        return [self.head(x)]


class UNetPlusPlus(nn.Module):
    """Zhou 2018: node X(i, j) takes X(i, 0) .. X(i, j-1) and what comes up from X(i+1, j-1); one head on each X(0, j)."""

    def __init__(self, width, inputs, outputs):
        super().__init__()
        c = [width * 2**level for level in range(5)]
        self.x = nn.ModuleDict({str(i): nn.ModuleDict() for i in range(5)})
        self.up = nn.ModuleDict({str(i): nn.ModuleDict() for i in range(4)})
        for i in range(5):
            self.x[str(i)]["0"] = double(([inputs] + c)[i], c[i], False, 1)
            for j in range(1, 5 - i):
                self.up[str(i)][str(j)] = nn.ConvTranspose2d(c[i + 1], c[i], 2, stride=2)
                self.x[str(i)][str(j)] = double((j + 1) * c[i], c[i], False, 1)
        self.head = nn.ModuleList(nn.Conv2d(width, outputs, 1) for _ in range(4))

    def forward(self, x):
        grid = {}
        for s in range(5):
            for i in range(s, -1, -1):
                j = s - i
                block = self.x[str(i)][str(j)]
                if j == 0:
                    grid[i, 0] = run(block, x if i == 0 else F.max_pool2d(grid[i - 1, 0], 2))
                else:
                    below = self.up[str(i)][str(j)](grid[i + 1, j - 1])
                    grid[i, j] = run(block, torch.cat([grid[i, k] for k in range(j)] + [below], 1))
        return [head(grid[0, j + 1]) for j, head in enumerate(self.head)]


def keras_unet(width):
    """The usual Keras U-Net on 256x256x1, here of any size; logits instead of the sigmoid, dropout switched off."""
    conv = lambda n, k, name, act="relu": layers.Conv2D(n, k, activation=act, padding="same", name=name.replace(".", "_"))
    block = lambda x, n, name: conv(n, 3, name + ".c2")(conv(n, 3, name + ".c1")(x))
    x = start = keras.Input((None, None, 1))
    skips = []
    for level in range(5):
        x = block(x if level == 0 else layers.MaxPooling2D(2)(x), width << level, f"down.{level}")
        skips.append(x)
    skips.pop()
    for i, level in enumerate((3, 2, 1, 0)):
        x = conv(width << level, 2, f"upconv.{i}")(layers.UpSampling2D(2)(x))
        x = block(layers.Concatenate(axis=3)([skips.pop(), x]), width << level, f"dec.{i}")
    x = conv(2, 3, "head.hidden")(x)
    return keras.Model(start, conv(1, 1, "head", None)(x))


def keras_retina(width):
    """The retina vessel U-Net: no convolution on the way up, a last 1x1 convolution with ReLU; dropout switched off."""
    conv = lambda n, k, name: layers.Conv2D(n, k, activation="relu", padding="same", name=name.replace(".", "_"))
    block = lambda x, n, name: conv(n, 3, name + ".c2")(conv(n, 3, name + ".c1")(x))
    start = keras.Input((None, None, 1))
    one = block(start, width, "down.0")
    two = block(layers.MaxPooling2D(2)(one), 2 * width, "down.1")
    three = block(layers.MaxPooling2D(2)(two), 4 * width, "down.2")
    x = block(layers.Concatenate(axis=3)([two, layers.UpSampling2D(2)(three)]), 2 * width, "dec.0")
    x = block(layers.Concatenate(axis=3)([one, layers.UpSampling2D(2)(x)]), width, "dec.1")
    return keras.Model(start, conv(2, 1, "head")(x))


class FromKeras(nn.Module):
    """A Keras model (torch backend) with PyTorch's layout of images and Insitu's names and layout of weights."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return [self.model(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)]

    def tensors(self):
        """Name to (parameter, function into PyTorch's layout)."""
        found = {}
        for layer in self.model.layers:
            if layer.weights:
                (kernel, bias), name = layer.weights, layer.name.replace("_", ".")
                found[name + ".weight"] = kernel.value, lambda t: t.permute(3, 2, 0, 1)
                found[name + ".bias"] = bias.value, lambda t: t
        return found


def tensors(net):
    if isinstance(net, FromKeras):
        return net.tensors()
    return {k: (v, lambda t: t) for k, v in net.state_dict(keep_vars=True).items() if "num_batches" not in k}


def settle(net, generator, channels, size):
    """Weights as He draws them, biases and statistics that are not 0 and 1."""
    with torch.no_grad():
        for name, (value, turn) in tensors(net).items():
            shape = turn(value).shape
            if value.dim() == 4:
                transposed = name.startswith("up.")
                fan_in = shape[0] if transposed else math.prod(shape[1:])
                value.normal_(0, math.sqrt(2 / fan_in), generator=generator)
            elif "running" not in name and ".b" not in name.removesuffix(".bias") and "upb" not in name:
                value.normal_(0, 0.1, generator=generator)
        norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
        for norm in norms:
            norm.weight.uniform_(0.6, 1.4, generator=generator)
            norm.bias.normal_(0, 0.2, generator=generator)
        net.train()
        for _ in range(8):
            net(picture(2 * channels, size, generator).reshape(2, channels, size, size))
        for norm in norms:
            norm.running_mean += 0.1 * torch.randn(norm.running_mean.shape, generator=generator)
            norm.running_var *= 0.8 + 0.4 * torch.rand(norm.running_var.shape, generator=generator)


def loss_of(heads, target):
    each = [
        F.binary_cross_entropy_with_logits(y, target) if y.shape[1] == 1 else F.cross_entropy(y, target[:, 0].long())
        for y in heads
    ]
    return sum(each) / len(each)


def write(folder, name, net, channels, size, gradients, seed):
    generator = torch.Generator().manual_seed(seed)
    settle(net, generator, channels, size)
    parameters = tensors(net)
    out = {k: turn(v.detach()).clone().contiguous() for k, (v, turn) in parameters.items()}
    save_file(out, folder / f"{name}.safetensors")
    if isinstance(net, FromKeras):
        net.model.save(folder / f"{name}.h5")
        if name == "retina":  # one of them is enough
            net.model.save_weights(folder / f"{name}.weights.h5")
    x = picture(channels, size, generator).reshape(1, channels, size, size)
    io = {"input": x}
    with torch.no_grad():
        heads = net.eval()(x)
    io["output"] = heads[-1]
    assert heads[-1].std() > 0.05, f"{name} says the same everywhere: another seed"
    if len(heads) > 1:
        io |= {f"output.{j}": y for j, y in enumerate(heads[:-1])}
    edge = (size - heads[-1].shape[2]) // 2
    io["target"] = (x[:, :1, edge : size - edge, edge : size - edge] > 0.5).float()
    learnt = [v for k, (v, _) in parameters.items() if "running" not in k]
    adam = torch.optim.Adam(learnt, lr=1e-3, betas=(0.9, 0.999), eps=1e-8)
    net.train()
    losses = []
    for step in range(5):
        loss = loss_of(net(x), io["target"])
        adam.zero_grad()
        loss.backward()
        if step == 0:
            io |= {f"gradient.{g}": parameters[g][1](parameters[g][0].grad).clone() for g in gradients}
        adam.step()
        losses.append(loss.detach())
    io["losses"] = torch.stack(losses)
    save_file({k: v.detach().contiguous() for k, v in io.items()}, folder / f"{name}_io.safetensors")
    print(name, "losses", [round(float(v), 5) for v in losses], "output", tuple(io["output"].shape), float(io["output"].std()))


if __name__ == "__main__":
    torch.set_num_threads(1)
    folder = Path(__file__).parent / "networks"
    folder.mkdir(exist_ok=True)
    some = ["down.0.c1.weight", "dec.1.c2.bias", "head.weight"]
    write(folder, "small", UNet(2, 1, True, True, True), 1, 64, ["down.0.c1.weight", "upb.1.weight", "head.weight"], 21)
    write(folder, "small-bn", UNet(2, 1, True, True, True, head=3), 1, 64, ["down.3.b1.weight", "up.0.weight", "head.weight"], 42)
    write(folder, "ronneberger2015", UNet(2, 2, False, False, False), 1, 204, some, 23)
    write(folder, "ronneberger2015-bn", UNet(2, 2, True, False, False), 1, 204, ["down.0.c1.weight", "dec.1.b2.bias", "head.weight"], 24)
    write(folder, "keras", FromKeras(keras_unet(2)), 1, 64, ["down.0.c1.weight", "upconv.1.weight", "head.hidden.bias"], 25)
    write(folder, "retina", FromKeras(keras_retina(4)), 1, 48, some, 26)
    write(folder, "unet++", UNetPlusPlus(2, 3, 1), 3, 64, ["x.0.0.c1.weight", "up.1.2.weight", "head.0.weight"], 27)
