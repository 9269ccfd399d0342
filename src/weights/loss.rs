//! What a training minimised.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A sum of losses, each times its factor (0 switches one off), with a weight for each pixel.
///
/// A pixel weighs `w(x) = w_c(x) + w0 exp(-(d1 + d2)^2 / (2 sigma^2))`, Ronneberger 2015 equation 2; an unlabelled one what `unlabelled` says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Loss {
    /// Height w0 of the border weights; 0 switches them off.
    pub border_weight: f32,
    /// Their width sigma in pixels.
    pub border_sigma: f32,
    /// Pixels of an object nearer to its outside than this are its rim, for networks that learn rims.
    #[serde(default = "two")]
    pub rim_width: f32,
    /// Factor of the soft Dice loss.
    pub dice: f32,
    /// Factor of the cross-entropy: softmax over several outputs, binary for a single one.
    #[serde(default = "one")]
    pub cross_entropy: f32,
    /// Factor of the binary cross-entropy of each output by itself, averaged over the outputs.
    #[serde(default)]
    pub binary: f32,
    /// Factor of the focal loss (Lin 2017, arXiv:1708.02002).
    #[serde(default)]
    pub focal: f32,
    /// Exponent gamma of the focal loss.
    #[serde(default = "two")]
    pub focal_gamma: f32,
    /// Its alpha: what the foreground counts, the background counting `1 - alpha`. Absent: both count 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focal_alpha: Option<f32>,
    /// Weights w_c of the background and of the classes 1, 2, ...; empty: all 1. A class of weight 0 is as good as
    /// unlabelled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub class_weights: Vec<f32>,
    /// What an unlabelled pixel counts, as background, in all but the Dice loss. Labelled ones count more than that, or nothing.
    #[serde(default, skip_serializing_if = "nothing")]
    pub unlabelled: f32,
}

fn nothing(value: &f32) -> bool {
    *value == 0.0
}

fn one() -> f32 {
    1.0
}

fn two() -> f32 {
    2.0
}

impl Loss {
    /// How wide rims can be, pixels.
    pub const RIMS: std::ops::RangeInclusive<f32> = 1.0..=100.0;

    /// Nothing but the cross-entropy, every labelled pixel weighing 1.
    pub fn cross_entropy() -> Self {
        Self { border_weight: 0.0, dice: 0.0, ..Self::default() }
    }

    /// The weight w_c of a class, 0 being the background.
    pub fn class_weight(&self, class: u8) -> f32 {
        self.class_weights.get(usize::from(class)).copied().unwrap_or(1.0)
    }

    /// Checks the numbers for a network of `classes` classes besides the background.
    ///
    /// # Errors
    /// `train.loss`.
    pub fn validate(&self, classes: usize) -> Result<()> {
        let wrong = |what: String| Err(Error::invalid("train.loss", what));
        let factors = [self.cross_entropy, self.binary, self.dice, self.focal];
        if factors.iter().any(|f| !f.is_finite() || *f < 0.0) {
            return wrong("The factors of a loss must be numbers of 0 or more.".into());
        }
        if factors.iter().all(|f| *f == 0.0) {
            return wrong("At least one part of the loss needs a factor above 0.".into());
        }
        if !self.focal_gamma.is_finite() || self.focal_gamma < 0.0 {
            return wrong("The gamma of the focal loss must be 0 or more.".into());
        }
        if self.focal_alpha.is_some_and(|alpha| !(0.0..=1.0).contains(&alpha)) {
            return wrong("The alpha of the focal loss must lie between 0 and 1.".into());
        }
        if !self.border_weight.is_finite() || !self.border_sigma.is_finite() {
            return wrong("Height and width of the border weights must be numbers.".into());
        }
        if self.border_sigma > 1000.0 {
            return wrong("The width of the border weights can be 1000 pixels at most.".into());
        }
        if !Self::RIMS.contains(&self.rim_width) {
            return wrong("Rims must be 1 to 100 pixels wide.".into());
        }
        if !self.class_weights.is_empty() && self.class_weights.len() != classes + 1 {
            return wrong(format!(
                "There are {} class weights; {} are wanted, the background's first.",
                self.class_weights.len(),
                classes + 1
            ));
        }
        if self.class_weights.iter().any(|w| !w.is_finite() || *w < 0.0) {
            return wrong("Class weights must be numbers of 0 or more.".into());
        }
        if !self.class_weights.is_empty() && self.class_weights.iter().all(|w| *w == 0.0) {
            return wrong("At least one class needs a weight above 0.".into());
        }
        if !(0.0..1.0).contains(&self.unlabelled) {
            return wrong("What an unlabelled pixel counts must be at least 0 and less than 1.".into());
        }
        Ok(())
    }
}

impl Default for Loss {
    fn default() -> Self {
        Self {
            border_weight: 10.0,
            border_sigma: 5.0,
            rim_width: 2.0,
            dice: 1.0,
            cross_entropy: 1.0,
            binary: 0.0,
            focal: 0.0,
            focal_gamma: 2.0,
            focal_alpha: None,
            class_weights: Vec::new(),
            unlabelled: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_from_before_there_was_a_choice_means_cross_entropy_and_dice() {
        let old = r#"{"borderWeight": 4.0, "borderSigma": 5.0, "dice": 1.0}"#;
        let read: Loss = serde_json::from_str(old).unwrap();
        assert_eq!(read, Loss { border_weight: 4.0, ..Loss::default() });
        assert_eq!(serde_json::from_str::<Loss>(&serde_json::to_string(&read).unwrap()).unwrap(), read);
    }

    #[test]
    fn losses_that_cannot_be_minimised_are_refused_in_words() {
        let good = Loss::default;
        assert!(good().validate(1).is_ok());
        assert!(Loss { class_weights: vec![0.5, 0.0, 2.0], ..good() }.validate(2).is_ok());
        for bad in [
            Loss { dice: -1.0, ..good() },
            Loss { focal: f32::NAN, ..good() },
            Loss { dice: 0.0, cross_entropy: 0.0, ..good() },
            Loss { focal_gamma: -1.0, ..good() },
            Loss { focal_alpha: Some(1.5), ..good() },
            Loss { border_sigma: f32::INFINITY, ..good() },
            Loss { border_sigma: 1e30, ..good() },
            Loss { rim_width: 0.0, ..good() },
            Loss { rim_width: f32::NAN, ..good() },
            Loss { class_weights: vec![1.0], ..good() },
            Loss { class_weights: vec![1.0, -1.0], ..good() },
            Loss { class_weights: vec![0.0, 0.0], ..good() },
        ] {
            assert_eq!(bad.validate(1).unwrap_err().code(), "train.loss", "{bad:?}");
        }
    }
}
