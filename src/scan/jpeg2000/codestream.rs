//! What the markers of a JPEG 2000 codestream say (ITU-T T.800 annexes A and I), read before the decoder sees it.

use std::borrow::Cow;
use std::ops::Range;

/// A file or codestream as the decoder takes it, and what its headers say.
pub(super) struct Codestream<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// Its blocks are coded as in High-Throughput JPEG 2000 (T.814).
    pub(super) high_throughput: bool,
    /// Red, green and blue were turned into luminance and colour differences, which the decoder undoes (T.800 annex G).
    pub(super) component_transform: bool,
    /// Where the SIZ segment begins, behind its marker.
    pub(super) siz: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Where the codestream lies in a JP2 file (T.800 I.4), and where the last whole box ends.
fn boxes(bytes: &[u8]) -> Option<(Range<usize>, usize)> {
    let (mut at, mut found) = (0usize, None);
    while let (Some(length), Some(kind)) = (u32_at(bytes, at), bytes.get(at + 4..at + 8)) {
        let (head, end) = match length {
            0 => (8, bytes.len()),
            1 => {
                let length = u64::from(u32_at(bytes, at + 8)?) << 32 | u64::from(u32_at(bytes, at + 12)?);
                (16, at.checked_add(usize::try_from(length).ok()?)?)
            }
            _ => (8, at.checked_add(length as usize)?),
        };
        if end > bytes.len() || end < at + head {
            break;
        }
        if kind == b"jp2c" && found.is_none() {
            found = Some(at + head..end);
        }
        at = end;
    }
    Some((found?, at))
}

impl<'a> Codestream<'a> {
    /// Reads the headers. Bytes behind the last box, with which files are padded, are left out, and the last tile-part of
    /// unknown length gets its length (both are legal, and the decoder refuses them).
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let (range, end) = if bytes.starts_with(b"\xFF\x4F") {
            (0..bytes.len(), bytes.len())
        } else {
            match boxes(bytes) {
                Some((range, end)) if bytes.len() - end < 8 || bytes.get(end..)?.iter().all(|b| *b == 0) => {
                    (range, end)
                }
                Some((range, _)) => (range, bytes.len()),
                None => {
                    let start = bytes.windows(4).take(1 << 20).position(|w| w == b"\xFF\x4F\xFF\x51")?;
                    (start..bytes.len(), bytes.len())
                }
            }
        };
        if bytes.get(range.start..range.start + 4)? != b"\xFF\x4F\xFF\x51" {
            return None;
        }
        let siz = range.start + 4;
        let mut out = Self {
            bytes: Cow::Borrowed(bytes.get(..end)?),
            high_throughput: false,
            component_transform: false,
            siz,
        };
        let mut at = range.start + 2;
        // The main header, up to the first tile-part.
        loop {
            let (Some(marker), Some(length)) = (u16_at(bytes, at), u16_at(bytes, at + 2)) else {
                return Some(out);
            };
            match marker {
                // CAP: the bit of part 15 of the standard (T.814 A.3).
                0xFF50 => {
                    out.high_throughput |= u32_at(bytes, at + 4).is_some_and(|parts| parts >> 17 & 1 == 1)
                }
                0xFF52 => out.component_transform = bytes.get(at + 8) == Some(&1),
                0xFF90 => break,
                _ if marker < 0xFF00 => return Some(out),
                _ => {}
            }
            at += 2 + usize::from(length);
        }
        if let Some((at, length)) = open_end(bytes, range.clone(), at) {
            let place = at + 6..at + 10;
            out.bytes.to_mut().get_mut(place)?.copy_from_slice(&length.to_be_bytes());
        }
        Some(out)
    }
}

/// The tile-part that says 0 for its length, and that length: it goes up to the end marker (T.800 A.4.2).
fn open_end(bytes: &[u8], range: Range<usize>, mut at: usize) -> Option<(usize, u32)> {
    loop {
        if u16_at(bytes, at)? != 0xFF90 || at >= range.end {
            return None;
        }
        match u32_at(bytes, at + 6)? {
            0 => break,
            length => at = at.checked_add(length as usize)?,
        }
    }
    let end = bytes.get(at..range.end)?.windows(2).rposition(|w| w == [0xFF, 0xD9])?;
    Some((at, u32::try_from(end).ok()?))
}
