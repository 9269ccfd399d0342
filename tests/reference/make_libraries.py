"""Writes U-Nets of public libraries, 2 to 4 channels wide, as tests/libraries.rs opens them: tests/reference/libraries/.

    python tests/reference/make_libraries.py        # torch 2.15, monai 1.6, dynamic_network_architectures 0.4, segmentation_models_pytorch 0.6

NAME.pth is the state dict, NAME_io.safetensors has `input` and `output`, logits in inference. refused.json: what is not computed, by a
word of the sentence that refuses it: names and shapes of the tensors of the library's own network (the first and the last of them).
"""

import json
from pathlib import Path

import monai.networks.nets as monai
import numpy as np
import segmentation_models_pytorch as smp
import torch
from dynamic_network_architectures.architectures.unet import PlainConvUNet, ResidualEncoderUNet
from safetensors.torch import save_file
from segmentation_models_pytorch.encoders import encoders
from segmentation_models_pytorch.encoders.vgg import VGGEncoder
from torch import nn

from make_unet import picture

folder = Path(__file__).parent / "libraries"
refused = {}


def plain(state, path):
    """Without a ZIP archive, which takes more than such small tensors do."""
    torch.save(state, path, _use_new_zipfile_serialization=False)


def settled(net, channels, size, generator):
    """Weights that let much through, and normalisations with a scale and statistics of their own, as in a trained network."""
    with torch.no_grad():
        for m in net.modules():
            if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
                fan_in = m.weight[0].numel() if isinstance(m, nn.Conv2d) else m.in_channels * m.weight[0, 0].numel() / 4
                m.weight.normal_(0, (2 / fan_in) ** 0.5, generator=generator)
                if m.bias is not None:
                    m.bias.normal_(0, 0.1, generator=generator)
            if isinstance(m, (nn.BatchNorm2d, nn.InstanceNorm2d)) and m.weight is not None:
                m.weight.uniform_(0.6, 1.4, generator=generator)
                m.bias.normal_(0, 0.2, generator=generator)
            if isinstance(m, nn.PReLU):
                m.weight.uniform_(0.05, 0.5, generator=generator)
        net.train()
        for _ in range(8):
            net(picture(2 * channels, size, generator).reshape(2, channels, size, size))
    return net.eval()


def write(name, net, channels, size, seed, saved=torch.save):
    generator = torch.Generator().manual_seed(seed)
    settled(net, channels, size, generator)
    x = picture(channels, size, generator).reshape(1, channels, size, size)
    with torch.no_grad():
        y = net(x)
    y = y[0] if isinstance(y, (list, tuple)) else y
    assert y.shape[2:] == x.shape[2:] and y.std() > 0.02, (name, y.shape, y.std())
    saved(net.state_dict(), folder / f"{name}.pth")
    save_file({"input": x, "output": y.contiguous()}, folder / f"{name}_io.safetensors")
    print(name, tuple(y.shape), float(y.std()), (folder / f"{name}.pth").stat().st_size)


def refuse(word, net):
    tensors = [(name, list(t.shape)) for name, t in net.state_dict().items()]
    # nnU-Net has its tensors several times.
    tensors = [(name, shape) for name, shape in tensors if "all_modules" not in name and "decoder.encoder" not in name]
    if len(tensors) >= 70:
        # Encoders have hundreds: some tensors of each half tell the network.
        weights = [t for t in tensors if t[0].endswith(("weight", "running_mean"))]
        decoder = [t for t in weights if t[0].startswith("decoder.")]
        tensors = weights[:14] + decoder[:16] + decoder[-4:] + weights[-3:]
    refused.setdefault(word, []).append(tensors)


