//! The JPEG processes that medical files use and that general decoders leave out: 12-bit extended sequential (SOF1)
//! and lossless (SOF3), ITU-T T.81. Eight-bit DCT images go to `zune-jpeg` once [`check`] found them whole.

mod bits;
mod frame;
// Their innermost loops index what the headers were checked for.
#[allow(clippy::indexing_slicing)]
mod lossless;
#[allow(clippy::indexing_slicing)]
mod sequential;
mod stream;
mod whole;

use zune_core::bytestream::ZCursor;
use zune_core::options::DecoderOptions;

use super::Limits;
use super::limits::zeroed;
use crate::error::Result;
use bits::Bits;
use frame::{broken, unsupported};
use stream::Stream;

/// A decoded image, components as stored (no colour conversion), side by side.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) components: usize,
    /// Bits of a value: 8 or 12, or 2 to 16 of a lossless file.
    pub(crate) bits: u32,
    pub(crate) data: Vec<u16>,
    /// What the file itself says about its colours: `Some(true)` for YCbCr, `Some(false)` for RGB.
    pub(crate) ycbcr: Option<bool>,
}

/// Process (the number of the SOF marker) and bits of the first frame header.
fn frame_header(bytes: &[u8]) -> Option<(u8, u8)> {
    let mut at = 2;
    loop {
        while bytes.get(at) == Some(&0xFF) && bytes.get(at + 1) == Some(&0xFF) {
            at += 1;
        }
        let marker = *bytes.get(at + 1).filter(|_| bytes.get(at) == Some(&0xFF))?;
        let length = u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?);
        match marker {
            0xC4 | 0xC8 | 0xCC => {}
            0xC0..=0xCF => return Some((marker - 0xC0, *bytes.get(at + 4)?)),
            0xD9 | 0xDA => return None,
            _ => {}
        }
        at += 2 + usize::from(length);
    }
}

/// 12-bit and lossless images, which `zune-jpeg` cannot read.
pub(crate) fn needs_our_decoder(bytes: &[u8]) -> bool {
    frame_header(bytes).is_some_and(|(process, bits)| process == 3 || (process == 1 && bits != 8))
}

/// Whether all of a JPEG of the DCT processes can be read, in all its scans, to the last row. Lossless ones are checked as
/// they are decoded.
///
/// # Errors
/// `jpeg.invalid` with how many rows can be read.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<()> {
    match frame_header(bytes) {
        Some((0..=2, 8) | (1, 12)) => whole::check(bytes, limits),
        _ => Ok(()),
    }
}

/// Decodes any JPEG that Insitu reads, without colour conversion: all of it, or an error.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    check(bytes, limits)?;
    match frame_header(bytes) {
        // `zune-jpeg` refuses some old files that are only unusual.
        Some((0 | 1, 8)) => eight_bit(bytes, limits).or_else(|_| own(bytes, limits)),
        Some((2, 8)) => eight_bit(bytes, limits),
        Some((1 | 3, _)) => own(bytes, limits),
        Some((2, bits)) => Err(unsupported(&format!("progressive JPEG with {bits} bits"))),
        Some((9..=11, _)) => Err(unsupported("arithmetic-coded JPEG")),
        Some((_, bits)) => Err(unsupported(&format!("hierarchical or {bits}-bit JPEG"))),
        None => Err(broken("it has no frame header")),
    }
}

/// Decodes a file of its own for people: grey, or colour as RGB.
pub(crate) fn decode_file(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    let mut picture = decode(bytes, limits)?;
    if !matches!(picture.components, 1 | 3) {
        return Err(unsupported(&format!(
            "JPEG with {} components of {} bits",
            picture.components, picture.bits
        )));
    }
    // Files of the DCT processes that say nothing of their colours keep them as JFIF does.
    let dct = frame_header(bytes).is_some_and(|(process, _)| process != 3);
    picture.ycbcr = picture.ycbcr.or(dct.then_some(true));
    Ok(picture.into_rgb())
}

fn eight_bit(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    let wrong = |_| broken("its pixels cannot be decoded");
    let options =
        DecoderOptions::default().set_strict_mode(false).set_max_width(65_535).set_max_height(65_535);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(wrong)?;
    let (Some((width, height)), Some(stored)) = (decoder.dimensions(), decoder.input_colorspace()) else {
        return Err(broken("it has no frame header"));
    };
    let components = stored.num_components();
    let n = limits.check(width, height, 1, components, 2)?;
    decoder.set_options(decoder.options().jpeg_set_out_colorspace(stored));
    let mut out = zeroed::<u8>(n)?;
    decoder.decode_into(&mut out).map_err(wrong)?;
    let data = out.iter().map(|v| u16::from(*v)).collect();
    Ok(Picture { width, height, components, bits: 8, data, ycbcr: own_words(bytes) })
}

