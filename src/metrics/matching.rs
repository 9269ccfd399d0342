//! Agreement object by object.

use std::collections::HashMap;

use super::mean::Mean;
use super::pairs::shared_pixels;

/// How many objects of the prediction and of the truth found a partner. Counts of several images can be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// Pairs of a predicted and a true object.
    pub true_positives: usize,
    /// Predicted objects without a partner.
    pub false_positives: usize,
    /// True objects without a partner.
    pub false_negatives: usize,
}

impl Matches {
    /// `TP / (TP + FP + FN)`: average precision at one IoU as the Data Science Bowl 2018 (Caicedo et al. 2019)
    /// and StarDist (Schmidt et al. 2018) count it. 1 where neither side has an object: nothing was there, and
    /// nothing was found.
    pub fn average_precision(&self) -> f64 {
        let all = self.true_positives + self.false_positives + self.false_negatives;
        if all == 0 { 1.0 } else { self.true_positives as f64 / all as f64 }
    }
}

impl std::ops::AddAssign for Matches {
    fn add_assign(&mut self, other: Self) {
        self.true_positives += other.true_positives;
        self.false_positives += other.false_positives;
        self.false_negatives += other.false_negatives;
    }
}

/// The IoU from which a pair counts, one after another, for [`mean_average_precision`]: 0.5 to 0.9 in steps of 0.05,
/// as StarDist reports them (Schmidt et al. 2018). The ranking of the Data Science Bowl 2018 adds 0.95.
pub const IOU_THRESHOLDS: [f64; 9] = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9];

/// Pairs predicted with true objects that overlap by an IoU of at least `threshold`, each object once.
///
/// Both slices hold an object number a pixel, 0 for the background; numbers need not be dense, and a number that
/// no pixel has is no object. Pairs are taken in the order of falling IoU. From 0.5 up this is the largest
/// matching there is: above 0.5 an object has one candidate only, and at exactly 0.5 candidates of one object
/// lie wholly inside it and so compete for nothing else. Below 0.5 it can miss a pair that an optimal
/// assignment would find.
///
/// # Panics
/// If the slices differ in length.
pub fn match_instances(predicted: &[u32], truth: &[u32], threshold: f64) -> Matches {
    Pairing::of(predicted, truth).matches(threshold)
}

/// The mean of [`Matches::average_precision`] over IoU thresholds, of which [`IOU_THRESHOLDS`] are the usual ones;
/// `None` without any threshold. Slices as for [`match_instances`]; thresholds as there.
///
/// # Panics
/// If the slices differ in length.
pub fn mean_average_precision(predicted: &[u32], truth: &[u32], thresholds: &[f64]) -> Option<f64> {
    let pairing = Pairing::of(predicted, truth);
    let mut mean = Mean::default();
    for threshold in thresholds {
        mean.add(pairing.matches(*threshold).average_precision());
    }
    mean.value()
}

/// Objects paired greedily, best overlap first. A threshold only cuts the tail off, since the pairs above it are
/// chosen before those below it.
struct Pairing {
    /// IoU of each pair, falling.
    ious: Vec<f64>,
    predicted: usize,
    truth: usize,
}

impl Pairing {
    fn of(predicted: &[u32], truth: &[u32]) -> Self {
        let shared = shared_pixels(predicted, truth);
        let (mut predicted, mut truth) = (HashMap::<u32, u64>::new(), HashMap::<u32, u64>::new());
        for ((p, t), pixels) in &shared {
            if *p != 0 {
                *predicted.entry(*p).or_default() += pixels;
            }
            if *t != 0 {
                *truth.entry(*t).or_default() += pixels;
            }
        }
        let mut pairs: Vec<(f64, u32, u32)> = shared
            .into_iter()
            .filter(|((p, t), _)| *p != 0 && *t != 0)
            .map(|((p, t), both)| (both as f64 / (predicted[&p] + truth[&t] - both) as f64, p, t))
            .collect();
        // The numbers only make the order, and with it the result, the same in every run.
        pairs.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let (all_predicted, all_truth) = (predicted.len(), truth.len());
        let mut ious = Vec::new();
        for (iou, p, t) in pairs {
            if predicted.contains_key(&p) && truth.contains_key(&t) {
                predicted.remove(&p);
                truth.remove(&t);
                ious.push(iou);
            }
        }
        Self { ious, predicted: all_predicted, truth: all_truth }
    }

