//! Learning: labelled images to augmented batches, losses, optimiser steps, validation and the best checkpoint.

mod augment;
mod batch;
mod elastic;
mod loss;
mod optimise;
mod sample;
mod session;
mod targets;
mod validate;
mod weight_map;

pub use augment::{Augmentation, Patch, Warp};
pub use batch::{Batch, Sampler};
pub use loss::loss;
pub use optimise::{Optimiser, Pace, Schedule};
pub use sample::{Labels, Sample, split};
pub use session::{Session, Settings, Step};
pub use targets::{BoundaryRule, balanced_class_weights, targets};
pub use validate::{Scores, validate};
pub use weight_map::border_weights;
