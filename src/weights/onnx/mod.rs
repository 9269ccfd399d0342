//! ONNX: models written for other programs, and weights read from the files that other programs write.
//!
//! Writing takes the network's graph as it is. Reading takes the weights, the layers that they feed and what the graph does with
//! feature maps between them, or the card, if the file is one of ours. Nothing in a file is run.

#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod external;
mod flow;
#[cfg(test)]
mod foreign_tests;
mod graph;
mod message;
mod nodes;
mod read;
mod recognise;
mod scaling;
#[cfg(test)]
mod tests;
mod unfold;
mod values;
// Of networks in memory.
#[allow(clippy::indexing_slicing)]
mod write;

pub use super::flow::{Step, StepKind};
pub(super) use flow::decimal;
pub use read::{Beside, OnnxFile, OnnxLayer, OnnxOp, Window, files_beside, read, read_with, recognises};
pub(super) use recognise::{Found, recognise_onnx};
pub use write::export;
