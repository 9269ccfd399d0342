//! MONAI's U-Nets: `BasicUNet` (after Falk 2019, doi:10.1038/s41592-018-0261-2) and `UNet` without residual units (after Kerfoot
//! 2018). Source of the names: `monai/networks/nets/basic_unet.py` and `unet.py` of MONAI 1.6.

use std::collections::HashMap;

use super::modules::{Modules, Network};
use super::unsupported;
use crate::error::Result;
use crate::net::{Activation, Architecture, Downsampling, Preset, Stages, UNetConfig, Upsampling};

/// The first convolution of a `BasicUNet`.
pub(super) const BASIC: &str = "conv_0.conv_0.conv.weight";
/// The second one of a `UNet`; its own name, `model.`, may be gone.
pub(super) const STRIDED: &str = "1.submodule.0.conv.weight";
/// That of a `UNet` with two levels.
pub(super) const STRIDED_BOTTOM: &str = "1.submodule.conv.weight";
/// The first one of a `UNet` with residual units.
pub(super) const RESIDUAL: &str = "0.conv.unit0.conv.weight";

/// The network, if its names are those of one of MONAI's.
pub(super) fn found(modules: &Modules<'_>) -> Option<Result<Network>> {
    if modules.has(RESIDUAL) {
        return Some(Err(unsupported("MONAI's UNet with residual units (num_res_units)")));
    }
    if modules.has(BASIC) {
        if modules.is_volume() {
            return Some(Err(unsupported("MONAI's BasicUNet for 3-D volumes")));
        }
        let up = modules.kernel("upcat_4.upsample.deconv").is_some();
        return Some(if up {
            basic(modules)
                .ok_or_else(|| unsupported("a BasicUNet of MONAI with other layers than it usually has"))
        } else {
            Err(unsupported("MONAI's BasicUNet with another upsampling than transposed convolutions"))
        });
    }
    if modules.has("0.conv.weight") && (modules.has(STRIDED) || modules.has(STRIDED_BOTTOM)) {
        if modules.is_volume() {
            return Some(Err(unsupported("MONAI's UNet for 3-D volumes")));
        }
        let other = || unsupported("a UNet of MONAI with other kernels than 3x3");
        return Some(strided(modules).ok_or_else(other));
    }
    None
}

/// Two convolutions, each with normalisation and activation, at five levels.
fn basic(modules: &Modules<'_>) -> Option<Network> {
    const LEVELS: usize = 5;
    let mut paths = HashMap::new();
    let (mut down, mut up, mut enlarged) = (Vec::new(), Vec::new(), Vec::new());
    let mut block = |ours: &str, theirs: &str| {
        for (i, k) in ["0", "1"].into_iter().enumerate() {
            let path = format!("{theirs}.conv_{k}");
            paths.insert(format!("{ours}.c{}", i + 1), format!("{path}.conv"));
            paths.insert(format!("{ours}.b{}", i + 1), format!("{path}.adn.N"));
            paths.insert(format!("{ours}.a{}", i + 1), format!("{path}.adn.A"));
        }
        let channels = |k| modules.convolution(&format!("{theirs}.conv_{k}.conv"));
        Some(vec![channels(0)?, channels(1)?])
    };
    for level in 0..LEVELS {
        let theirs = if level == 0 { "conv_0".into() } else { format!("down_{level}.convs") };
        down.push(block(&format!("down.{level}"), &theirs)?);
    }
    for i in 0..LEVELS - 1 {
        up.push(block(&format!("dec.{i}"), &format!("upcat_{}.convs", LEVELS - 1 - i))?);
    }
    for i in 0..LEVELS - 1 {
        let theirs = format!("upcat_{}.upsample.deconv", LEVELS - 1 - i);
        enlarged.push(modules.enlarging(&theirs)?);
        paths.insert(format!("up.{i}"), theirs);
    }
    paths.insert("head".into(), "final_conv".into());
    let [_, input_channels, _, _] = modules.kernel("conv_0.conv_0.conv")?;
    let [outputs, _, 1, 1] = modules.kernel("final_conv")? else { return None };
    let learnt = modules.has("conv_0.conv_0.adn.A.weight");
    let config = UNetConfig {
        levels: LEVELS,
        width: *down.first()?.first()?,
        norm: modules.norm("conv_0.conv_0.adn.N"),
        activation: if learnt { Activation::PRelu } else { Activation::LeakyRelu(0.1) },
        upsampling: Upsampling::Transposed,
        up_activation: false,
        skip_first: true,
        stages: Some(Stages { down, up, enlarged, ..Stages::default() }),
        ..Preset::Small.config(input_channels, outputs)
    };
    Some(Network { config, title: "MONAI BasicUNet", paths })
}

/// A convolution for each level down, a transposed one for each level up. Weights do not tell strides: they are 2.
fn strided(modules: &Modules<'_>) -> Option<Network> {
    let mut paths = HashMap::new();
    let mut down = Vec::new();
    // Each level lies within the skip connection of the one above.
    let mut outer = String::new();
    let mut layer = |ours: [String; 3], theirs: &str| {
        for (name, part) in ours.into_iter().zip(["conv", "adn.N", "adn.A"]) {
            paths.insert(name, format!("{theirs}.{part}"));
        }
    };
    let named =
        |level: usize| [format!("down.{level}.c1"), format!("down.{level}.b1"), format!("down.{level}.a1")];
    loop {
        let level = down.len();
        let path = format!("{outer}0");
        let Some(channels) = modules.convolution(&format!("{path}.conv")) else {
            // The bottom is what is left within.
            let path = outer.strip_suffix('.')?;
            down.push(vec![modules.convolution(&format!("{path}.conv"))?]);
            layer(named(level), path);
            break;
        };
        down.push(vec![channels]);
        layer(named(level), &path);
        outer.push_str("1.submodule.");
        if level > Stages::MAX_LEVELS {
            return None;
        }
    }
    let levels = down.len();
    for (i, level) in (1..levels - 1).rev().enumerate() {
        let theirs = format!("{}2", "1.submodule.".repeat(level));
        layer([format!("up.{i}"), format!("upb.{i}"), format!("upa.{i}")], &theirs);
    }
    paths.insert("head".into(), "2.conv".into());
    let [_, input_channels, _, _] = modules.kernel("0.conv")?;
    let [_, outputs, 3, 3] = modules.kernel("2.conv")? else { return None };
    let config = UNetConfig {
        architecture: Architecture::Strided,
        levels,
        width: *down.first()?.first()?,
        norm: modules.norm("0.adn.N"),
        activation: if modules.has("0.adn.A.weight") { Activation::PRelu } else { Activation::Relu },
        downsampling: Downsampling::Convolution,
        skip_first: true,
        stages: Some(Stages { down, ..Stages::default() }),
        ..Preset::Small.config(input_channels, outputs)
    };
    Some(Network { config, title: "MONAI UNet", paths })
}
