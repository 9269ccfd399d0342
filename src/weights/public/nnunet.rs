//! nnU-Net's plain U-Net (Isensee 2021, doi:10.1038/s41592-020-01008-z) of version 2, and what its checkpoints tell.
//!
//! Source of the names: `PlainConvUNet` of dynamic_network_architectures 0.4; of the settings: `nnUNetTrainer.save_checkpoint` and the
//! plans of nnunetv2 2.5.

use std::collections::HashMap;

use serde_json::Value;

use super::modules::{Modules, Network};
use super::unsupported;
use crate::error::Result;
use crate::net::{Activation, Downsampling, Geometry, Preset, Stages, UNetConfig, Upsampling};
use crate::scan::Normalisation;
use crate::weights::card::Patches;
use crate::weights::recognise::{Recognised, Settings, Told};

/// The first convolution.
pub(super) const FIRST: &str = "encoder.stages.0.0.convs.0.conv.weight";
/// The first one of nnU-Net's networks with residual blocks.
pub(super) const RESIDUAL: &str = "encoder.stages.0.blocks.0.conv1.conv.weight";

/// What a checkpoint tells: `init_args` holds the plans and the description of the data.
pub(super) const SETTINGS: [&str; 2] = ["init_args", "inference_allowed_mirroring_axes"];

/// Whether a tensor is the first of its name: modules hold each other, and state dicts each of their tensors up to four times.
pub(super) fn is_needed(name: &str) -> bool {
    let again = name.contains(".convs.") && name.contains(".all_modules.");
    !again && !format!(".{name}").contains(".decoder.encoder.")
}

/// The network, if its names are nnU-Net's. Of its heads, the last is left: the others only learn (deep supervision).
pub(super) fn found(modules: &Modules<'_>, settings: &Settings) -> Option<Result<Network>> {
    if modules.has(RESIDUAL) {
        return Some(Err(unsupported("nnU-Net's ResidualEncoderUNet, which has residual blocks")));
    }
    if !modules.has(FIRST) {
        return None;
    }
    if modules.is_volume() {
        return Some(Err(unsupported("a 3-D configuration of nnU-Net")));
    }
    let plans = Plans::of(settings);
    if plans.regions() {
        return Some(Err(unsupported("nnU-Net for regions that overlap, each with a sigmoid of its own")));
    }
    let Some(activation) = plans.activation() else {
        return Some(Err(unsupported("nnU-Net with another activation than ReLU and leaky ReLU")));
    };
    let other = || unsupported("nnU-Net with other kernels than 3x3 or other strides than 2");
    Some(plain(modules, activation, plans.epsilon()).ok_or_else(other))
}

/// Where heads stand that only learn.
pub(super) fn is_other_head(name: &str, network: &Network) -> bool {
    let last = network.paths.get("head").map(String::as_str).unwrap_or_default();
    name.starts_with("decoder.seg_layers.") && !name.starts_with(&format!("{last}."))
}

fn plain(modules: &Modules<'_>, activation: Activation, norm_epsilon: f64) -> Option<Network> {
    let mut paths = HashMap::new();
    let mut block = |ours: &str, theirs: &str| {
        let mut channels = Vec::new();
        while let Some(of) = modules.kernel(&format!("{theirs}.{}.conv", channels.len())) {
            let [of, _, 3, 3] = of else { return None };
            let (path, i) = (format!("{theirs}.{}", channels.len()), channels.len() + 1);
            paths.insert(format!("{ours}.c{i}"), format!("{path}.conv"));
            paths.insert(format!("{ours}.b{i}"), format!("{path}.norm"));
            channels.push(of);
            if channels.len() > 64 {
                return None;
            }
        }
        (!channels.is_empty()).then_some(channels)
    };
    let (mut down, mut up, mut enlarged) = (Vec::new(), Vec::new(), Vec::new());
    while modules.has(&format!("encoder.stages.{}.0.convs.0.conv.weight", down.len())) {
        let level = down.len();
        down.push(block(&format!("down.{level}"), &format!("encoder.stages.{level}.0.convs"))?);
    }
    for i in 0..down.len().checked_sub(1)? {
        up.push(block(&format!("dec.{i}"), &format!("decoder.stages.{i}.convs"))?);
    }
    for i in 0..up.len() {
        let theirs = format!("decoder.transpconvs.{i}");
        enlarged.push(modules.enlarging(&theirs)?);
        paths.insert(format!("up.{i}"), theirs);
    }
    let head = format!("decoder.seg_layers.{}", up.len().checked_sub(1)?);
    let [outputs, _, 1, 1] = modules.kernel(&head)? else { return None };
    paths.insert("head".into(), head);
    let [_, input_channels, _, _] = modules.kernel("encoder.stages.0.0.convs.0.conv")?;
    let config = UNetConfig {
        levels: down.len(),
        width: *down.first()?.first()?,
        norm: modules.norm("encoder.stages.0.0.convs.0.norm"),
        norm_epsilon,
        activation,
        downsampling: Downsampling::Convolution,
        upsampling: Upsampling::Transposed,
        up_activation: false,
        skip_first: false,
        stages: Some(Stages { down, up, enlarged, ..Stages::default() }),
        ..Preset::Small.config(input_channels, outputs)
    };
    Some(Network { config, title: "nnU-Net", paths })
}

