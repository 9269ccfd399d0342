//! How well a mask agrees with the truth: Dice, IoU, pixel error, and average precision of objects.
//!
//! Pure functions of slices. A score that does not exist for an image (the Dice of a class that is in neither
//! mask) is `None`, and [`Mean`] leaves it out instead of counting it as perfect or as a failure.

mod matching;
mod mean;
mod overlap;

pub use matching::{Matches, match_instances};
pub use mean::Mean;
pub use overlap::{IGNORE, Overlap, dice, iou, pixel_error};
