//! What the header says about the pixels (PS3.3 C.7.6.3).

use super::dataset::{Dataset, broken};
use super::tags;
use crate::error::{Error, Result};
use crate::scan::samples::SampleType;

/// How the numbers of a pixel are meant (C.7.6.3.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PhotometricInterpretation {
    Monochrome1,
    Monochrome2,
    PaletteColor,
    Rgb,
    YbrFull,
    YbrFull422,
    YbrIct,
    YbrRct,
    /// A term that we cannot read.
    Other(String),
}

impl PhotometricInterpretation {
    fn from_term(term: String) -> Self {
        match term.as_str() {
            "MONOCHROME1" => Self::Monochrome1,
            "MONOCHROME2" => Self::Monochrome2,
            "PALETTE COLOR" => Self::PaletteColor,
            "RGB" => Self::Rgb,
            "YBR_FULL" => Self::YbrFull,
            "YBR_FULL_422" => Self::YbrFull422,
            "YBR_ICT" => Self::YbrIct,
            "YBR_RCT" => Self::YbrRct,
            _ => Self::Other(term),
        }
    }

    /// The standard's term.
    pub(super) fn term(&self) -> &str {
        match self {
            Self::Monochrome1 => "MONOCHROME1",
            Self::Monochrome2 => "MONOCHROME2",
            Self::PaletteColor => "PALETTE COLOR",
            Self::Rgb => "RGB",
            Self::YbrFull => "YBR_FULL",
            Self::YbrFull422 => "YBR_FULL_422",
            Self::YbrIct => "YBR_ICT",
            Self::YbrRct => "YBR_RCT",
            Self::Other(term) => term,
        }
    }

    /// Luminance and colour differences.
    pub(super) fn is_ybr(&self) -> bool {
        matches!(self, Self::YbrFull | Self::YbrFull422 | Self::YbrIct | Self::YbrRct)
    }
}

/// The Image Pixel module, checked.
pub(super) struct Layout {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) frames: usize,
    pub(super) samples: usize,
    pub(super) photometric: PhotometricInterpretation,
    pub(super) allocated: u32,
    pub(super) stored: u32,
    pub(super) high_bit: u32,
    pub(super) planar: bool,
    pub(super) kind: SampleType,
}

impl Layout {
    pub(super) fn new(dataset: &Dataset<'_>) -> Result<Self> {
        let number = |tag| dataset.number(tag);
        let (Some(height), Some(width)) = (number(tags::ROWS), number(tags::COLUMNS)) else {
            return Err(broken("it does not say how large its image is"));
        };
        let samples = number(tags::SAMPLES_PER_PIXEL).unwrap_or(1) as usize;
        let frames = dataset.decimal(tags::NUMBER_OF_FRAMES).unwrap_or(1.0).max(1.0);
        let allocated = number(tags::BITS_ALLOCATED)
            .ok_or_else(|| broken("it does not say how many bits a value has"))?;
        if !matches!(allocated, 1 | 8 | 16 | 32 | 64) {
            return Err(Error::unsupported(
                "dicom.unsupported.bits",
                format!("This DICOM file stores values of {allocated} bits, which Insitu cannot read."),
            ));
        }
        let stored = number(tags::BITS_STORED).filter(|s| (1..=allocated).contains(s)).unwrap_or(allocated);
        let high_bit =
            number(tags::HIGH_BIT).filter(|h| (stored - 1..allocated).contains(h)).unwrap_or(stored - 1);
        let signed = number(tags::PIXEL_REPRESENTATION) == Some(1);
        if width == 0 || height == 0 || !matches!(samples, 1 | 3 | 4) || frames > 1e7 {
            return Err(broken("its image has an impossible shape"));
        }
        let float = dataset.find(tags::PIXEL_DATA).is_none();
        let kind = match (allocated, signed) {
            (32, _) if float => SampleType::F32,
            (64, _) if float => SampleType::F64,
            (1 | 8, false) => SampleType::U8,
            (8, true) => SampleType::I8,
            (16, false) => SampleType::U16,
            (16, true) => SampleType::I16,
            (32, false) => SampleType::U32,
            (32, true) => SampleType::I32,
            _ => {
                return Err(Error::unsupported(
                    "dicom.unsupported.bits",
                    format!("This DICOM file stores values of {allocated} bits, which Insitu cannot read."),
                ));
            }
        };
        let photometric = match dataset.text(tags::PHOTOMETRIC_INTERPRETATION) {
            Some(term) => PhotometricInterpretation::from_term(term),
            None if samples >= 3 => PhotometricInterpretation::Rgb,
            None => PhotometricInterpretation::Monochrome2,
        };
        Ok(Self {
            width: width as usize,
            height: height as usize,
            frames: frames as usize,
            samples,
            photometric,
            allocated,
            stored,
            high_bit,
            planar: number(tags::PLANAR_CONFIGURATION) == Some(1),
            kind,
        })
    }

    /// Stored values have a sign.
    pub(super) fn signed(&self) -> bool {
        matches!(self.kind, SampleType::I8 | SampleType::I16 | SampleType::I32)
    }

    pub(super) fn pixels(&self) -> usize {
        self.width * self.height
    }

    /// Uncompressed YBR_FULL_422 shares colours between two neighbours (C.7.6.3.1.2).
    pub(super) fn shares_colours(&self) -> bool {
        self.photometric == PhotometricInterpretation::YbrFull422 && self.samples == 3
    }
}
