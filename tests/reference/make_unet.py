"""Writes the reference values of tests/parity.rs: small U-Nets in PyTorch, what they compute, and how they learn.

    python tests/reference/make_unet.py        # torch 2.9, numpy, safetensors; writes tests/reference/unet/

For each network NAME.safetensors has the weights and NAME_io.safetensors:
    input          [2, 1, size, size]
    output         logits in inference, [2, 1, out, out]
    target         masks of 0 and 1, like the output
    losses         mean binary cross-entropy of steps 1, 2, 3 of Adam (1e-3, 0.9, 0.999, 1e-8), training mode
    gradient.NAME  gradients of the first step
    settled        logits in inference after one pass in training mode, which moved the running statistics
"""

import math
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F


class BatchNorm(nn.BatchNorm2d):
    """As in PyTorch, but the running variance follows the variance that the batch was divided by (over n, not over
    n - 1), as Burn's does. Only `settled` depends on it."""

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        with torch.no_grad():
            variance, mean = torch.var_mean(x, (0, 2, 3), correction=0)
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance, self.momentum)
        return F.batch_norm(x, None, None, self.weight, self.bias, training=True, eps=self.eps)


class Double(nn.Module):
    """Two 3x3 convolutions, each followed by batch normalisation (if wanted) and an activation, or by these the other way round."""

    def __init__(self, inputs, outputs, norm, padding, middle=None, activation=F.relu, norm_last=False):
        super().__init__()
        middle = middle or outputs
        self.activation, self.norm_last = activation, norm_last
        self.c1 = nn.Conv2d(inputs, middle, 3, padding=padding)
        self.c2 = nn.Conv2d(middle, outputs, 3, padding=padding)
        if norm:
            self.b1 = BatchNorm(middle)
            self.b2 = BatchNorm(outputs)

    def forward(self, x):
        for conv, norm in (("c1", "b1"), ("c2", "b2")):
            x = getattr(self, conv)(x)
            norm = getattr(self, norm, nn.Identity())
            x = norm(self.activation(x)) if self.norm_last else self.activation(norm(x))
        return x


class UNet(nn.Module):
    """Ronneberger's U-Net with the choices that Insitu's configuration has."""

    def __init__(self, width, levels, norm=True, same=True, transposed=True, up_activation=True):
        super().__init__()
        channels = [width * 2**level for level in range(levels)]
        padding = 1 if same else 0
        self.up_activation = up_activation
        self.down = nn.ModuleList(
            Double(inputs, outputs, norm, padding) for inputs, outputs in zip([1] + channels, channels)
        )
        steps = list(zip(channels[::-1], channels[-2::-1]))  # (below, here) from the bottom up
        if transposed:
            self.up = nn.ModuleList(nn.ConvTranspose2d(below, here, 2, stride=2) for below, here in steps)
        else:
            self.upconv = nn.ModuleList(nn.Conv2d(below, here, 2) for below, here in steps)
        if norm and up_activation:
            self.upb = nn.ModuleList(BatchNorm(here) for _, here in steps)
        self.dec = nn.ModuleList(Double(2 * here, here, norm, padding) for _, here in steps)
        self.head = nn.Conv2d(width, 1, 1)

    def forward(self, x):
        skips = []
        for level, block in enumerate(self.down):
            x = block(x)
            if level + 1 < len(self.down):
                skips.append(x)
                x = F.max_pool2d(x, 2)
        for i, block in enumerate(self.dec):
            if hasattr(self, "up"):
                x = self.up[i](x)
            else:
                x = F.interpolate(x, scale_factor=2, mode="nearest")
                x = self.upconv[i](F.pad(x, (0, 1, 0, 1)))  # left, right, top, bottom
            if self.up_activation:
                x = F.relu(self.upb[i](x) if hasattr(self, "upb") else x)
            skip = skips.pop()
            top, left = (skip.shape[2] - x.shape[2]) // 2, (skip.shape[3] - x.shape[3]) // 2
            skip = skip[:, :, top : top + x.shape[2], left : left + x.shape[3]]
            x = block(torch.cat([x, skip], 1))
        return self.head(x)


