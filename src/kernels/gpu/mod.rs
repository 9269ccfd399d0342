//! Convolutions on a GPU, and what stands between them: channels last, in vectors of four, through CubeCL.
//!
//! Nothing is tuned by trial on the user's machine: how work is cut follows from shapes. Results depend on sizes alone, never on the order in
//! which units finish.

mod adam;
mod gather;
mod launch;
mod maps;
mod norm;
mod pointwise;
mod resize;
mod weight_gradient;

pub use gather::{Finish, Geometry, Way, Weights};
pub use maps::{Gpu, Maps};
pub use norm::Normed;
