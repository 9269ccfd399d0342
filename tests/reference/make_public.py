"""Writes public PyTorch U-Nets, 1 channel wide, as tests/foreign.rs opens them: tests/reference/public/.

    python tests/reference/make_public.py        # torch 2.9, safetensors

NAME.pth is what `torch.save(net.state_dict(), ...)` writes, NAME_io.safetensors has `input` and `output`, logits in inference.
    unet_bilinear     the usual one with `bilinear=True`, three levels; the .pth has what a trainer keeps beside it and wrappers before
                      the names
    unet_first        its first version, where the first convolution of a block halves the channels; as .safetensors
    unet        the usual PyTorch U-Net: inc, down1..4, up1..4, outc; names and order as in the public code
    brain_mri   the one of the PyTorch Hub: encoder1..4, bottleneck, upconv4..1, decoder4..1, conv
"""

from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

from make_unet import picture


class Named(nn.Module):
    """A module with the given children."""

    def __init__(self, **children):
        super().__init__()
        for name, child in children.items():
            setattr(self, name, child)


def double(inputs, outputs, middle=None, bias=False):
    middle = middle or outputs
    return nn.Sequential(
        nn.Conv2d(inputs, middle, 3, padding=1, bias=bias), nn.BatchNorm2d(middle), nn.ReLU(),
        nn.Conv2d(middle, outputs, 3, padding=1, bias=bias), nn.BatchNorm2d(outputs), nn.ReLU(),
    )


class Usual(nn.Module):
    def __init__(self, width, inputs, outputs):
        super().__init__()
        c = [width << level for level in range(5)]
        self.inc = Named(double_conv=double(inputs, c[0]))
        for i in range(1, 5):
            setattr(self, f"down{i}", Named(maxpool_conv=nn.Sequential(nn.MaxPool2d(2), Named(double_conv=double(c[i - 1], c[i])))))
        for i in range(1, 5):
            below, here = c[5 - i], c[4 - i]
            setattr(self, f"up{i}", Named(up=nn.ConvTranspose2d(below, here, 2, stride=2), conv=Named(double_conv=double(below, here))))
        self.outc = Named(conv=nn.Conv2d(width, outputs, 1))

    def forward(self, x):
        maps = [self.inc.double_conv(x)]
        for i in range(1, 5):
            pool, block = getattr(self, f"down{i}").maxpool_conv
            maps.append(block.double_conv(pool(maps[-1])))
        x = maps.pop()
        for i in range(1, 5):
            up = getattr(self, f"up{i}")
            x = up.conv.double_conv(torch.cat([maps.pop(), up.up(x)], dim=1))
        return self.outc.conv(x)


class UsualBilinear(nn.Module):
    """The usual one with `bilinear=True`; `first`: its first version."""

    def __init__(self, width, inputs, outputs, levels=3, first=False):
        super().__init__()
        c = [width << level for level in range(levels)]
        c[-1] //= 2
        self.levels, self.names = levels, ("conv", "mpconv") if first else ("double_conv", "maxpool_conv")
        name, pooled = self.names
        block = lambda i, o, middle=None: Named(**{name: double(i, o, None if first else middle, bias=first)})
        self.inc = Named(conv=block(inputs, c[0])) if first else block(inputs, c[0])
        for i in range(1, levels):
            setattr(self, f"down{i}", Named(**{pooled: nn.Sequential(nn.MaxPool2d(2), block(c[i - 1], c[i]))}))
        for i in range(1, levels):
            here = c[levels - 1 - i]
            up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
            setattr(self, f"up{i}", Named(up=up, conv=block(2 * here, c[max(levels - 2 - i, 0)], here)))
        self.outc = Named(conv=nn.Conv2d(width, outputs, 1))

    def forward(self, x):
        name, pooled = self.names
        first = self.inc.conv if name == "conv" else self.inc
        maps = [getattr(first, name)(x)]
        for i in range(1, self.levels):
            pool, block = getattr(getattr(self, f"down{i}"), pooled)
            maps.append(getattr(block, name)(pool(maps[-1])))
        x = maps.pop()
        for i in range(1, self.levels):
            up = getattr(self, f"up{i}")
            x = getattr(up.conv, name)(torch.cat([maps.pop(), up.up(x)], dim=1))
        return self.outc.conv(x)


class BrainMri(nn.Module):
    def __init__(self, width, inputs, outputs):
        super().__init__()
        c = [width << level for level in range(5)]

        def block(i, o, name):
            layers = double(i, o)
            names = ["conv1", "norm1", "relu1", "conv2", "norm2", "relu2"]
            return nn.Sequential(OrderedDict((name + n, layer) for n, layer in zip(names, layers)))

        for n in range(1, 5):
            setattr(self, f"encoder{n}", block(([inputs] + c)[n - 1], c[n - 1], f"enc{n}"))
        self.bottleneck = block(c[3], c[4], "bottleneck")
        for n in range(4, 0, -1):
            setattr(self, f"upconv{n}", nn.ConvTranspose2d(c[n], c[n - 1], 2, stride=2))
            setattr(self, f"decoder{n}", block(c[n], c[n - 1], f"dec{n}"))
        self.conv = nn.Conv2d(width, outputs, 1)

    def forward(self, x):
        skips = []
        for n in range(1, 5):
            skips.append(getattr(self, f"encoder{n}")(x))
            x = F.max_pool2d(skips[-1], 2)
        x = self.bottleneck(x)
        for n in range(4, 0, -1):
            x = torch.cat((getattr(self, f"upconv{n}")(x), skips.pop()), dim=1)
            x = getattr(self, f"decoder{n}")(x)
        return self.conv(x)


def write(folder, name, net, channels, seed, saved=None):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for m in net.modules():
            if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
                m.weight.normal_(0, (2 / (m.weight[0].numel() if isinstance(m, nn.Conv2d) else m.in_channels)) ** 0.5, generator=generator)
            if isinstance(m, nn.BatchNorm2d):
                m.weight.uniform_(0.6, 1.4, generator=generator)
                m.bias.normal_(0, 0.2, generator=generator)
        x = picture(channels, 32, generator).reshape(1, channels, 32, 32)
        net.train()
        for _ in range(8):
            net(picture(2 * channels, 64, generator).reshape(2, channels, 64, 64))
        y = net.eval()(x)
    assert y.std() > 0.02, name
    if saved:
        saved(net.state_dict(), folder / name)
    else:
        torch.save(net.state_dict(), folder / f"{name}.pth")
    save_file({"input": x, "output": y.contiguous()}, folder / f"{name}_io.safetensors")
    print(name, tuple(y.shape), float(y.std()))


def lightning(state, path):
    state = {"model.net." + k: v for k, v in state.items()} | {"loss.pos_weight": torch.tensor([2.0])}
    torch.save({"epoch": 3, "state_dict": state}, f"{path}.pth")


def compiled(state, path):
    save_file({"_orig_mod.module." + k: v for k, v in state.items()}, f"{path}.safetensors")


if __name__ == "__main__":
    torch.set_num_threads(1)
    folder = Path(__file__).parent / "public"
    folder.mkdir(exist_ok=True)
    write(folder, "unet", Usual(1, 3, 2), 3, 31)
    write(folder, "brain_mri", BrainMri(1, 3, 1), 3, 35)
    write(folder, "unet_bilinear", UsualBilinear(2, 1, 2), 1, 36, lightning)
    write(folder, "unet_first", UsualBilinear(2, 1, 1, first=True), 1, 37, compiled)
