//! Recognises the format that bytes are in. By content alone: a file's name may say anything.

use std::fmt;

use super::detached::ends_with;
use super::gzip::is_gzip;
use super::zstd::is_zstd;
use super::{dicom, metaimage};
use crate::error::{Error, Result};

/// The formats that [`Scan::decode`](super::Scan::decode) reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    Png,
    Jpeg,
    JpegLs,
    Jpeg2000,
    Bmp,
    Gif,
    WebP,
    Tiff,
    /// A TIFF whose places have 64 bits.
    BigTiff,
    Dicom,
    Nifti,
    Nifti2,
    /// ANALYZE 7.5: a header and its `.img`.
    Analyze,
    Nrrd,
    MetaImage,
    /// A folder, as a microscope's image is laid out in it by OME-NGFF.
    Zarr,
}

impl Format {
    /// The name that people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::JpegLs => "JPEG-LS",
            Self::Jpeg2000 => "JPEG 2000",
            Self::Bmp => "BMP",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Tiff => "TIFF",
            Self::BigTiff => "BigTIFF",
            Self::Dicom => "DICOM",
            Self::Nifti => "NIfTI",
            Self::Nifti2 => "NIfTI-2",
            Self::Analyze => "ANALYZE 7.5",
            Self::Nrrd => "NRRD",
            Self::MetaImage => "MetaImage",
            Self::Zarr => "OME-Zarr",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the bytes are: a format that we read, or a packing around something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Image(Format),
    Packed(Packing),
}

/// What an image can be packed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Zstandard,
    Zip,
}

/// Recognises the content, or says what it is instead of an image.
pub(crate) fn recognise(bytes: &[u8], name: Option<&str>) -> Result<Content> {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|b| b.starts_with(magic));
    if bytes.is_empty() {
        return Err(Error::invalid("scan.empty", format!("{} is empty: it has 0 bytes.", subject(name))));
    }
    // First, because DICOM leaves the 128 bytes before it to others: some files begin like a TIFF.
    let format = if at(128, b"DICM") {
        Format::Dicom
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Format::Png
    } else if at(0, b"\xFF\xD8\xFF") {
        Format::Jpeg
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Format::Gif
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Format::WebP
    } else if at(0, b"II*\0") || at(0, b"MM\0*") {
        Format::Tiff
    } else if at(0, b"II+\0") || at(0, b"MM\0+") {
        Format::BigTiff
    } else if at(0, b"\0\0\0\x0CjP  \r\n\x87\n") || at(0, b"\xFF\x4F\xFF\x51") {
        Format::Jpeg2000
    } else if is_gzip(bytes) {
        return Ok(Content::Packed(Packing::Gzip));
    } else if is_zstd(bytes) {
        return Ok(Content::Packed(Packing::Zstandard));
    } else if at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06") || at(0, b"PK\x07\x08") {
        return Ok(Content::Packed(Packing::Zip));
    } else if looks_like_nifti2(bytes) {
        Format::Nifti2
    } else if looks_like_nifti(bytes) {
        Format::Nifti
    } else if at(0, b"NRRD000") {
        Format::Nrrd
    } else if metaimage::looks_like(bytes) {
        Format::MetaImage
    } else if at(0, b"BM") && bytes.len() >= 26 {
        Format::Bmp
    } else if let Some((what, advice)) = foreign(bytes) {
        return Err(Error::unsupported(
            "scan.unsupported.format",
            format!("{} is {what}, which Insitu does not read. {advice}", subject(name)),
        ));
    } else if dicom::looks_like(bytes) {
        Format::Dicom
    } else if name.is_some_and(super::zarr::describes) {
        return Err(Error::unsupported(
            "scan.unsupported.format",
            format!(
                "{} describes a Zarr folder. Drop or choose the whole folder, or a ZIP archive of it.",
                subject(name)
            ),
        ));
    } else if looks_like_text(bytes) {
        return Err(Error::unsupported(
            "scan.unsupported.format",
            format!("{} is a text file, not an image.", subject(name)),
        ));
    } else if let Some(header) = header_of(name) {
        return Err(Error::unsupported(
            "scan.unknown",
            format!(
                "{} is in no image format that Insitu knows. If it holds the pixels of a header ({header}), drop or choose both together.",
                subject(name)
            ),
        ));
    } else {
        return Err(Error::unsupported(
            "scan.unknown",
            format!("{} is in no image format that Insitu knows. {KNOWN}", subject(name)),
        ));
    };
    Ok(Content::Image(format))
}

const KNOWN: &str = "It reads DICOM, NIfTI, ANALYZE, NRRD, MetaImage, OME-Zarr, TIFF, PNG, JPEG, JPEG-LS, JPEG 2000, BMP, GIF and WebP.";

/// The ends that the header of a file of bare pixels has.
fn header_of(name: Option<&str>) -> Option<&'static str> {
    let name = name?;
    if ends_with(name, ".img") || ends_with(name, ".img.gz") {
        Some(".hdr")
    } else if [".raw", ".zraw", ".raw.gz"].iter().any(|end| ends_with(name, end)) {
        Some(".mhd or .nhdr")
    } else {
        None
    }
}

fn subject(name: Option<&str>) -> String {
    match name {
        Some(name) if !name.is_empty() => {
            // A name is somebody else's text: shortened, and without control characters.
            let clean: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
            format!("“{clean}”")
        }
        _ => "This file".to_string(),
    }
}

