//! What the header says about the pixels (PS3.3 C.7.6.3).

use super::dataset::{Dataset, PIXEL_DATA, broken};
use crate::error::{Error, Result};
use crate::scan::samples::SampleType;

/// The Image Pixel module, checked.
pub(super) struct Layout {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) frames: usize,
    pub(super) samples: usize,
    pub(super) photometric: String,
    pub(super) allocated: u32,
    pub(super) stored: u32,
    pub(super) high_bit: u32,
    pub(super) planar: bool,
    pub(super) kind: SampleType,
}

impl Layout {
    pub(super) fn new(dataset: &Dataset<'_>) -> Result<Self> {
        let number = |element: u16| dataset.number((0x0028, element));
        let (Some(height), Some(width)) = (number(0x0010), number(0x0011)) else {
            return Err(broken("it does not say how large its image is"));
        };
        let samples = number(0x0002).unwrap_or(1) as usize;
        let frames = dataset.decimal((0x0028, 0x0008)).unwrap_or(1.0).max(1.0);
        let allocated = number(0x0100).ok_or_else(|| broken("it does not say how many bits a value has"))?;
        if !matches!(allocated, 1 | 8 | 16 | 32 | 64) {
            return Err(Error::unsupported(
                "dicom.unsupported.bits",
                format!("This DICOM file stores values of {allocated} bits, which Insitu cannot read."),
            ));
        }
        let stored = number(0x0101).filter(|s| (1..=allocated).contains(s)).unwrap_or(allocated);
        let high_bit = number(0x0102).filter(|h| (stored - 1..allocated).contains(h)).unwrap_or(stored - 1);
        let signed = number(0x0103) == Some(1);
        if width == 0 || height == 0 || !matches!(samples, 1 | 3 | 4) || frames > 1e7 {
            return Err(broken("its image has an impossible shape"));
        }
        let float = dataset.find(PIXEL_DATA).is_none();
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
        let photometric = dataset.text((0x0028, 0x0004));
        let default = if samples >= 3 { "RGB" } else { "MONOCHROME2" };
        Ok(Self {
            width: width as usize,
            height: height as usize,
            frames: frames as usize,
            samples,
            photometric: photometric.unwrap_or_else(|| default.to_string()),
            allocated,
            stored,
            high_bit,
            planar: number(0x0006) == Some(1),
            kind,
        })
    }

    pub(super) fn pixels(&self) -> usize {
        self.width * self.height
    }

    /// Uncompressed YBR_FULL_422 shares colours between two neighbours (C.7.6.3.1.2).
    pub(super) fn shares_colours(&self) -> bool {
        self.photometric == "YBR_FULL_422" && self.samples == 3
    }
}
