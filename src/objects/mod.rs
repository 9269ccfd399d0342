//! Objects in a mask: connected components, distances, and single objects out of probabilities.

mod components;
mod distance;
mod flood;
mod instances;
mod ridges;

pub use components::{Components, Connectivity, components};
pub use distance::squared_distance;
pub use instances::{InstanceOptions, instances};
