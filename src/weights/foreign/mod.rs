//! Weight files of other programs, read to tensors; which network they belong to is decided elsewhere.

#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod hdf5;
pub mod keras;
mod pickle;
pub mod pytorch;
pub(crate) mod zip;
