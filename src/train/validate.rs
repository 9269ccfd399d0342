//! How well a network does on labelled images that it does not learn from.

use serde::{Deserialize, Serialize};

use super::sample::{Labels, Sample};
use super::targets::targets;
use crate::error::Result;
use crate::infer::{Options, Prediction, segment_prepared};
use crate::weights::{Loss, Model, Role};

/// Means over images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// Dice of the foreground at the card's threshold.
    pub dice: f64,
    /// Dice of the insides of objects, for networks with a boundary output: how well objects come apart.
    pub inside_dice: Option<f64>,
    /// Part of the labelled pixels on the wrong side.
    pub pixel_error: f64,
    /// Images that were judged.
    pub images: usize,
}

impl Scores {
    /// One number to choose checkpoints by; higher is better.
    pub fn total(&self) -> f64 {
        match self.inside_dice {
            Some(inside) => 0.5 * (self.dice + inside),
            None => self.dice - self.pixel_error,
        }
    }
}

/// Segments every sample and compares. `progress` as in [`crate::infer::segment()`], counted in images.
pub async fn validate(
    model: &Model,
    samples: &[Sample],
    mut progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<Scores> {
    let mut sum = Scores { inside_dice: model.card.has_boundary().then_some(0.0), ..Scores::default() };
    for (i, sample) in samples.iter().enumerate() {
        if !progress(i, samples.len()).await {
            return Err(crate::Error::cancelled());
        }
        let prediction =
            segment_prepared(model, &sample.image, &Options::default(), async |_, _| true).await?;
        let labels = prediction.labels(model.card.threshold);
        let mut count = Counts::default();
        for (p, t) in labels.iter().zip(sample.labels.classes()).filter(|(_, t)| *t != Labels::IGNORE) {
            count.add(*p > 0, t > 0);
        }
        sum.dice += count.dice();
        sum.pixel_error += count.error();
        if let Some(total) = &mut sum.inside_dice {
            *total += inside(&prediction, sample, model).dice();
        }
    }
    let n = samples.len().max(1) as f64;
    Ok(Scores {
        dice: sum.dice / n,
        inside_dice: sum.inside_dice.map(|v| v / n),
        pixel_error: sum.pixel_error / n,
        images: samples.len(),
    })
}

/// Insides as predicted (likelier than rim and background) and as wanted.
fn inside(prediction: &Prediction, sample: &Sample, model: &Model) -> Counts {
    let mut count = Counts::default();
    let Some(boundary) = &prediction.boundary else { return count };
    let (wanted, weights) =
        targets(&sample.labels, prediction.width, prediction.height, &model.card, &Loss::default());
    let inside = model.card.outputs.iter().position(|o| o.role == Role::Interior);
    let foreground = prediction.foreground();
    for i in (0..wanted.len()).filter(|i| weights[*i] > 0.0) {
        let p = foreground[i] - boundary[i];
        count.add(p > boundary[i] && p > 1.0 - foreground[i], Some(usize::from(wanted[i])) == inside);
    }
    count
}

#[derive(Default)]
struct Counts {
    both: f64,
    only_predicted: f64,
    only_true: f64,
    neither: f64,
}

impl Counts {
    fn add(&mut self, predicted: bool, truth: bool) {
        match (predicted, truth) {
            (true, true) => self.both += 1.0,
            (true, false) => self.only_predicted += 1.0,
            (false, true) => self.only_true += 1.0,
            (false, false) => self.neither += 1.0,
        }
    }

    /// 1 where there is nothing to find and nothing was found.
    fn dice(&self) -> f64 {
        let all = 2.0 * self.both + self.only_predicted + self.only_true;
        if all > 0.0 { 2.0 * self.both / all } else { 1.0 }
    }

    fn error(&self) -> f64 {
        let wrong = self.only_predicted + self.only_true;
        wrong / (wrong + self.both + self.neither).max(1.0)
    }
}
