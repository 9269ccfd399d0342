//! Our own kernels, where Burn's are slow. The one room where `unsafe` may stand, each time with its reason.

mod adam;
pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;

pub use adam::Adam;
