//! Taking over what a network proposes, as labels.

use std::ops::Range;

use super::UNLABELLED;
use super::rect::Rect;
use super::region::Region;
use crate::error::{Error, Result};

/// A class mask of a whole slice from elsewhere: a prediction, or labels from a file.
#[derive(Clone, Copy, Debug)]
pub struct Suggestion<'a> {
    /// The class of each pixel, `[row][column]`, in the numbers of the class table; [`UNLABELLED`]: says nothing here.
    pub classes: &'a [u8],
    /// How sure it is of each pixel's class, `[row][column]`; `None`: sure.
    pub confidence: Option<&'a [f32]>,
    /// Pixels of less confidence are left alone.
    pub at_least: f32,
}

impl<'a> Suggestion<'a> {
    /// A mask to be taken over as it is.
    pub fn certain(classes: &'a [u8]) -> Self {
        Self { classes, confidence: None, at_least: 0.0 }
    }

    /// Tells the runs `(columns, row, class)` of `region` that are to be taken over, in a slice of `bounds`.
    ///
    /// # Errors
    /// `label.shape` if it is not of that size, `label.class` if it has a class over `largest` inside the region;
    /// nothing is told then.
    pub(super) fn runs(
        &self,
        region: &Region,
        bounds: Rect,
        largest: u8,
        mut run: impl FnMut(Range<usize>, usize, u8),
    ) -> Result<()> {
        if self.classes.len() != bounds.area() || self.confidence.is_some_and(|c| c.len() != bounds.area()) {
            return Err(Error::invalid(
                "label.shape",
                format!(
                    "A mask of {} pixels does not fit an image of {} x {}.",
                    self.classes.len(),
                    bounds.width,
                    bounds.height
                ),
            ));
        }
        let mut found = 0;
        self.each(region, bounds, |_, _, class| found = class.max(found));
        if found > largest {
            return Err(super::classes::no_class(found, largest));
        }
        self.each(region, bounds, &mut run);
        Ok(())
    }

    fn each(&self, region: &Region, bounds: Rect, mut run: impl FnMut(Range<usize>, usize, u8)) {
        // What is not sure, or says nothing, is as if it were not labelled.
        let sure = |i: usize| self.confidence.is_none_or(|confidence| confidence[i] >= self.at_least);
        let class = |i: usize| if sure(i) { self.classes[i] } else { UNLABELLED };
        for y in region.rect().clipped(&bounds).rows() {
            for columns in region.spans(y) {
                let end = columns.end.min(bounds.width);
                let mut from = columns.start;
                while from < end {
                    let this = class(y * bounds.width + from);
                    let to = (from + 1..end).find(|x| class(y * bounds.width + x) != this).unwrap_or(end);
                    if this != UNLABELLED {
                        run(from..to, y, this);
                    }
                    from = to;
                }
            }
        }
    }
}
