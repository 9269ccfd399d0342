//! The U-Net family: one configuration, one graph, one module, its geometry.

mod blocks;
mod by_burn;
mod config;
mod describe;
mod dropout;
mod geometry;
mod graph;
mod head;
mod init;
mod interpolate;
mod learning;
mod norm;
mod op;
mod presets;
mod run;
mod stages;
mod summary;
mod unet;

pub use blocks::{Block, Part};
pub use config::{
    Activation, Architecture, Downsampling, Dropout, Head, Narrowing, Norm, Padding, UNetConfig, Upsampling,
};
pub use geometry::Geometry;
pub use graph::Graph;
pub use init::{he_normal, stable_ids};
pub use interpolate::Frame;
pub use learning::Learners;
pub use op::{Node, Op};
pub use presets::Preset;
pub use run::{Adam, Compiled, CompiledPass, Learning, adam};
pub use stages::Stages;
pub use summary::{Layer, Summary};
pub use unet::UNet;
