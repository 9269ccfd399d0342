//! `Unet` of segmentation_models_pytorch with an encoder of plain convolutions: VGG (Simonyan 2014, arXiv:1409.1556).
//!
//! Source of the names and of what stands between the layers: `encoders/vgg.py` and `decoders/unet/decoder.py` of version 0.6.

use std::collections::HashMap;

use super::modules::{Modules, Network};
use super::unsupported;
use crate::error::Result;
use crate::net::{Head, Norm, Preset, Stages, UNetConfig, Upsampling};
use crate::weights::recognise::Recognised;

/// The first convolution of the decoder.
pub(super) const DECODER: &str = "decoder.blocks.0.conv1.0.weight";
/// Poolings of a whole encoder: the decoder goes up as often.
const DEPTH: usize = 5;
/// The name of a head for whole images, which some have beside the other.
const ASIDE: &str = "classification_head.";

/// Whether a tensor belongs to another head than that for pixels.
pub(super) fn is_aside(name: &str) -> bool {
    name.starts_with(ASIDE)
}

/// The network, if its decoder is that of such a U-Net.
pub(super) fn found(modules: &Modules<'_>) -> Option<Result<Network>> {
    if !modules.has(DECODER) {
        return None;
    }
    if modules.convolution("encoder.features.0").is_none() {
        return Some(Err(unsupported("a U-Net with another encoder than VGG (segmentation_models_pytorch)")));
    }
    if modules.norm("decoder.blocks.0.conv1.1") != Norm::Batch {
        return Some(Err(unsupported(
            "a U-Net of segmentation_models_pytorch without batch normalisation in its decoder",
        )));
    }
    let other = || {
        unsupported(
            "a U-Net of segmentation_models_pytorch with another depth than 5, or other layers than usual",
        )
    };
    Some(vgg(modules).ok_or_else(other))
}

/// The encoder ends with a pooling; behind it two convolutions, the "center", are the bottom. Full resolution has no skip connection.
fn vgg(modules: &Modules<'_>) -> Option<Network> {
    let mut paths = HashMap::new();
    let normalised = modules.norm("encoder.features.1") == Norm::Batch;
    let mut down = Vec::new();
    let mut index = 0;
    // Convolution, normalisation if there is one, ReLU; as often as there are convolutions, then a pooling.
    while let Some(first) = modules.convolution(&format!("encoder.features.{index}")) {
        let (level, mut channels) = (down.len(), Vec::new());
        let mut next = Some(first);
        while let Some(of) = next {
            channels.push(of);
            let i = channels.len();
            paths.insert(format!("down.{level}.c{i}"), format!("encoder.features.{index}"));
            paths.insert(format!("down.{level}.b{i}"), format!("encoder.features.{}", index + 1));
            index += if normalised { 3 } else { 2 };
            next = modules.convolution(&format!("encoder.features.{index}"));
        }
        down.push(channels);
        index += 1;
    }
    let mut block = |ours: String, [first, second]: [String; 2]| {
        let mut channels = Vec::new();
        for (i, theirs) in [first, second].into_iter().enumerate() {
            channels.push(modules.convolution(&format!("{theirs}.0"))?);
            paths.insert(format!("{ours}.c{}", i + 1), format!("{theirs}.0"));
            paths.insert(format!("{ours}.b{}", i + 1), format!("{theirs}.1"));
        }
        Some(channels)
    };
    if down.len() != DEPTH || modules.has(&format!("decoder.blocks.{DEPTH}.conv1.0.weight")) {
        return None;
    }
    down.push(block(format!("down.{DEPTH}"), ["0", "1"].map(|i| format!("decoder.center.{i}")))?);
    let step = |i: usize| block(format!("dec.{i}"), [1, 2].map(|k| format!("decoder.blocks.{i}.conv{k}")));
    let up = (0..DEPTH).map(step).collect::<Option<Vec<_>>>()?;
    let [outputs, _, rows, columns] = modules.kernel("segmentation_head.0")?;
    let head = match [rows, columns] {
        [1, 1] => Head::Pixelwise,
        [3, 3] => Head::Convolution,
        _ => return None,
    };
    paths.insert("head".into(), "segmentation_head.0".into());
    let [_, input_channels, _, _] = modules.kernel("encoder.features.0")?;
    let bare = if normalised { 0 } else { DEPTH };
    let config = UNetConfig {
        levels: DEPTH + 1,
        width: *down.first()?.first()?,
        upsampling: Upsampling::Nearest,
        up_activation: false,
        head,
        stages: Some(Stages { down, up, bare, open_top: true, ..Stages::default() }),
        ..Preset::Small.config(input_channels, outputs)
    };
    Some(Network { config, title: "U-Net with a VGG encoder", paths })
}

/// Adds what cannot be known of images.
pub(super) fn told(mut found: Recognised) -> Recognised {
    found.told.notes.push(
        "An encoder that began with ImageNet usually learnt images minus its mean over its deviation in each colour, which this file does \
         not say: values from 0 to 1 are assumed."
            .into(),
    );
    found
}
