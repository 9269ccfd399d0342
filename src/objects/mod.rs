//! Objects in a mask: connected components, distances, thin borders, and single objects out of probabilities.

mod borders;
mod components;
mod distance;
mod flood;
mod instances;
mod polygon;
mod ridges;
mod stars;

pub use borders::thin_borders;
pub use components::{Components, Connectivity, components};
pub use distance::squared_distance;
pub use instances::{InstanceOptions, instances};
pub use stars::{StarGrid, Stars};
