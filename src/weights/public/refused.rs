//! Networks that are known by their names and not computed: what they are, for people.

use super::modules::Modules;

/// Parts of names that only this network has, and what it is; the first that fits counts.
const NETWORKS: &[(&str, &str)] = &[
    ("swinViT.", "MONAI's SwinUNETR, a transformer"),
    ("vit.patch_embedding", "MONAI's UNETR, a transformer"),
    (".attention.W_g.", "MONAI's AttentionUnet, which has attention gates"),
    ("convInit.conv.weight", "MONAI's SegResNet, which has residual blocks"),
    ("encoder.conv_init.weight", "MONAI's SegResNetDS, which has residual blocks"),
    ("conv_0_0.conv_0.conv.weight", "MONAI's BasicUNetPlusPlus"),
    ("input_block.conv1.conv.weight", "MONAI's DynUNet"),
    ("in_tr.conv_block.", "MONAI's VNet, which has residual blocks"),
    ("conv_blocks_context.0.blocks.0.conv.weight", "nnU-Net of version 1"),
    ("attention.cSE.", "a U-Net with scSE attention (segmentation_models_pytorch)"),
    ("decoder.blocks.x_0_0.", "UnetPlusPlus (segmentation_models_pytorch)"),
    ("decoder.center.top_conv.", "MAnet, which has attention (segmentation_models_pytorch)"),
    ("decoder.aspp.", "DeepLabV3 (segmentation_models_pytorch)"),
    ("classifier.0.convs.0.0.weight", "DeepLabV3 (torchvision)"),
    ("decoder.seg_blocks.", "FPN (segmentation_models_pytorch)"),
    ("decoder.fusion_block.", "UPerNet (segmentation_models_pytorch)"),
    ("decoder.psp.", "PSPNet (segmentation_models_pytorch)"),
    ("decoder.fpa.", "PAN, which has attention (segmentation_models_pytorch)"),
    ("decoder.blocks.0.block.0.0.weight", "Linknet (segmentation_models_pytorch)"),
    ("decoder.mlp_stage.", "Segformer, a transformer (segmentation_models_pytorch)"),
    ("encoder.layer0.conv1.weight", "a U-Net with an SE-ResNet encoder (segmentation_models_pytorch)"),
    ("encoder.layer1.0.conv1.weight", "a U-Net with a ResNet encoder (segmentation_models_pytorch)"),
    (
        "encoder._conv_stem.weight",
        "a U-Net with an EfficientNet encoder (segmentation_models_pytorch, or MONAI's FlexibleUNet)",
    ),
    ("encoder.conv_stem.weight", "a U-Net with an EfficientNet encoder (segmentation_models_pytorch)"),
    ("encoder.features.0.0.weight", "a U-Net with a MobileNet encoder (segmentation_models_pytorch)"),
    ("encoder.features.conv0.weight", "a U-Net with a DenseNet encoder (segmentation_models_pytorch)"),
    (
        "encoder.patch_embed1.proj.weight",
        "a U-Net with a Mix Vision Transformer as its encoder (segmentation_models_pytorch)",
    ),
    ("image_encoder.patch_embed.proj.weight", "Segment Anything, a transformer"),
    ("downsample.down.res_down_0.", "Cellpose, which has residual blocks and a style of each image"),
];

/// What a network is that these names tell and that is not computed.
pub(super) fn reason(modules: &Modules<'_>) -> Option<&'static str> {
    let mut known = NETWORKS.iter();
    known.find(|(part, _)| modules.names().any(|name| name.contains(part))).map(|(_, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::NamedTensor;

    #[test]
    fn a_network_is_known_behind_wrappers_too() {
        let of = |name: &str| {
            let tensors = [NamedTensor { name: name.into(), shape: vec![1], values: vec![0.0] }];
            reason(&Modules::of(&tensors))
        };
        assert!(of("module.swinViT.patch_embed.proj.weight").unwrap().contains("SwinUNETR"));
        assert!(of("model.1.attention.W_g.0.conv.weight").unwrap().contains("attention"));
        assert_eq!(of("down.0.c1.weight"), None);
    }
}
