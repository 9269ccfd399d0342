//! How near the borders of two masks are.

use super::overlap::IGNORE;
use crate::objects::squared_distance;

/// The part of the image's diagonal within which borders count as the same (Csurka et al. 2013, BMVC, "What is a good evaluation measure for
/// semantic segmentation?").
const TOLERANCE: f64 = 0.0075;

/// Distances between the borders of a class in the prediction and in the truth, pixels. A border is the pixels of the class that share an
/// edge with another one, or with the outside of the image; pixels that nobody labelled are background of both.
#[derive(Clone, Debug, PartialEq)]
pub struct BorderDistances {
    /// Of each border pixel of the prediction to the nearest of the truth, ascending.
    pub of_predicted: Vec<f64>,
    /// The other way round.
    pub of_truth: Vec<f64>,
    diagonal: f64,
}

impl BorderDistances {
    /// Both slices hold one class index a pixel, `[row][column]`. Where only one of them has the class, distances are infinite.
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn of(predicted: &[u8], truth: &[u8], class: u8, width: usize) -> Self {
        assert_eq!(predicted.len(), truth.len(), "masks of one image have one size");
        let height = truth.len() / width.max(1);
        let border = |of: &[u8]| {
            let is: Vec<bool> = of.iter().zip(truth).map(|(c, t)| *c == class && *t != IGNORE).collect();
            border(&is, width, height)
        };
        let (found, right) = (border(predicted), border(truth));
        let distances = |of: &[bool], to: &[bool]| {
            let mut all: Vec<f64> = squared_distance(to, width, height)
                .into_iter()
                .zip(of)
                .filter(|(_, is)| **is)
                .map(|(squared, _)| f64::from(squared).sqrt())
                .collect();
            all.sort_unstable_by(f64::total_cmp);
            all
        };
        let diagonal = (width as f64).hypot(height as f64);
        Self { of_predicted: distances(&found, &right), of_truth: distances(&right, &found), diagonal }
    }

    /// The F1 score of border pixels that lie within 0.75 % of the image's diagonal of a border pixel of the other mask; `None` if the
    /// class is in neither.
    pub fn f1(&self) -> Option<f64> {
        let near = |all: &[f64]| {
            let within = all.partition_point(|distance| *distance <= TOLERANCE * self.diagonal);
            if all.is_empty() { 0.0 } else { within as f64 / all.len() as f64 }
        };
        if self.of_predicted.is_empty() && self.of_truth.is_empty() {
            return None;
        }
        let (precision, recall) = (near(&self.of_predicted), near(&self.of_truth));
        Some(if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 })
    }

    /// The Hausdorff distance without the farthest 5 % of the distances both ways, pixels: their 95th percentile, between two of them in
    /// proportion (as `medpy.metric.hd95`); `None` where one of the masks lacks the class.
    pub fn hausdorff95(&self) -> Option<f64> {
        if self.of_predicted.is_empty() || self.of_truth.is_empty() {
            return None;
        }
        let mut all = [self.of_predicted.as_slice(), &self.of_truth].concat();
        all.sort_unstable_by(f64::total_cmp);
        let at = 0.95 * (all.len() - 1) as f64;
        let (low, high) = (all[at.floor() as usize], all[at.ceil() as usize]);
        Some(low + (high - low) * at.fract())
    }
}

/// Pixels that have a neighbour outside.
fn border(is: &[bool], width: usize, height: usize) -> Vec<bool> {
    let inside = |x: usize, y: usize| {
        let i = y * width + x;
        let within = x > 0 && y > 0 && x + 1 < width && y + 1 < height;
        within && is[i - 1] && is[i + 1] && is[i - width] && is[i + width]
    };
    (0..is.len()).map(|i| is[i] && height > 0 && !inside(i % width, i / width)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 200;
    const HEIGHT: usize = 150;

    fn disc(x: f64, y: f64, radius: f64) -> Vec<u8> {
        let inside = |i: usize| ((i % WIDTH) as f64 - x).hypot((i / WIDTH) as f64 - y) <= radius;
        (0..WIDTH * HEIGHT).map(|i| u8::from(inside(i))).collect()
    }

    /// `tests/reference/make_boundary.py` gives these numbers, by scipy.
    #[test]
    fn borders_of_discs_are_as_far_apart_as_scipy_finds_them() {
        for (x, y, radius, f1, hausdorff95) in [
            (90.0, 70.0, 39.0, 1.0, std::f64::consts::SQRT_2),
            (93.0, 70.0, 40.0, 0.419642857, 3.0),
            (110.0, 80.0, 50.0, 0.0616649538, 31.7434628),
            (180.0, 130.0, 30.0, 0.0, 116.583007),
        ] {
            let found = BorderDistances::of(&disc(x, y, radius), &disc(90.0, 70.0, 40.0), 1, WIDTH);
            assert!((found.f1().unwrap() - f1).abs() < 1e-6, "{x} {y} {radius}: {:?}", found.f1());
            let far = found.hausdorff95().unwrap();
            assert!((far - hausdorff95).abs() < 1e-5, "{x} {y} {radius}: {far}");
        }
    }

    #[test]
    fn a_class_that_a_mask_lacks_is_nowhere_near() {
        let (some, none) = (disc(20.0, 20.0, 5.0), vec![0; WIDTH * HEIGHT]);
        let one = BorderDistances::of(&some, &none, 1, WIDTH);
        assert_eq!((one.f1(), one.hausdorff95()), (Some(0.0), None));
        let neither = BorderDistances::of(&none, &none, 1, WIDTH);
        assert_eq!((neither.f1(), neither.hausdorff95()), (None, None));
        let same = BorderDistances::of(&some, &some, 1, WIDTH);
        assert_eq!((same.f1(), same.hausdorff95()), (Some(1.0), Some(0.0)));
        assert_eq!(BorderDistances::of(&[], &[], 1, 0).f1(), None);
    }

    #[test]
    fn what_nobody_labelled_has_no_border() {
        let (found, mut right) = (disc(20.0, 20.0, 5.0), disc(20.0, 20.0, 5.0));
        right[..10 * WIDTH].fill(IGNORE);
        let mut more = found.clone();
        more[3 * WIDTH + 3] = 1;
        assert_eq!(BorderDistances::of(&more, &right, 1, WIDTH).hausdorff95(), Some(0.0));
    }
}
