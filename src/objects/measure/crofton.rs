//! The length of a border by Crofton's formula: counted crossings of lines in four directions.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use super::{Bounds, Region};

/// Length in pixels, of holes too, with lines in four directions (Lehmann and Legland 2012, Efficient N-Dimensional surface
/// estimation using Crofton formula and run-length encoding; as scikit-image's `perimeter_crofton`).
pub fn perimeter(region: &Region) -> f64 {
    let Bounds { left, top, right, bottom } = region.bounds;
    let (w, h) = ((right - left) as isize, (bottom - top) as isize);
    // Each line enters an object as often as it leaves it, so that one of the two is counted.
    let (mut straight, mut oblique) = (0u64, 0u64);
    for y in -1..h {
        let mut left = [false; 2];
        for x in 0..=w {
            let right = [region.holds(x, y), region.holds(x, y + 1)];
            straight += u64::from(left[0] && !right[0]) + u64::from(left[0] && !left[1]);
            oblique += u64::from(left[0] && !right[1]) + u64::from(left[1] && !right[0]);
            left = right;
        }
    }
    PI / 4.0 * (straight as f64 + FRAC_1_SQRT_2 * oblique as f64)
}
