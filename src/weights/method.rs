//! How steps were taken and patches changed: the part of a training that its loss does not say.

use serde::{Deserialize, Serialize};

use crate::net::Learners;

/// The settings of a training, written into the card so that people can compare and repeat it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Method {
    /// Patches in a step.
    pub batch: usize,
    /// Pixels a side of a patch.
    pub patch: usize,
    /// Largest learning rate; the schedule says how it changes.
    pub learning_rate: f64,
    pub schedule: Schedule,
    pub optimiser: Optimiser,
    /// Gradients of a larger norm are scaled down to it, each parameter on its own; absent: never.
    #[serde(default)]
    pub clip: Option<f32>,
    /// What is kept is the mean of the networks of all steps, each weighing so much of the next one; absent: the network
    /// of one step.
    #[serde(default)]
    pub average: Option<f32>,
    /// Part of the patches whose centre is a pixel of a class drawn evenly; the others are centred on any labelled
    /// pixel. Absent: patches lie anywhere in the image.
    #[serde(default)]
    pub balanced_patches: Option<f32>,
    pub augmentation: Augmentation,
    /// The part of the network that learnt.
    #[serde(default)]
    pub part: Learners,
    /// Whether batch normalisation kept the statistics that it had.
    #[serde(default)]
    pub keep_statistics: bool,
    /// Whether strokes that are wider than what they show were snapped to its edges.
    #[serde(default)]
    pub snapped: bool,
}

impl Default for Method {
    fn default() -> Self {
        Self {
            batch: 4,
            patch: 192,
            learning_rate: Self::LEARNING_RATE,
            schedule: Schedule::default(),
            optimiser: Optimiser::default(),
            clip: Some(1.0),
            average: None,
            balanced_patches: None,
            augmentation: Augmentation::default(),
            part: Learners::All,
            keep_statistics: false,
            snapped: false,
        }
    }
}

impl Method {
    /// The largest learning rate where nobody asks for another.
    pub const LEARNING_RATE: f64 = 1e-3;
}

/// What takes the steps. All are as in PyTorch; weight decay 0 switches it off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "name", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Optimiser {
    /// Adam (Kingma 2015, arXiv:1412.6980), betas 0.9 and 0.999, epsilon 1e-8. Weight decay is added to the gradient.
    Adam { weight_decay: f32 },
    /// Adam with decoupled weight decay (Loshchilov 2019, arXiv:1711.05101).
    AdamW { weight_decay: f32 },
    /// Gradient descent: `v = momentum v + g`, the step is `rate v`. Weight decay is added to the gradient.
    /// Ronneberger 2015 has a momentum of 0.99.
    Sgd { momentum: f64, weight_decay: f32 },
}

impl Default for Optimiser {
    fn default() -> Self {
        Optimiser::Adam { weight_decay: 0.0 }
    }
}

/// How the learning rate changes over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "name", rename_all = "lowercase")]
pub enum Schedule {
    /// Rises over the first 50 steps and falls along a cosine to zero after the last one.
    #[default]
    Cosine,
    /// Stays the same.
    Constant,
    /// Rises from a half over the first 50 steps and stays the same then: at the start the optimiser knows little of the
    /// gradients (Goyal et al. 2017, arXiv:1706.02677).
    #[serde(rename = "warm-up")]
    WarmUp,
    /// Is multiplied by `factor` when more than `patience` validations in a row brought nothing better than the best.
    Plateau { factor: f64, patience: usize },
}

/// How much patches are changed. Zero or one (for factors) switches a change off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", default)]
pub struct Augmentation {
    /// Flips and quarter turns.
    pub flips: bool,
    /// Largest rotation besides quarter turns, degrees.
    pub rotation: f32,
    /// Sizes are multiplied by a factor between `1 / scale` and `scale`.
    pub scale: f32,
    /// Standard deviation of elastic displacements at the coarse grid, pixels.
    pub elastic: f32,
    /// Largest shift along either axis, pixels, besides the place in the image that is drawn anyway: for images no
    /// larger than a patch.
    pub shift: f32,
    /// Contrast is multiplied by a factor between `1 / contrast` and `contrast`.
    pub contrast: f32,
    /// Largest shift of brightness, as a part of the normalised range; each channel gets a little of its own.
    pub brightness: f32,
    /// Grey values are raised to a power between `1 / gamma` and `gamma`.
    pub gamma: f32,
    /// Largest standard deviation of added noise.
    pub noise: f32,
    /// Largest standard deviation of blur, pixels.
    pub blur: f32,
    /// Part of the patches whose dark and bright are exchanged, 0 to 1: for contrasts that differ, as those of MR do.
    pub invert: f32,
    /// Largest change of each dye of a stained section: the part of it that is added or taken away, and an optical density besides.
    pub stain: f32,
    /// Part of the patches that hairs are drawn over, 0 to 1: for photographs of the skin.
    pub hairs: f32,
}

impl Augmentation {
    /// No change at all: patches are plain crops.
    pub const NONE: Self = Self {
        flips: false,
        rotation: 0.0,
        scale: 1.0,
        elastic: 0.0,
        shift: 0.0,
        contrast: 1.0,
        brightness: 0.0,
        gamma: 1.0,
        noise: 0.0,
        blur: 0.0,
        invert: 0.0,
        stain: 0.0,
        hairs: 0.0,
    };

    /// The numbers, for checks.
    pub(crate) fn amounts(&self) -> [f32; 12] {
        [
            self.rotation,
            self.scale,
            self.elastic,
            self.shift,
            self.contrast,
            self.brightness,
            self.gamma,
            self.noise,
            self.blur,
            self.invert,
            self.stain,
            self.hairs,
        ]
    }
}

impl Default for Augmentation {
    fn default() -> Self {
        Self {
            flips: true,
            rotation: 15.0,
            scale: 1.25,
            elastic: 10.0,
            shift: 0.0,
            contrast: 1.3,
            brightness: 0.15,
            gamma: 1.4,
            noise: 0.06,
            blur: 0.8,
            invert: 0.0,
            stain: 0.0,
            hairs: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn optimisers_and_schedules_are_written_by_name() {
        let sgd = Optimiser::Sgd { momentum: 0.5, weight_decay: 0.0 };
        let text = serde_json::to_value(sgd).unwrap();
        assert_eq!(text, json!({"name": "sgd", "momentum": 0.5, "weightDecay": 0.0}));
        assert_eq!(serde_json::from_value::<Optimiser>(text).unwrap(), sgd);
        let adamw = serde_json::to_value(Optimiser::AdamW { weight_decay: 0.5 }).unwrap();
        assert_eq!(adamw, json!({"name": "adamw", "weightDecay": 0.5}));
        let plateau = Schedule::Plateau { factor: 0.5, patience: 3 };
        assert_eq!(
            serde_json::to_value(plateau).unwrap(),
            json!({"name": "plateau", "factor": 0.5, "patience": 3})
        );
        assert_eq!(serde_json::to_value(Schedule::Cosine).unwrap(), json!({"name": "cosine"}));
    }
}
