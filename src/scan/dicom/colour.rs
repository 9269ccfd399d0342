//! Photometric interpretations (PS3.3 C.7.6.3.1.2) and palettes (C.7.9).

use super::dataset::{Dataset, broken};
use super::layout::{Layout, PhotometricInterpretation};
use super::lookup::Table;
use super::tags::{self, Tag};
use crate::error::{Error, Result};
use crate::scan::limits::zeroed;
use crate::scan::samples::{SampleType, Samples};

/// Refuses what [`to_rgb`] could not turn into grey or RGB.
pub(super) fn check(layout: &Layout) -> Result<()> {
    use PhotometricInterpretation::*;
    match (&layout.photometric, layout.samples) {
        (Monochrome1 | Monochrome2 | PaletteColor, 1) => Ok(()),
        (Rgb | YbrFull | YbrFull422 | YbrIct | YbrRct, 3) => Ok(()),
        (other, samples) => {
            let name: String = other.term().chars().filter(|c| !c.is_control()).take(32).collect();
            Err(Error::unsupported(
                "dicom.unsupported.photometric",
                format!(
                    "This DICOM file stores its colours as {name} with {samples} values per pixel, which Insitu cannot read."
                ),
            ))
        }
    }
}

/// Luminance and colour differences to RGB where the values are that: the compressed image's own word counts most.
pub(super) fn to_rgb(mut samples: Samples, layout: &Layout, own_word: Option<bool>) -> Result<Samples> {
    if layout.samples != 3 || !own_word.unwrap_or(layout.photometric.is_ybr()) {
        return Ok(samples);
    }
    let middle = f64::from(1u32 << (layout.stored - 1).min(30));
    let top = middle * 2.0 - 1.0;
    macro_rules! convert {
        ($values:expr, $type:ty) => {
            for [a, b, c] in $values.as_chunks_mut::<3>().0 {
                let (y, cb, cr) = (f64::from(*a), f64::from(*b) - middle, f64::from(*c) - middle);
                let whole = |v: f64| v.round().clamp(0.0, top) as $type;
                *a = whole(y + 1.402 * cr);
                *b = whole(y - 0.344_136_286 * cb - 0.714_136_286 * cr);
                *c = whole(y + 1.772 * cb);
            }
        };
    }
    match &mut samples {
        Samples::U8(v) => convert!(v, u8),
        Samples::U16(v) => convert!(v, u16),
        Samples::U32(v) => convert!(v, u32),
        _ => return Err(broken("its colours are signed")),
    }
    Ok(samples)
}

/// Uncompressed YBR_FULL_422, `Y Y Cb Cr` for two neighbours, to RGB.
pub(super) fn unshare(bytes: &[u8], frames: usize, pixels: usize) -> Result<Samples> {
    let mut out = zeroed::<u8>(frames * pixels * 3)?;
    for ([y0, y1, cb, cr], pair) in bytes.as_chunks::<4>().0.iter().zip(out.as_chunks_mut::<6>().0) {
        for (y, to) in [y0, y1].into_iter().zip(pair.as_chunks_mut::<3>().0) {
            let (y, cb, cr) = (f64::from(*y), f64::from(*cb) - 128.0, f64::from(*cr) - 128.0);
            let values = [y + 1.402 * cr, y - 0.344_136_286 * cb - 0.714_136_286 * cr, y + 1.772 * cb];
            for (to, v) in to.iter_mut().zip(values) {
                *to = v.round().clamp(0.0, 255.0) as u8;
            }
        }
    }
    Ok(Samples::U8(out))
}

/// Decoded values as the header's type: the lowest `bits` bits, with a sign if the header says so.
pub(super) fn narrow(
    values: impl Iterator<Item = i64>,
    n: usize,
    bits: u32,
    layout: &Layout,
) -> Result<Samples> {
    let spare = 64 - bits.clamp(1, 63);
    macro_rules! collect {
        ($variant:ident, $type:ty, $wide:ty) => {{
            let mut out = zeroed::<$type>(n)?;
            for (to, v) in out.iter_mut().zip(values) {
                *to = (((v as $wide) << spare) >> spare) as $type;
            }
            Samples::$variant(out)
        }};
    }
    Ok(match layout.kind {
        SampleType::U8 => collect!(U8, u8, u64),
        SampleType::I8 => collect!(I8, i8, i64),
        SampleType::I16 => collect!(I16, i16, i64),
        SampleType::U32 => collect!(U32, u32, u64),
        SampleType::I32 => collect!(I32, i32, i64),
        _ => collect!(U16, u16, u64),
    })
}

/// Looks every value up in the file's red, green and blue tables; 8 bits each.
pub(super) fn palette(dataset: &Dataset<'_>, samples: &Samples, layout: &Layout) -> Result<Samples> {
    let table = |descriptor: Tag, data: Tag| Table::read(dataset, descriptor, data, layout.signed());
    let (Some(red), Some(green), Some(blue)) = (
        table(tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA),
        table(tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA),
        table(tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA),
    ) else {
        let segmented = dataset.find(tags::SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA).is_some();
        return Err(if segmented {
            Error::unsupported(
                "dicom.unsupported.palette",
                "This DICOM file has a segmented palette, which Insitu cannot read.",
            )
        } else {
            broken("its palette is missing")
        });
    };
    let n = samples.len();
    let mut out = zeroed::<u8>(n * 3)?;
    for (i, pixel) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
        let value = samples.get(i).unwrap_or(0.0) as i64;
        for (to, table) in pixel.iter_mut().zip([&red, &green, &blue]) {
            let entry = table.get(value);
            *to = if table.narrow { entry as u8 } else { (entry >> 8) as u8 };
        }
    }
    Ok(Samples::U8(out))
}
