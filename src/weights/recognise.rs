//! Which network a set of weights belongs to, from names and shapes alone.

use super::card::Patches;
use super::conventions::Convention;
use super::fit::{fit, listed};
use super::named::NamedTensor;
use super::public;
use super::stars::StarShapes;
use super::wrapped::unwrapped;
use crate::error::{Error, Result};
use crate::net::{Graph, Narrowing, Norm, Padding, Preset, UNetConfig, Upsampling};
use crate::scan::Normalisation;

/// Values of a checkpoint by their keys.
pub(super) type Settings = serde_json::Map<String, serde_json::Value>;

/// A network that was found in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognised {
    pub network: UNetConfig,
    /// The preset it is one of, width and depth aside.
    pub preset: Option<Preset>,
    /// What people call it.
    pub title: &'static str,
    /// The weights under our names.
    pub tensors: Vec<NamedTensor>,
    /// What the file does with images before the network.
    pub normalisation: Option<Normalisation>,
    /// Names of tensors that belong to no network and change nothing, such as weights of a loss.
    pub left_out: Vec<String>,
    /// What else the file tells.
    pub told: Told,
}

/// What some files tell of how their network is used, for the card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Names of the classes from 1 on.
    pub classes: Vec<String>,
    /// The patches that it learnt from.
    pub patches: Option<Patches>,
    /// Whether its predictions are averaged over flips.
    pub flips: bool,
    /// Pixel size of its images in mm.
    pub pixel_size_mm: Option<f64>,
    /// How objects are made of its distances; its outputs are then a probability and a distance along each ray.
    pub stars: Option<StarShapes>,
    /// Probability from which something is found.
    pub threshold: Option<f32>,
    /// Sentences for the summary.
    pub notes: Vec<String>,
}

impl Recognised {
    /// A network of which its file tells nothing else.
    pub(super) fn new(network: UNetConfig, title: &'static str, tensors: Vec<NamedTensor>) -> Self {
        let (left_out, told) = (Vec::new(), Told::default());
        Self { network, preset: None, title, tensors, normalisation: None, left_out, told }
    }
}

/// Finds the network of a file without a card, whose tensors have names as PyTorch gives them.
///
/// Names and shapes do not tell whether convolutions were padded, nor what a concatenation starts with; what the
/// presets and the public networks do is assumed.
///
/// # Errors
/// `model.unsupported.network` if the names are not those of a network that we know; `model.tensors` if they are, but
/// something is missing, left over or of another shape.
pub fn recognise(tensors: Vec<NamedTensor>) -> Result<Recognised> {
    recognise_with(tensors, &Settings::new())
}