/// Adds what the plans tell of images, classes and patches.
pub(super) fn told(found: Recognised, settings: &Settings) -> Recognised {
    let plans = Plans::of(settings);
    let channels = found.network.input_channels;
    let mut told = Told { classes: plans.classes(found.network.outputs), ..found.told };
    let normalisation = match plans.normalisation(channels) {
        Ok(Some(normalisation)) => Some(normalisation),
        Ok(None) => {
            told.notes.push(
                "The file does not say how images were normalised: mean 0 and standard deviation 1 are assumed, nnU-Net's usual way."
                    .into(),
            );
            Some(Normalisation::ZScore)
        }
        Err(what) => {
            told.notes.push(format!(
                "The file wants the normalisation {what}, which Insitu does not have; mean 0 and standard deviation 1 come nearest."
            ));
            Some(Normalisation::ZScore)
        }
    };
    told.patches = plans.patches(&Geometry::of(&found.network));
    // Both axes of the image, as in Insitu's four flips.
    let axes = settings.get("inference_allowed_mirroring_axes").and_then(Value::as_array);
    told.flips = axes.is_some_and(|axes| axes.iter().filter_map(Value::as_u64).eq([0, 1]));
    told.pixel_size_mm = plans.pixel_size();
    if let Some(mm) = told.pixel_size_mm {
        told.notes.push(format!("nnU-Net resamples images to {mm} mm a pixel first, which Insitu does not."));
    }
    Recognised { told, normalisation, ..found }
}

/// What `init_args` has; every part may be missing.
struct Plans<'a> {
    /// `plans.configurations.2d`, or whatever the configuration is called.
    configuration: Option<&'a Value>,
    plans: Option<&'a Value>,
    dataset: Option<&'a Value>,
}

impl<'a> Plans<'a> {
    fn of(settings: &'a Settings) -> Self {
        let args = settings.get("init_args");
        let plans = args.and_then(|args| args.get("plans"));
        let name = args.and_then(|args| args.get("configuration")?.as_str()).unwrap_or("2d");
        let configuration = plans.and_then(|plans| plans.get("configurations")?.get(name));
        Self { configuration, plans, dataset: args.and_then(|args| args.get("dataset_json")) }
    }

