//! What one page says about its pixels, checked.

use super::ifd::{Ifd, broken};
use super::tags;
use crate::error::{Error, Result};
use crate::scan::Limits;
use crate::scan::samples::{Endian, SampleType};

/// How the numbers of a pixel are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PhotometricInterpretation {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    Cmyk,
    YCbCr,
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
    Deflate,
    PackBits,
}

/// One page's layout.
#[derive(Clone, Debug)]
pub(super) struct Page<'a> {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Bits of one stored sample, 1..=32 or 64.
    pub(super) bits: u32,
    pub(super) samples: usize,
    pub(super) kind: SampleType,
    /// 16-bit floats, which [`SampleType`] does not have; `kind` is F32.
    pub(super) half: bool,
    pub(super) photometric: PhotometricInterpretation,
    pub(super) compression: Compression,
    pub(super) predictor: u64,
    pub(super) planar: bool,
    /// Bits of a byte are stored lowest first.
    pub(super) reversed: bool,
    pub(super) t4_options: u64,
    /// Size of a tile, or of a strip.
    pub(super) chunk_width: usize,
    pub(super) chunk_height: usize,
    pub(super) offsets: Vec<u64>,
    pub(super) counts: Vec<u64>,
    pub(super) colours: Vec<u64>,
    /// ExtraSamples names alpha behind a single grey sample.
    pub(super) alpha: bool,
    pub(super) jpeg_tables: Option<&'a [u8]>,
    pub(super) subsampled: bool,
    pub(super) endian: Endian,
}

fn cannot(code: &'static str, what: impl std::fmt::Display, advice: &str) -> Error {
    Error::unsupported(code, format!("This TIFF {what}, which Insitu cannot read. {advice}"))
}

const RESAVE: &str = "Save it as an uncompressed or LZW-compressed TIFF.";

