//! PNG, JPEG, BMP, GIF and WebP through the crate `image`.
//!
//! Alpha is dropped, not composited: the colour under it is what the instrument or the program stored.
//! PNG keeps 16 bits; palettes and 1-, 2- and 4-bit greys become 8 bits (white = 255). CMYK JPEG becomes RGB.
//! Animations: every frame of a GIF is a slice; of a WebP or PNG animation the first frame counts.
//! GIF, BMP and WebP store colour even for grey pictures: if red, green and blue agree everywhere, the scan is grey.
//! The orientation that a camera noted (EXIF) is applied to JPEG and WebP.

use std::io::Cursor;

use image::codecs::{
    bmp::BmpDecoder, gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder,
};
use image::error::{ImageError, LimitErrorKind};
use image::metadata::Orientation;
use image::{AnimationDecoder, ColorType, ImageDecoder};

use super::limits::zeroed;
use super::samples::{Endian, SampleType, Samples};
use super::{Format, Limits, Scan, Spacing, jpeg, jpegls};
use crate::error::{Error, Result};

pub(crate) fn decode(bytes: &[u8], format: Format, limits: &Limits) -> Result<Scan> {
    let fail = |error| wrong(format, error);
    let reader = Cursor::new(bytes);
    match format {
        Format::Png => {
            if !png_palette_is_sound(bytes) {
                return Err(damaged(format));
            }
            let decoder = PngDecoder::with_limits(reader, image_limits(limits)).map_err(fail)?;
            let mut scan = one(decoder, format, limits)?;
            scan.spacing = png_spacing(bytes);
            Ok(scan)
        }
        Format::Jpeg => decode_jpeg(bytes, limits),
        Format::Bmp => one(BmpDecoder::new(reader).map_err(fail)?, format, limits)?.grey_if_grey(),
        Format::WebP => one(WebPDecoder::new(reader).map_err(fail)?, format, limits)?.grey_if_grey(),
        _ => gif(bytes, limits)?.grey_if_grey(),
    }
}

fn decode_jpeg(bytes: &[u8], limits: &Limits) -> Result<Scan> {
    if jpegls::is_jpegls(bytes) {
        return jpegls::decode_file(bytes, limits);
    }
    // The decoder fills what a damaged file lacks with grey; in a scan that must not pass for tissue.
    jpeg::check(bytes, limits)?;
    // 12-bit and lossless JPEG, which come out of DICOM tools.
    if jpeg::needs_our_decoder(bytes) {
        let picture = jpeg::decode_file(bytes, limits)?;
        let channels = picture.components;
        let samples = Samples::U16(picture.data);
        return Scan::from_samples(Format::Jpeg, picture.width, picture.height, 1, channels, samples);
    }
    let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(|e| wrong(Format::Jpeg, e))?;
    one(decoder, Format::Jpeg, limits)
}

/// The first (or only) picture of a decoder.
fn one(mut decoder: impl ImageDecoder, format: Format, limits: &Limits) -> Result<Scan> {
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    let colour = decoder.color_type();
    let (stored, kept, kind) = match colour {
        ColorType::L8 => (1, 1, SampleType::U8),
        ColorType::La8 => (2, 1, SampleType::U8),
        ColorType::Rgb8 => (3, 3, SampleType::U8),
        ColorType::Rgba8 => (4, 3, SampleType::U8),
        ColorType::L16 => (1, 1, SampleType::U16),
        ColorType::La16 => (2, 1, SampleType::U16),
        ColorType::Rgb16 => (3, 3, SampleType::U16),
        ColorType::Rgba16 => (4, 3, SampleType::U16),
        other => {
            return Err(Error::unsupported(
                format!("{}.unsupported.colour", prefix(format)),
                format!("This {format} stores its pixels as {other:?}, which Insitu cannot read."),
            ));
        }
    };
    let n = limits.check(width, height, 1, stored, kind.bytes())?;
    let orientation = match format {
        Format::Jpeg => decoder.orientation().unwrap_or(Orientation::NoTransforms),
        Format::WebP => noted(decoder.exif_metadata().ok().flatten()),
        _ => Orientation::NoTransforms,
    };
    let bytes = n * kind.bytes();
    if decoder.total_bytes() != bytes as u64 {
        return Err(Error::invalid(
            format!("{}.invalid", prefix(format)),
            "The image's header contradicts itself.",
        ));
    }
    let mut buffer = zeroed::<u8>(bytes)?;
    decoder.read_image(&mut buffer).map_err(|e| wrong(format, e))?;
    let native = if cfg!(target_endian = "little") { Endian::Little } else { Endian::Big };
    let samples = match kind {
        SampleType::U8 => Samples::U8(buffer),
        _ => Samples::from_bytes(kind, &buffer, n, native)?,
    };
    let scan = Scan::from_samples(format, width, height, 1, kept, samples.first_channels(stored, kept)?)?;
    turned(scan, orientation)
}

/// The orientation of an EXIF chunk. Many programs, such as Pillow, put JPEG's `Exif\0\0` before it, which the WebP
/// container does not ask for and `image` does not expect.
fn noted(exif: Option<Vec<u8>>) -> Orientation {
    let exif = exif.unwrap_or_default();
    let chunk = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
    Orientation::from_exif_chunk(chunk).unwrap_or(Orientation::NoTransforms)
}

