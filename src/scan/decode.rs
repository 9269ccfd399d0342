//! File bytes to a [`Scan`]: takes off what the image is packed in, recognises the format and asks its decoder.

use std::borrow::Cow;

use super::detached::{Detached, Files};
use super::format::{Content, Format, Packing, recognise};
use super::zip::{self, Archive};
use super::{Limits, Scan, dicom, gzip, jpeg2000, metaimage, nifti, nrrd, raster, tiff, zstd};
use crate::error::{Error, Result};

/// Packings around one image, such as a `.nii.gz` in a `.zip`. Each is held in memory beside what it holds.
const MAX_PACKINGS: usize = 2;

/// Bytes of a packed file that are looked at for a header.
const HEADER: u64 = 1 << 16;

impl Scan {
    /// Reads a file. The format is recognised by its content; `name` is only used in sentences. A file that is packed
    /// (gzip, Zstandard, a ZIP archive of one file) is read as what it holds.
    ///
    /// Everything is decoded at once, in the file's sample type; `limits` are checked before that memory is taken.
    ///
    /// # Errors
    /// `scan.empty`, `scan.unknown` and `scan.unsupported.format` for what is no image; `FORMAT.invalid` for a file
    /// that is broken, `FORMAT.unsupported.*` for one that is fine and that we cannot read (`FORMAT.unsupported.pair` for a header
    /// without its pixels), `scan.limit.*` over `limits`.
    pub fn decode(bytes: &[u8], name: Option<&str>, limits: &Limits) -> Result<Self> {
        Self::decode_detached(bytes, name, &mut |_| None, limits)
    }

    /// Reads a header and the files that it names ([`Scan::wants_pixels_of`]); any other file as [`Scan::decode`] does.
    ///
    /// `files` is asked for each by the name that the header has, with its folders ([`Detached::is_same`]), and may be asked for several
    /// of which one is enough; `name` is the header's own, from which that of an `.img` is made.
    ///
    /// # Errors
    /// As [`Scan::decode`].
    pub fn decode_detached(
        bytes: &[u8],
        name: Option<&str>,
        files: &mut Files<'_, '_>,
        limits: &Limits,
    ) -> Result<Self> {
        let mut inside: Option<Vec<u8>> = None;
        for _ in 0..=MAX_PACKINGS {
            let bytes = inside.as_deref().unwrap_or(bytes);
            inside = Some(match recognise(bytes, name)? {
                Content::Image(format) => return Self::decode_as(format, bytes, name, files, limits),
                Content::Packed(Packing::Gzip) => gzip::unpack(bytes, limits)?,
                Content::Packed(Packing::Zstandard) => zstd::unpack(bytes, limits)?,
                Content::Packed(Packing::Zip) => {
                    let archive = Archive::of(bytes)?;
                    if archive.names().len() > 1 {
                        return archive.image(limits);
                    }
                    zip::unpack(&archive, limits)?
                }
            });
        }
        Err(Error::unsupported(
            "scan.unsupported.format",
            "This file is packed more than twice. Unpack it first.",
        ))
    }

    /// Reads files that belong together ([`together`](super::together())): a header and its pixels as [`Scan::decode_detached`] does, or the files of one OME-TIFF
    /// image. `name` is that of the first.
    ///
    /// # Errors
    /// As [`Scan::decode`]; `tiff.set`.
    pub fn decode_parts(
        bytes: &[u8],
        name: Option<&str>,
        files: &mut Files<'_, '_>,
        limits: &Limits,
    ) -> Result<Self> {
        match recognise(bytes, name)? {
            Content::Image(Format::Tiff | Format::BigTiff) => {
                tiff::set::decode(bytes, name.unwrap_or_default(), files, limits)
            }
            _ => Self::decode_detached(bytes, name, files, limits),
        }
    }

    /// Reads a header and the one file that holds its pixels, whatever that is called: `.hdr` and `.img`, `.nhdr` and `.raw`.
    ///
    /// # Errors
    /// As [`Scan::decode`].
    pub fn decode_pair(header: &[u8], pixels: &[u8], name: Option<&str>, limits: &Limits) -> Result<Self> {
        Self::decode_detached(header, name, &mut |_| Some(Cow::Borrowed(pixels)), limits)
    }

    /// The files in which the pixels of a header are, so that a caller can look for them; none of a file that has its own pixels, and of
    /// what is no image. Looks at the beginning of a file only. `name`: that of the header.
    pub fn wants_pixels_of(bytes: &[u8], name: Option<&str>) -> Option<Detached> {
        let inside = gzip::is_gzip(bytes).then(|| gzip::begin(bytes, HEADER));
        let bytes = inside.as_deref().unwrap_or(bytes);
        let wanted = match recognise(bytes, name).ok()? {
            Content::Image(Format::Nifti | Format::Nifti2) => nifti::detached(bytes, name),
            Content::Image(Format::Nrrd) => nrrd::detached(bytes),
            Content::Image(Format::MetaImage) => metaimage::detached(bytes),
            _ => None,
        };
        // A list without names is a broken header, as decoding it says, and no file to wait for.
        wanted.filter(|wanted| !wanted.names.is_empty())
    }

    /// Whether a volume says of itself that its numbers are labels: the intent of NIfTI (`NIFTI_INTENT_LABEL`), segments of 3D Slicer. Looks at the
    /// beginning of a file only.
    pub fn says_labels(bytes: &[u8]) -> bool {
        let inside = gzip::is_gzip(bytes).then(|| gzip::begin(bytes, HEADER));
        let bytes = inside.as_deref().unwrap_or(bytes);
        match recognise(bytes, None) {
            Ok(Content::Image(Format::Nifti | Format::Nifti2)) => nifti::says_labels(bytes),
            Ok(Content::Image(Format::Nrrd)) => nrrd::says_labels(bytes),
            _ => false,
        }
    }

    fn decode_as(
        format: Format,
        bytes: &[u8],
        name: Option<&str>,
        files: &mut Files<'_, '_>,
        limits: &Limits,
    ) -> Result<Self> {
        match format {
            Format::Tiff | Format::BigTiff => Ok(Self { format, ..tiff::decode(bytes, limits)? }),
            Format::Dicom => dicom::decode(bytes, limits),
            Format::Nifti2 => Ok(Self { format, ..nifti::decode(bytes, name, files, limits)? }),
            Format::Nifti | Format::Analyze => nifti::decode(bytes, name, files, limits),
            Format::Nrrd => nrrd::decode(bytes, files, limits),
            Format::MetaImage => metaimage::decode(bytes, files, limits),
            Format::Jpeg2000 => jpeg2000::decode_file(bytes, limits),
            _ => raster::decode(bytes, format, limits),
        }
    }
}
