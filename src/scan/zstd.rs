//! Zstandard (RFC 8878), with a limit on what comes out.

use std::io::Read;

use ruzstd::decoding::StreamingDecoder;

use super::Limits;
use crate::error::{Error, Result};

const FRAME: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

pub(crate) fn is_zstd(bytes: &[u8]) -> bool {
    bytes.starts_with(&FRAME)
}

/// Unpacks a Zstandard file: all its frames, each checked by its checksum if it has one. What follows the last frame is
/// left out.
///
/// # Errors
/// `zstd.invalid`, `scan.limit.bytes`.
pub(crate) fn unpack(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let most = limits.packed();
    let mut out = Vec::new();
    let mut rest = bytes;
    loop {
        rest = match rest {
            [0x50..=0x5F, 0x2A, 0x4D, 0x18, a, b, c, d, after @ ..] if !out.is_empty() => {
                // A frame of other people's data (3.1.2).
                let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
                after.get(length..).ok_or_else(|| broken(None))?
            }
            _ if is_zstd(rest) => frame(rest, &mut out, most, limits)?,
            _ if rest.len() == bytes.len() => return Err(broken(None)),
            _ => return Ok(out),
        };
    }
}

/// Unpacks one frame behind `out`; what follows it.
fn frame<'a>(bytes: &'a [u8], out: &mut Vec<u8>, most: u64, limits: &Limits) -> Result<&'a [u8]> {
    let before = out.len() as u64;
    let mut reader = StreamingDecoder::new(bytes).map_err(|e| broken(Some(Box::new(e))))?;
    let promised = Some(reader.decoder.content_size()).filter(|size| *size > 0);
    if promised.is_some_and(|size| size > most) {
        return Err(limits.unpacks_to_more());
    }
    // One byte more than allowed tells "exactly full" from "too long".
    let room = most.saturating_sub(before).saturating_add(1);
    (&mut reader).take(room).read_to_end(out).map_err(|e| broken(Some(Box::new(e))))?;
    if out.len() as u64 > most {
        return Err(limits.unpacks_to_more());
    }
    let (rest, decoder) = reader.into_parts();
    let written = decoder.get_checksum_from_data();
    if promised.is_some_and(|size| size != out.len() as u64 - before)
        || (written.is_some() && written != decoder.get_calculated_checksum())
    {
        return Err(broken(None));
    }
    Ok(rest)
}

fn broken(cause: Option<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let error = Error::invalid("zstd.invalid", "This Zstandard file is damaged or cut off.");
    match cause {
        Some(cause) => error.with_source(std::io::Error::other(cause)),
        None => error,
    }
}
