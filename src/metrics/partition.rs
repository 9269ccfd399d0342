//! Agreement of two partitions of the same pixels: Rand and information scores, with their split and merge parts.

use std::collections::BTreeMap;

use super::pairs::shared_pixels;

/// What number 0 means when two partitions are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// A segment like any other, in both: every pixel counts.
    Segment,
    /// Pixels that are 0 in the truth are left out; the prediction's 0 is a segment like any other. So do
    /// scikit-image's `adapted_rand_error` and `variation_of_information(ignore_labels=[0])`.
    LeftOut,
    /// Pixels that are 0 in the truth are left out, and each remaining one that is 0 in the prediction is a segment
    /// of its own: foreground-restricted, as in the challenges ISBI 2012 and SNEMI3D (Arganda-Carreras et al. 2015).
    Singles,
}

/// Two scores 0..=1, one lowered by wrong splits, one by wrong merges, and their harmonic mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SplitMerge {
    /// 1 if no true segment is split (the recall of pairs).
    pub split: f64,
    /// 1 if no predicted segment merges true ones (the precision of pairs).
    pub merge: f64,
    /// The F-score: both with the same weight, alpha = 0.5 in Arganda-Carreras et al. 2015.
    pub f_score: f64,
}

/// What is unknown about one partition if the other one is known, in bits (Meilă 2007).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VariationOfInformation {
    /// `H(S|T)`: wrong splits.
    pub split: f64,
    /// `H(T|S)`: wrong merges.
    pub merge: f64,
}

/// How many pixels each segment has in the prediction S, in the truth T, and each pair of them in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contingency {
    both: Vec<u64>,
    predicted: Vec<u64>,
    truth: Vec<u64>,
    /// Predicted segments of one pixel that are in none of the lists.
    singles: u64,
    pixels: u64,
}

impl Contingency {
    /// Counts the pixels of two partitions, a segment's number a pixel; the numbers themselves mean nothing, but
    /// for 0. `None` if no pixel counts.
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn of(predicted: &[u32], truth: &[u32], background: Background) -> Option<Self> {
        let mut counts =
            Self { both: Vec::new(), predicted: Vec::new(), truth: Vec::new(), singles: 0, pixels: 0 };
        // Ordered, so that sums of floating-point numbers over them are the same in every run.
        let (mut of_predicted, mut of_truth) = (BTreeMap::<u32, u64>::new(), BTreeMap::<u32, u64>::new());
        for ((p, t), n) in shared_pixels(predicted, truth) {
            if t == 0 && background != Background::Segment {
                continue;
            }
            counts.pixels += n;
            *of_truth.entry(t).or_default() += n;
            if p == 0 && background == Background::Singles {
                counts.singles += n;
            } else {
                counts.both.push(n);
                *of_predicted.entry(p).or_default() += n;
            }
        }
        counts.predicted.extend(of_predicted.into_values());
        counts.truth.extend(of_truth.into_values());
        (counts.pixels > 0).then_some(counts)
    }

    /// The Rand scores `V^Rand` (Arganda-Carreras et al. 2015, equation 3), with `p_ij` the part of the
    /// pixels in segment i of S and j of T, `s_i` and `t_j` the sums over the other index:
    ///
    /// `split = sum p_ij^2 / sum t_j^2`, `merge = sum p_ij^2 / sum s_i^2`,
    /// `f_score = 2 sum p_ij^2 / (sum s_i^2 + sum t_j^2)`.
    ///
    /// A pixel is a pair with itself here, as in the published scores; [`Contingency::pairs`] counts pairs of
    /// different pixels.
    pub fn rand(&self) -> SplitMerge {
        self.same(|n| u128::from(n) * u128::from(n))
    }

    /// [`Contingency::rand`] over pairs of different pixels: recall, precision and F-score of "these two pixels are
    /// in one segment". `1 - f_score` is the Rand error of the whole image with [`Background::Segment`], and
    /// scikit-image's `adapted_rand_error` with [`Background::LeftOut`]. A part without any pair is 1.
    pub fn pairs(&self) -> SplitMerge {
        self.same(|n| u128::from(n) * u128::from(n.saturating_sub(1)))
    }

