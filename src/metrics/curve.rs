//! Agreement of probabilities with a mask at every threshold: ROC and precision-recall.

use super::overlap::{IGNORE, Overlap};

/// How many pixels of each kind lie above each threshold, for one class of one image or of several.
///
/// Pixels of equal probability are above a threshold together, so ties have one result, whatever the order of the
/// pixels. Making it takes `n log n` time, asking it takes one pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// From the highest probability down: it, and the (positives, negatives) that have it or a higher one.
    steps: Vec<(f32, u64, u64)>,
}

/// The highest Dice and the threshold that gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BestDice {
    /// A pixel is of the class from this probability up.
    pub threshold: f32,
    /// `2 |P and T| / (|P| + |T|)` there.
    pub dice: f64,
}

impl Curve {
    /// Sorts the pixels by the probability of `class`; `truth` holds class indices, of which 255 is left out. With
    /// `field`, only pixels where it is true count: the field of view of a fundus camera. For a curve over all pixels
    /// of several images, give them one after the other.
    ///
    /// Probabilities can be any scores that rise with the belief in the class; NaN counts as the highest of all.
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn of(probability: &[f32], truth: &[u8], class: u8, field: Option<&[bool]>) -> Self {
        assert_eq!(probability.len(), truth.len(), "masks of one image have one size");
        assert!(field.is_none_or(|f| f.len() == truth.len()), "masks of one image have one size");
        let mut pixels: Vec<(f32, bool)> = (0..truth.len())
            .filter(|i| truth[*i] != IGNORE && field.is_none_or(|f| f[*i]))
            // Adding 0 makes -0 equal to 0 in the total order too; `abs` does the same for the two signs of NaN.
            .map(|i| {
                (
                    if probability[i].is_nan() { f32::NAN.abs() } else { probability[i] + 0.0 },
                    truth[i] == class,
                )
            })
            .collect();
        pixels.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut steps: Vec<(f32, u64, u64)> = Vec::new();
        let (mut positives, mut negatives) = (0, 0);
        for (p, is) in pixels {
            positives += u64::from(is);
            negatives += u64::from(!is);
            match steps.last_mut() {
                Some(step) if step.0.total_cmp(&p).is_eq() => *step = (p, positives, negatives),
                _ => steps.push((p, positives, negatives)),
            }
        }
        Self { steps }
    }

    /// Pixels that are of the class, and pixels that are not.
    fn totals(&self) -> (u64, u64) {
        self.steps.last().map_or((0, 0), |(_, positives, negatives)| (*positives, *negatives))
    }

    /// Each step as (positives, negatives) before it and after it.
    fn pieces(&self) -> impl Iterator<Item = ([u64; 2], [u64; 2])> {
        let after = self.steps.iter().map(|(_, positives, negatives)| [*positives, *negatives]);
        std::iter::once([0, 0]).chain(after.clone()).zip(after)
    }

    /// The area under the receiver operating characteristic: the probability that a pixel of the class has a higher
    /// value than one that is not, ties counting half (Hanley and McNeil 1982). Exact. `None` if the truth has only
    /// pixels of the class, or none.
    pub fn roc_auc(&self) -> Option<f64> {
        let (positives, negatives) = self.totals();
        // Twice the area, in pairs of pixels.
        let area: u128 = self
            .pieces()
            .map(|(before, after)| u128::from(after[1] - before[1]) * u128::from(before[0] + after[0]))
            .sum();
        let pairs = u128::from(positives) * u128::from(negatives);
        (pairs > 0).then(|| area as f64 / (2 * pairs) as f64)
    }

    /// Average precision, `sum (R_n - R_{n-1}) P_n` over the thresholds from high to low: the area under the
    /// precision-recall curve as scikit-learn's `average_precision_score` defines it, without interpolation. `None` if
    /// the truth has no pixel of the class.
    pub fn average_precision(&self) -> Option<f64> {
        self.recall_sum(|_, after| precision(after))
    }

    /// The area under the precision-recall curve by trapezoids, beginning at recall 0 and precision 1: scikit-learn's
    /// `auc` of its `precision_recall_curve`. Papers give this one too, though straight lines between points are too
    /// kind to it (Davis and Goadrich 2006). `None` if the truth has no pixel of the class.
    pub fn pr_auc(&self) -> Option<f64> {
        self.recall_sum(|before, after| (precision(before) + precision(after)) / 2.0)
    }

    /// The sum over the steps of the gain in recall times `height`, a function of the counts before and after.
    fn recall_sum(&self, height: impl Fn([u64; 2], [u64; 2]) -> f64) -> Option<f64> {
        let (positives, _) = self.totals();
        let sum: f64 =
            self.pieces().map(|(before, after)| (after[0] - before[0]) as f64 * height(before, after)).sum();
        (positives > 0).then(|| sum / positives as f64)
    }

    /// The threshold with the highest Dice; the highest of several that are equally good. `None` if the truth has no
    /// pixel of the class.
    pub fn best_dice(&self) -> Option<BestDice> {
        let (truth, _) = self.totals();
        let mut best: Option<BestDice> = None;
        for (threshold, both, others) in &self.steps {
            let dice = Overlap { predicted: both + others, truth, both: *both }.dice()?;
            if best.is_none_or(|b| dice > b.dice) {
                best = Some(BestDice { threshold: *threshold, dice });
            }
        }
        best.filter(|_| truth > 0)
    }
}

