//! What one page says about its pixels, checked.

use super::codes::{Compression, PhotometricInterpretation, compression, photometric};
use super::ifd::{Ifd, broken};
use super::tags;
use crate::error::{Error, Result};
use crate::scan::Limits;
use crate::scan::samples::{Endian, SampleType};

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
    /// Its samples are no colours, whatever it says.
    pub(super) bands: bool,
    pub(super) jpeg_tables: Option<&'a [u8]>,
    /// Of YCbCr that no JPEG holds: columns and rows that share one Cb and one Cr.
    pub(super) subsampling: Option<(usize, usize)>,
    /// How YCbCr and L*a*b* become red, green and blue.
    pub(super) colour_tags: ColourTags,
    pub(super) endian: Endian,
}

/// TIFF 6.0 sections 20 and 21.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ColourTags {
    /// LumaRed, LumaGreen, LumaBlue.
    pub(super) luma: [f64; 3],
    /// ReferenceBlackWhite: Y, Cb and Cr of no light and of full light or colour.
    pub(super) black_white: [f64; 6],
}

impl ColourTags {
    /// ITU-R BT.601, full range, as JPEG (JFIF) has it.
    const JPEG: Self =
        Self { luma: [0.299, 0.587, 0.114], black_white: [0.0, 255.0, 128.0, 255.0, 128.0, 255.0] };

    fn of(ifd: &Ifd<'_>) -> Self {
        let luma = ifd.reals(tags::YCBCR_COEFFICIENTS).and_then(|v| v.try_into().ok());
        let luma = luma.filter(|v: &[f64; 3]| v.iter().all(|v| *v > 0.0 && *v < 1.0));
        let black_white = ifd.reals(tags::REFERENCE_BLACK_WHITE).and_then(|v| v.try_into().ok());
        let black_white = black_white
            .filter(|v: &[f64; 6]| v.as_chunks::<2>().0.iter().all(|[black, white]| white > black));
        Self {
            luma: luma.unwrap_or(Self::JPEG.luma),
            black_white: black_white.unwrap_or(Self::JPEG.black_white),
        }
    }
}

pub(super) fn cannot(code: &'static str, what: impl std::fmt::Display, advice: &str) -> Error {
    Error::unsupported(code, format!("This TIFF {what}, which Insitu cannot read. {advice}"))
}

