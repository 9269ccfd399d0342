"""Writes the reference values of tests/instance.rs: networks with instance normalisation in PyTorch, what they compute, and how they learn.

    python tests/reference/make_instance.py        # torch 2.15, safetensors; writes tests/reference/unet/instance*, strided*

    instance_w2   three levels of 2, 3 and 5 channels, one and twice two convolutions, strided, leaky ReLU, affine instance normalisation
    strided_w2    three levels of 2, 3 and 4 channels with a convolution each, 3x3 transposed convolutions, learnt slopes,
                  instance normalisation without a scale

The tensors of NAME_io.safetensors are those of make_unet.py.
"""

from pathlib import Path

import torch
from torch import nn

from make_unet import write


def norm(channels):
    layer = nn.InstanceNorm2d(channels, affine=True)
    nn.init.uniform_(layer.weight, 0.6, 1.4)
    nn.init.normal_(layer.bias, 0, 0.2)
    return layer


class Block(nn.Module):
    """3x3 convolutions with instance normalisation and leaky ReLU."""

    def __init__(self, inputs, channels, stride=1):
        super().__init__()
        self.count = len(channels)
        for i, (before, after) in enumerate(zip([inputs] + channels, channels), 1):
            setattr(self, f"c{i}", nn.Conv2d(before, after, 3, padding=1, stride=stride if i == 1 else 1))
            setattr(self, f"b{i}", norm(after))

    def forward(self, x):
        for i in range(1, self.count + 1):
            x = nn.functional.leaky_relu(getattr(self, f"b{i}")(getattr(self, f"c{i}")(x)), 0.01)
        return x


class Instance(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList([Block(1, [2]), Block(2, [3, 3], 2), Block(3, [5, 5], 2)])
        self.up = nn.ModuleList([nn.ConvTranspose2d(5, 3, 2, stride=2), nn.ConvTranspose2d(3, 2, 2, stride=2)])
        self.dec = nn.ModuleList([Block(6, [3, 3]), Block(4, [2, 4])])
        self.head = nn.Conv2d(4, 1, 1)

    def forward(self, x):
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        skips.pop()
        for up, block in zip(self.up, self.dec):
            x = block(torch.cat([up(x), skips.pop()], 1))
        return self.head(x)


class Named(nn.Module):
    def __init__(self, **children):
        super().__init__()
        for name, child in children.items():
            setattr(self, name, child)


class Strided(nn.Module):
    def __init__(self):
        super().__init__()
        c = [1, 2, 3, 4]
        self.down = nn.ModuleList(
            Named(c1=nn.Conv2d(c[i], c[i + 1], 3, padding=1, stride=2 if i < 2 else 1), a1=nn.PReLU(init=0.1 + 0.1 * i)) for i in range(3)
        )
        larger = lambda i, o: nn.ConvTranspose2d(i, o, 3, stride=2, padding=1, output_padding=1)
        self.up = nn.ModuleList([larger(7, 2)])
        self.upa = nn.ModuleList([nn.PReLU(init=0.4)])
        self.head = larger(4, 1)

    def forward(self, x):
        norm = nn.functional.instance_norm
        skips = []
        for block in self.down:
            x = block.a1(norm(block.c1(x)))
            skips.append(x)
        skips.pop()
        x = self.upa[0](norm(self.up[0](torch.cat([skips.pop(), x], 1))))
        return self.head(torch.cat([skips.pop(), x], 1))


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(51)
    folder = Path(__file__).parent / "unet"
    write(folder, "instance_w2", Instance(), 16, ["down.0.b1.weight", "down.1.c1.weight", "dec.1.b2.bias", "up.1.weight"], 52)
    write(folder, "strided_w2", Strided(), 16, ["down.0.c1.weight", "down.2.a1.weight", "up.0.weight", "upa.0.weight", "head.weight"], 53)
