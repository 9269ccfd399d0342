//! The pieces of a mask that a network is sure of somewhere: the others are mostly none.
//!
//! A threshold with hysteresis (Canny 1986, IEEE Transactions on Pattern Analysis and Machine Intelligence 8(6):679): the low one says how
//! far a piece goes, the high one whether there is any.

use super::components::{Components, Connectivity};
use super::pieces::keep_pieces;

/// Makes background of each piece (4-connected, of one class) in which no pixel has a probability of `peak`. `labels` are classes
/// `[row][column]` and `inside` the probabilities; nothing is done if either is not `width * height`.
pub fn keep_sure(labels: &mut [u8], inside: &[f32], width: usize, height: usize, peak: f32) {
    if inside.len() != labels.len() {
        return;
    }
    keep_pieces(labels, width, height, Connectivity::Four, |found| {
        peaks(found, inside).into_iter().map(|reached| reached >= peak).collect()
    });
}

/// The largest value within each piece.
pub(super) fn peaks(pieces: &Components, values: &[f32]) -> Vec<f32> {
    let mut peaks = vec![f32::NEG_INFINITY; pieces.sizes.len()];
    for (number, value) in pieces.numbers.iter().zip(values).filter(|(number, _)| **number > 0) {
        let peak = &mut peaks[*number as usize - 1];
        *peak = peak.max(*value);
    }
    peaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_that_nowhere_reach_the_peak_are_left_out() {
        let mut labels = vec![1, 1, 0, 1, 2, 2];
        keep_sure(&mut labels, &[0.6, 0.9, 0.95, 0.8, 0.6, 0.9], 6, 1, 0.9);
        assert_eq!(labels, [1, 1, 0, 0, 2, 2]);
    }

    #[test]
    fn pieces_that_touch_at_a_corner_are_two() {
        let mut labels = vec![1, 0, 0, 1];
        keep_sure(&mut labels, &[0.95, 0.0, 0.0, 0.7], 2, 2, 0.9);
        assert_eq!(labels, [1, 0, 0, 0]);
    }

    #[test]
    fn values_that_are_no_numbers_or_too_few_do_no_harm() {
        let mut labels = vec![1, 1];
        keep_sure(&mut labels, &[f32::NAN, f32::NAN], 2, 1, 0.5);
        assert_eq!(labels, [0, 0]);
        let mut labels = vec![1, 1];
        keep_sure(&mut labels, &[0.1], 2, 1, 0.5);
        assert_eq!(labels, [1, 1]);
    }
}
