//! What a model file says about itself: the network, its input, its classes, its training, its scores.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::input::Input;
use super::stars::StarShapes;
use super::training::Training;
use crate::error::{Error, Result};
use crate::net::{Geometry, UNetConfig};
use crate::scan::Normalisation;

/// Okabe and Ito's colours (2008), which colour-blind people can tell apart, those first that stand out from grey; black is left
/// out.
pub const COLOURS: [&str; 7] = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#CC79A7", "#D55E00", "#0072B2"];

/// The metadata key of the card in a model file.
pub(super) const CARD_KEY: &str = "insitu";

/// The card inside a model file, JSON under the metadata key `insitu`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Version of this card's layout; this build reads 1.
    pub format: u32,
    /// What people call the model.
    pub title: String,
    /// One or two sentences: what it finds, in which images.
    #[serde(default)]
    pub summary: String,
    /// The preset that the network was made from, if any.
    #[serde(default)]
    pub preset: Option<String>,
    pub network: UNetConfig,
    pub input: Input,
    /// Classes 1.. of the mask, in order; class 0 is the background.
    pub classes: Vec<Class>,
    /// What each output of the network stands for.
    pub outputs: Vec<Output>,
    /// Probability from which a pixel belongs to the foreground.
    pub threshold: f32,
    /// Whether predictions are averaged over the four flips of the image.
    #[serde(default)]
    pub flips: bool,
    /// Patches whose overlaps are averaged, for a network that learnt from small ones; `None` for tiles that show it the
    /// whole context of every pixel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patches: Option<Patches>,
    /// How objects are made of the distances that the network tells; `None` for a network of probabilities alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stars: Option<StarShapes>,
    /// What of an image the model speaks of: nothing is found outside. `None` for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_of_view: Option<FieldOfView>,
    /// Where there is one thing of a class to find: pieces of it with less than this part, above 0 and up to 1, of the pixels of its largest
    /// piece in an image are not in the mask. `None` keeps all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest_part: Option<f32>,
    /// Whether pieces are the larger for that the nearer they lie to the middle of the image: see `Largest` of `src/objects/largest.rs`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub central: bool,
    /// What the network has to be sure of, 0 to 1: pieces of a mask that nowhere reach this probability (of the inside, where rims are told)
    /// are not in it, and no object begins where it is not reached. `None` asks for the threshold alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<f32>,
    /// How deep the valley between two tops of one inside has to be, above 0 and up to 2, for them to be two objects: see
    /// [`crate::objects::InstanceOptions::valley`]. `None` parts them where the inside is interrupted, and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valley: Option<f32>,
    /// Metrics by which the model wants to be scored: `dice`, `iou`, `pixelError`, `ap50`.
    #[serde(default)]
    pub metrics: Vec<String>,
    #[serde(default)]
    pub training: Option<Training>,
    /// Scores on held-out data, by metric name.
    #[serde(default)]
    pub scores: BTreeMap<String, f64>,
    /// Licence of the weights.
    #[serde(default)]
    pub licence: String,
}

/// Overlapping patches of an image. A network with same padding learns what the zeros around its patches look like; so
/// it is asked about patches of that size, and a pixel gets the mean of all patches that it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Patches {
    /// Input pixels a side.
    pub size: usize,
    /// Pixels from one patch to the next, in both directions.
    pub stride: usize,
    /// Input pixels from top to bottom, if they are not as many as from left to right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<usize>,
}

/// The part of an image that a camera saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum FieldOfView {
    /// The bright disc of a fundus photograph: [`crate::infer::bright_view`].
    Bright,
}

impl Patches {
    /// Pixels a side of a patch, at most; a network that takes larger ones is better served by tiles.
    pub const MAX_SIZE: usize = 1024;

    /// Patches as high as wide.
    pub fn square(size: usize, stride: usize) -> Self {
        Self { size, stride, height: None }
    }

    /// Height and width, pixels.
    pub fn sides(self) -> [usize; 2] {
        [self.height.unwrap_or(self.size), self.size]
    }
}

/// One class of the mask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Class {
    pub name: String,
    /// `#rrggbb`.
    pub colour: String,
}

impl Class {
    /// Classes in one mask, at most: 0 is the background, and 255 is "not labelled".
    pub const MAX_COUNT: usize = 254;

    /// Red, green, blue; black if the colour is none.
    pub fn rgb(&self) -> [u8; 3] {
        let number = u32::from_str_radix(self.colour.trim_start_matches('#'), 16).unwrap_or(0);
        let [_, red, green, blue] = number.to_be_bytes();
        [red, green, blue]
    }

    /// Classes 1 to `count`: with these names as far as they go, then called by their numbers; in the colours of [`COLOURS`].
    pub fn numbered(names: &[String], count: usize) -> Vec<Self> {
        let named = |i: usize| Self {
            name: names.get(i).cloned().unwrap_or_else(|| format!("class {}", i + 1)),
            colour: COLOURS[i % COLOURS.len()].into(),
        };
        (0..count).map(named).collect()
    }
}

/// The part that an output plays for its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Background,
    /// The class itself, or its inside if there is a boundary output too.
    Interior,
    /// The rim of the objects of the class; part of the class, and what separates its objects.
    Boundary,
    /// How far it is to the rim of the object along a ray, in pixels; no probability.
    Distance,
}

/// What one output of the network stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Output {
    /// 0 for the background, else the number of a class.
    pub class: u8,
    pub role: Role,
}

