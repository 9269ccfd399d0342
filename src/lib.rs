//! Insitu: segments biomedical images with U-Nets, and trains them, in a browser tab and in a terminal.
//!
//! The engine knows neither the browser nor the terminal; `web` and the crate `insitu-cli` are thin doors to it.
//! `docs/architecture.md` has the rooms and who may import whom.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod device;
pub mod error;
pub mod export;
pub mod infer;
pub mod label;
pub mod metrics;
pub mod net;
pub mod objects;
pub mod results;
pub mod scan;
mod sorting;
pub mod train;
pub mod volume;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod weights;

pub use error::{Error, Kind, Result};