    /// The Rand index (Rand 1971): the part of all pairs of different pixels that S and T both keep together or
    /// both keep apart. 1 if there is one pixel only.
    pub fn rand_index(&self) -> f64 {
        let [both, predicted, truth] = self.sums(|n| u128::from(n) * u128::from(n.saturating_sub(1)));
        let all = u128::from(self.pixels) * u128::from(self.pixels.saturating_sub(1));
        ratio((all + 2 * both - predicted - truth) as f64, all as f64)
    }

    /// The information scores `V^Info` (Arganda-Carreras et al. 2015, equation 6): with the mutual information
    /// `I = H(S) + H(T) - H(S,T)`,
    ///
    /// `split = I / H(S)`, `merge = I / H(T)`, `f_score = 2 I / (H(S) + H(T))`.
    ///
    /// Where a partition has one segment only, nothing could be split (or merged), and the part is 1.
    pub fn info(&self) -> SplitMerge {
        let [both, predicted, truth] = self.entropies();
        let mutual = (predicted + truth - both).clamp(0.0, predicted.min(truth));
        SplitMerge {
            split: ratio(mutual, predicted),
            merge: ratio(mutual, truth),
            f_score: ratio(2.0 * mutual, predicted + truth),
        }
    }

    /// The variation of information (Meilă 2007), in bits, as scikit-image's `variation_of_information` gives it.
    pub fn variation_of_information(&self) -> VariationOfInformation {
        let [both, predicted, truth] = self.entropies();
        VariationOfInformation { split: (both - truth).max(0.0), merge: (both - predicted).max(0.0) }
    }

    fn same(&self, pairs: impl Fn(u64) -> u128) -> SplitMerge {
        let [both, predicted, truth] = self.sums(pairs).map(|sum| sum as f64);
        SplitMerge {
            split: ratio(both, truth),
            merge: ratio(both, predicted),
            f_score: ratio(2.0 * both, predicted + truth),
        }
    }

    /// `pairs` of a segment's size, summed over the segments of both, of S and of T.
    fn sums(&self, pairs: impl Fn(u64) -> u128) -> [u128; 3] {
        let singles = u128::from(self.singles) * pairs(1);
        let sum = |sizes: &[u64]| sizes.iter().map(|n| pairs(*n)).sum::<u128>();
        [sum(&self.both) + singles, sum(&self.predicted) + singles, sum(&self.truth)]
    }

    /// `H(S,T)`, `H(S)` and `H(T)`, in bits.
    fn entropies(&self) -> [f64; 3] {
        let all = self.pixels as f64;
        let part = |n: u64| {
            let p = n as f64 / all;
            if n == 0 { 0.0 } else { -p * p.log2() }
        };
        let singles = self.singles as f64 * part(1);
        let sum = |sizes: &[u64]| sizes.iter().map(|n| part(*n)).sum::<f64>();
        [sum(&self.both) + singles, sum(&self.predicted) + singles, sum(&self.truth)]
    }
}