/// Every frame as it looks on the whole canvas.
fn gif(bytes: &[u8], limits: &Limits) -> Result<Scan> {
    let fail = |error| wrong(Format::Gif, error);
    let mut decoder = GifDecoder::new(Cursor::new(bytes)).map_err(fail)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    // Counted before any of them is unpacked: a few bytes can say that there are thousands.
    limits.check(width, height, frames(bytes).max(1), 3, 1)?;
    decoder.set_limits(image_limits(limits)).map_err(fail)?;
    let mut samples = Samples::U8(Vec::new());
    let mut slices = 0;
    for frame in decoder.into_frames() {
        let frame = frame.map_err(fail)?;
        slices += 1;
        limits.check(width, height, slices, 3, 1)?;
        if frame.buffer().dimensions() != (width as u32, height as u32) {
            return Err(Error::invalid(
                "gif.invalid",
                "A frame of this GIF has another size than the picture.",
            ));
        }
        samples.append(Samples::U8(frame.into_buffer().into_raw()).first_channels(4, 3)?);
    }
    if slices == 0 {
        return Err(Error::invalid("gif.invalid", "This GIF has no picture in it."));
    }
    Scan::from_samples(Format::Gif, width, height, slices, 3, samples)
}

/// How many frames a GIF says it has, up to where it is damaged.
fn frames(bytes: &[u8]) -> usize {
    let mut options = gif::DecodeOptions::new();
    options.skip_frame_decoding(true);
    let Ok(mut decoder) = options.read_info(Cursor::new(bytes)) else { return 0 };
    let mut count = 0;
    while let Ok(Some(_)) = decoder.next_frame_info() {
        count += 1;
    }
    count
}

fn turned(scan: Scan, orientation: Orientation) -> Result<Scan> {
    let (w, h, c) = (scan.width, scan.height, scan.channels);
    // For a pixel of the result, the pixel of the stored picture (EXIF 2.32, table 6).
    let source = |x: usize, y: usize| match orientation {
        Orientation::NoTransforms => (x, y),
        Orientation::FlipHorizontal => (w - 1 - x, y),
        Orientation::Rotate180 => (w - 1 - x, h - 1 - y),
        Orientation::FlipVertical => (x, h - 1 - y),
        Orientation::Rotate90FlipH => (y, x),
        Orientation::Rotate90 => (y, h - 1 - x),
        Orientation::Rotate270FlipH => (w - 1 - y, h - 1 - x),
        Orientation::Rotate270 => (w - 1 - y, x),
    };
    if orientation == Orientation::NoTransforms {
        return Ok(scan);
    }
    let on_its_side = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let (new_w, new_h) = if on_its_side { (h, w) } else { (w, h) };
    let samples = scan.samples.gather(new_w * new_h * c, |i| {
        let (pixel, channel) = (i / c, i % c);
        let (x, y) = source(pixel % new_w, pixel / new_w);
        (y * w + x) * c + channel
    })?;
    Scan::from_samples(scan.format, new_w, new_h, 1, c, samples)
}

/// The chunk pHYs (PNG 1.2, 11.3.5.3), if its unit is the metre and it is not a screen's default of 72 or 96 dpi.
fn png_spacing(bytes: &[u8]) -> Option<Spacing> {
    let (_, data) = png_head(bytes).find(|(kind, data)| *kind == b"pHYs" && data.len() == 9)?;
    let [x @ .., _, _, _, _, _] = data.first_chunk::<9>()?;
    let [_, _, _, _, y @ .., unit] = data.first_chunk::<9>()?;
    let per_metre = |b: &[u8; 4]| Some(u32::from_be_bytes(*b)).filter(|n| *n > 0);
    let (x, y) = (per_metre(x)?, per_metre(y)?);
    let screen = |n| matches!(n, 2834 | 2835 | 3779 | 3780);
    if *unit != 1 || (screen(x) && screen(y)) {
        return None;
    }
    Some(Spacing { x: 1000.0 / f64::from(x), y: 1000.0 / f64::from(y), z: None })
}

/// The chunks before the pixels, as far as they are whole: their types and their data (ISO/IEC 15948, 5.3).
fn png_head(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut at = 8;
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let kind = bytes.get(at + 4..at + 8).filter(|kind| !matches!(*kind, b"IDAT" | b"IEND"))?;
        let data = bytes.get(at + 8..at.checked_add(8)?.checked_add(length)?)?;
        at += length + 12;
        Some((kind, data))
    })
}

/// Whether a palette has whole colours, which the decoder takes for granted (ISO/IEC 15948, 11.2.3).
fn png_palette_is_sound(bytes: &[u8]) -> bool {
    png_head(bytes).filter(|(kind, _)| *kind == b"PLTE").all(|(_, data)| data.len() % 3 == 0)
}

fn image_limits(limits: &Limits) -> image::Limits {
    let mut out = image::Limits::default();
    // Twice, because a decoder may hold a frame and its canvas.
    out.max_alloc = Some(limits.bytes.saturating_mul(2));
    out
}

fn prefix(format: Format) -> &'static str {
    match format {
        Format::Png => "png",
        Format::Jpeg => "jpeg",
        Format::Bmp => "bmp",
        Format::Gif => "gif",
        _ => "webp",
    }
}

fn damaged(format: Format) -> Error {
    Error::invalid(format!("{}.invalid", prefix(format)), format!("This {format} is damaged or cut off."))
}

fn wrong(format: Format, error: ImageError) -> Error {
    let code = prefix(format);
    match &error {
        ImageError::Unsupported(what) => Error::unsupported(
            format!("{code}.unsupported"),
            format!("This {format} uses something that Insitu cannot read: {what}."),
        ),
        ImageError::Limits(what) if matches!(what.kind(), LimitErrorKind::DimensionError) => {
            Error::limit("scan.limit.pixels", format!("This {format} has too many pixels."))
        }
        ImageError::Limits(_) => {
            Error::limit("scan.limit.bytes", format!("This {format} needs too much memory."))
        }
        _ => damaged(format),
    }
    .with_source(error)
}
