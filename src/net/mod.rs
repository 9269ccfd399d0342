//! The U-Net family: one configuration, one module, its geometry.

mod config;
mod geometry;
mod init;
mod unet;

pub use config::{Norm, Padding, Preset, UNetConfig, Upsampling};
pub use geometry::Geometry;
pub use init::{he_normal, stable_ids};
pub use unet::{DoubleConv, Pass, UNet};