impl Picture {
    /// Red, green and blue of a colour image that keeps luminance and colour differences (T.871), as files of the DCT
    /// processes do unless they say otherwise.
    pub(crate) fn into_rgb(mut self) -> Self {
        if self.components != 3 || !self.ycbcr.unwrap_or(false) {
            return self;
        }
        let middle = (1u32 << (self.bits - 1)) as f32;
        let whole = |v: f32| v.round().clamp(0.0, middle * 2.0 - 1.0) as u16;
        for [a, b, c] in self.data.as_chunks_mut::<3>().0 {
            let (y, cb, cr) = (f32::from(*a), f32::from(*b) - middle, f32::from(*c) - middle);
            *a = whole(y + 1.402 * cr);
            *b = whole(y - 0.344_136_3 * cb - 0.714_136_3 * cr);
            *c = whole(y + 1.772 * cb);
        }
        self.ycbcr = Some(false);
        self
    }
}

/// What the file itself says about its colours: Adobe's marker, else the components' names, else of a DCT process the
/// JFIF marker or colour differences of another size than the luminance. `None` if it says nothing.
fn own_words(bytes: &[u8]) -> Option<bool> {
    let mut at = 2;
    let (mut adobe, mut jfif) = (None, false);
    loop {
        let marker = *bytes.get(at + 1).filter(|_| bytes.get(at) == Some(&0xFF))?;
        let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        let body = bytes.get(at + 4..at + 2 + length.max(2))?;
        match marker {
            0xE0 if body.starts_with(b"JFIF\0") => jfif = true,
            0xEE if body.starts_with(b"Adobe") => adobe = body.get(11).map(|t| *t != 0),
            0xC0..=0xC3 => {
                let components = body.get(6..)?.as_chunks::<3>().0;
                let ids: Vec<u8> = components.iter().map(|c| c[0]).collect();
                let subsampled = components.windows(2).any(|pair| matches!(pair, [a, b] if a[1] != b[1]));
                let named = (ids == b"RGB").then_some(false);
                let shown = (marker != 0xC3 && ids.len() == 3 && (jfif || subsampled)).then_some(true);
                return adobe.or(named).or(shown);
            }
            0xDA => return adobe,
            _ => {}
        }
        at += 2 + length;
    }
}

/// The processes that [`eight_bit`] cannot read, decoded here.
fn own(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    let mut stream = Stream::new(bytes, limits);
    let mut scanned = [false; 4];
    // One plane of each component.
    let mut planes: Vec<Vec<u16>> = Vec::new();
    while let Some(header) = stream.next_scan()? {
        let frame = stream.frame.as_ref().ok_or_else(|| broken("a scan comes before the frame header"))?;
        if planes.is_empty() {
            if frame.process == 3 && (frame.h_max() > 1 || frame.v_max() > 1) {
                return Err(unsupported("lossless JPEG with subsampled components"));
            }
            for component in &frame.components {
                planes.push(zeroed(component.stride * component.rows)?);
            }
        }
        let mut bits = Bits::new(bytes, stream.at);
        let interval = stream.restart_interval;
        if frame.process == 3 {
            lossless::scan(frame, &header, &stream.dc, interval, &mut bits, &mut planes)?;
        } else {
            let tables =
                sequential::Tables { quantisation: &stream.quantisation, dc: &stream.dc, ac: &stream.ac };
            sequential::scan(frame, &header, &tables, interval, &mut bits, &mut planes)?;
        }
        stream.at = bits.end()?;
        for i in &header.components {
            if let Some(component) = scanned.get_mut(*i) {
                *component = true;
            }
        }
        if scanned.iter().take(planes.len()).all(|s| *s) {
            break;
        }
    }
    let frame = stream.frame.ok_or_else(|| broken("it has no frame header"))?;
    if !scanned.iter().take(frame.components.len()).all(|s| *s) {
        return Err(broken("a component is missing"));
    }
    let (width, height, n) = (frame.width, frame.height, frame.components.len());
    let (h_max, v_max) = (frame.h_max(), frame.v_max());
    let mut data = zeroed::<u16>(width * height * n)?;
    for (c, (component, plane)) in frame.components.iter().zip(&planes).enumerate() {
        for (y, line) in data.chunks_exact_mut(width * n).enumerate() {
            let row = plane.get(y * component.v / v_max * component.stride..).unwrap_or(&[]);
            for (x, to) in line.iter_mut().skip(c).step_by(n).enumerate() {
                *to = row.get(x * component.h / h_max).copied().unwrap_or(0);
            }
        }
    }
    Ok(Picture { width, height, components: n, bits: frame.bits, data, ycbcr: own_words(bytes) })
}
