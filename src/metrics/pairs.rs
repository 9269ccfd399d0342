//! Pixels that a segment of the prediction shares with one of the truth.

use std::collections::HashMap;

/// How many pixels have each pair of numbers (in the prediction, in the truth), in rising order of the pairs.
///
/// # Panics
/// If the slices differ in length.
pub(super) fn shared_pixels(predicted: &[u32], truth: &[u32]) -> Vec<((u32, u32), u64)> {
    assert_eq!(predicted.len(), truth.len(), "masks of one image have one size");
    let mut shared = HashMap::<(u32, u32), u64>::new();
    let mut pixels = predicted.iter().copied().zip(truth.iter().copied()).peekable();
    // Runs instead of pixels: objects are wider than one pixel, and looking up costs more than counting.
    while let Some(pair) = pixels.next() {
        let mut run = 1;
        while pixels.next_if_eq(&pair).is_some() {
            run += 1;
        }
        *shared.entry(pair).or_default() += run;
    }
    let mut shared: Vec<_> = shared.into_iter().collect();
    shared.sort_unstable();
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_one_pair_add_up() {
        assert_eq!(
            shared_pixels(&[0, 0, 1, 1, 0, 0, 1], &[0, 0, 2, 2, 0, 3, 2]),
            [((0, 0), 3), ((0, 3), 1), ((1, 2), 3)]
        );
        assert_eq!(shared_pixels(&[], &[]), []);
    }
}
