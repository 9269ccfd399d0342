//! Learning: labelled images to augmented batches, losses, optimiser steps, validation and the best checkpoint.

mod augment;
mod average;
mod balance;
mod batch;
mod checkpoint;
mod descent;
mod elastic;
mod flood;
mod gradients;
mod hold_out;
mod loss;
mod merge;
mod mosaic;
mod pace;
mod plan;
mod request;
mod resume;
mod run;
mod sample;
mod session;
mod settings;
mod single;
mod stains;
mod start;
mod strokes;
mod targets;
mod validate;
mod variants;
mod weight_map;

pub use augment::{Patch, Warp};
pub use balance::ClassBalance;
pub use batch::{Batch, Sampler};
pub use checkpoint::Checkpoint;
pub use descent::Descent;
pub use elastic::Elastic;
pub use flood::most_covered;
pub use gradients::{Images, gradients};
pub use hold_out::{Held, HeldOut, hold_out};
pub use loss::loss;
pub use pace::Pace;
pub use plan::PatchPlan;
pub use request::{Objective, Prepared, Request, counted};
pub use resume::{Changes, Restored};
pub use run::{Begun, Run, Validation, fingerprint};
pub use sample::{Labels, Sample, split, split_by_patient};
pub use session::{Session, Snapshot, Step};
pub use settings::{Adapt, Settings};
pub use single::single_objects;
pub use start::{Start, new_network, trained_before, untrained};
pub use targets::targets;
pub use validate::{Scores, validate};
pub use variants::{Variant, variants};
pub use weight_map::border_weights;

// Part of the model file, and written here by those who train.
pub use crate::weights::{Augmentation, Optimiser, Schedule};
