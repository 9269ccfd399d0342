//! Objects in masks: distances, components, instances.

mod distance;

pub use distance::squared_distance;
