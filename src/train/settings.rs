//! What stays the same during a training.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::weights::{Augmentation, Card, Loss, Method, Optimiser, Schedule};

/// Bytes of the patches of a step and of what is wanted of them.
const MAX_BYTES: f64 = (1u64 << 30) as f64;

/// What stays the same during a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Steps in all.
    pub steps: usize,
    /// What a validation before the first step may change: see [`Adapt`].
    #[serde(default)]
    pub adapt: Adapt,
    pub seed: u64,
    pub loss: Loss,
    /// How steps are taken and patches changed; the card keeps it.
    #[serde(flatten)]
    pub method: Method,
}

/// What follows from how well the network does before its first step on labels that it will not learn from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Adapt {
    /// Where it does well it has details to learn, and much to lose: this learning rate instead, all classes weigh the
    /// same, as when it was trained, and the mean of networks, if one is taken, begins with it and lets go of it slowly (after
    /// Wortsman et al. 2022, arXiv:2109.01903: weights between those before and after keep more of what was known).
    pub touch_up: Option<f64>,
    /// Where it does not, it has not seen such images: batch normalisation learns their statistics.
    pub statistics: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            steps: 1000,
            adapt: Adapt::default(),
            seed: 1,
            loss: Loss::default(),
            method: Method::default(),
        }
    }
}

impl Settings {
    /// Checks all but the loss.
    ///
    /// # Errors
    /// `train.settings`.
    pub fn validate(&self) -> Result<()> {
        let wrong = |what: &str| Err(Error::invalid("train.settings", what));
        let method = &self.method;
        let rates = [Some(method.learning_rate), self.adapt.touch_up];
        if rates.into_iter().flatten().any(|rate| !rate.is_finite() || rate < 0.0) {
            return wrong("The learning rate must be a number of 0 or more.");
        }
        let (momentum, decay) = match method.optimiser {
            Optimiser::Adam { weight_decay } | Optimiser::AdamW { weight_decay } => (0.0, weight_decay),
            Optimiser::Sgd { momentum, weight_decay } => (momentum, weight_decay),
        };
        if !(0.0..1.0).contains(&momentum) {
            return wrong("The momentum must be at least 0 and less than 1.");
        }
        if !decay.is_finite() || decay < 0.0 {
            return wrong("The weight decay must be a number of 0 or more.");
        }
        if let Schedule::Plateau { factor, .. } = method.schedule
            && !(factor > 0.0 && factor < 1.0)
        {
            return wrong("The factor of the learning rate on a plateau must lie between 0 and 1.");
        }
        if method.clip.is_some_and(|norm| !norm.is_finite() || norm <= 0.0) {
            return wrong("Gradients can be clipped to a norm above 0 only.");
        }
        if method.average.is_some_and(|past| !(0.0..1.0).contains(&past)) {
            return wrong(
                "The weight of the past in the mean of networks must be at least 0 and less than 1.",
            );
        }
        if method.balanced_patches.is_some_and(|part| !(0.0..=1.0).contains(&part)) {
            return wrong("The part of balanced patches must lie between 0 and 1.");
        }
        if method.augmentation.amounts().iter().any(|v| !v.is_finite() || *v < 0.0) {
            return wrong("The changes to patches must be numbers of 0 or more.");
        }
        let Augmentation { rotation, scale, contrast, gamma, stain, .. } = method.augmentation;
        if rotation > 360.0 {
            return wrong("Patches can be turned by 360 degrees at most.");
        }
        if [scale, contrast, gamma].iter().any(|factor| *factor > 100.0) {
            return wrong("The factors of size, contrast and gamma can be 100 at most.");
        }
        if stain > 1.0 {
            return wrong("Stains can be changed by 1 at most.");
        }
        if method.augmentation.amounts().iter().any(|v| *v > 1000.0) {
            return wrong("The changes to patches can be 1000 at most.");
        }
        Ok(())
    }

    /// Checks that the patches of a step fit into memory.
    ///
    /// # Errors
    /// `train.memory`.
    pub(super) fn check_memory(&self, card: &Card) -> Result<()> {
        let Method { batch, patch, .. } = self.method;
        // Image and wanted outputs, 32 bits each. As floats, since the product may be larger than any whole number.
        let values = (card.input.channels + card.outputs.len()) as f64;
        let bytes = batch as f64 * (patch as f64).powi(2) * values * 4.0;
        if bytes <= MAX_BYTES {
            return Ok(());
        }
        Err(Error::limit(
            "train.memory",
            format!(
                "A step of {batch} patches of {patch} x {patch} pixels needs more than {} MiB of memory, which is the limit. Choose fewer or smaller patches.",
                MAX_BYTES as u64 >> 20
            ),
        ))
    }

