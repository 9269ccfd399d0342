//! How well a mask agrees with the truth: Dice, IoU, pixel error, average precision of objects, the Rand and
//! information scores of cells between membranes, distances of borders, and the areas under the ROC and the precision-recall curve.
//!
//! Pure functions of slices. A score that does not exist for an image (the Dice of a class that is in neither
//! mask) is `None`, and [`Mean`] leaves it out instead of counting it as perfect or as a failure.

mod boundary;
mod curve;
mod matching;
mod mean;
mod membrane;
mod overlap;
mod pairs;
mod partition;

pub use boundary::BorderDistances;
pub use curve::{BestDice, Curve};
pub use matching::{IOU_THRESHOLDS, Matches, match_instances, mean_average_precision};
pub use mean::Mean;
pub use membrane::{
    AtThreshold, BestMembraneScores, Borders, CHALLENGE_THRESHOLDS, MembraneScores, best_membrane_scores,
    cells, true_cells,
};
pub use overlap::{IGNORE, Overlap, dice, iou, pixel_error};
pub use partition::{Background, Contingency, SplitMerge, VariationOfInformation};