/// As [`recognise`], with what a checkpoint has beside its weights ([`public::SETTINGS`]).
pub(super) fn recognise_with(mut tensors: Vec<NamedTensor>, settings: &Settings) -> Result<Recognised> {
    tensors.retain(|t| !t.name.ends_with("num_batches_tracked"));
    let mut left_out = unwrapped(&mut tensors);
    if let Some(found) = public::found(&mut tensors, settings)? {
        left_out.extend(found.left_out);
        return Ok(Recognised { left_out, ..found });
    }
    let shape = |name: &str| tensors.iter().find(|t| t.name == name).map(|t| t.shape.as_slice());
    let Some(convention) = Convention::of(|name| shape(name).is_some()) else {
        return Err(unknown(&tensors));
    };
    if convention == Convention::Insitu {
        return Ok(Recognised { left_out, ..ours(tensors)? });
    }
    let ours = |name: &str| shape(&convention.name(name, 0));
    let (Some(&[width, input_channels, 3, 3]), levels) = (
        ours("down.0.c1.weight"),
        match convention {
            // The bottom has a name of its own.
            Convention::BrainMri => {
                2 + (1..)
                    .take_while(|i| shape(&format!("encoder{}.enc{}conv1.weight", i + 1, i + 1)).is_some())
                    .count()
            }
            _ => (0..).take_while(|l| ours(&format!("down.{l}.c1.weight")).is_some()).count(),
        },
    ) else {
        return Err(unknown(&tensors));
    };
    let Some(&[outputs, _, 1, 1]) = ours("head.weight") else { return Err(unknown(&tensors)) };
    // Without weights for it, public U-Nets double their size by bilinear interpolation with aligned corners.
    let bilinear = ours("up.0.weight").is_none() && convention != Convention::BrainMri;
    let outputs_of = |name: &str| ours(name).and_then(|s| s.first().copied());
    let bottom = outputs_of(&format!("down.{}.c2.weight", levels.saturating_sub(1)));
    let above = levels.checked_sub(2).map(|level| width << level.min(16));
    let narrowing = match outputs_of("dec.0.c1.weight") {
        _ if !bilinear || bottom != above => Narrowing::None,
        first if first == above => Narrowing::Last,
        _ => Narrowing::First,
    };
    let network = UNetConfig {
        levels,
        width,
        upsampling: if bilinear { Upsampling::BilinearAligned } else { Upsampling::Transposed },
        narrowing,
        up_activation: false,
        skip_first: convention != Convention::BrainMri,
        ..Preset::Small.config(input_channels, outputs)
    };
    network.validate().map_err(|_| unknown(&tensors))?;
    let wanted = Graph::of(&network).tensors();
    let theirs = |name: &str| convention.name(name, levels);
    // A bias before a batch normalisation changes nothing; these networks leave it out.
    for (name, shape) in wanted.iter().filter(|(n, _)| n.ends_with(".c1.bias") || n.ends_with(".c2.bias")) {
        let name = theirs(name);
        if !tensors.iter().any(|t| t.name == name) {
            tensors.push(NamedTensor { name, shape: shape.clone(), values: vec![0.0; shape[0]] });
        }
    }
    let tensors = fit(&wanted, tensors, theirs)?;
    let title = convention.title();
    Ok(Recognised { left_out, ..Recognised::new(network, title, tensors) })
}

/// A file with our own names, but without a card.
fn ours(tensors: Vec<NamedTensor>) -> Result<Recognised> {
    let shape = |name: &str| tensors.iter().find(|t| t.name == name).map(|t| t.shape.as_slice());
    let nested = shape("x.0.0.c1.weight").is_some();
    let (first, level) = if nested {
        ("x.0.0.c1.weight", "x.#.0.c1.weight")
    } else {
        ("down.0.c1.weight", "down.#.c1.weight")
    };
    let head = if nested { "head.0.weight" } else { "head.weight" };
    let (Some(&[width, input_channels, 3, 3]), Some(&[outputs, ..])) = (shape(first), shape(head)) else {
        return Err(unknown(&tensors));
    };
    let levels = (0..).take_while(|l| shape(&level.replace('#', &l.to_string())).is_some()).count();
    let has = |config: &UNetConfig| {
        let wanted = Graph::of(config).tensors();
        wanted.len() == tensors.len() && wanted.iter().all(|(n, s)| shape(n) == Some(s.as_slice()))
    };
    for preset in Preset::ALL {
        let network = UNetConfig { levels, width, ..preset.config(input_channels, outputs) };
        if network.validate().is_ok() && has(&network) {
            let found = Recognised::new(network, Convention::Insitu.title(), tensors);
            return Ok(Recognised { preset: Some(preset), ..found });
        }
    }
    // A member of the family that has no name.
    let network = UNetConfig {
        levels,
        width,
        norm: if shape("down.0.b1.weight").is_some() { Norm::Batch } else { Norm::None },
        padding: Padding::Same,
        upsampling: match (shape("up.0.weight"), shape("upconv.0.weight")) {
            (Some(_), _) => Upsampling::Transposed,
            (None, Some(_)) => Upsampling::NearestConvolution,
            (None, None) => Upsampling::Nearest,
        },
        up_activation: shape("upb.0.weight").is_some(),
        ..Preset::Small.config(input_channels, outputs)
    };
    network.validate().map_err(|_| unknown(&tensors))?;
    let tensors = fit(&Graph::of(&network).tensors(), tensors, str::to_string)?;
    let title = Convention::Insitu.title();
    Ok(Recognised::new(network, title, tensors))
}

fn unknown(tensors: &[NamedTensor]) -> Error {
    let names: Vec<String> = tensors.iter().map(|t| t.name.clone()).collect();
    Error::unsupported(
        "model.unsupported.network",
        format!("These weights belong to no network that Insitu knows; it has {}.", listed(&names)),
    )
}
