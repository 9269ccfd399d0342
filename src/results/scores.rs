//! How well a mask agrees with what people say is right.

use std::collections::BTreeSet;

use serde::Serialize;

use super::metric::{self, Metric, More};
use super::truth::Meaning;
use crate::error::{Error, Result};
use crate::infer::Prediction;
use crate::metrics::{Mean, Overlap, match_instances, pixel_error};
use crate::objects::InstanceOptions;
use crate::train::Labels;
use crate::weights::Card;

/// Scores of one image, or means over images; `None` where there is nothing to score. Dice, IoU, precision and recall of an image are means
/// over the classes that it or its mask has.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    pub dice: Option<f64>,
    pub iou: Option<f64>,
    /// The part of what was found that is right.
    pub precision: Option<f64>,
    /// The part of what is right that was found.
    pub recall: Option<f64>,
    pub pixel_error: Option<f64>,
    /// `TP / (TP + FP + FN)` at IoU 0.5, if the labels are objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ap50: Option<f64>,
    /// What the card names and what is asked for.
    #[serde(flatten)]
    pub more: More,
}

impl Scores {
    /// The scores of one image at a threshold. `size`: width and height of the labels.
    ///
    /// # Errors
    /// `eval.size` if the labels are of another size.
    pub fn of(
        prediction: &Prediction,
        card: &Card,
        (labels, size): (&Labels, (usize, usize)),
        meaning: Meaning,
        threshold: f32,
        asked: &BTreeSet<Metric>,
    ) -> Result<Self> {
        Self::same_size((prediction.width, prediction.height), size)?;
        let predicted = comparable(prediction, meaning, threshold);
        let truth = labels.classes();
        let classes = if meaning == Meaning::Classes { card.classes.len().min(254) as u8 } else { 1 };
        let mut means = [Mean::default(); 4];
        for class in 1..=classes {
            let overlap = Overlap::of(&predicted, &truth, class);
            let each = [overlap.dice(), overlap.iou(), overlap.precision(), overlap.recall()];
            means.iter_mut().zip(each).for_each(|(mean, score)| mean.add(score));
        }
        let ap50 = match labels {
            Labels::Objects(objects) => {
                let options = InstanceOptions { threshold, ..InstanceOptions::default() };
                Some(match_instances(&prediction.instances(&options), objects, 0.5).average_precision())
            }
            Labels::Classes(_) => None,
        };
        let [dice, iou, precision, recall] = means.map(|mean| mean.value());
        Ok(Self {
            dice,
            iou,
            precision,
            recall,
            pixel_error: pixel_error(&predicted, &truth),
            ap50,
            more: metric::scores(asked, prediction, labels, meaning, threshold),
        })
    }

    /// Whether labels are of the size of their image, width and height.
    ///
    /// # Errors
    /// `eval.size`.
    pub fn same_size(image: (usize, usize), label: (usize, usize)) -> Result<()> {
        if image == label {
            return Ok(());
        }
        let ((width, height), (w, h)) = (image, label);
        Err(Error::invalid(
            "eval.size",
            format!("The image has {width} x {height} pixels and its label {w} x {h}."),
        ))
    }

    /// The mean of each score over the images that have it.
    pub fn means<'a>(all: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let mean = |of: fn(&Self) -> Option<f64>| {
            let mut mean = Mean::default();
            all.clone().for_each(|scores| mean.add(of(scores)));
            mean.value()
        };
        Self {
            dice: mean(|s| s.dice),
            iou: mean(|s| s.iou),
            precision: mean(|s| s.precision),
            recall: mean(|s| s.recall),
            pixel_error: mean(|s| s.pixel_error),
            ap50: mean(|s| s.ap50),
            more: metric::means(all.map(|s| &s.more)),
        }
    }
}

/// Pixels by their class in the labels (rows) and in the mask (columns), background first, without those that nobody labelled. Labels
/// other than those of classes know background and foreground only.
pub fn confusion(
    prediction: &Prediction,
    card: &Card,
    labels: &Labels,
    meaning: Meaning,
    threshold: f32,
) -> Vec<Vec<u64>> {
    let classes = if meaning == Meaning::Classes { card.classes.len().min(254) } else { 1 };
    let mut pixels = vec![vec![0; classes + 1]; classes + 1];
    for (found, right) in comparable(prediction, meaning, threshold).into_iter().zip(labels.classes()) {
        let row = pixels.get_mut(usize::from(right)).filter(|_| right != Labels::IGNORE);
        if let Some(count) = row.and_then(|row| row.get_mut(usize::from(found))) {
            *count += 1;
        }
    }
    pixels
}

/// Of each pixel: 1 both say the same class, 2 missed, 3 too much (or another class), 0 background of both, or not labelled.
pub fn difference(prediction: &Prediction, labels: &Labels, meaning: Meaning, threshold: f32) -> Vec<u8> {
    let of = |(found, right): (u8, u8)| match (found, right) {
        (_, Labels::IGNORE) | (0, 0) => 0,
        (found, right) if found == right => 1,
        (0, _) => 2,
        _ => 3,
    };
    comparable(prediction, meaning, threshold).into_iter().zip(labels.classes()).map(of).collect()
}

/// The classes that are found, as far as labels of this meaning tell them: other than those of classes know foreground only.
pub(super) fn comparable(prediction: &Prediction, meaning: Meaning, threshold: f32) -> Vec<u8> {
    let mut found = prediction.labels(threshold);
    if meaning != Meaning::Classes {
        found.iter_mut().for_each(|class| *class = (*class).min(1));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::untrained;
    use crate::weights::Class;

    #[test]
    fn each_pixel_counts_once_in_the_row_of_its_label() {
        let card = untrained("small", Some(2), 1, Class::numbered(&[], 2), None).unwrap();
        // Of five pixels: class 1, class 1, class 2, nothing, class 2.
        let probability = vec![0.9, 0.8, 0.1, 0.1, 0.2, 0.1, 0.1, 0.8, 0.1, 0.7];
        let prediction = Prediction::plain(5, 1, 2, probability);
        let labels = Labels::Classes(vec![1, 2, 2, 0, Labels::IGNORE]);
        let found = confusion(&prediction, &card, &labels, Meaning::Classes, 0.5);
        assert_eq!(found, [[1, 0, 0], [0, 1, 0], [0, 1, 1]]);
        let mask = Labels::Classes(vec![1, 1, 0, 0, Labels::IGNORE]);
        let found = confusion(&prediction, &card, &mask, Meaning::Binary, 0.5);
        assert_eq!(found, [[1, 1], [0, 2]]);
    }
}
