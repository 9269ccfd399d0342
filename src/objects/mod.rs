//! Objects in a mask: connected components, distances, thin borders, and single objects out of probabilities.

mod borders;
mod components;
mod distance;
mod edit;
mod flood;
mod instances;
mod largest;
mod measure;
mod outline;
mod pieces;
mod polygon;
mod refine;
mod ridges;
mod stars;
mod sure;
mod tints;

pub use borders::thin_borders;
pub use components::{Components, Connectivity, components};
pub use distance::{squared_distance, squared_distance_spaced};
pub use edit::{Deed, Edit, edit};
pub use instances::{InstanceOptions, instances, renumbered};
pub use largest::{Largest, keep_largest};
pub use measure::{Bounds, Feret, Intensity, Measurement, extents, measure};
pub use outline::{Outline, Piece, Ring, outlines};
pub use refine::{Refinement, refined};
pub use stars::{StarGrid, Stars};
pub use sure::keep_sure;
pub use tints::tints;
