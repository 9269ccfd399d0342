//! The network on the CPU: its graph run with our own kernels ([`insitu_kernels::cpu`]) instead of Burn's tensors.
//!
//! Of a graph with an operation that is not written here nothing is run here; its callers then go through Burn, which
//! computes the same.

mod back;
mod infer;
mod layers;
mod learn;

pub use infer::{Compiled, CompiledPass};
pub use learn::Learning;
