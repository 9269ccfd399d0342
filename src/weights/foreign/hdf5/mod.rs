//! The part of HDF5 that h5py writes for Keras, read-only, out of bytes in memory.
//!
//! Own code, because the crates are too large for the page: `hdf5-pure` 0.47 adds 179 kB (gzip, `opt-level = "s"`, LTO)
//! to an empty module for reading alone, where all of `keras` adds 71 with this; `rust-hdf5` 0.7 has as much source,
//! and `hdf5-reader` 0.12 needs memory maps, locks and libc. Keras needs little: superblocks 0 to 3, object headers 1
//! and 2, symbol tables and compact links, contiguous, compact and chunked data (B-tree version 1) with gzip and
//! shuffle, numbers and strings.
//! Dense groups and the newer chunk indices (`libver="latest"`), which Keras never asks for, give `hdf5.unsupported.*`.
//!
//! Source: HDF5 File Format Specification 3.0, <https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html>.
//! Section numbers in this folder are of that document.

mod cursor;
mod data;
mod datatype;
mod file;
mod group;
mod header;
mod strings;

pub(super) use file::{File, SIGNATURE};
pub(super) use header::Object;
