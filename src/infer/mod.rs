//! Segmentation of an image of any size: overlap-tile with mirrored borders (Ronneberger 2015, figure 2), or the mean of
//! overlapping patches.

mod features;
mod forward;
mod pieces;
mod plan;
mod prediction;
mod rules;
mod segment;
mod tile;
mod view;
mod volume;
mod window;

pub use features::{FeatureMaps, Pictures, feature_maps};
pub use forward::{Forward, Place, Tiles};
pub use pieces::Pieces;
pub use plan::{Span, TilePlan, mirror};
pub use prediction::Prediction;
pub use rules::Rules;
pub use segment::{Alone, Helper, Options, piece, segment, segment_prepared, segment_together};
pub use tile::largest_tile;
pub use view::bright_view;
pub use volume::{VolumePrediction, segment_volume};
pub use window::SlidingWindow;