    fn architecture(&self, key: &str) -> Option<&'a Value> {
        self.configuration?.get("architecture")?.get("arch_kwargs")?.get(key)
    }

    /// Leaky ReLU with slope 0.01, unless the plans have another one; nothing if none here is that.
    fn activation(&self) -> Option<Activation> {
        let name = self.architecture("nonlin").and_then(Value::as_str).unwrap_or("LeakyReLU");
        let slope = self.architecture("nonlin_kwargs").and_then(|k| k.get("negative_slope")?.as_f64());
        match name.rsplit('.').next() {
            Some("LeakyReLU") => Some(Activation::LeakyRelu(slope.unwrap_or(0.01))),
            Some("ReLU") => Some(Activation::Relu),
            _ => None,
        }
    }

    fn epsilon(&self) -> f64 {
        self.architecture("norm_op_kwargs").and_then(|k| k.get("eps")?.as_f64()).unwrap_or(1e-5)
    }

    /// Whether a label is made of several: such networks have outputs that overlap.
    fn regions(&self) -> bool {
        let labels = self.dataset.and_then(|d| d.get("labels")?.as_object());
        labels.is_some_and(|labels| labels.values().any(Value::is_array))
    }

    /// Names of the classes from 1 on, if each of them has one.
    fn classes(&self, outputs: usize) -> Vec<String> {
        let labels = self.dataset.and_then(|d| d.get("labels")?.as_object());
        let name = |value: usize| {
            let mut labels = labels?.iter();
            labels.find(|(_, v)| v.as_u64() == Some(value as u64)).map(|(name, _)| name.clone())
        };
        (1..outputs).map(name).collect::<Option<_>>().unwrap_or_default()
    }

    /// How images are scaled, if the file says so; the error names what Insitu has not.
    fn normalisation(&self, channels: usize) -> Result<Option<Normalisation>, String> {
        let Some(schemes) = self.configuration.and_then(|c| c.get("normalization_schemes")?.as_array())
        else {
            return Ok(None);
        };
        let Some(first) = schemes.first().and_then(Value::as_str) else { return Ok(None) };
        let masked = self.configuration.and_then(|c| c.get("use_mask_for_norm")?.as_array());
        if masked.is_some_and(|masked| masked.contains(&Value::Bool(true))) {
            return Err(format!("{first} within a mask"));
        }
        if schemes.iter().any(|s| s.as_str() != Some(first)) {
            return Err("of another kind for each channel".into());
        }
        Ok(Some(match first {
            "ZScoreNormalization" => Normalisation::ZScore,
            "NoNormalization" => Normalisation::Fixed { subtract: 0.0, divide: 1.0 },
            "RGBTo01Normalization" => Normalisation::Fixed { subtract: 0.0, divide: 255.0 },
            "RescaleTo01Normalization" if channels == 1 => {
                Normalisation::Percentile { low: 0.0, high: 100.0 }
            }
            "CTNormalization" if channels == 1 => {
                self.of_ct().ok_or("CTNormalization without its intensities")?
            }
            other => return Err(other.to_string()),
        }))
    }

    /// Of the intensities in the foreground of the training data.
    fn of_ct(&self) -> Option<Normalisation> {
        let of = self.plans?.get("foreground_intensity_properties_per_channel")?.get("0")?;
        let value = |key: &str| of.get(key).and_then(Value::as_f64).map(|v| v as f32);
        Some(Normalisation::Clipped {
            low: value("percentile_00_5")?,
            high: value("percentile_99_5")?,
            subtract: value("mean")?,
            divide: value("std")?.max(1e-8),
        })
    }

    /// Half of each patch lies in the next, as in nnU-Net's inference; nothing if the network cannot take such patches here.
    fn patches(&self, geometry: &Geometry) -> Option<Patches> {
        let size = self.configuration?.get("patch_size")?.as_array()?;
        let [height, width] = size.as_slice() else { return None };
        let side = |v: &Value| {
            let side = usize::try_from(v.as_u64()?).ok()?;
            (side <= Patches::MAX_SIZE && geometry.is_legal(side)).then_some(side)
        };
        let (height, width) = (side(height)?, side(width)?);
        let square = Patches::square(width, (height.min(width) / 2).max(1));
        Some(if height == width { square } else { Patches { height: Some(height), ..square } })
    }

    /// In mm; nothing where pixels are not square.
    fn pixel_size(&self) -> Option<f64> {
        match self.configuration?.get("spacing")?.as_array()?.as_slice() {
            // Images without a size have pixels of 1.
            [rows, columns] if rows == columns => rows.as_f64().filter(|mm| *mm > 0.0 && *mm != 1.0),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(configuration: Value, dataset: Value) -> Settings {
        let args = json!({ "configuration": "2d", "plans": { "configurations": { "2d": configuration } }, "dataset_json": dataset });
        [("init_args".to_string(), args)].into_iter().collect()
    }

    #[test]
    fn settings_of_other_kinds_than_nnunet_writes_tell_nothing() {
        let geometry = Geometry::of(&UNetConfig { levels: 3, ..Preset::Small.config(1, 2) });
        for odd in [
            json!(null),
            json!(7),
            json!("x"),
            json!([]),
            json!({}),
            json!([-1, 8]),
            json!([0, 0]),
            json!([1e300, 1]),
        ] {
            let configuration = json!({ "patch_size": odd, "spacing": odd, "normalization_schemes": odd, "use_mask_for_norm": odd,
                "architecture": { "arch_kwargs": { "norm_op_kwargs": odd, "nonlin_kwargs": odd } } });
            let settings = settings(configuration, json!({ "labels": odd }));
            let plans = Plans::of(&settings);
            assert_eq!((plans.patches(&geometry), plans.pixel_size()), (None, None), "{odd}");
            assert_eq!(
                (plans.epsilon(), plans.activation()),
                (1e-5, Some(Activation::LeakyRelu(0.01))),
                "{odd}"
            );
            assert!(plans.classes(3).is_empty() && !plans.regions(), "{odd}");
            assert!(!matches!(plans.normalisation(1), Ok(Some(_))), "{odd}");
        }
        assert!(Plans::of(&Settings::new()).normalisation(1).unwrap().is_none());
    }

    #[test]
    fn a_normalisation_that_insitu_has_not_is_named() {
        let of = |configuration: Value, channels: usize| {
            Plans::of(&settings(configuration, Value::Null)).normalisation(channels).unwrap_err()
        };
        assert_eq!(of(json!({ "normalization_schemes": ["Own"] }), 1), "Own");
        let masked = json!({ "normalization_schemes": ["ZScoreNormalization"], "use_mask_for_norm": [true] });
        assert!(of(masked, 1).contains("within a mask"));
        let mixed =
            json!({ "normalization_schemes": ["ZScoreNormalization", "NoNormalization", "NoNormalization"] });
        assert!(of(mixed, 3).contains("each channel"));
        assert!(
            of(json!({ "normalization_schemes": ["CTNormalization"] }), 1)
                .contains("without its intensities")
        );
    }

    #[test]
    fn tensors_that_a_state_dict_has_again_are_not_needed() {
        assert!(is_needed(FIRST) && is_needed("network.decoder.stages.0.convs.0.conv.weight"));
        for again in [
            "encoder.stages.0.0.convs.0.all_modules.0.weight",
            "decoder.encoder.stages.0.0.convs.0.conv.weight",
            "module.decoder.encoder.stages.0.0.convs.0.conv.weight",
        ] {
            assert!(!is_needed(again), "{again}");
        }
    }
}
