//! File bytes to a [`Scan`]: recognises the format and asks its decoder.

use super::format::{Content, Format, recognise};
use super::{Limits, Scan, dicom, gzip, jpeg2000, nifti, raster, tiff};
use crate::error::{Error, Result};

impl Scan {
    /// Reads a file. The format is recognised by its content; `name` is only used in sentences.
    ///
    /// Everything is decoded at once, in the file's sample type; `limits` are checked before that memory is taken.
    ///
    /// # Errors
    /// `scan.empty`, `scan.unknown` and `scan.unsupported.format` for what is no image; `FORMAT.invalid` for a file
    /// that is broken, `FORMAT.unsupported.*` for one that is fine and that we cannot read, `scan.limit.*` over `limits`.
    pub fn decode(bytes: &[u8], name: Option<&str>, limits: &Limits) -> Result<Self> {
        match recognise(bytes, name)? {
            Content::Image(format) => Self::decode_as(format, bytes, limits),
            Content::Gzip => {
                let inside = gzip::unpack(bytes, limits)?;
                match recognise(&inside, name)? {
                    Content::Image(format) => Self::decode_as(format, &inside, limits),
                    Content::Gzip => Err(Error::unsupported(
                        "scan.unsupported.format",
                        "This file is packed with gzip twice. Unpack it once first.",
                    )),
                }
            }
        }
    }

    fn decode_as(format: Format, bytes: &[u8], limits: &Limits) -> Result<Self> {
        match format {
            Format::Tiff => tiff::decode(bytes, limits),
            Format::Dicom => dicom::decode(bytes, limits),
            Format::Nifti => nifti::decode(bytes, limits),
            Format::Jpeg2000 => jpeg2000::decode_file(bytes, limits),
            _ => raster::decode(bytes, format, limits),
        }
    }
}