/// `part / whole`; of nothing, all is right.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Background; 3] = [Background::Segment, Background::LeftOut, Background::Singles];

    fn counted(predicted: &[u32], truth: &[u32], background: Background) -> Contingency {
        Contingency::of(predicted, truth, background).unwrap()
    }

    #[test]
    fn scores_of_a_small_case_by_hand() {
        // One true segment of 4 pixels split into 2 + 2, one of 2 found.
        let c = counted(&[1, 1, 2, 2, 3, 3], &[1, 1, 1, 1, 2, 2], Background::Singles);
        assert_eq!(c.rand(), SplitMerge { split: 12.0 / 20.0, merge: 1.0, f_score: 24.0 / 32.0 });
        assert_eq!(c.pairs(), SplitMerge { split: 6.0 / 14.0, merge: 1.0, f_score: 12.0 / 20.0 });
        assert_eq!(c.rand_index(), 11.0 / 15.0);
        let v = c.variation_of_information();
        assert!((v.split - 2.0 / 3.0).abs() < 1e-12 && v.merge.abs() < 1e-12);
    }

    #[test]
    fn splitting_lowers_the_split_score_and_merging_the_merge_score() {
        let truth = [1, 1, 1, 2, 2, 2];
        for background in ALL {
            let split = counted(&[1, 3, 3, 2, 2, 2], &truth, background);
            assert!(split.rand().split < 1.0 && split.rand().merge == 1.0);
            assert!(split.info().split < 1.0 && split.info().merge > 1.0 - 1e-12);
            let merged = counted(&[7; 6], &truth, background);
            assert!(merged.rand().merge < 1.0 && merged.rand().split == 1.0);
            assert_eq!((merged.info().merge, merged.info().split, merged.info().f_score), (0.0, 1.0, 0.0));
        }
    }

    #[test]
    fn the_background_counts_as_it_is_told() {
        let (predicted, truth) = ([1, 0, 0, 5], [1, 1, 1, 0]);
        assert_eq!(counted(&predicted, &truth, Background::Segment).rand().merge, 1.0);
        assert_eq!(counted(&predicted, &truth, Background::LeftOut).rand().split, 5.0 / 9.0);
        assert_eq!(counted(&predicted, &truth, Background::Singles).rand().split, 3.0 / 9.0);
    }

    #[test]
    fn without_true_foreground_there_is_no_score() {
        assert_eq!(Contingency::of(&[1, 2], &[0, 0], Background::Singles), None);
        assert_eq!(Contingency::of(&[1, 2], &[0, 0], Background::LeftOut), None);
        assert_eq!(Contingency::of(&[], &[], Background::Segment), None);
    }

    #[test]
    fn one_pixel_agrees_with_itself() {
        let c = counted(&[3], &[4], Background::Segment);
        assert_eq!((c.rand_index(), c.pairs().f_score, c.info().f_score), (1.0, 1.0, 1.0));
    }

    fn partitions() -> impl Strategy<Value = (Vec<u32>, Vec<u32>)> {
        (1usize..60).prop_flat_map(|n| (prop::collection::vec(0u32..5, n), prop::collection::vec(0u32..5, n)))
    }

    proptest! {
        #[test]
        fn a_partition_agrees_perfectly_with_itself_whatever_its_numbers((_, truth) in partitions()) {
            let renumbered: Vec<u32> = truth.iter().map(|n| if *n == 0 { 0 } else { 90 - 7 * n }).collect();
            for background in ALL {
                let Some(c) = Contingency::of(&renumbered, &truth, background) else { continue };
                let one = SplitMerge { split: 1.0, merge: 1.0, f_score: 1.0 };
                prop_assert_eq!(c.rand(), one);
                prop_assert_eq!(c.pairs(), one);
                prop_assert_eq!(c.rand_index(), 1.0);
                for score in [c.info().split, c.info().merge, c.info().f_score] {
                    prop_assert!((score - 1.0).abs() < 1e-12);
                }
                let v = c.variation_of_information();
                prop_assert!(v.split < 1e-12 && v.merge < 1e-12);
            }
        }

        #[test]
        fn scores_do_not_depend_on_the_numbers_and_stay_within_0_and_1((predicted, truth) in partitions()) {
            let renumbered: Vec<u32> = predicted.iter().map(|n| if *n == 0 { 0 } else { 50 - 3 * n }).collect();
            for background in ALL {
                let Some(c) = Contingency::of(&predicted, &truth, background) else { continue };
                let other = Contingency::of(&renumbered, &truth, background).unwrap();
                prop_assert_eq!(c.rand(), other.rand());
                prop_assert!((c.info().f_score - other.info().f_score).abs() < 1e-12);
                for s in [c.rand(), c.pairs(), c.info()] {
                    for score in [s.split, s.merge, s.f_score] {
                        prop_assert!((0.0..=1.0).contains(&score));
                    }
                    prop_assert!(s.f_score >= s.split.min(s.merge) - 1e-12);
                    prop_assert!(s.f_score <= s.split.max(s.merge) + 1e-12);
                }
            }
        }

        #[test]
        fn swapping_prediction_and_truth_swaps_splits_and_merges((predicted, truth) in partitions()) {
            let (a, b) = (counted(&predicted, &truth, Background::Segment), counted(&truth, &predicted, Background::Segment));
            prop_assert_eq!(a.rand().split, b.rand().merge);
            prop_assert!((a.info().split - b.info().merge).abs() < 1e-12);
            prop_assert_eq!(a.rand_index(), b.rand_index());
        }

        #[test]
        fn merging_two_segments_never_raises_the_merge_score_of_a_right_partition((_, truth) in partitions()) {
            let merged: Vec<u32> = truth.iter().map(|n| if *n == 2 { 1 } else { *n }).collect();
            let (c, both) = (counted(&merged, &truth, Background::Segment), [1, 2].iter().all(|n| truth.contains(n)));
            prop_assert_eq!(c.rand().split, 1.0);
            prop_assert_eq!(c.rand().merge < 1.0, both);
        }
    }
}
