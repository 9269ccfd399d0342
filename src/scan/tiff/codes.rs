//! Compression and colour model by their numbers, as far as Insitu reads them; the others by name.

use super::page::{RESAVE, cannot};
use crate::error::Result;

/// How the numbers of a pixel are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum PhotometricInterpretation {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    Cmyk,
    YCbCr,
    /// TIFF 6.0 section 23: a* and b* with a sign.
    CieLab,
    /// The same as ICC profiles store it: a* and b* from 0, the middle is no colour.
    IccLab,
}

/// How a chunk is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    FaxHuffman,
    Fax3,
    Fax4,
    Lzw,
    Jpeg,
    /// The JPEG of TIFF 6.0 section 22, where the page holds one whole JPEG stream.
    OldJpeg,
    Jpeg2000,
    Deflate,
    PackBits,
    Zstd,
    WebP,
}

impl Compression {
    /// Those that know the picture and give whole numbers, not packed bits in the file's byte order.
    pub(super) fn is_of_pictures(self) -> bool {
        matches!(self, Self::Jpeg | Self::OldJpeg | Self::Jpeg2000 | Self::WebP)
    }

    /// Those that the tag Predictor belongs to; with the others, as in libtiff, it says nothing.
    pub(super) fn has_predictor(self) -> bool {
        matches!(self, Self::Lzw | Self::Deflate | Self::Zstd)
    }

    pub(super) fn is_fax(self) -> bool {
        matches!(self, Self::FaxHuffman | Self::Fax3 | Self::Fax4)
    }
}

pub(super) fn compression(code: u64) -> Result<Compression> {
    let name = match code {
        1 => return Ok(Compression::None),
        2 => return Ok(Compression::FaxHuffman),
        3 => return Ok(Compression::Fax3),
        4 => return Ok(Compression::Fax4),
        5 => return Ok(Compression::Lzw),
        7 => return Ok(Compression::Jpeg),
        8 | 32_946 => return Ok(Compression::Deflate),
        32_773 => return Ok(Compression::PackBits),
        50_000 => return Ok(Compression::Zstd),
        50_001 => return Ok(Compression::WebP),
        6 => return Ok(Compression::OldJpeg),
        // 33003 and 33005 are Aperio's, of YCbCr and of RGB.
        33_003 | 33_004 | 33_005 | 34_712 => return Ok(Compression::Jpeg2000),
        22_610 | 34_934 => "JPEG XR",
        34_661 => "JBIG",
        34_676 | 34_677 => "SGI LogLuv",
        34_887 => "LERC",
        34_892 => "lossy DNG JPEG",
        34_925 => "LZMA",
        34_933 => "PNG",
        50_002 | 52_546 => "JPEG XL",
        32_809 => "ThunderScan",
        _ => {
            let what = format!("uses a compression with the number {code}");
            return Err(cannot("tiff.unsupported.compression", what, RESAVE));
        }
    };
    Err(cannot("tiff.unsupported.compression", format!("uses {name} compression"), RESAVE))
}

pub(super) fn photometric(code: Option<u64>, samples: usize) -> Result<PhotometricInterpretation> {
    let name = match code {
        Some(0) => return Ok(PhotometricInterpretation::WhiteIsZero),
        // A mask (4) is a grey image of 0 and 1.
        Some(1 | 4) => return Ok(PhotometricInterpretation::BlackIsZero),
        // Two "RGB" samples are no colour; they are shown as grey bands.
        Some(2) => {
            return Ok(if samples >= 3 {
                PhotometricInterpretation::Rgb
            } else {
                PhotometricInterpretation::BlackIsZero
            });
        }
        Some(3) => return Ok(PhotometricInterpretation::Palette),
        Some(5) if samples >= 4 => return Ok(PhotometricInterpretation::Cmyk),
        Some(6) => return Ok(PhotometricInterpretation::YCbCr),
        // Required by the standard and still missing in some files.
        None => {
            return Ok(if samples >= 3 {
                PhotometricInterpretation::Rgb
            } else {
                PhotometricInterpretation::BlackIsZero
            });
        }
        Some(5) => "ink colours other than CMYK",
        // Lightness alone is grey.
        Some(8 | 9) if samples < 3 => return Ok(PhotometricInterpretation::BlackIsZero),
        Some(8) => return Ok(PhotometricInterpretation::CieLab),
        Some(9) => return Ok(PhotometricInterpretation::IccLab),
        Some(10) => "ITU L*a*b* colours",
        Some(32_803 | 34_892) => "raw camera data",
        Some(32_844 | 32_845) => "LogLuv colours",
        Some(code) => {
            let what = format!("uses a colour model with the number {code}");
            return Err(cannot("tiff.unsupported.colour", what, "Save it as grey or RGB."));
        }
    };
    Err(cannot("tiff.unsupported.colour", format!("stores {name}"), "Save it as grey or RGB."))
}