/// The part of the pixels above a threshold that are of the class; 1 above the highest, where none is wrong.
fn precision([positives, negatives]: [u64; 2]) -> f64 {
    let all = positives + negatives;
    if all == 0 { 1.0 } else { positives as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn curve(probability: &[f32], truth: &[u8]) -> Curve {
        Curve::of(probability, truth, 1, None)
    }

    #[test]
    fn a_perfect_order_has_all_areas_1_and_the_reverse_no_roc_area() {
        let c = curve(&[0.9, 0.8, 0.3, 0.1], &[1, 1, 0, 0]);
        assert_eq!((c.roc_auc(), c.average_precision(), c.pr_auc()), (Some(1.0), Some(1.0), Some(1.0)));
        assert_eq!(c.best_dice(), Some(BestDice { threshold: 0.8, dice: 1.0 }));
        assert_eq!(curve(&[0.9, 0.8, 0.3, 0.1], &[0, 0, 1, 1]).roc_auc(), Some(0.0));
    }

    #[test]
    fn equal_probabilities_count_half_whatever_the_order_of_the_pixels() {
        for truth in [[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 1]] {
            let c = curve(&[0.5; 4], &truth);
            assert_eq!((c.roc_auc(), c.average_precision()), (Some(0.5), Some(0.5)));
        }
        assert_eq!(curve(&[0.0, -0.0], &[1, 0]).roc_auc(), Some(0.5));
    }

    #[test]
    fn what_is_not_labelled_or_out_of_the_field_of_view_does_not_count() {
        let probability = [0.9, 0.8, 0.7, 0.2, 0.1];
        let truth = [1, IGNORE, 0, 1, 0];
        let c = Curve::of(&probability, &truth, 1, Some(&[true, true, false, true, true]));
        assert_eq!(c, curve(&[0.9, 0.2, 0.1], &[1, 1, 0]));
        assert_eq!(c.roc_auc(), Some(1.0));
    }

    #[test]
    fn areas_do_not_exist_without_both_kinds_of_pixels() {
        assert_eq!(curve(&[0.5, 0.6], &[1, 1]).roc_auc(), None);
        assert_eq!(curve(&[0.5, 0.6], &[1, 1]).average_precision(), Some(1.0));
        let none = curve(&[0.5, 0.6], &[0, 0]);
        assert_eq!((none.roc_auc(), none.average_precision(), none.pr_auc()), (None, None, None));
        assert_eq!((none.best_dice(), curve(&[], &[]).best_dice()), (None, None));
    }

    #[test]
    fn values_that_are_no_numbers_rank_highest() {
        assert_eq!(curve(&[f32::NAN, -f32::NAN, 0.5], &[1, 1, 0]).roc_auc(), Some(1.0));
    }

    fn pixels() -> impl Strategy<Value = Vec<(f32, u8)>> {
        prop::collection::vec(((0u8..8).prop_map(|p| f32::from(p) / 8.0), 0u8..2), 1..80)
    }

    proptest! {
        #[test]
        fn the_roc_area_is_the_part_of_the_pairs_in_the_right_order(pixels in pixels()) {
            let (p, t): (Vec<f32>, Vec<u8>) = pixels.iter().copied().unzip();
            let (mut right, mut pairs) = (0.0, 0.0);
            for (a, _) in pixels.iter().filter(|x| x.1 == 1) {
                for (b, _) in pixels.iter().filter(|x| x.1 == 0) {
                    pairs += 1.0;
                    right += if a > b { 1.0 } else if a == b { 0.5 } else { 0.0 };
                }
            }
            match curve(&p, &t).roc_auc() {
                Some(area) => prop_assert!((area - right / pairs).abs() < 1e-12),
                None => prop_assert_eq!(pairs, 0.0),
            }
        }

        #[test]
        fn no_threshold_has_a_higher_dice_than_the_best(pixels in pixels()) {
            let (p, t): (Vec<f32>, Vec<u8>) = pixels.iter().copied().unzip();
            let at = |threshold: f32| {
                let mask: Vec<u8> = p.iter().map(|p| u8::from(*p >= threshold)).collect();
                Overlap::of(&mask, &t, 1).dice()
            };
            if let Some(best) = curve(&p, &t).best_dice() {
                prop_assert_eq!(at(best.threshold), Some(best.dice));
                for threshold in &p {
                    prop_assert!(at(*threshold).unwrap() <= best.dice);
                }
            }
        }

        #[test]
        fn areas_do_not_depend_on_the_order_of_the_pixels_nor_on_rising_transformations(pixels in pixels()) {
            let (p, t): (Vec<f32>, Vec<u8>) = pixels.iter().copied().unzip();
            let (q, u): (Vec<f32>, Vec<u8>) = pixels.iter().rev().map(|(p, t)| (p * p * 3.0 + 1.0, *t)).unzip();
            let (a, b) = (curve(&p, &t), curve(&q, &u));
            prop_assert_eq!(a.roc_auc(), b.roc_auc());
            prop_assert_eq!(a.average_precision(), b.average_precision());
            prop_assert_eq!(a.pr_auc(), b.pr_auc());
        }
    }
}
