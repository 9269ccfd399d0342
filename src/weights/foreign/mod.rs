//! Weight files of other programs, read to tensors; which network they belong to is decided elsewhere.

mod hdf5;
pub mod keras;
mod pickle;
pub mod pytorch;
pub(crate) mod zip;
