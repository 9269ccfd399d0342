//! Convolutions on the CPU, and what stands between them: channels last, in vectors, on every core.
//!
//! One source for the SIMD of WebAssembly, AVX2, AVX-512 and (by the compiler) NEON and SSE2: [`Processor`] chooses at run time.
//! Whoever calls a kernel may be compiled to be small: kernels are not made part of their callers (`inline(never)`).
//! Sums are added up in an order that depends on sizes alone, so that results are the same for any number of threads.

mod adam;
mod buffer;
mod conv3x3;
mod direct;
mod finish;
mod gradient3x3;
mod lanes;
mod maps;
mod norm;
mod parallel;
mod pointwise;
mod processor;
mod source;
mod tile;
mod weights3x3;
mod winograd;

pub use adam::adam;
pub use buffer::forget;
pub use conv3x3::convolve;
pub use direct::{Kind, WeightsDirect, convolve_direct, weight_gradient_direct};
pub use finish::Finish;
pub use gradient3x3::weight_gradient;
pub use maps::Maps;
pub use norm::{Gate, Normalised, affine, batch_norm_gradient, gate, instance_norm, moments, sums};
pub use pointwise::{
    add, add_channels, concatenate, crop, crop_gradient, each, each_with, enlarge, enlarge_gradient,
    every_second, max_pool, max_pool_gradient, multiply, rectify, spread,
};
pub use processor::Processor;
pub use weights3x3::{Way, Weights3x3};
