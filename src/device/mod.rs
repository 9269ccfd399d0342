//! Where the arithmetic runs: GPU or CPU, why, and how large its tiles may be.

mod choose;
#[cfg(any(target_arch = "wasm32", feature = "gpu"))]
mod gpu;
mod kind;
mod limits;
mod self_test;

pub use choose::{Choice, Chosen, Facts, open};
#[cfg(any(target_arch = "wasm32", feature = "gpu"))]
pub use gpu::Gpu;
pub use kind::Kind;
pub use limits::{TILE, largest_tile};
pub use self_test::{Answers, answers, self_test};
