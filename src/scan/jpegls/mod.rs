//! JPEG-LS (ITU-T T.87 | ISO/IEC 14495-1): lossless and near-lossless, 2 to 16 bits, all interleavings, restart markers and
//! preset coding parameters. Mapping tables, subsampling, point and colour transforms are refused by name.

mod bits;
// Their innermost loops index what the headers were checked for.
#[allow(clippy::indexing_slicing)]
mod coding;

use super::limits::zeroed;
use super::samples::Samples;
use super::{Format, Limits, Scan};
use crate::error::{Error, Result};
use bits::Bits;
use coding::{Coder, Lines, Parameters};

/// A decoded image, components side by side.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) components: usize,
    pub(crate) bits: u32,
    pub(crate) data: Vec<u16>,
}

fn broken(what: &str) -> Error {
    Error::invalid("jpegls.invalid", format!("The JPEG-LS data is damaged or cut off: {what}."))
}

fn unsupported(what: &str) -> Error {
    Error::unsupported(
        "jpegls.unsupported",
        format!("This JPEG-LS image has {what}, which Insitu cannot read."),
    )
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

/// Marker and body of the segment at `at`, and where the next one begins.
fn segment(bytes: &[u8], mut at: usize) -> Result<(u8, &[u8], usize)> {
    while bytes.get(at..at + 2) == Some(&[0xFF, 0xFF]) {
        at += 1;
    }
    let marker = match bytes.get(at..at + 2) {
        Some([0xFF, marker]) => *marker,
        _ => return Err(broken("a marker is missing")),
    };
    if marker == 0xD9 {
        return Ok((marker, &[], at + 2));
    }
    let end = at + 2 + u16_at(bytes, at + 2).unwrap_or(0).max(2);
    let body = bytes.get(at + 4..end).ok_or_else(|| broken("a segment is cut off"))?;
    Ok((marker, body, end))
}

/// Whether a file that begins like a JPEG is JPEG-LS.
pub(crate) fn is_jpegls(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Ok((marker, _, next)) = segment(bytes, at) {
        match marker {
            0xF7 => return true,
            0xC0..=0xC3 | 0xC5..=0xCF | 0xD9 | 0xDA => return false,
            _ => at = next,
        }
    }
    false
}

/// What the frame header says (C.2.2).
struct Frame {
    width: usize,
    height: usize,
    bits: u32,
    ids: Vec<u8>,
}

impl Frame {
    fn new(body: &[u8]) -> Result<Self> {
        let [bits, _, _, _, _, n, rest @ ..] = body else {
            return Err(broken("its frame header is cut off"));
        };
        let (height, width) = (u16_at(body, 1).unwrap_or(0), u16_at(body, 3).unwrap_or(0));
        let parts: Vec<&[u8; 3]> = rest.as_chunks::<3>().0.iter().take(usize::from(*n)).collect();
        if !(2..=16).contains(bits) || parts.len() != usize::from(*n) || parts.is_empty() {
            return Err(broken("its frame header is impossible"));
        }
        if width == 0 || height == 0 {
            return Err(unsupported("its size in a segment of its own"));
        }
        if parts.len() > 4 {
            return Err(unsupported("more than four components"));
        }
        if parts.iter().any(|p| p[1] != 0x11) {
            return Err(unsupported("subsampled components"));
        }
        Ok(Self { width, height, bits: u32::from(*bits), ids: parts.iter().map(|p| p[0]).collect() })
    }
}

/// Decodes an image: all of it, or an error.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture> {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return Err(broken("it does not begin like one"));
    }
    let mut at = 2;
    let mut frame: Option<Frame> = None;
    let mut preset = [0; 5];
    let mut interval = 0;
    let mut data: Vec<u16> = Vec::new();
    let mut seen = [false; 4];
    loop {
        let (marker, body, next) = segment(bytes, at)?;
        at = next;
        match marker {
            0xF7 if frame.is_none() => {
                let new = Frame::new(body)?;
                let n = limits.check(new.width, new.height, 1, new.ids.len(), 2)?;
                data = zeroed(n)?;
                frame = Some(new);
            }
            0xF7 => return Err(broken("it has two frame headers")),
            0xF8 => match body {
                [1, rest @ ..] => {
                    for (i, to) in preset.iter_mut().enumerate() {
                        *to = u16_at(rest, 2 * i).ok_or_else(|| broken("a segment is cut off"))? as i32;
                    }
                }
                [2 | 3, ..] => return Err(unsupported("a palette")),
                _ => {
                    return Err(unsupported(
                        "parameters of part 2 of the standard or its size in a segment of its own",
                    ));
                }
            },
            0xDD => interval = body.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) as usize,
            0xE8 if body.starts_with(b"mrfx") && body.get(4).is_some_and(|kind| *kind != 0) => {
                return Err(unsupported("a colour transform of its own"));
            }
            0xDA => {
                let frame = frame.as_ref().ok_or_else(|| broken("a scan comes before the frame header"))?;
                at = scan(bytes, at, body, frame, preset, interval, &mut data, &mut seen)?;
            }
            0xD9 => break,
            _ => {}
        }
        if frame.as_ref().is_some_and(|f| seen.iter().take(f.ids.len()).all(|s| *s)) {
            break;
        }
    }
    let frame = frame.ok_or_else(|| broken("it has no frame header"))?;
    if !seen.iter().take(frame.ids.len()).all(|s| *s) {
        return Err(broken("a component is missing"));
    }
    Ok(Picture {
        width: frame.width,
        height: frame.height,
        components: frame.ids.len(),
        bits: frame.bits,
        data,
    })
}

