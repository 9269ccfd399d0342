//! Files of DICOM series to volumes: what each file tells before its pixels ([`head`]), which of them are one volume and in what order
//! ([`group`]), and the volume itself ([`Scan::from_series`](super::Scan::from_series), or file by file with [`Assembly`]).

mod assembly;
mod group;
mod phases;
mod split;
pub(crate) mod stack;

pub use super::dicom::{Head, Kind};
pub use assembly::Assembly;
pub use group::{Grouped, Series, group, told};

use crate::error::Result;

/// Reads what `bytes`, the first part of a DICOM file or all of it, tell before the pixels; `name` is for sentences. Where
/// [`Head::cut`] says so, more of the file is needed; 64 KiB are enough for nearly all.
///
/// # Errors
/// `dicom.invalid` if this is no DICOM file.
pub fn head(bytes: &[u8], name: &str) -> Result<Head> {
    super::dicom::head(bytes, name)
}
