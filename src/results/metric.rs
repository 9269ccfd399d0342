//! The scores that a model's card, or the caller, asks for beside those that every evaluation has.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::scores::comparable;
use super::truth::Meaning;
use crate::error::{Error, Result};
use crate::infer::Prediction;
use crate::metrics::{
    BestMembraneScores, BorderDistances, Borders, CHALLENGE_THRESHOLDS, Curve, IOU_THRESHOLDS, Mean,
    MembraneScores, best_membrane_scores, cells, mean_average_precision, true_cells,
};
use crate::objects::InstanceOptions;
use crate::train::Labels;

/// A score that can be asked for; its name here is its name in a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Metric {
    /// Average precision TP / (TP + FP + FN), the mean over IoU 0.5 to 0.9; needs object numbers
    Ap,
    /// V^Rand of ISBI 2012: cells between thinned membranes, at the model's threshold
    RandFscore,
    /// V^Info of ISBI 2012, likewise
    InfoFscore,
    /// V^Rand at the best of the thresholds 0, 0.1 to 1, as published; chosen for each image
    RandFscoreMax,
    /// V^Info at the best of the thresholds
    InfoFscoreMax,
    /// F1 of border pixels within 0.75 % of the image's diagonal of the other's border (Csurka 2013), the mean over classes
    BoundaryF1,
    /// 95th percentile of the distances between borders, pixels, the mean over classes that both have
    Hausdorff95,
    /// Area under the receiver operating characteristic
    RocAuc,
    /// Area under the precision-recall curve (average precision of pixels, as in scikit-learn)
    PrAuc,
}

/// Scores by name; those that do not exist for an image are missing.
pub type More = BTreeMap<Metric, f64>;

impl Metric {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Ap,
        Self::RandFscore,
        Self::InfoFscore,
        Self::RandFscoreMax,
        Self::InfoFscoreMax,
        Self::BoundaryF1,
        Self::Hausdorff95,
        Self::RocAuc,
        Self::PrAuc,
    ];

    /// As cards call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ap => "ap",
            Self::RandFscore => "randFscore",
            Self::InfoFscore => "infoFscore",
            Self::RandFscoreMax => "randFscoreMax",
            Self::InfoFscoreMax => "infoFscoreMax",
            Self::BoundaryF1 => "boundaryF1",
            Self::Hausdorff95 => "hausdorff95",
            Self::RocAuc => "rocAuc",
            Self::PrAuc => "prAuc",
        }
    }

    /// # Errors
    /// `argument` for a name that none has.
    pub fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|metric| metric.name() == name);
        found.ok_or_else(|| Error::invalid("argument", format!("There is no score called {name}.")))
    }

    /// What the card names (names that are not of this list are the caller's matter) and what is asked for besides.
    pub fn asked(card: &[String], besides: &[Self]) -> BTreeSet<Self> {
        card.iter().filter_map(|name| Self::from_name(name).ok()).chain(besides.iter().copied()).collect()
    }
}

impl std::fmt::Display for Metric {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The scores of one image.
pub fn scores(
    asked: &BTreeSet<Metric>,
    prediction: &Prediction,
    labels: &Labels,
    meaning: Meaning,
    threshold: f32,
) -> More {
    let membranes = LazyCell::new(|| Membranes::of(prediction, labels, threshold));
    let at_threshold = LazyCell::new(|| membranes.at_threshold());
    let best = LazyCell::new(|| membranes.best());
    let borders = LazyCell::new(|| borders(prediction, labels, meaning, threshold));
    let score = |metric| match metric {
        Metric::Ap => average_precision(prediction, labels, threshold),
        Metric::RandFscore => at_threshold.map(|s| s.rand.f_score),
        Metric::InfoFscore => at_threshold.map(|s| s.info.f_score),
        Metric::RandFscoreMax => best.map(|s| s.rand.score.f_score),
        Metric::InfoFscoreMax => best.map(|s| s.info.score.f_score),
        Metric::BoundaryF1 => mean_of(&borders, BorderDistances::f1),
        Metric::Hausdorff95 => mean_of(&borders, BorderDistances::hausdorff95),
        Metric::RocAuc => area(prediction, labels, meaning, Curve::roc_auc),
        Metric::PrAuc => area(prediction, labels, meaning, Curve::average_precision),
    };
    asked.iter().filter_map(|metric| Some((*metric, score(*metric)?))).collect()
}

/// The mean of each score over the images that have it.
pub fn means<'a>(each: impl Iterator<Item = &'a More>) -> More {
    let mut means = BTreeMap::<Metric, Mean>::new();
    for (metric, score) in each.flatten() {
        means.entry(*metric).or_default().add(*score);
    }
    means.into_iter().filter_map(|(metric, mean)| Some((metric, mean.value()?))).collect()
}

fn average_precision(prediction: &Prediction, labels: &Labels, threshold: f32) -> Option<f64> {
    let Labels::Objects(truth) = labels else { return None };
    let options = InstanceOptions { threshold, ..InstanceOptions::default() };
    mean_average_precision(&prediction.instances(&options), truth, &IOU_THRESHOLDS)
}

