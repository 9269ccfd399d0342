//! Touching objects, told apart by the valleys between their tops: of the distance to the background, where nothing but the shape of the mask
//! is known, or of any other height.

use super::components::Sets;
use super::distance::squared_distance;
use super::flood::edges;

/// Splits a mask into parts around the peaks of its smoothed distance to the background, `depth` in pixels: see [`parts`].
pub(super) fn split(mask: &[bool], width: usize, height: usize, depth: f32) -> Vec<u32> {
    parts(mask, &smoothed_distance(mask, width, height), width, depth)
}

/// Splits a mask into parts around its peaks, and numbers the parts (in no particular order); 0 outside of the mask.
///
/// A peak counts if one has to go down from it by at least `depth` before a higher one can be reached: the h-maxima
/// of `heights` (Soille, Morphological Image Analysis, 2003, section 6.3.4), with their watershed, in one pass over
/// the pixels from high to low.
pub(super) fn parts(mask: &[bool], heights: &[f32], width: usize, depth: f32) -> Vec<u32> {
    let mut order: Vec<u32> = (0..mask.len() as u32).filter(|i| mask[*i as usize]).collect();
    order.sort_by(|a, b| heights[*b as usize].total_cmp(&heights[*a as usize]));
    let mut numbers = vec![0u32; mask.len()];
    // Part 0 is the background; each part remembers the height of its peak.
    let (mut sets, mut peak) = (Sets { parent: vec![0] }, vec![0.0f32]);
    for i in order.into_iter().map(|i| i as usize) {
        let here = heights[i];
        let around: Vec<u32> =
            edges(i, width, mask.len()).filter(|j| numbers[*j] != 0).map(|j| sets.root(numbers[j])).collect();
        let best = around.iter().copied().max_by(|a, b| peak[*a as usize].total_cmp(&peak[*b as usize]));
        let best = best.unwrap_or_else(|| {
            peak.push(here);
            sets.add()
        });
        numbers[i] = best;
        // The others meet the highest one here, and only that one: a part joined to another than the pixel's would
        // lie in pieces.
        for other in around.into_iter().filter(|other| *other != best) {
            if peak[other as usize] - here < depth {
                sets.parent[other as usize] = best;
            }
        }
    }
    for number in &mut numbers {
        *number = sets.root(*number);
    }
    numbers
}

/// Distance to the background in pixels, averaged over 3 x 3 pixels with binomial weights: the distance on a
/// grid has peaks of its own along every slanted ridge. Beyond the image counts as inside, since an object that
/// the border cuts has no rim there.
fn smoothed_distance(mask: &[bool], width: usize, height: usize) -> Vec<f32> {
    let outside: Vec<bool> = mask.iter().map(|m| !m).collect();
    let far = (width + height) as f32;
    let d: Vec<f32> = squared_distance(&outside, width, height).iter().map(|d| d.sqrt().min(far)).collect();
    let along = |from: &[f32], step: usize, count: usize, at: &dyn Fn(usize) -> usize| -> Vec<f32> {
        (0..from.len())
            .map(|i| {
                let k = at(i);
                let before = if k > 0 { from[i - step] } else { from[i] };
                let after = if k + 1 < count { from[i + step] } else { from[i] };
                (before + 2.0 * from[i] + after) / 4.0
            })
            .collect()
    };
    let rows = along(&d, 1, width, &|i| i % width);
    along(&rows, width, height, &|i| i / width)
}

#[cfg(test)]
mod tests {
    use super::super::components::Connectivity;
    use super::super::components::tests::{all_connected, mask};
    use super::*;

    #[test]
    fn parts_are_connected_where_three_of_them_meet_in_a_pixel() {
        let (mask, width, height) = mask(&["##.##", ".####", "##.##", "##..#", "####."]);
        for depth in [0.1, 0.3, 0.5456917, 0.8] {
            let parts = split(&mask, width, height, depth);
            assert!(all_connected(&parts, width, Connectivity::Four), "{depth}: {parts:?}");
        }
    }

    /// Discs of a radius at centres (x, y).
    fn discs(width: usize, height: usize, centres: &[(f32, f32)], radius: f32) -> Vec<bool> {
        (0..width * height)
            .map(|i| {
                let (x, y) = ((i % width) as f32, (i / width) as f32);
                centres.iter().any(|(cx, cy)| (x - cx).hypot(y - cy) <= radius)
            })
            .collect()
    }

    fn count(numbers: &[u32]) -> usize {
        numbers.iter().filter(|n| **n != 0).collect::<std::collections::HashSet<_>>().len()
    }

    #[test]
    fn two_discs_that_touch_are_two_parts_and_one_disc_is_one() {
        let two = discs(40, 24, &[(11.0, 11.0), (27.0, 12.0)], 9.0);
        let numbers = split(&two, 40, 24, 1.0);
        assert_eq!(count(&numbers), 2);
        assert_ne!(numbers[11 * 40 + 11], numbers[12 * 40 + 27]);
        assert!(numbers.iter().zip(&two).all(|(n, is)| (*n != 0) == *is));
        assert_eq!(count(&split(&discs(40, 24, &[(15.0, 11.0)], 9.0), 40, 24, 1.0)), 1);
    }

    #[test]
    fn a_waist_less_deep_than_asked_does_not_split() {
        let two = discs(40, 24, &[(11.0, 11.0), (27.0, 12.0)], 9.0);
        assert_eq!(count(&split(&two, 40, 24, 6.0)), 1);
    }

    #[test]
    fn tops_are_parted_by_valleys_of_the_depth_that_is_asked_for() {
        let heights = [0.9, 0.5, 0.7, 0.1, 0.8];
        let parted = |depth| parts(&[true; 5], &heights, 5, depth);
        assert_eq!(count(&parted(0.1)), 3);
        let two = parted(0.3);
        assert_eq!((count(&two), two[0] == two[2], two[2] == two[4]), (2, true, false));
        assert_eq!(count(&parted(0.8)), 1);
    }

    #[test]
    fn an_image_that_is_all_foreground_is_one_part() {
        assert_eq!(count(&split(&[true; 12], 4, 3, 1.0)), 1);
        assert!(split(&[], 0, 0, 1.0).is_empty());
    }
}