/// Formats that people drop by mistake or that we cannot read, with what to do instead.
fn foreign(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|b| b.starts_with(magic));
    const SAVE: &str = "Save it as PNG or TIFF first.";
    let brand = bytes.get(8..12).filter(|_| at(4, b"ftyp"));
    Some(match brand {
        Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1") => ("a HEIC image", SAVE),
        Some(b"avif" | b"avis") => ("an AVIF image", SAVE),
        Some(_) => ("a video or another ISO media file", "Take single frames out of it as PNG first."),
        None if at(0, b"7z\xBC\xAF\x27\x1C") => ("a 7-Zip archive", "Take the images out of it first."),
        None if at(0, b"Rar!") => ("a RAR archive", "Take the images out of it first."),
        None if at(257, b"ustar") => ("a TAR archive", "Take the images out of it first."),
        None if at(0, b"BZh") => ("a bzip2 file", "Unpack it first."),
        None if at(0, b"\xFD7zXZ\0") => ("an xz file", "Unpack it first."),
        None if at(0, b"%PDF") => ("a PDF document", "Export the image out of it as PNG or TIFF first."),
        None if at(0, b"\xFF\x0A") || at(0, b"\0\0\0\x0CJXL ") => ("a JPEG XL image", SAVE),
        None if at(0, b"II\xBC") => ("a JPEG XR image", SAVE),
        None if at(0, b"\x89HDF") => ("an HDF5 file", "Export the image as TIFF first."),
        None if at(0, b"SIMPLE  =") => ("a FITS image", "Convert it to TIFF first."),
        None if at(0, b"\x93NUMPY") => ("a NumPy array", "Save it as TIFF or NIfTI first."),
        None if at(0, b"8BPS") => ("a Photoshop file", SAVE),
        None if at(0, b"\0\0\x01\0") && bytes.get(5) == Some(&0) && bytes.len() > 22 => ("an icon", SAVE),
        None if at(0, b"\x7FELF") || at(0, b"MZ") => ("a program", "Choose an image file."),
        None if at(0, b"\xDA\xCE\xBE\x0A") => ("a Nikon ND2 file", "Export it as TIFF first."),
        None => return markup(bytes),
    })
}

fn markup(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let head: Vec<u8> = bytes.iter().copied().take(512).map(|b| b.to_ascii_lowercase()).collect();
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head).trim_ascii_start();
    let contains = |needle: &[u8]| head.windows(needle.len()).any(|w| w == needle);
    if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") {
        Some(("a web page", "Save the image itself, not the page that shows it."))
    } else if head.starts_with(b"<svg") || (head.starts_with(b"<?xml") && contains(b"<svg")) {
        Some(("an SVG drawing", "Export it as PNG first."))
    } else if head.starts_with(b"<?xml") {
        Some(("an XML document", "Choose an image file."))
    } else if head.starts_with(b"{\\rtf") {
        Some(("a text document", "Choose an image file."))
    } else {
        None
    }
}

/// Whether the bytes begin with the header of NIfTI-1 or of its ancestor ANALYZE 7.5.
fn looks_like_nifti(bytes: &[u8]) -> bool {
    begins_with(bytes, 348) && bytes.len() >= 44
}

fn looks_like_nifti2(bytes: &[u8]) -> bool {
    begins_with(bytes, 540) && bytes.get(4..8).is_some_and(|m| m.starts_with(b"n"))
}

/// Whether a number stands first, in either byte order.
fn begins_with(bytes: &[u8], number: u32) -> bool {
    let first: Option<[u8; 4]> = bytes.get(..4).and_then(|b| b.try_into().ok());
    first.is_some_and(|n| u32::from_le_bytes(n) == number || u32::from_be_bytes(n) == number)
}

fn looks_like_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..4096).unwrap_or(bytes);
    // A multi-byte character may be cut at the end of the head.
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    valid && !head.iter().any(|b| *b < 32 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn the_content_counts_and_not_the_name() {
        assert_eq!(recognise(b"GIF89a....", Some("scan.dcm")).unwrap(), Content::Image(Format::Gif));
        let error = recognise(b"these are words", Some("nuclei.png")).unwrap_err();
        assert_eq!(error.code(), "scan.unsupported.format");
        assert_eq!(error.message(), "“nuclei.png” is a text file, not an image.");
    }

    #[test]
    fn what_is_no_image_is_named() {
        for (bytes, word) in [
            (&b"%PDF-1.7"[..], "PDF document"),
            (b"\0\0\0\x18ftypheic....", "HEIC"),
            (b"\0\0\0\x18ftypavif....", "AVIF"),
            (b"\xFF\x0A\x00\x00", "JPEG XL"),
            (b"<!DOCTYPE html><html>", "web page"),
        ] {
            let error = recognise(bytes, None).unwrap_err();
            assert_eq!((error.kind(), error.code()), (Kind::Unsupported, "scan.unsupported.format"));
            assert!(error.message().contains(word), "{}", error.message());
        }
        assert_eq!(recognise(&[], None).unwrap_err().code(), "scan.empty");
        assert_eq!(recognise(&[0xC3, 0x28, 0, 1, 2], None).unwrap_err().code(), "scan.unknown");
    }
}
