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
