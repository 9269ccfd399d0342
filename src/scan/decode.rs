//! File bytes to a [`Scan`]: takes off what the image is packed in, recognises the format and asks its decoder.

use super::format::{Content, Format, Packing, recognise};
use super::{Limits, Scan, dicom, gzip, jpeg2000, nifti, raster, tiff, zip, zstd};
use crate::error::{Error, Result};

/// Packings around one image, such as a `.nii.gz` in a `.zip`. Each is held in memory beside what it holds.
const MAX_PACKINGS: usize = 2;

impl Scan {
    /// Reads a file. The format is recognised by its content; `name` is only used in sentences. A file that is packed
    /// (gzip, Zstandard, a ZIP archive of one file) is read as what it holds.
    ///
    /// Everything is decoded at once, in the file's sample type; `limits` are checked before that memory is taken.
    ///
    /// # Errors
    /// `scan.empty`, `scan.unknown` and `scan.unsupported.format` for what is no image; `FORMAT.invalid` for a file
    /// that is broken, `FORMAT.unsupported.*` for one that is fine and that we cannot read, `scan.limit.*` over `limits`.
    pub fn decode(bytes: &[u8], name: Option<&str>, limits: &Limits) -> Result<Self> {
        let mut inside: Option<Vec<u8>> = None;
        for _ in 0..=MAX_PACKINGS {
            let bytes = inside.as_deref().unwrap_or(bytes);
            inside = Some(match recognise(bytes, name)? {
                Content::Image(format) => return Self::decode_as(format, bytes, limits),
                Content::Packed(Packing::Gzip) => gzip::unpack(bytes, limits)?,
                Content::Packed(Packing::Zstandard) => zstd::unpack(bytes, limits)?,
                Content::Packed(Packing::Zip) => zip::unpack(bytes, limits)?,
            });
        }
        Err(Error::unsupported(
            "scan.unsupported.format",
            "This file is packed more than twice. Unpack it first.",
        ))
    }

    fn decode_as(format: Format, bytes: &[u8], limits: &Limits) -> Result<Self> {
        match format {
            Format::Tiff | Format::BigTiff => Ok(Self { format, ..tiff::decode(bytes, limits)? }),
            Format::Dicom => dicom::decode(bytes, limits),
            Format::Nifti | Format::Nifti2 => Ok(Self { format, ..nifti::decode(bytes, limits)? }),
            Format::Jpeg2000 => jpeg2000::decode_file(bytes, limits),
            _ => raster::decode(bytes, format, limits),
        }
    }
}
