//! Agreement object by object.

use std::collections::HashMap;

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
    assert_eq!(predicted.len(), truth.len(), "masks of one image have one size");
    let mut areas = [HashMap::<u32, u64>::new(), HashMap::new()];
    let mut shared = HashMap::<(u32, u32), u64>::new();
    let mut count = |pair: (u32, u32), n: u64| {
        if pair.0 != 0 {
            *areas[0].entry(pair.0).or_default() += n;
        }
        if pair.1 != 0 {
            *areas[1].entry(pair.1).or_default() += n;
        }
        if pair.0 != 0 && pair.1 != 0 {
            *shared.entry(pair).or_default() += n;
        }
    };
    // Runs instead of pixels: objects are wider than one pixel, and looking up costs more than counting.
    let (mut run, mut length) = ((0, 0), 0);
    for pair in predicted.iter().copied().zip(truth.iter().copied()) {
        if pair != run {
            count(run, length);
            (run, length) = (pair, 0);
        }
        length += 1;
    }
    count(run, length);

    let mut pairs: Vec<(f64, u32, u32)> = shared
        .into_iter()
        .map(|((p, t), both)| (both as f64 / (areas[0][&p] + areas[1][&t] - both) as f64, p, t))
        .filter(|(iou, ..)| *iou >= threshold)
        .collect();
    // The numbers only make the order, and with it the result, the same in every run.
    pairs.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let [mut predicted, mut truth] = areas;
    let mut true_positives = 0;
    for (_, p, t) in pairs {
        if predicted.contains_key(&p) && truth.contains_key(&t) {
            predicted.remove(&p);
            truth.remove(&t);
            true_positives += 1;
        }
    }
    Matches { true_positives, false_positives: predicted.len(), false_negatives: truth.len() }
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
}