impl Card {
    /// A card for a network without training: class names and colours are the caller's.
    pub fn new(
        title: impl Into<String>,
        network: UNetConfig,
        classes: Vec<Class>,
        outputs: Vec<Output>,
    ) -> Self {
        let channels = network.input_channels;
        Self {
            format: 1,
            title: title.into(),
            summary: String::new(),
            preset: None,
            network,
            input: Input {
                channels,
                normalisation: Normalisation::Percentile { low: 0.5, high: 99.5 },
                pixel_size_mm: None,
                long_side: None,
            },
            classes,
            outputs,
            threshold: 0.5,
            flips: false,
            patches: None,
            stars: None,
            field_of_view: None,
            smallest_part: None,
            central: false,
            peak: None,
            valley: None,
            metrics: vec!["dice".into(), "iou".into(), "pixelError".into()],
            training: None,
            scores: BTreeMap::new(),
            licence: String::new(),
        }
    }

    /// The outputs of a plain network: one sigmoid output is class 1; of several, the first is the background.
    pub fn plain_outputs(outputs: usize) -> Vec<Output> {
        if outputs == 1 {
            return vec![Output { class: 1, role: Role::Interior }];
        }
        (0..outputs)
            .map(|i| Output {
                class: i.min(255) as u8,
                role: if i == 0 { Role::Background } else { Role::Interior },
            })
            .collect()
    }

    /// The outputs of a network that tells objects of class 1 apart by their rims.
    pub fn boundary_outputs() -> Vec<Output> {
        vec![
            Output { class: 0, role: Role::Background },
            Output { class: 1, role: Role::Interior },
            Output { class: 1, role: Role::Boundary },
        ]
    }

    /// Whether some output marks the rims of objects.
    pub fn has_boundary(&self) -> bool {
        self.outputs.iter().any(|o| o.role == Role::Boundary)
    }

    /// Checks that the parts of the card agree with each other.
    pub fn validate(&self) -> Result<()> {
        let wrong =
            |what: &str| Err(Error::invalid("model.card", format!("The model's card is wrong: {what}.")));
        self.network.validate()?;
        if self.format != 1 {
            return Err(Error::unsupported(
                "model.unsupported.format",
                format!(
                    "This model file has format {}, and this version of Insitu reads format 1.",
                    self.format
                ),
            ));
        }
        if self.outputs.len() != self.network.outputs {
            return wrong("it does not say what each output of the network stands for");
        }
        if self.input.channels != self.network.input_channels || !matches!(self.input.channels, 1 | 3) {
            return wrong("the network must take 1 (grey) or 3 (colour) channels");
        }
        if self.input.long_side.is_some_and(|side| !Input::LONG_SIDES.contains(&side) || self.stars.is_some())
        {
            return wrong("it asks for images of a size that it cannot be given");
        }
        if self.classes.is_empty() || self.outputs.iter().any(|o| usize::from(o.class) > self.classes.len()) {
            return wrong("an output belongs to a class that has no name");
        }
        if self.classes.len() > Class::MAX_COUNT {
            return wrong("it has more than 254 classes");
        }
        if let Some(patches) = self.patches {
            let geometry = Geometry::of(&self.network);
            if patches.sides().iter().any(|side| *side > Patches::MAX_SIZE || !geometry.is_legal(*side)) {
                return wrong("its patches have a size that the network cannot take");
            }
            let kept = patches.sides().map(|side| geometry.output_size(side));
            if patches.stride < 1 || kept.iter().any(|side| patches.stride > *side) {
                return wrong("its patches leave gaps");
            }
        }
        if let Some(what) = self.stars_differ() {
            return wrong(what);
        }
        if !(0.0..=1.0).contains(&self.threshold) {
            return wrong("the threshold is not between 0 and 1");
        }
        if self.smallest_part.is_some_and(|part| !(part > 0.0 && part <= 1.0)) {
            return wrong("the smallest part of the largest piece is not above 0 and at most 1");
        }
        if self.central && self.smallest_part.is_none() {
            return wrong("pieces near the middle count as larger, and none is too small");
        }
        if self.peak.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return wrong("the probability that a piece has to reach is not between 0 and 1");
        }
        if self.valley.is_some_and(|v| !(v > 0.0 && v <= 2.0)) {
            return wrong("the valley between two objects is not above 0 and at most 2");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Preset;

    #[test]
    fn more_classes_than_a_mask_has_values_for_are_refused() {
        let card = |count: usize| {
            let class = Class { name: "cell".into(), colour: "#E69F00".into() };
            Card::new("Cells", Preset::Small.config(1, 1), vec![class; count], Card::plain_outputs(1))
        };
        assert!(card(254).validate().is_ok());
        assert_eq!(card(255).validate().unwrap_err().code(), "model.card");
    }

    #[test]
    fn what_a_card_asks_of_pieces_and_objects_is_checked() {
        let class = Class { name: "lesion".into(), colour: "#E69F00".into() };
        let mut card = Card::new("Lesions", Preset::Small.config(1, 1), vec![class], Card::plain_outputs(1));
        for (part, fits) in
            [(0.05, true), (1.0, true), (0.0, false), (1.5, false), (-1.0, false), (f32::NAN, false)]
        {
            card.smallest_part = Some(part);
            assert_eq!(card.validate().is_ok(), fits, "{part}");
        }
        card.central = true;
        card.smallest_part = Some(1.0);
        assert!(card.validate().is_ok());
        card.smallest_part = None;
        assert!(card.validate().is_err());
        card.central = false;
        for (peak, fits) in [(0.0, true), (0.9, true), (1.0, true), (1.1, false), (f32::NAN, false)] {
            card.peak = Some(peak);
            assert_eq!(card.validate().is_ok(), fits, "{peak}");
        }
        card.peak = None;
        for (valley, fits) in [(0.4, true), (2.0, true), (0.0, false), (2.1, false), (f32::NAN, false)] {
            card.valley = Some(valley);
            assert_eq!(card.validate().is_ok(), fits, "{valley}");
        }
    }
}