    fn matches(&self, threshold: f64) -> Matches {
        let true_positives = self.ious.partition_point(|iou| *iou >= threshold);
        Matches {
            true_positives,
            false_positives: self.predicted - true_positives,
            false_negatives: self.truth - true_positives,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(predicted: &[u32], truth: &[u32], threshold: f64) -> (usize, usize, usize) {
        let m = match_instances(predicted, truth, threshold);
        (m.true_positives, m.false_positives, m.false_negatives)
    }

    #[test]
    fn the_numbers_of_the_objects_do_not_matter_but_their_pixels_do() {
        assert_eq!(counts(&[0, 7, 7, 0, 9, 9], &[0, 2, 2, 0, 1, 1], 0.5), (2, 0, 0));
        assert_eq!(counts(&[0, 7, 7, 0, 9, 9], &[0, 2, 2, 0, 0, 1], 0.75), (1, 1, 1));
    }

    #[test]
    fn an_object_over_two_touching_ones_matches_one_of_them_at_most() {
        assert_eq!(counts(&[1, 1, 1, 1], &[1, 1, 2, 2], 0.5), (1, 0, 1));
        assert_eq!(counts(&[1, 1, 1, 1], &[1, 1, 2, 2], 0.51), (0, 1, 2));
    }

    #[test]
    fn the_better_partner_wins() {
        // Predicted 1 covers truth 1 by 2/3 and truth 2 by 1/4; predicted 2 covers truth 2 by 1/2.
        assert_eq!(counts(&[1, 1, 1, 2, 0], &[1, 1, 2, 2, 0], 0.2), (2, 0, 0));
    }

    #[test]
    fn objects_that_only_one_side_has_are_false() {
        assert_eq!(counts(&[0, 0, 3], &[0, 0, 0], 0.5), (0, 1, 0));
        assert_eq!(counts(&[0, 0, 0], &[4, 0, 5], 0.5), (0, 0, 2));
        assert_eq!(counts(&[1, 0], &[0, 1], 0.0), (0, 1, 1));
    }

    #[test]
    fn nothing_found_where_nothing_is_counts_as_perfect() {
        assert_eq!(match_instances(&[0; 4], &[0; 4], 0.5).average_precision(), 1.0);
        assert_eq!(match_instances(&[], &[], 0.5).average_precision(), 1.0);
        assert_eq!(match_instances(&[1; 4], &[0; 4], 0.5).average_precision(), 0.0);
    }

    #[test]
    fn the_mean_precision_falls_where_objects_fit_less_well() {
        // 3 of 4 pixels: IoU 0.75, so 6 of the 9 thresholds are reached.
        let (predicted, truth) = ([1, 1, 1, 0], [5, 5, 5, 5]);
        let mean = mean_average_precision(&predicted, &truth, &IOU_THRESHOLDS).unwrap();
        assert!((mean - 6.0 / 9.0).abs() < 1e-12);
        assert_eq!(mean_average_precision(&truth, &truth, &IOU_THRESHOLDS), Some(1.0));
        assert_eq!(mean_average_precision(&[0; 4], &truth, &IOU_THRESHOLDS), Some(0.0));
        assert_eq!(mean_average_precision(&[0; 4], &[0; 4], &IOU_THRESHOLDS), Some(1.0));
        assert_eq!(mean_average_precision(&truth, &truth, &[]), None);
    }
}
