//! Samples of a page to grey or red, green and blue.

use super::codes::PhotometricInterpretation;
use super::ifd::broken;
use super::page::Page;
use super::{lab, ycbcr};
use crate::error::Result;
use crate::scan::limits::zeroed;
use crate::scan::samples::{SampleType, Samples};

/// What a page gives to the scan.
pub(super) struct Picture {
    /// More than one if the page holds bands that are no colours.
    pub(super) slices: usize,
    pub(super) samples: Samples,
}

/// The shape of [`Picture`], known before decoding: `(channels, slices, type)`.
pub(super) fn shape(page: &Page<'_>) -> (usize, usize, SampleType) {
    match page.photometric {
        PhotometricInterpretation::Rgb
        | PhotometricInterpretation::YCbCr
        | PhotometricInterpretation::Cmyk => (3, 1, page.kind),
        PhotometricInterpretation::Palette
        | PhotometricInterpretation::CieLab
        | PhotometricInterpretation::IccLab => (3, 1, SampleType::U8),
        _ if page.samples == 3 && !page.bands => (3, 1, page.kind),
        _ if page.alpha => (1, 1, page.kind),
        _ => (1, page.samples, page.kind),
    }
}

pub(super) fn picture(page: &Page<'_>, samples: Samples) -> Result<Picture> {
    let (channels, slices, _) = shape(page);
    let samples = match page.photometric {
        PhotometricInterpretation::Palette => palette(page, &samples)?,
        PhotometricInterpretation::Cmyk => cmyk(page, &samples)?,
        PhotometricInterpretation::YCbCr => {
            converted(page, &samples, |pixel| ycbcr::rgb(&page.colour_tags, pixel))?
        }
        PhotometricInterpretation::CieLab | PhotometricInterpretation::IccLab => {
            let unsigned = page.photometric == PhotometricInterpretation::IccLab;
            converted(page, &samples, |pixel| lab::rgb(lab::values(pixel, page.bits, unsigned)))?
        }
        _ if slices > 1 => {
            // Bands one after the other.
            let pixels = page.width * page.height;
            samples.gather(samples.len(), |i| (i % pixels) * slices + i / pixels)?
        }
        _ => samples.first_channels(page.samples, channels)?,
    };
    Ok(Picture { slices, samples })
}

/// TIFF 6.0 section 5: all reds, all greens, all blues, 16 bits each. Writers that used 8 are understood.
fn palette(page: &Page<'_>, samples: &Samples) -> Result<Samples> {
    let entries = page.colours.len() / 3;
    if entries == 0 {
        return Err(broken("its palette is missing"));
    }
    let shift = if page.colours.iter().any(|v| *v > 255) { 8 } else { 0 };
    let pixels = page.width * page.height;
    let mut out = zeroed::<u8>(pixels * 3)?;
    for (i, colour) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
        let index = samples.get(i * page.samples).unwrap_or(0.0) as usize;
        for (v, table) in colour.iter_mut().zip(page.colours.chunks_exact(entries)) {
            *v = table.get(index).map_or(0, |entry| (entry >> shift) as u8);
        }
    }
    Ok(Samples::U8(out))
}

/// Ink to light without a colour profile: `(1 - ink) * (1 - black)`.
fn cmyk(page: &Page<'_>, samples: &Samples) -> Result<Samples> {
    let full = match samples.kind() {
        SampleType::U8 => 255.0,
        SampleType::U16 => 65_535.0,
        _ => 1.0,
    };
    let light = |i: usize| {
        let at = |sample: usize| samples.get(i / 3 * page.samples + sample).unwrap_or(0.0) / full;
        (1.0 - at(i % 3)) * (1.0 - at(3)) * full
    };
    let n = page.width * page.height * 3;
    fill(samples.kind(), n, light)
}

/// The first three samples of each pixel through a function, to 8 bits.
fn converted(page: &Page<'_>, samples: &Samples, rgb: impl Fn([f64; 3]) -> [f64; 3]) -> Result<Samples> {
    let mut out = zeroed::<u8>(page.width * page.height * 3)?;
    for (i, colour) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
        let at = |sample: usize| samples.get(i * page.samples + sample).unwrap_or(0.0);
        *colour = rgb([at(0), at(1), at(2)]).map(|v| v.round() as u8);
    }
    Ok(Samples::U8(out))
}

fn fill(kind: SampleType, n: usize, value: impl Fn(usize) -> f64) -> Result<Samples> {
    macro_rules! fill {
        ($variant:ident, $type:ty, $round:expr) => {{
            let mut out = zeroed::<$type>(n)?;
            for (i, to) in out.iter_mut().enumerate() {
                *to = $round(value(i)) as $type;
            }
            Samples::$variant(out)
        }};
    }
    Ok(match kind {
        SampleType::U8 => fill!(U8, u8, f64::round),
        SampleType::U16 => fill!(U16, u16, f64::round),
        SampleType::F64 => fill!(F64, f64, std::convert::identity),
        _ => fill!(F32, f32, std::convert::identity),
    })
}