    /// These, for a training that goes on with those of `before`: what a validation before its first step made of those
    /// stays, where it would change these too.
    pub fn following(mut self, before: &Self) -> Self {
        let adapt = std::mem::replace(&mut self.adapt, before.adapt);
        if adapt.touch_up.is_some() {
            self.method.learning_rate = before.method.learning_rate;
            self.loss.class_weights.clone_from(&before.loss.class_weights);
            self.loss.unlabelled = before.loss.unlabelled;
            self.method.average = before.method.average;
        }
        if adapt.statistics {
            self.method.keep_statistics = before.method.keep_statistics;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::net::Preset;
    use crate::weights::Class;

    #[test]
    fn settings_that_make_no_sense_are_refused_in_words() {
        let good = Settings::default;
        assert!(good().validate().is_ok());
        let sgd = |momentum| Optimiser::Sgd { momentum, weight_decay: 0.0 };
        assert!(
            Settings { method: Method { optimiser: sgd(0.99), clip: None, ..good().method }, ..good() }
                .validate()
                .is_ok()
        );
        for bad in [
            Settings { method: Method { learning_rate: f64::NAN, ..good().method }, ..good() },
            Settings { method: Method { optimiser: sgd(1.0), ..good().method }, ..good() },
            Settings {
                method: Method { optimiser: Optimiser::AdamW { weight_decay: -1.0 }, ..good().method },
                ..good()
            },
            Settings {
                method: Method { schedule: Schedule::Plateau { factor: 1.0, patience: 3 }, ..good().method },
                ..good()
            },
            Settings { method: Method { clip: Some(0.0), ..good().method }, ..good() },
            Settings { method: Method { average: Some(1.0), ..good().method }, ..good() },
            Settings { method: Method { balanced_patches: Some(1.5), ..good().method }, ..good() },
            Settings {
                method: Method {
                    augmentation: Augmentation { noise: f32::NAN, ..Augmentation::NONE },
                    ..good().method
                },
                ..good()
            },
            Settings {
                method: Method {
                    augmentation: Augmentation { elastic: 1e20, ..Augmentation::NONE },
                    ..good().method
                },
                ..good()
            },
            Settings {
                method: Method {
                    augmentation: Augmentation { blur: 1e9, ..Augmentation::NONE },
                    ..good().method
                },
                ..good()
            },
            Settings {
                method: Method {
                    augmentation: Augmentation { scale: 101.0, ..Augmentation::NONE },
                    ..good().method
                },
                ..good()
            },
            Settings {
                method: Method {
                    augmentation: Augmentation { stain: 1.1, ..Augmentation::NONE },
                    ..good().method
                },
                ..good()
            },
            Settings {
                method: Method {
                    augmentation: Augmentation { rotation: 361.0, ..Augmentation::NONE },
                    ..good().method
                },
                ..good()
            },
        ] {
            assert_eq!(bad.validate().unwrap_err().code(), "train.settings", "{bad:?}");
        }
    }

    #[test]
    fn patches_that_no_memory_holds_are_refused_in_words() {
        let class = Class { name: "cell".into(), colour: "#E69F00".into() };
        let card = Card::new("Cells", Preset::Small.config(1, 1), vec![class], Card::plain_outputs(1));
        let code = |batch, patch| {
            let checked =
                Settings { method: Method { batch, patch, ..Method::default() }, ..Settings::default() }
                    .check_memory(&card);
            checked.err().map(|error| (error.kind(), error.code().to_owned()))
        };
        assert_eq!(code(64, 1024), None);
        let refused = Some((Kind::Limit, "train.memory".to_owned()));
        assert_eq!((code(129, 1024), code(usize::MAX, usize::MAX)), (refused.clone(), refused));
    }

    #[test]
    fn a_training_that_goes_on_keeps_what_its_first_validation_changed() {
        let adapt = Adapt { touch_up: Some(1e-4), statistics: true };
        let loss = Loss { class_weights: vec![1.0, 2.0], ..Loss::default() };
        let fresh = Settings {
            adapt,
            loss,
            method: Method { average: Some(0.98), keep_statistics: true, ..Method::default() },
            ..Settings::default()
        };
        // One that did well, and one that did not.
        let well = Settings {
            adapt: Adapt::default(),
            loss: Loss::default(),
            method: Method { learning_rate: 1e-4, average: Some(0.99), ..fresh.clone().method },
            ..fresh.clone()
        };
        let badly = Settings {
            adapt: Adapt::default(),
            method: Method { keep_statistics: false, ..fresh.clone().method },
            ..fresh.clone()
        };
        assert_eq!(fresh.clone().following(&well), well);
        assert_eq!(fresh.clone().following(&badly), badly);
        // What a person asked for is done.
        let asked = Settings {
            adapt: Adapt::default(),
            method: Method { learning_rate: 1e-2, ..fresh.method },
            ..fresh
        };
        assert_eq!(asked.clone().following(&well), asked);
    }
}
