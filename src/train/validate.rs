//! How well a network does on labelled images that it does not learn from.

use serde::{Deserialize, Serialize};

use super::sample::{Labels, Sample};
use crate::error::{Error, Result};
use crate::infer::{Options, segment_prepared};
use crate::metrics::{Mean, dice, match_instances, pixel_error};
use crate::objects::InstanceOptions;
use crate::weights::{Card, Model};

/// Means over images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// Dice at the card's threshold, averaged over the classes; `None` if no image has any.
    pub dice: Option<f64>,
    /// Average precision of objects at IoU 0.5, `TP / (TP + FP + FN)`, if the labels are objects.
    pub ap50: Option<f64>,
    /// Part of the labelled pixels whose class is wrong.
    pub pixel_error: Option<f64>,
    /// Images that were validated.
    pub images: usize,
}

impl Scores {
    /// One number to choose checkpoints by; higher is better.
    pub fn total(&self) -> f64 {
        let dice = self.dice.unwrap_or(0.0);
        match self.ap50 {
            Some(ap50) => 0.5 * (dice + ap50),
            None => dice - self.pixel_error.unwrap_or(1.0),
        }
    }
}

impl Scores {
    /// Writes them into the card, in the place of those before, which were of other weights.
    pub fn inscribe(&self, card: &mut Card) {
        card.scores.clear();
        for (name, score) in [("dice", self.dice), ("ap50", self.ap50), ("pixelError", self.pixel_error)] {
            card.scores.extend(score.map(|v| (name.to_string(), v)));
        }
    }
}

/// Segments every sample and compares. `progress` as in [`crate::infer::segment()`], counted in images.
pub async fn validate(
    model: &Model,
    samples: &[Sample],
    mut progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<Scores> {
    let (mut dices, mut precisions, mut errors) = (Mean::default(), Mean::default(), Mean::default());
    for (i, sample) in samples.iter().enumerate() {
        if !progress(i, samples.len()).await {
            return Err(Error::cancelled());
        }
        let prediction =
            segment_prepared(model, &sample.image, &Options::default(), async |_, _| true).await?;
        let labels = prediction.labels(model.card.threshold);
        let truth = sample.labels.classes();
        for class in 1..=model.card.classes.len().min(254) {
            dices.add(dice(&labels, &truth, class as u8));
        }
        errors.add(pixel_error(&labels, &truth));
        if let Labels::Objects(objects) = &sample.labels {
            let options = InstanceOptions { threshold: model.card.threshold, ..InstanceOptions::default() };
            let mut found = prediction.instances(&options);
            let open = |object: &u32| *object == Labels::OPEN;
            found.iter_mut().zip(objects).filter(|(_, o)| open(o)).for_each(|(n, _)| *n = 0);
            let objects: Vec<u32> = objects.iter().map(|o| if open(o) { 0 } else { *o }).collect();
            precisions.add(match_instances(&found, &objects, 0.5).average_precision());
        }
    }
    Ok(Scores {
        dice: dices.value(),
        ap50: precisions.value(),
        pixel_error: errors.value(),
        images: samples.len(),
    })
}
