//! Agreement pixel by pixel.

/// The truth's label of pixels that nobody labelled; every measure here leaves them out.
pub const IGNORE: u8 = 255;

/// Pixels of one class in the prediction, in the truth and in both, without the ignored ones. Counts of several
/// images can be added, for a score over all their pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// Pixels that have the class in the prediction.
    pub predicted: u64,
    /// Pixels that have the class in the truth.
    pub truth: u64,
    /// Pixels that have it in both.
    pub both: u64,
}

impl Overlap {
    /// Counts the pixels of `class`; both slices hold one class index a pixel, in the same order.
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn of(predicted: &[u8], truth: &[u8], class: u8) -> Self {
        assert_eq!(predicted.len(), truth.len(), "masks of one image have one size");
        let mut counts = Self::default();
        for (p, t) in predicted.iter().zip(truth).filter(|(_, t)| **t != IGNORE) {
            counts.predicted += u64::from(*p == class);
            counts.truth += u64::from(*t == class);
            counts.both += u64::from(*p == class && *t == class);
        }
        counts
    }

    /// `2 |P and T| / (|P| + |T|)` (Dice 1945, Sørensen 1948); `None` if the class is in neither mask.
    pub fn dice(&self) -> Option<f64> {
        ratio(2 * self.both, self.predicted + self.truth)
    }

    /// `|P and T| / |P|`, the positive predictive value; `None` if the prediction has none of the class.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.both, self.predicted)
    }

    /// `|P and T| / |T|`, the sensitivity; `None` if the truth has none of the class.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.both, self.truth)
    }

    /// `|P and T| / |P or T|` (Jaccard 1912); `None` if the class is in neither mask.
    pub fn iou(&self) -> Option<f64> {
        ratio(self.both, self.predicted + self.truth - self.both)
    }
}

impl std::ops::AddAssign for Overlap {
    fn add_assign(&mut self, other: Self) {
        self.predicted += other.predicted;
        self.truth += other.truth;
        self.both += other.both;
    }
}

/// Dice coefficient of `class`: [`Overlap::dice`]. Both slices hold class indices; 255 in `truth` is ignored.
///
/// # Panics
/// If the slices differ in length.
pub fn dice(predicted: &[u8], truth: &[u8], class: u8) -> Option<f64> {
    Overlap::of(predicted, truth, class).dice()
}

/// Intersection over union of `class`: [`Overlap::iou`]. Both slices hold class indices; 255 in `truth` is ignored.
///
/// # Panics
/// If the slices differ in length.
pub fn iou(predicted: &[u8], truth: &[u8], class: u8) -> Option<f64> {
    Overlap::of(predicted, truth, class).iou()
}

/// The part of the labelled pixels whose class differs, 0..=1; `None` if no pixel is labelled.
///
/// # Panics
/// If the slices differ in length.
pub fn pixel_error(predicted: &[u8], truth: &[u8]) -> Option<f64> {
    assert_eq!(predicted.len(), truth.len(), "masks of one image have one size");
    let (mut wrong, mut all) = (0, 0);
    for (p, t) in predicted.iter().zip(truth).filter(|(_, t)| **t != IGNORE) {
        all += 1;
        wrong += u64::from(p != t);
    }
    ratio(wrong, all)
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_agrees_perfectly_with_itself_and_not_at_all_with_its_complement() {
        let (a, b) = ([0, 1, 1, 0], [1, 0, 0, 1]);
        assert_eq!((dice(&a, &a, 1), iou(&a, &a, 1), pixel_error(&a, &a)), (Some(1.0), Some(1.0), Some(0.0)));
        assert_eq!((dice(&a, &b, 1), iou(&a, &b, 1), pixel_error(&a, &b)), (Some(0.0), Some(0.0), Some(1.0)));
    }

    #[test]
    fn pixels_that_nobody_labelled_count_nowhere() {
        let predicted = [1, 1, 0, 1, 2];
        let truth = [1, IGNORE, IGNORE, 0, 2];
        assert_eq!(dice(&predicted, &truth, 1), Some(2.0 / 3.0));
        assert_eq!(iou(&predicted, &truth, 1), Some(0.5));
        assert_eq!(pixel_error(&predicted, &truth), Some(1.0 / 3.0));
    }

    #[test]
    fn a_score_that_does_not_exist_is_none() {
        assert_eq!(dice(&[0, 1], &[0, 1], 2), None);
        assert_eq!(iou(&[], &[], 1), None);
        assert_eq!(pixel_error(&[1, 1], &[IGNORE, IGNORE]), None);
    }

    #[test]
    fn counts_of_images_add_up_to_the_counts_of_both() {
        let mut sum = Overlap::of(&[1, 0], &[1, 1], 1);
        sum += Overlap::of(&[1, 1], &[0, 1], 1);
        assert_eq!(sum, Overlap::of(&[1, 0, 1, 1], &[1, 1, 0, 1], 1));
    }
}