class Bilinear(nn.Module):
    """Enlarged by bilinear interpolation: with aligned corners, the blocks below halving the channels (as public U-Nets do), or between
    the middles of pixels with a 2x2 convolution, normalisation behind the activation."""

    def __init__(self, width, levels, aligned, activation):
        super().__init__()
        c = [width * 2**level for level in range(levels)]
        self.aligned, self.activation = aligned, activation
        options = {"activation": activation, "norm_last": not aligned}
        down = c[:-1] + [c[-2] if aligned else c[-1]]
        self.down = nn.ModuleList(Double(i, o, True, 1, **options) for i, o in zip([1] + c, down))
        steps = range(levels - 2, -1, -1)
        if not aligned:
            self.upconv = nn.ModuleList(nn.Conv2d(c[i + 1], c[i], 2) for i in steps)
            self.upb = nn.ModuleList(BatchNorm(c[i]) for i in steps)
        ends = [c[max(i - 1, 0)] if aligned else c[i] for i in steps]
        self.dec = nn.ModuleList(Double(2 * c[i], o, True, 1, middle=c[i], **options) for i, o in zip(steps, ends))
        self.head = nn.Conv2d(width, 1, 1)

    def forward(self, x):
        skips = []
        for level, block in enumerate(self.down):
            skips.append(block(x if level == 0 else F.max_pool2d(skips[-1], 2)))
        x = skips.pop()
        for i, block in enumerate(self.dec):
            x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=self.aligned)
            if not self.aligned:
                x = self.upb[i](self.activation(self.upconv[i](F.pad(x, (0, 1, 0, 1)))))
            x = block(torch.cat([x, skips.pop()], 1))
        return self.head(x)


def picture(count, size, generator):
    """Smooth blobs with noise, 0 to about 1."""
    coarse = torch.rand(count, 1, 7, 7, generator=generator)
    smooth = F.interpolate(coarse, size=(size, size), mode="bicubic", align_corners=True)
    return smooth + 0.1 * torch.randn(count, 1, size, size, generator=generator)


def settle(net, generator):
    """Gives batch normalisation statistics and scales that are neither 0 nor 1, as a trained network has."""
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    with torch.no_grad():
        for norm in norms:
            norm.weight.uniform_(0.6, 1.4, generator=generator)
            norm.bias.normal_(0, 0.2, generator=generator)
        net.train()
        for _ in range(8):
            net(picture(2, 64, generator))
        for norm in norms:
            norm.running_mean += 0.1 * torch.randn(norm.running_mean.shape, generator=generator)
            norm.running_var *= 0.8 + 0.4 * torch.rand(norm.running_var.shape, generator=generator)


def write(folder, name, net, size, gradients, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for m in net.modules():
            if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
                fan_in = m.in_channels * math.prod(m.kernel_size) / (4 if isinstance(m, nn.ConvTranspose2d) else 1)
                m.weight.normal_(0, math.sqrt(2 / fan_in), generator=generator)
                m.bias.normal_(0, 0.1, generator=generator)
    settle(net, generator)
    weights = {k: v.clone() for k, v in net.state_dict().items() if "num_batches" not in k}
    save_file(weights, folder / f"{name}.safetensors")

    x = picture(2, size, generator)
    io = {"input": x}
    with torch.no_grad():
        io["output"] = net.eval()(x)
    edge = (size - io["output"].shape[2]) // 2
    io["target"] = (x[:, :, edge : size - edge, edge : size - edge] > 0.5).float()
    before = {k: v.clone() for k, v in net.state_dict().items()}
    with torch.no_grad():
        net.train()(x)
        io["settled"] = net.eval()(x)
    net.load_state_dict(before)
    adam = torch.optim.Adam(net.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8)
    net.train()
    losses = []
    for step in range(3):
        loss = F.binary_cross_entropy_with_logits(net(x), io["target"])
        adam.zero_grad()
        loss.backward()
        if step == 0:
            parameters = dict(net.named_parameters())
            io |= {f"gradient.{g}": parameters[g].grad.clone() for g in gradients}
        adam.step()
        losses.append(loss.detach())
    io["losses"] = torch.stack(losses)
    save_file({k: v.contiguous() for k, v in io.items()}, folder / f"{name}_io.safetensors")
    print(name, "losses", [round(float(v), 5) for v in losses], "output", tuple(io["output"].shape))


if __name__ == "__main__":
    torch.set_num_threads(1)
    folder = Path(__file__).parent / "unet"
    folder.mkdir(exist_ok=True)
    some = ["down.0.c1.weight", "down.2.c2.weight", "dec.0.c1.bias", "head.weight"]
    norms = ["down.1.b1.weight", "down.1.b1.bias"]
    write(folder, "small_w2", UNet(2, 5), 64, some + norms + ["up.0.weight", "upb.0.bias"], 11)
    write(folder, "nearest_w4", UNet(4, 3, transposed=False), 32, some + norms + ["upconv.0.weight"], 12)
    plain = UNet(4, 3, norm=False, same=False, up_activation=False)
    write(folder, "valid_w4", plain, 92, some + ["up.0.weight"], 13)
    write(folder, "aligned_w2", Bilinear(2, 3, True, F.relu), 32, some + norms, 14)
    write(folder, "half_pixel_w2", Bilinear(2, 3, False, F.elu), 32, some + norms + ["upconv.0.weight"], 15)