impl<'a> Page<'a> {
    pub(super) fn new(ifd: &Ifd<'a>) -> Result<Self> {
        let size = |tag| ifd.number(tag).and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0);
        let (Some(width), Some(height)) = (size(tags::IMAGE_WIDTH), size(tags::IMAGE_LENGTH)) else {
            return Err(broken("it does not say how large it is"));
        };
        let samples = ifd.number(tags::SAMPLES_PER_PIXEL).unwrap_or(1) as usize;
        let all_bits = ifd.numbers(tags::BITS_PER_SAMPLE).unwrap_or_else(|| vec![1]);
        let bits = all_bits.first().copied().unwrap_or(1);
        if samples == 0 || samples > 4096 {
            return Err(broken("it has an impossible number of samples per pixel"));
        }
        if all_bits.iter().any(|b| *b != bits) {
            let what = format!("mixes samples of different sizes ({all_bits:?} bits)");
            return Err(cannot("tiff.unsupported.bits", what, RESAVE));
        }
        let formats = ifd.numbers(tags::SAMPLE_FORMAT).unwrap_or_else(|| vec![1]);
        let format = formats.first().copied().unwrap_or(1);
        if formats.iter().any(|f| *f != format) {
            return Err(cannot("tiff.unsupported.sample-format", "mixes number formats", RESAVE));
        }
        let (kind, half) = sample_type(bits, format)?;
        let compression = compression(ifd.number(tags::COMPRESSION).unwrap_or(1))?;
        let photometric = photometric(ifd.number(tags::PHOTOMETRIC_INTERPRETATION), samples)?;
        let predictor = ifd.number(tags::PREDICTOR).unwrap_or(1);
        if predictor > 3 || (predictor == 3 && format != 3) {
            return Err(cannot("tiff.unsupported.predictor", format!("uses predictor {predictor}"), RESAVE));
        }
        let tiled = ifd.number(tags::TILE_OFFSETS).is_some();
        let (offsets, counts) = if tiled {
            (tags::TILE_OFFSETS, tags::TILE_BYTE_COUNTS)
        } else {
            (tags::STRIP_OFFSETS, tags::STRIP_BYTE_COUNTS)
        };
        let rows = size(tags::ROWS_PER_STRIP).unwrap_or(height).min(height);
        let (Some(chunk_width), Some(chunk_height)) = (
            if tiled { size(tags::TILE_WIDTH) } else { Some(width) },
            if tiled { size(tags::TILE_LENGTH) } else { Some(rows) },
        ) else {
            return Err(broken("it does not say how large its tiles are"));
        };
        let extra = ifd.numbers(tags::EXTRA_SAMPLES).unwrap_or_default();
        let page = Self {
            width,
            height,
            bits: bits as u32,
            samples,
            kind,
            half,
            photometric,
            compression,
            predictor,
            planar: ifd.number(tags::PLANAR_CONFIGURATION) == Some(2) && samples > 1,
            reversed: ifd.number(tags::FILL_ORDER) == Some(2),
            t4_options: ifd.number(tags::T4_OPTIONS).unwrap_or(0),
            chunk_width,
            chunk_height,
            offsets: ifd.numbers(offsets).ok_or_else(|| broken("it does not say where its pixels are"))?,
            counts: ifd.numbers(counts).unwrap_or_default(),
            colours: if photometric == PhotometricInterpretation::Palette {
                ifd.numbers(tags::COLOR_MAP).unwrap_or_default()
            } else {
                Vec::new()
            },
            alpha: samples == 2 && matches!(extra.as_slice(), [1 | 2]),
            jpeg_tables: ifd.bytes(tags::JPEG_TABLES),
            subsampled: ifd.numbers(tags::YCBCR_SUBSAMPLING).is_none_or(|s| s != [1, 1]),
            endian: ifd.file().endian,
        };
        page.check()
    }

    fn check(self) -> Result<Self> {
        let chunks =
            self.chunks_across().checked_mul(self.chunks_down()).and_then(|n| n.checked_mul(self.planes()));
        if chunks.is_none_or(|n| n > self.offsets.len()) {
            return Err(broken("it lists fewer strips or tiles than it needs"));
        }
        if self.photometric == PhotometricInterpretation::YCbCr
            && (self.bits != 8
                || self.samples < 3
                || (self.compression != Compression::Jpeg && self.subsampled))
        {
            let what = "stores subsampled or deep YCbCr colours without JPEG compression";
            return Err(cannot("tiff.unsupported.colour", what, "Save it as RGB."));
        }
        if self.compression == Compression::Jpeg && self.bits != 8 {
            let what = format!("holds {}-bit JPEG", self.bits);
            return Err(cannot("tiff.unsupported.bits", what, RESAVE));
        }
        let inks = matches!(self.kind, SampleType::U8 | SampleType::U16 | SampleType::F32 | SampleType::F64);
        if self.photometric == PhotometricInterpretation::Cmyk
            && !(inks && (self.half || self.kind.bytes() * 8 == self.bits as usize))
        {
            let what = format!("stores ink colours as {}-bit {}", self.bits, self.kind);
            return Err(cannot("tiff.unsupported.colour", what, "Save it as RGB."));
        }
        let fax = matches!(self.compression, Compression::FaxHuffman | Compression::Fax3 | Compression::Fax4);
        if fax && (self.bits != 1 || self.samples != 1) {
            return Err(broken("it is fax-compressed and not black and white"));
        }
        if self.photometric == PhotometricInterpretation::Palette
            && (self.bits > 16 || self.kind != unsigned(self.bits))
        {
            return Err(broken("its palette does not fit its samples"));
        }
        Ok(self)
    }

    /// The same kind of picture, so that the two can be slices of one scan.
    pub(super) fn matches(&self, other: &Self) -> bool {
        (self.width, self.height, self.bits, self.samples, self.kind, self.half, self.photometric, self.alpha)
            == (
                other.width,
                other.height,
                other.bits,
                other.samples,
                other.kind,
                other.half,
                other.photometric,
                other.alpha,
            )
    }

    pub(super) fn planes(&self) -> usize {
        if self.planar { self.samples } else { 1 }
    }

    /// Samples of one pixel in one chunk.
    pub(super) fn chunk_samples(&self) -> usize {
        if self.planar { 1 } else { self.samples }
    }

    pub(super) fn chunks_across(&self) -> usize {
        self.width.div_ceil(self.chunk_width)
    }

    pub(super) fn chunks_down(&self) -> usize {
        self.height.div_ceil(self.chunk_height)
    }

    /// Bytes of one row of a chunk as stored; `None` if that is more than memory has.
    pub(super) fn chunk_row_bytes(&self) -> Option<usize> {
        let bits = self.chunk_width.checked_mul(self.chunk_samples())?.checked_mul(self.bits as usize)?;
        Some(bits.div_ceil(8))
    }

    /// Bytes that all chunks unpack to, with the padding of border tiles.
    pub(super) fn unpacked_bytes(&self, limits: &Limits) -> Result<u64> {
        let rows = self.chunks_down().checked_mul(self.chunk_height);
        let chunks = self.chunks_across().checked_mul(self.planes());
        let bytes = self.chunk_row_bytes().and_then(|n| n.checked_mul(rows?)?.checked_mul(chunks?));
        let bytes = bytes.map_or(u64::MAX, |n| n as u64);
        limits.check_bytes(bytes)?;
        Ok(bytes)
    }
}