/// One scan, whose data begins at `at`; where the marker behind it is.
#[allow(clippy::too_many_arguments)]
fn scan(
    bytes: &[u8],
    at: usize,
    header: &[u8],
    frame: &Frame,
    preset: [i32; 5],
    interval: usize,
    data: &mut [u16],
    seen: &mut [bool; 4],
) -> Result<usize> {
    let [n, rest @ ..] = header else { return Err(broken("a scan header is cut off")) };
    let n = usize::from(*n);
    let [near, interleave, transform] = rest
        .get(2 * n..)
        .and_then(|r| r.first_chunk::<3>())
        .copied()
        .ok_or_else(|| broken("a scan header is cut off"))?;
    let mut places = Vec::new();
    for [id, table] in rest.as_chunks::<2>().0.iter().take(n) {
        let place = frame.ids.iter().position(|i| i == id);
        let place = place
            .filter(|p| seen.get(*p) == Some(&false))
            .ok_or_else(|| broken("a scan names no component"))?;
        if *table != 0 {
            return Err(unsupported("a palette"));
        }
        places.push(place);
        if let Some(seen) = seen.get_mut(place) {
            *seen = true;
        }
    }
    if transform & 15 != 0 {
        return Err(unsupported("a point transform"));
    }
    if places.is_empty() || interleave > 2 || (interleave == 0 && places.len() > 1) {
        return Err(broken("a scan header is impossible"));
    }
    let parameters = Parameters::new(frame.bits, i32::from(near), preset)?;
    let mut coder = Coder::new(parameters);
    let fresh = || (0..places.len()).map(|_| Lines::new(frame.width)).collect::<Vec<_>>();
    let mut lines = fresh();
    let mut bits = Bits::new(bytes, at);
    let cut = |y: usize| {
        move |why: Error| {
            broken(&format!("only {y} of its {} rows can be read", frame.height)).with_source(why)
        }
    };
    let all = frame.ids.len();
    for (y, row) in data.chunks_exact_mut(frame.width * all).enumerate() {
        if interval > 0 && y > 0 && y % interval == 0 {
            bits.restart(y / interval - 1).map_err(cut(y))?;
            coder = Coder::new(parameters);
            lines = fresh();
        }
        if interleave == 2 {
            coder.line(&mut lines, &mut bits).map_err(cut(y))?;
        } else {
            for one in lines.chunks_mut(1) {
                coder.line(one, &mut bits).map_err(cut(y))?;
            }
        }
        for (place, lines) in places.iter().zip(&lines) {
            for (to, v) in row.iter_mut().skip(*place).step_by(all).zip(lines.values()) {
                *to = *v;
            }
        }
    }
    bits.end()
}

/// A `.jls` file. Alpha is dropped.
pub(crate) fn decode_file(bytes: &[u8], limits: &Limits) -> Result<Scan> {
    let picture = decode(bytes, limits)?;
    let kept = if picture.components >= 3 { 3 } else { 1 };
    let samples = if picture.bits <= 8 {
        Samples::U8(picture.data.iter().map(|v| *v as u8).collect())
    } else {
        Samples::U16(picture.data)
    };
    let samples = samples.first_channels(picture.components, kept)?;
    let mut scan = Scan::from_samples(Format::JpegLs, picture.width, picture.height, 1, kept, samples)?;
    scan.stored_bits = (picture.bits < 8).then_some(picture.bits);
    Ok(scan)
}
