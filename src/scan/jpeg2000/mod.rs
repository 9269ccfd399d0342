//! JPEG 2000 codestreams and JP2 files (ITU-T T.800) through `hayro-jpeg2000`.

mod codestream;

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use codestream::Codestream;

use super::limits::zeroed;
use super::samples::{SampleType, Samples};
use super::{Format, Limits, Scan};
use crate::error::{Error, Result};

/// A decoded image, components side by side, colour transform undone.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) components: usize,
    pub(crate) bits: u32,
    pub(crate) signed: bool,
    /// The codestream had red, green and blue transformed, and the decoder took that back: whatever else is said of them,
    /// its colours are red, green and blue.
    pub(crate) rgb: bool,
    pub(crate) data: Vec<i32>,
}

/// What the SIZ marker says (T.800 A.5.1).
struct Size {
    width: u64,
    height: u64,
    components: usize,
    bits: u32,
    signed: bool,
}

fn broken(what: &str) -> Error {
    Error::invalid("jpeg2000.invalid", format!("The JPEG 2000 data is damaged or cut off: {what}."))
}

fn unsupported(what: &str) -> Error {
    Error::unsupported(
        "jpeg2000.unsupported",
        format!("This JPEG 2000 image {what}, which Insitu cannot read."),
    )
}

fn size(bytes: &[u8], siz: usize) -> Option<Size> {
    let siz = bytes.get(siz..)?;
    let u32_at = |at: usize| Some(u64::from(u32::from_be_bytes(siz.get(at..at + 4)?.try_into().ok()?)));
    let (x1, y1, x0, y0) = (u32_at(4)?, u32_at(8)?, u32_at(12)?, u32_at(16)?);
    let components = usize::from(u16::from_be_bytes(siz.get(36..38)?.try_into().ok()?));
    let depths: Vec<u8> = siz.get(38..38 + 3 * components)?.iter().step_by(3).copied().collect();
    let depth = *depths.first()?;
    // Components of different depth would need a type each.
    let same = depths.iter().all(|d| *d == depth);
    let size = Size {
        width: x1.checked_sub(x0)?,
        height: y1.checked_sub(y0)?,
        components,
        bits: u32::from(depth & 0x7F) + 1,
        signed: depth & 0x80 != 0,
    };
    same.then_some(size)
}

/// Decodes a codestream or a JP2 file.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    let stream = Codestream::new(bytes);
    if stream.as_ref().is_some_and(|s| s.high_throughput) {
        return Err(unsupported("is compressed with High-Throughput JPEG 2000 (HTJ2K)"));
    }
    let nonsense = || broken("its size marker makes no sense");
    let Codestream { bytes, siz, component_transform: rgb, .. } = stream.ok_or_else(nonsense)?;
    let size = size(&bytes, siz).ok_or_else(nonsense)?;
    if size.bits > 24 {
        return Err(unsupported(&format!("has {} bits per value", size.bits)));
    }
    if !(1..=4).contains(&size.components) {
        return Err(unsupported(&format!("has {} components", size.components)));
    }
    // The decoder works in 32-bit floats: coefficients and result.
    limits.check(size.width as usize, size.height as usize, 1, size.components, 8)?;
    let wrong =
        |error: hayro_jpeg2000::DecodeError| broken("its pixels cannot be decoded").with_source(error);
    // Strict: a truncated file is an error, not a blurred image.
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    let image = Image::new(&bytes, &settings).map_err(wrong)?;
    let (width, height) = (image.width() as usize, image.height() as usize);
    limits.check(width, height, 1, size.components, 8)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(wrong)?;
    let planes = decoded.components();
    let components = planes.len();
    if components == 0 || components > 4 || planes.iter().any(|p| p.samples().len() != width * height) {
        return Err(unsupported("has components of different sizes"));
    }
    // The decoder shifts all components up by half their range; those with a sign go back.
    let down = if size.signed { 1 << (size.bits - 1) } else { 0 };
    let top = (1i32 << size.bits) - 1;
    let mut data = zeroed::<i32>(width * height * components)?;
    for (c, plane) in planes.iter().enumerate() {
        for (to, v) in data.iter_mut().skip(c).step_by(components).zip(plane.samples()) {
            *to = (v.round() as i32).clamp(0, top) - down;
        }
    }
    Ok(Picture { width, height, components, bits: size.bits, signed: size.signed, rgb, data })
}

/// A `.jp2` or `.j2k` file. Alpha is dropped.
pub(super) fn decode_file(bytes: &[u8], limits: &Limits) -> Result<Scan> {
    let picture = decode(bytes, limits)?;
    let kept = if picture.components >= 3 { 3 } else { 1 };
    let kind = match (picture.bits, picture.signed) {
        (..=8, false) => SampleType::U8,
        (..=16, false) => SampleType::U16,
        (..=16, true) => SampleType::I16,
        _ => SampleType::I32,
    };
    let values = picture.data.iter();
    let samples = match kind {
        SampleType::U8 => Samples::U8(values.map(|v| *v as u8).collect()),
        SampleType::U16 => Samples::U16(values.map(|v| *v as u16).collect()),
        SampleType::I16 => Samples::I16(values.map(|v| *v as i16).collect()),
        _ => Samples::I32(picture.data),
    };
    let samples = samples.first_channels(picture.components, kept)?;
    Scan::from_samples(Format::Jpeg2000, picture.width, picture.height, 1, kept, samples)
}