fn unsigned(bits: u32) -> SampleType {
    match bits {
        0..=8 => SampleType::U8,
        9..=16 => SampleType::U16,
        17..=32 => SampleType::U32,
        _ => SampleType::U64,
    }
}

fn sample_type(bits: u64, format: u64) -> Result<(SampleType, bool)> {
    let kind = match (format, bits) {
        (1 | 4, 1..=32 | 64) => unsigned(bits as u32),
        (2, 8) => SampleType::I8,
        (2, 16) => SampleType::I16,
        (2, 32) => SampleType::I32,
        (2, 64) => SampleType::I64,
        (3, 16) => return Ok((SampleType::F32, true)),
        (3, 32) => SampleType::F32,
        (3, 64) => SampleType::F64,
        (5 | 6, _) => {
            return Err(cannot(
                "tiff.unsupported.sample-format",
                "holds complex numbers",
                "Save their magnitude.",
            ));
        }
        (1..=4, _) => {
            let name = match format {
                1 => "unsigned",
                2 => "signed",
                3 => "floating-point",
                _ => "untyped",
            };
            return Err(cannot("tiff.unsupported.bits", format!("stores {bits}-bit {name} samples"), RESAVE));
        }
        _ => return Err(broken("it has an unknown number format")),
    };
    Ok((kind, false))
}

fn compression(code: u64) -> Result<Compression> {
    let name = match code {
        1 => return Ok(Compression::None),
        2 => return Ok(Compression::FaxHuffman),
        3 => return Ok(Compression::Fax3),
        4 => return Ok(Compression::Fax4),
        5 => return Ok(Compression::Lzw),
        7 => return Ok(Compression::Jpeg),
        8 | 32_946 => return Ok(Compression::Deflate),
        32_773 => return Ok(Compression::PackBits),
        6 => "old-style JPEG",
        33_003 | 33_004 | 33_005 | 34_712 => "JPEG 2000",
        22_610 | 34_934 => "JPEG XR",
        34_661 => "JBIG",
        34_676 | 34_677 => "SGI LogLuv",
        34_887 => "LERC",
        34_892 => "lossy DNG JPEG",
        34_925 => "LZMA",
        34_933 => "PNG",
        50_000 => "Zstandard",
        50_001 => "WebP",
        50_002 => "JPEG XL",
        32_809 => "ThunderScan",
        _ => {
            let what = format!("uses a compression with the number {code}");
            return Err(cannot("tiff.unsupported.compression", what, RESAVE));
        }
    };
    Err(cannot("tiff.unsupported.compression", format!("uses {name} compression"), RESAVE))
}

fn photometric(code: Option<u64>, samples: usize) -> Result<PhotometricInterpretation> {
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
        Some(8..=10) => "CIE L*a*b* colours",
        Some(32_803 | 34_892) => "raw camera data",
        Some(32_844 | 32_845) => "LogLuv colours",
        Some(code) => {
            let what = format!("uses a colour model with the number {code}");
            return Err(cannot("tiff.unsupported.colour", what, "Save it as grey or RGB."));
        }
    };
    Err(cannot("tiff.unsupported.colour", format!("stores {name}"), "Save it as grey or RGB."))
}
