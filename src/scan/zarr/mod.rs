//! Zarr, version 2 and 3 (<https://zarr-specs.readthedocs.io>), as OME-NGFF 0.1 to 0.5 lays images out in it
//! (<https://ngff.openmicroscopy.org>): a folder of small descriptions and of many chunks.
//!
//! - `store`: the descriptions of a folder, which image is meant, which level of it fits.
//! - `array`: what one array is; `codecs` unpacks its chunks, `blosc` and `lz4` what crates do not.
//! - `assembly`: chunks, one after the other, to a [`Scan`](super::Scan).
//!
//! A chunk that is not there has the fill value. Transposed and Fortran-ordered chunks and shards are read; every other codec and
//! all filters are refused by name.

mod array;
mod assembly;
mod blosc;
mod codecs;
mod image;
mod lz4;
mod store;

pub use self::assembly::Assembly;
pub use self::store::{Store, parts};

use crate::error::Error;

/// Names of the files that describe a folder of Zarr.
const DESCRIPTIONS: [&str; 4] = [".zattrs", ".zarray", ".zgroup", "zarr.json"];

/// Whether a file of this name, folders before it or not, describes a folder of Zarr.
pub fn describes(name: &str) -> bool {
    DESCRIPTIONS.contains(&name.rsplit('/').next().unwrap_or(name))
}

/// The folder of a path, with its slash; empty if it has none.
fn folder(path: &str) -> &str {
    path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or_default()
}

fn broken(what: &str) -> Error {
    Error::invalid("zarr.invalid", format!("This Zarr folder is damaged or not whole: {what}."))
}

fn unsupported(what: &str) -> Error {
    Error::unsupported("zarr.unsupported", format!("This Zarr folder {what}, which Insitu does not read."))
}

/// Somebody else's text in a sentence: shortened, and without control characters.
fn quoted(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).take(80).collect();
    format!("“{clean}”")
}
