//! Our own kernels, where Burn's are slow. The one room where `unsafe` may stand, each time with its reason.

pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
