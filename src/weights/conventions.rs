//! Names that public PyTorch U-Nets give to the layers that we know under ours.

/// A public network, by the names in its state dict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Convention {
    /// Ours: `down.0.c1.weight`.
    Insitu,
    /// The most widely used one: `inc.double_conv.0.weight`, `down1.maxpool_conv.1.double_conv.0.weight`,
    /// `up1.up.weight`, `outc.conv.weight`. Skip connection first; no bias before a batch normalisation.
    PublicUNet,
    /// Its first version: `inc.conv.conv.0.weight`, `down1.mpconv.1.conv.0.weight`. Convolutions with a bias.
    PublicUNetFirst,
    /// The brain MRI network of the PyTorch Hub: `encoder1.enc1conv1.weight`, `upconv4.weight`,
    /// `decoder4.dec4conv1.weight`, `conv.weight`. Up-convolution first; no bias before a batch normalisation.
    BrainMri,
}

impl Convention {
    /// Tensors that tell a network.
    pub(super) const MARKS: [(&'static str, Self); 5] = [
        ("down.0.c1.weight", Self::Insitu),
        ("x.0.0.c1.weight", Self::Insitu),
        ("inc.double_conv.0.weight", Self::PublicUNet),
        ("inc.conv.conv.0.weight", Self::PublicUNetFirst),
        ("encoder1.enc1conv1.weight", Self::BrainMri),
    ];

    /// The convention that a file's names follow. `has` tells whether the file has a tensor.
    pub(super) fn of(has: impl Fn(&str) -> bool) -> Option<Self> {
        Self::MARKS.into_iter().find_map(|(name, convention)| has(name).then_some(convention))
    }

    /// What people call the network.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Insitu => "U-Net",
            Self::PublicUNet | Self::PublicUNetFirst => "PyTorch U-Net",
            Self::BrainMri => "Brain MRI U-Net",
        }
    }

    /// The name in the file of the tensor that we call `name`, in a network of `levels` resolutions.
    pub(super) fn name(self, name: &str, levels: usize) -> String {
        let parts: Vec<&str> = name.split('.').collect();
        let renamed = match (self, parts.as_slice()) {
            (Self::Insitu, _) => None,
            (Self::BrainMri, ["head", what]) => Some(format!("conv.{what}")),
            (Self::BrainMri, ["up", i, what]) => {
                number(i).map(|i| format!("upconv{}.{what}", levels.saturating_sub(1 + i)))
            }
            (Self::BrainMri, [side @ ("down" | "dec"), i, layer, what]) => number(i).map(|i| {
                let (kind, k) = layer.split_at(layer.len().min(1));
                let kind = if kind == "c" { "conv" } else { "norm" };
                if *side == "down" && i + 1 == levels {
                    return format!("bottleneck.bottleneck{kind}{k}.{what}");
                }
                let (long, short, n) = match *side {
                    "down" => ("encoder", "enc", i + 1),
                    _ => ("decoder", "dec", levels.saturating_sub(1 + i)),
                };
                format!("{long}{n}.{short}{n}{kind}{k}.{what}")
            }),
            (_, ["head", what]) => Some(format!("outc.conv.{what}")),
            (_, ["up", i, what]) => number(i).map(|i| format!("up{}.up.{what}", i + 1)),
            (_, [side, i, layer, what]) => number(i).and_then(|i| {
                let index = ["c1", "b1", "", "c2", "b2"].iter().position(|l| l == layer)?;
                let (pooled, double) = match self {
                    Self::PublicUNet => ("maxpool_conv", "double_conv"),
                    _ => ("mpconv", "conv"),
                };
                Some(match (*side, i) {
                    ("down", 0) => format!("inc.{}{double}.{index}.{what}", self.first_prefix()),
                    ("down", i) => format!("down{i}.{pooled}.1.{double}.{index}.{what}"),
                    (_, i) => format!("up{}.conv.{double}.{index}.{what}", i + 1),
                })
            }),
            _ => None,
        };
        renamed.unwrap_or_else(|| name.to_string())
    }

    /// The first version wrapped its first block once more.
    fn first_prefix(self) -> &'static str {
        if self == Self::PublicUNetFirst { "conv." } else { "" }
    }
}

fn number(text: &str) -> Option<usize> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_have_the_names_of_the_public_networks() {
        let cases = [
            (Convention::PublicUNet, "down.0.c1.weight", "inc.double_conv.0.weight"),
            (
                Convention::PublicUNet,
                "down.4.b2.running_var",
                "down4.maxpool_conv.1.double_conv.4.running_var",
            ),
            (Convention::PublicUNet, "up.0.bias", "up1.up.bias"),
            (Convention::PublicUNet, "dec.3.c2.weight", "up4.conv.double_conv.3.weight"),
            (Convention::PublicUNet, "head.weight", "outc.conv.weight"),
            (Convention::PublicUNetFirst, "down.0.b1.bias", "inc.conv.conv.1.bias"),
            (Convention::PublicUNetFirst, "down.2.c1.bias", "down2.mpconv.1.conv.0.bias"),
            (Convention::PublicUNetFirst, "dec.0.c1.bias", "up1.conv.conv.0.bias"),
            (Convention::BrainMri, "down.0.c1.weight", "encoder1.enc1conv1.weight"),
            (Convention::BrainMri, "down.4.b2.bias", "bottleneck.bottlenecknorm2.bias"),
            (Convention::BrainMri, "up.0.weight", "upconv4.weight"),
            (Convention::BrainMri, "dec.0.c1.weight", "decoder4.dec4conv1.weight"),
            (Convention::BrainMri, "dec.3.b1.weight", "decoder1.dec1norm1.weight"),
            (Convention::BrainMri, "head.bias", "conv.bias"),
        ];
        for (convention, ours, theirs) in cases {
            assert_eq!(convention.name(ours, 5), theirs);
        }
    }
}