def of_monai():
    write("monai_basic", monai.BasicUNet(2, 1, 3, features=(2, 3, 4, 3, 2, 5)), 1, 32, 61)
    write("monai_basic_bn", monai.BasicUNet(2, 3, 1, features=(2, 2, 2, 2, 2, 2), act="PRELU", norm="batch", bias=False), 3, 32, 62, plain)
    write("monai_unet", monai.UNet(2, 1, 2, (2, 3, 4), (2, 2), num_res_units=0), 1, 32, 63)
    # With a wrapper's name before its own.
    lightning = lambda state, path: torch.save({"state_dict": {f"net.{k}": v for k, v in state.items()}, "epoch": 3}, path)
    write("monai_unet_two", monai.UNet(2, 3, 1, (2, 3), (2,), num_res_units=0, norm=("instance", {"affine": True})), 3, 32, 64, lightning)
    refuse("residual units", monai.UNet(2, 1, 2, (2, 3), (2,), num_res_units=2))
    refuse("3-D", monai.BasicUNet(3, 1, 3, features=(2, 2, 2, 2, 2, 2)))
    refuse("3-D", monai.UNet(3, 1, 2, (2, 3, 4), (2, 2), num_res_units=0))
    refuse("another upsampling", monai.BasicUNet(2, 1, 2, (2, 2, 2, 2, 2, 2), upsample="nontrainable"))
    refuse("attention gates", monai.AttentionUnet(2, 1, 2, (2, 4, 6), (2, 2)))
    refuse("SegResNet", monai.SegResNet(2, 8, 1, 2))
    refuse("SegResNetDS", monai.SegResNetDS(2, 8, 1, 2))
    refuse("UNETR", monai.UNETR(1, 2, (32, 32), spatial_dims=2, feature_size=4, hidden_size=24, mlp_dim=8, num_heads=2))
    refuse("SwinUNETR", monai.SwinUNETR(in_channels=1, out_channels=2, feature_size=12, spatial_dims=2))
    refuse("DynUNet", monai.DynUNet(2, 1, 2, (3, 3, 3), (1, 2, 2), (2, 2), filters=(2, 3, 4)))
    refuse("BasicUNetPlusPlus", monai.BasicUNetPlusPlus(2, 1, 2, (2, 2, 2, 2, 2, 2)))
    refuse("VNet", monai.VNet(2, 1, 2))
    refuse("other kernels than 3x3", monai.UNet(2, 1, 2, (2, 3, 4), (2, 2), kernel_size=5, num_res_units=0))


def of_nnunet():
    def network(of, features, convolutions, classes=3, channels=1, conv=nn.Conv2d, norm=nn.InstanceNorm2d, strides=None, **more):
        count = len(features)
        return of(channels, count, features, conv, 3, strides or [1] + [2] * (count - 1), convolutions, classes, more.pop("up", [2] * (count - 1)),
                  conv_bias=True, norm_op=norm, norm_op_kwargs={"eps": 1e-5, "affine": True}, dropout_op=None,
                  nonlin=nn.LeakyReLU, nonlin_kwargs={"inplace": True}, deep_supervision=True)

    def plans(patch, normalisation, spacing, **architecture):
        """As nnunetv2 2.5 has them, what is not needed left out."""
        kwargs = {"conv_op": "torch.nn.modules.conv.Conv2d", "norm_op": "torch.nn.modules.instancenorm.InstanceNorm2d",
                  "norm_op_kwargs": {"eps": 1e-05, "affine": True}, "dropout_op": None, "nonlin": "torch.nn.LeakyReLU",
                  "nonlin_kwargs": {"inplace": True}} | architecture
        two = {"data_identifier": "nnUNetPlans_2d", "batch_size": 12, "patch_size": patch, "spacing": spacing,
               "median_image_size_in_voxels": [40.5, 60.0], "normalization_schemes": [normalisation], "use_mask_for_norm": [False],
               "architecture": {"network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet", "arch_kwargs": kwargs}}
        intensities = {"max": 3071.0, "mean": 52.5, "median": 50.0, "min": -1024.0, "percentile_00_5": -958.0, "percentile_99_5": 327.0, "std": 137.25}
        return {"dataset_name": "Dataset001_Test", "plans_name": "nnUNetPlans", "configurations": {"2d": two},
                "foreground_intensity_properties_per_channel": {"0": intensities}}

    def checkpoint(plans, labels, axes):
        def save(state, path):
            parameter = nn.Parameter(torch.zeros(3))
            optimiser = torch.optim.SGD([parameter], lr=0.01, momentum=0.99, nesterov=True)
            logging = {"mean_fg_dice": [np.float64(0.5), np.float32(0.75)], "dice_per_class_or_region": [[np.float64(0.5)]],
                       "epoch_start_timestamps": np.arange(3.0), "lrs": [0.01]}
            torch.save({"network_weights": state, "optimizer_state": optimiser.state_dict(), "grad_scaler_state": None, "logging": logging,
                        "_best_ema": np.float64(0.6), "current_epoch": 1000,
                        "init_args": {"plans": plans, "configuration": "2d", "fold": 0, "device": torch.device("cpu"),
                                      "dataset_json": {"channel_names": {"0": "MRI"}, "labels": labels, "numTraining": 9, "file_ending": ".png"}},
                        "trainer_name": "nnUNetTrainer", "inference_allowed_mirroring_axes": axes}, path)
        return save

    three = {"background": 0, "kidney": 1, "tumour": 2}
    net = network(PlainConvUNet, [2, 3, 4], 2)
    # Deep supervision gives all heads in inference, too; the first of its list is the last head.
    write("nnunet", net, 1, 32, 71, checkpoint(plans([32, 24], "ZScoreNormalization", [0.5, 0.5]), three, (0, 1)))
    net = network(PlainConvUNet, [2, 3, 3, 3], [1, 2, 3, 1], classes=2, up=[1, 2, 3])
    write("nnunet_ct", net, 1, 32, 72, checkpoint(plans([32, 32], "CTNormalization", [1.0, 1.0]), {"background": 0, "lung": 1}, None))
    net = network(PlainConvUNet, [2, 2, 2], 2, channels=3)
    write("nnunet_bare", net, 3, 32, 73, plain)
    regions = checkpoint(plans([32, 32], "ZScoreNormalization", [1.0, 1.0]), {"background": 0, "whole": [1, 2], "core": 2}, (0, 1))
    tiny = network(PlainConvUNet, [1, 1], 1, classes=2, up=[1])
    regions(tiny.state_dict(), folder / "refused_regions.pth")
    refuse("ResidualEncoderUNet", network(ResidualEncoderUNet, [2, 3, 4], [1, 2, 2]))
    refuse("3-D", network(PlainConvUNet, [2, 3, 4], 2, conv=nn.Conv3d, norm=nn.InstanceNorm3d))
    refuse("other strides than 2", network(PlainConvUNet, [2, 3, 4], 2, strides=[1, 2, [2, 1]]))
    refuse("images of 4 channels", network(PlainConvUNet, [2, 3, 4], 2, channels=4))


