//! Cells between membranes, as the ISBI 2012 challenge judged them: Arganda-Carreras et al., Crowdsourcing the
//! creation of image segmentation algorithms for connectomics, Frontiers in Neuroanatomy 9:142, 2015.

use super::partition::{Background, Contingency, SplitMerge};
use crate::objects::{Connectivity, components, thin_borders};

/// Probabilities of membrane at which the challenge's script (Fiji, Segmentation evaluation after border thinning)
/// compares: 0 to 1 in steps of 0.1.
pub const CHALLENGE_THRESHOLDS: [f32; 11] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

/// What is done about the width of predicted membranes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Borders {
    /// Nothing: the Rand error of the challenge's first leader board (the one in Ronneberger et al. 2015).
    AsTheyAre,
    /// Made one pixel wide by [`thin_borders`], so that cautious membranes do not cost the cells their rims: the
    /// second leader board.
    Thinned,
}

/// Agreement of predicted cells with true ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MembraneScores {
    /// `V^Rand`, foreground-restricted; `1 - f_score` is the challenge's Rand error.
    pub rand: SplitMerge,
    /// `V^Info`, foreground-restricted.
    pub info: SplitMerge,
    /// Pairs of all pixels, membranes being one more segment; `1 - f_score` is the Rand error of the whole image.
    pub all_pixels: SplitMerge,
}

/// A score and the threshold that gave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtThreshold {
    /// The probability from which a pixel was membrane.
    pub threshold: f32,
    /// The score there.
    pub score: SplitMerge,
}

/// The scores of [`MembraneScores`], each at the threshold where its F-score is highest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BestMembraneScores {
    /// The best `V^Rand`.
    pub rand: AtThreshold,
    /// The best `V^Info`.
    pub info: AtThreshold,
    /// The best agreement over pairs of all pixels.
    pub all_pixels: AtThreshold,
}

/// The cells of a prediction, numbers `[row][column]` from 1, 0 for membrane.
///
/// `membrane` is a probability a pixel, or a mask of 0 and 1; a pixel is membrane from `threshold` up. Cells are the
/// components of all else by edges (4-connectivity).
///
/// # Panics
/// If `membrane` does not hold `width * height` values.
pub fn cells(membrane: &[f32], width: usize, height: usize, threshold: f32, borders: Borders) -> Vec<u32> {
    let inside: Vec<bool> = membrane.iter().map(|p| *p < threshold).collect();
    let mut numbers = components(&inside, width, height, Connectivity::Four).numbers;
    if borders == Borders::Thinned {
        thin_borders(&mut numbers, width);
    }
    numbers
}

/// The cells of a true mask of classes: components by edges of class 0, numbers from 1. 0 for membrane (any other
/// class) and for pixels that nobody labelled (255), which the foreground-restricted scores leave out alike.
///
/// # Panics
/// If `truth` does not hold `width * height` values.
pub fn true_cells(truth: &[u8], width: usize, height: usize) -> Vec<u32> {
    let inside: Vec<bool> = truth.iter().map(|class| *class == 0).collect();
    components(&inside, width, height, Connectivity::Four).numbers
}

impl MembraneScores {
    /// The scores of predicted cells (see [`cells`]) against true ones (see [`true_cells`], or object numbers that
    /// somebody drew); `None` if there are no true cells.
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn of(predicted: &[u32], truth: &[u32]) -> Option<Self> {
        let restricted = Contingency::of(predicted, truth, Background::Singles)?;
        let all = Contingency::of(predicted, truth, Background::Segment)?;
        Some(Self { rand: restricted.rand(), info: restricted.info(), all_pixels: all.pairs() })
    }
}