pub(super) const RESAVE: &str = "Save it as an uncompressed or LZW-compressed TIFF.";

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
        let compression_code = ifd.number(tags::COMPRESSION).unwrap_or(1);
        let compression = compression(compression_code)?;
        let photometric = match compression_code {
            33_003 if samples >= 3 => PhotometricInterpretation::YCbCr,
            33_005 if samples >= 3 => PhotometricInterpretation::Rgb,
            _ => photometric(ifd.number(tags::PHOTOMETRIC_INTERPRETATION), samples)?,
        };
        let predictor =
            if compression.has_predictor() { ifd.number(tags::PREDICTOR).unwrap_or(1) } else { 1 };
        if predictor > 3 || (predictor == 3 && format != 3) {
            return Err(cannot("tiff.unsupported.predictor", format!("uses predictor {predictor}"), RESAVE));
        }
        // What tells tiles is their size: some programs list them under the tags of strips (libtiff reads both).
        let tiled = ifd.number(tags::TILE_WIDTH).is_some() || ifd.number(tags::TILE_OFFSETS).is_some();
        let either = |tile, strip| {
            let [first, second] = if tiled { [tile, strip] } else { [strip, tile] };
            ifd.numbers(first).or_else(|| ifd.numbers(second))
        };
        let offsets = either(tags::TILE_OFFSETS, tags::STRIP_OFFSETS);
        let counts = either(tags::TILE_BYTE_COUNTS, tags::STRIP_BYTE_COUNTS).unwrap_or_default();
        let rows = size(tags::ROWS_PER_STRIP).unwrap_or(height).min(height);
        let whole = |tag, of: usize| if tiled { size(tag) } else { Some(of) };
        let (Some(chunk_width), Some(chunk_height)) =
            (whole(tags::TILE_WIDTH, width), whole(tags::TILE_LENGTH, rows))
        else {
            return Err(broken("it does not say how large its tiles are"));
        };
        let extra = ifd.numbers(tags::EXTRA_SAMPLES).unwrap_or_default();
        let mut page = Self {
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
            offsets: Vec::new(),
            counts,
            colours: if photometric == PhotometricInterpretation::Palette {
                ifd.numbers(tags::COLOR_MAP).unwrap_or_default()
            } else {
                Vec::new()
            },
            alpha: samples == 2 && matches!(extra.as_slice(), [1 | 2]),
            bands: false,
            jpeg_tables: ifd.bytes(tags::JPEG_TABLES),
            subsampling: None,
            colour_tags: if compression.is_of_pictures() { ColourTags::JPEG } else { ColourTags::of(ifd) },
            endian: ifd.file().endian,
        };
        if compression == Compression::OldJpeg {
            return page.old_jpeg(ifd)?.check();
        }
        if photometric == PhotometricInterpretation::YCbCr && !compression.is_of_pictures() {
            page.subsampling = subsampling(ifd)?;
        }
        page.offsets = offsets.ok_or_else(|| broken("it does not say where its pixels are"))?;
        page.check()
    }

    /// A page of TIFF 6.0 section 22 whose JPEGInterchangeFormat is a whole JPEG stream.
    fn old_jpeg(mut self, ifd: &Ifd<'a>) -> Result<Self> {
        let start = ifd.number(tags::JPEG_INTERCHANGE_FORMAT);
        let is_jpeg = |at: &u64| ifd.file().slice(*at, 2) == Some(b"\xFF\xD8");
        let Some(start) = start.filter(is_jpeg).filter(|_| !self.planar) else {
            let what = "uses old-style JPEG compression";
            return Err(cannot("tiff.unsupported.compression", what, RESAVE));
        };
        self.offsets = vec![start];
        self.counts = ifd.number(tags::JPEG_INTERCHANGE_FORMAT_LENGTH).into_iter().collect();
        (self.chunk_width, self.chunk_height) = (self.width, self.height);
        Ok(self)
    }

    fn check(self) -> Result<Self> {
        let chunks =
            self.chunks_across().checked_mul(self.chunks_down()).and_then(|n| n.checked_mul(self.planes()));
        if chunks.is_none_or(|n| n > self.offsets.len()) {
            return Err(broken("it lists fewer strips or tiles than it needs"));
        }
        let save_as_rgb = |what| Err(cannot("tiff.unsupported.colour", what, "Save it as RGB."));
        let bytes = self.kind == SampleType::U8 && self.bits == 8;
        match self.photometric {
            PhotometricInterpretation::YCbCr if !bytes || self.samples < 3 => {
                return save_as_rgb(format!(
                    "stores YCbCr colours in {} samples of {} bits",
                    self.samples, self.bits
                ));
            }
            PhotometricInterpretation::YCbCr
                if self.subsampling.is_some()
                    && (self.planar || self.samples != 3 || self.predictor != 1) =>
            {
                return save_as_rgb("stores subsampled YCbCr colours in planes or differences".into());
            }
            PhotometricInterpretation::CieLab | PhotometricInterpretation::IccLab
                if !matches!(self.bits, 8 | 16) || !matches!(self.kind, SampleType::U8 | SampleType::U16) =>
            {
                return save_as_rgb(format!("stores CIE L*a*b* colours in {} bits", self.bits));
            }
            _ => {}
        }
        let pictures = self.compression.is_of_pictures();
        let (least, most) = match self.compression {
            Compression::Jpeg | Compression::OldJpeg => (8, 16),
            Compression::WebP => (8, 8),
            _ => (1, 16),
        };
        let whole_numbers = self.kind == unsigned(self.bits) || self.compression == Compression::Jpeg2000;
        if pictures && (!(least..=most).contains(&self.bits) || !whole_numbers || self.half) {
            let what = format!("holds {:?} with {}-bit {} samples", self.compression, self.bits, self.kind);
            return Err(cannot("tiff.unsupported.bits", what, RESAVE));
        }
        if self.compression == Compression::WebP && (self.planar || !matches!(self.samples, 3 | 4)) {
            return Err(broken("it is WebP-compressed and not in colour"));
        }
        let inks = matches!(self.kind, SampleType::U8 | SampleType::U16 | SampleType::F32 | SampleType::F64);
        if self.photometric == PhotometricInterpretation::Cmyk
            && !(inks && (self.half || self.kind.bytes() * 8 == self.bits as usize))
        {
            let what = format!("stores ink colours as {}-bit {}", self.bits, self.kind);
            return Err(cannot("tiff.unsupported.colour", what, "Save it as RGB."));
        }
        if self.compression.is_fax() && (self.bits != 1 || self.samples != 1) {
            return Err(broken("it is fax-compressed and not black and white"));
        }
        if self.photometric == PhotometricInterpretation::Palette
            && (self.bits > 16 || self.kind != unsigned(self.bits))
        {
            return Err(broken("its palette does not fit its samples"));
        }
        Ok(self)
    }

    /// The same page as one of Zeiss LSM: its samples are what detectors saw, though it calls them colours, or has a palette for
    /// looking at them.
    pub(super) fn into_bands(mut self) -> Self {
        if matches!(self.photometric, PhotometricInterpretation::Rgb | PhotometricInterpretation::Palette) {
            self.photometric = PhotometricInterpretation::BlackIsZero;
        }
        Self { bands: true, alpha: false, ..self }
    }

    /// What two pages have in common if they can be slices of one scan, besides their size.
    pub(super) fn look(&self) -> impl Eq + std::hash::Hash + use<> {
        (self.bits, self.samples, self.kind, self.half, self.photometric, self.alpha)
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

    /// Bits of one sample in an unpacked chunk.
    pub(super) fn unpacked_bits(&self) -> usize {
        if self.compression.is_of_pictures() { self.kind.bytes() * 8 } else { self.bits as usize }
    }

    /// Bytes of one row of a chunk, unpacked; `None` if that is more than memory has.
    pub(super) fn chunk_row_bytes(&self) -> Option<usize> {
        let bits = self.chunk_width.checked_mul(self.chunk_samples())?.checked_mul(self.unpacked_bits())?;
        Some(bits.div_ceil(8))
    }

    /// Bytes that `rows` rows of a chunk are once unpacked, before subsampled colours are spread.
    pub(super) fn chunk_bytes(&self, rows: usize, row_bytes: usize) -> usize {
        match self.subsampling {
            Some((h, v)) => rows.div_ceil(v) * self.chunk_width.div_ceil(h) * (h * v + 2),
            None => rows * row_bytes,
        }
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

/// TIFF 6.0 section 21.
fn subsampling(ifd: &Ifd<'_>) -> Result<Option<(usize, usize)>> {
    match ifd.numbers(tags::YCBCR_SUBSAMPLING).as_deref() {
        Some([1, 1]) => Ok(None),
        Some([h @ (1 | 2 | 4), v @ (1 | 2 | 4)]) => Ok(Some((*h as usize, *v as usize))),
        None => Ok(Some((2, 2))),
        _ => Err(broken("its colours are subsampled in an impossible way")),
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