def of_smp():
    # VGG 11 and 16 with few channels: the library's own encoder and decoder with another list of layers.
    for name, config, norm in [
        ("vgg_11", [2, "M", 3, "M", 4, 4, "M", 4, 3, "M", 4, 2, "M"], False),
        ("vgg_16_bn", [2, 2, "M", 2, 2, "M", 3, 3, 3, "M", 3, 3, 3, "M", 2, 2, 2, "M"], True),
    ]:
        of = [n for n, after in zip(config, config[1:]) if after == "M"]
        params = {"out_channels": of + of[-1:], "config": config, "batch_norm": norm}
        encoders[name] = {"encoder": VGGEncoder, "pretrained_settings": {}, "params": params}
    unet = lambda encoder, **how: smp.Unet(encoder, encoder_weights=None, **{"decoder_channels": (6, 5, 4, 3, 2)} | how)
    write("smp_vgg11", unet("vgg_11", in_channels=1, classes=1), 1, 32, 81, plain)

    class Pixels(nn.Module):
        """Without the answer for the whole image."""

        def __init__(self, net):
            super().__init__()
            self.net = net

        def forward(self, x):
            return self.net(x)[0]

    net = Pixels(unet("vgg_16_bn", classes=2, aux_params={"classes": 2, "pooling": "avg"}))
    without = lambda state, path: plain({name.removeprefix("net."): t for name, t in state.items()}, path)
    write("smp_vgg16_bn", net, 3, 32, 82, without)
    own = {"in_channels": 1, "classes": 2}
    for words, encoder in [("a ResNet encoder", "resnet18"), ("a ResNet encoder", "resnext50_32x4d"), ("a MobileNet encoder", "mobilenet_v2"),
                           ("an EfficientNet encoder", "efficientnet-b0"), ("an EfficientNet encoder", "timm-efficientnet-b0"),
                           ("a DenseNet encoder", "densenet121"), ("a Mix Vision Transformer", "mit_b0"), ("an SE-ResNet encoder", "se_resnet50"),
                           ("another encoder than VGG", "inceptionv4"), ("another encoder than VGG", "tu-convnext_tiny")]:
        refuse(words, unet(encoder, **own | ({"in_channels": 3} if encoder == "mit_b0" else {})))
    refuse("scSE attention", unet("vgg_11", decoder_channels=(32,) * 5, decoder_attention_type="scse", **own))
    refuse("another depth than 5", unet("vgg_11", encoder_depth=4, decoder_channels=(4, 4, 4, 4), **own))
    refuse("without batch normalisation in its decoder", unet("vgg_11", decoder_use_norm=False, **own))
    for words, kind in [("UnetPlusPlus", smp.UnetPlusPlus), ("MAnet", smp.MAnet), ("DeepLabV3", smp.DeepLabV3), ("DeepLabV3", smp.DeepLabV3Plus),
                        ("FPN", smp.FPN), ("PSPNet", smp.PSPNet), ("PAN", smp.PAN), ("Linknet", smp.Linknet), ("Segformer", smp.Segformer),
                        ("UPerNet", smp.UPerNet)]:
        refuse(words, kind("resnet18", encoder_weights=None, **own))


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(60)
    folder.mkdir(exist_ok=True)
    of_monai()
    of_nnunet()
    of_smp()
    (folder / "refused.json").write_text(json.dumps(refused))
    print({word: len(nets) for word, nets in refused.items()}, (folder / "refused.json").stat().st_size)