/// Of each class; labels without classes know foreground only.
fn borders(
    prediction: &Prediction,
    labels: &Labels,
    meaning: Meaning,
    threshold: f32,
) -> Vec<BorderDistances> {
    let (found, right) = (comparable(prediction, meaning, threshold), labels.classes());
    let classes = if meaning == Meaning::Classes { prediction.classes.min(254) as u8 } else { 1 };
    (1..=classes).map(|class| BorderDistances::of(&found, &right, class, prediction.width)).collect()
}

fn mean_of(borders: &[BorderDistances], score: fn(&BorderDistances) -> Option<f64>) -> Option<f64> {
    let mut mean = Mean::default();
    borders.iter().for_each(|border| mean.add(score(border)));
    mean.value()
}

/// The area of each class that the image has, the mean of them; labels without classes know foreground only.
fn area(
    prediction: &Prediction,
    labels: &Labels,
    meaning: Meaning,
    of: fn(&Curve) -> Option<f64>,
) -> Option<f64> {
    let truth = labels.classes();
    if meaning != Meaning::Classes {
        return of(&Curve::of(&prediction.foreground(), &truth, 1, None));
    }
    let mut mean = Mean::default();
    for (class, probability) in (1..).zip(prediction.probability.chunks_exact(truth.len().max(1))) {
        mean.add(of(&Curve::of(probability, &truth, class, None)));
    }
    mean.value()
}

/// Cells and what is between them: in object labels the objects are cells, in others the foreground is membrane.
struct Membranes {
    membrane: Vec<f32>,
    /// The probability from which a pixel is membrane.
    threshold: f32,
    truth: Vec<u32>,
    width: usize,
    height: usize,
}

impl Membranes {
    fn of(prediction: &Prediction, labels: &Labels, threshold: f32) -> Self {
        let (width, height) = (prediction.width, prediction.height);
        let mut membrane = prediction.foreground();
        match labels {
            Labels::Objects(truth) => {
                // The rims of objects are part of their class, and yet what separates them.
                for (i, p) in membrane.iter_mut().enumerate() {
                    let rim = prediction.boundary.as_ref().and_then(|b| b.get(i)).copied().unwrap_or(0.0);
                    *p = 1.0 - (*p - rim);
                }
                Self { membrane, threshold: 1.0 - threshold, truth: truth.clone(), width, height }
            }
            Labels::Classes(truth) => {
                Self { membrane, threshold, truth: true_cells(truth, width, height), width, height }
            }
        }
    }

    fn at_threshold(&self) -> Option<MembraneScores> {
        let cells = cells(&self.membrane, self.width, self.height, self.threshold, Borders::Thinned);
        MembraneScores::of(&cells, &self.truth)
    }

    fn best(&self) -> Option<BestMembraneScores> {
        best_membrane_scores(
            &self.membrane,
            &self.truth,
            self.width,
            self.height,
            Borders::Thinned,
            &CHALLENGE_THRESHOLDS,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_cells(labels: Labels, meaning: Meaning) -> More {
        // A membrane in the middle of seven pixels, two pixels too wide.
        let probability = vec![0.1, 0.2, 0.7, 0.9, 0.7, 0.2, 0.1];
        let probability = if meaning == Meaning::Objects {
            probability.iter().map(|p| 1.0 - p).collect()
        } else {
            probability
        };
        let prediction = Prediction::plain(7, 1, 1, probability);
        let asked = Metric::asked(
            &["dice".into(), "ap".into(), "rocAuc".into()],
            &[Metric::RandFscore, Metric::InfoFscoreMax],
        );
        scores(&asked, &prediction, &labels, meaning, 0.5)
    }

    #[test]
    fn what_the_card_names_and_what_is_asked_for_is_measured_if_the_labels_allow_it() {
        let found = two_cells(Labels::Classes(vec![0, 0, 0, 1, 0, 0, 0]), Meaning::Binary);
        assert_eq!(
            found.keys().copied().collect::<Vec<_>>(),
            [Metric::RandFscore, Metric::InfoFscoreMax, Metric::RocAuc]
        );
        assert!(found.values().all(|score| *score == 1.0), "{found:?}");
    }

    #[test]
    fn objects_are_cells_and_what_is_between_them_is_membrane() {
        let found = two_cells(Labels::Objects(vec![4, 4, 4, 0, 9, 9, 9]), Meaning::Objects);
        assert_eq!((found[&Metric::RandFscore], found[&Metric::InfoFscoreMax]), (1.0, 1.0));
        assert_eq!(found[&Metric::Ap], 0.0, "pieces of two pixels are dropped");
    }

    #[test]
    fn means_are_over_the_images_that_have_the_score() {
        let one = More::from([(Metric::Ap, 0.5), (Metric::RocAuc, 1.0)]);
        let other = More::from([(Metric::Ap, 1.0)]);
        assert_eq!(means([one, other].iter()), More::from([(Metric::Ap, 0.75), (Metric::RocAuc, 1.0)]));
    }

    #[test]
    fn names_are_those_of_the_card() {
        assert_eq!(Metric::RandFscore.to_string(), "randFscore");
        assert_eq!(Metric::asked(&["prAuc".into(), "madeUp".into()], &[]), BTreeSet::from([Metric::PrAuc]));
    }
}