/// The best scores over `thresholds` of the probability of membrane, as published results are
/// ([`CHALLENGE_THRESHOLDS`]); the first threshold of several that are equally good. `None` without a threshold or
/// without true cells.
///
/// The thresholds are chosen with the truth in hand, here for one image; the challenge chose one for its whole stack,
/// so the mean of these over images is an upper bound of its score.
///
/// # Panics
/// If `membrane` or `truth` does not hold `width * height` values.
pub fn best_membrane_scores(
    membrane: &[f32],
    truth: &[u32],
    width: usize,
    height: usize,
    borders: Borders,
    thresholds: &[f32],
) -> Option<BestMembraneScores> {
    let mut best: Option<BestMembraneScores> = None;
    for threshold in thresholds.iter().copied() {
        let scores = MembraneScores::of(&cells(membrane, width, height, threshold, borders), truth)?;
        let [rand, info, all_pixels] =
            [scores.rand, scores.info, scores.all_pixels].map(|score| AtThreshold { threshold, score });
        let Some(best) = &mut best else {
            best = Some(BestMembraneScores { rand, info, all_pixels });
            continue;
        };
        for (best, now) in
            [(&mut best.rand, rand), (&mut best.info, info), (&mut best.all_pixels, all_pixels)]
        {
            if now.score.f_score > best.score.f_score {
                *best = now;
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::overlap::IGNORE;
    use super::*;

    /// Membrane drawn with `#`.
    fn drawn(rows: &[&str]) -> (Vec<f32>, Vec<u8>, usize, usize) {
        let class: Vec<u8> = rows.iter().flat_map(|r| r.bytes().map(|b| u8::from(b == b'#'))).collect();
        (class.iter().map(|c| f32::from(*c)).collect(), class, rows[0].len(), rows.len())
    }

    fn scores(predicted: &[&str], truth: &[&str], borders: Borders) -> MembraneScores {
        let ((membrane, ..), (_, truth, w, h)) = (drawn(predicted), drawn(truth));
        MembraneScores::of(&cells(&membrane, w, h, 0.5, borders), &true_cells(&truth, w, h)).unwrap()
    }

    const TWO: [&str; 3] = ["...#...", "...#...", "...#..."];

    #[test]
    fn a_perfect_prediction_scores_1() {
        for borders in [Borders::AsTheyAre, Borders::Thinned] {
            let s = scores(&TWO, &TWO, borders);
            assert_eq!((s.rand.f_score, s.info.f_score, s.all_pixels.f_score), (1.0, 1.0, 1.0));
        }
    }

    #[test]
    fn a_membrane_too_wide_costs_nothing_after_thinning() {
        let wide = ["..###..", "..###..", "..###.."];
        assert_eq!(scores(&wide, &TWO, Borders::Thinned).rand.f_score, 1.0);
        let s = scores(&wide, &TWO, Borders::AsTheyAre);
        assert!(s.rand.split < 1.0 && s.rand.merge == 1.0, "its pixels are split off, nothing is merged");
    }

    #[test]
    fn a_gap_in_the_membrane_merges_its_cells() {
        let s = scores(&["...#...", ".......", "...#..."], &TWO, Borders::Thinned);
        assert_eq!((s.rand.split, s.rand.merge), (1.0, 0.5));
        assert_eq!(s.info.merge, 0.0);
    }

    #[test]
    fn a_membrane_where_none_is_splits_a_cell() {
        let s = scores(&[".#.#...", ".#.#...", ".#.#..."], &TWO, Borders::Thinned);
        assert!(s.rand.split < 1.0 && s.rand.merge == 1.0);
    }

    #[test]
    fn the_best_threshold_is_the_one_that_finds_the_cells() {
        let (_, truth, w, h) = drawn(&TWO);
        // The membrane at 0.35, noise at 0.25, cells at 0.05.
        let membrane: Vec<f32> = truth
            .iter()
            .enumerate()
            .map(|(i, c)| {
                if *c > 0 {
                    0.35
                } else if i % 7 == 1 {
                    0.25
                } else {
                    0.05
                }
            })
            .collect();
        let truth = true_cells(&truth, w, h);
        let best =
            |thresholds: &[f32]| best_membrane_scores(&membrane, &truth, w, h, Borders::Thinned, thresholds);
        let found = best(&CHALLENGE_THRESHOLDS).unwrap();
        assert_eq!((found.rand.threshold, found.rand.score.f_score), (0.3, 1.0));
        assert_eq!((found.info.threshold, found.all_pixels.threshold), (0.3, 0.3));
        assert_eq!(best(&[]), None);
        assert_eq!(best_membrane_scores(&membrane, &[0; 21], w, h, Borders::Thinned, &[0.5]), None);
    }

    #[test]
    fn pixels_that_nobody_labelled_are_no_cell() {
        assert_eq!(true_cells(&[0, IGNORE, 0, 1], 4, 1), [1, 0, 2, 0]);
    }

    proptest! {
        #[test]
        fn a_true_mask_taken_as_the_prediction_is_perfect(
            (w, truth) in (1usize..12, 1usize..12).prop_flat_map(|(w, h)| (Just(w), prop::collection::vec(0u8..2, w * h))),
        ) {
            let h = truth.len() / w;
            let membrane: Vec<f32> = truth.iter().map(|c| f32::from(*c)).collect();
            let truth = true_cells(&truth, w, h);
            for borders in [Borders::AsTheyAre, Borders::Thinned] {
                let Some(s) = MembraneScores::of(&cells(&membrane, w, h, 0.5, borders), &truth) else { continue };
                prop_assert_eq!(s.rand.f_score, 1.0);
                prop_assert!((s.info.f_score - 1.0).abs() < 1e-12);
            }
        }
    }
}
