//! gzip (RFC 1952) and raw deflate, with a limit on what comes out.

use std::io::Read;

use flate2::bufread::GzDecoder;
use flate2::read::{DeflateDecoder, ZlibDecoder};

use super::Limits;
use crate::error::{Error, Result};

pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1F, 0x8B, 8])
}

/// Unpacks a gzip file: all its members, each checked by its checksum. What follows the last member is left out: tapes and
/// programs that write by blocks leave zeros there.
///
/// # Errors
/// `gzip.invalid`, `scan.limit.bytes`.
pub(crate) fn unpack(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let most = limits.packed();
    let mut out = Vec::new();
    let mut rest = bytes;
    loop {
        let mut reader = GzDecoder::new(rest);
        bounded(&mut reader, most, &mut out).map_err(|fault| match fault {
            Fault::TooLong => limits.unpacks_to_more(),
            Fault::Broken(error) => {
                Error::invalid("gzip.invalid", "This gzip file is damaged or cut off.").with_source(error)
            }
        })?;
        rest = reader.into_inner();
        if !is_gzip(rest) {
            return Ok(out);
        }
    }
}

/// The first bytes of what a gzip file holds, as far as they can be unpacked.
pub(crate) fn begin(bytes: &[u8], most: u64) -> Vec<u8> {
    let mut out = Vec::new();
    // What comes before the damage is in `out`.
    let _ = GzDecoder::new(bytes).take(most).read_to_end(&mut out);
    out
}

/// Unpacks a raw deflate stream (DICOM's deflated transfer syntax).
pub(crate) fn inflate(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    bounded(DeflateDecoder::new(bytes), limits.packed(), &mut out).map_err(|fault| match fault {
        Fault::TooLong => limits.unpacks_to_more(),
        Fault::Broken(error) => {
            Error::invalid("dicom.invalid", "The deflated part of this DICOM file is damaged or cut off.")
                .with_source(error)
        }
    })?;
    Ok(out)
}

/// Unpacks a zlib stream (RFC 1950), checked by its checksum.
///
/// # Errors
/// `gzip.invalid`, `scan.limit.bytes`.
pub(crate) fn unzlib(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    bounded(ZlibDecoder::new(bytes), limits.packed(), &mut out).map_err(|fault| match fault {
        Fault::TooLong => limits.unpacks_to_more(),
        Fault::Broken(error) => {
            Error::invalid("gzip.invalid", "This zlib stream is damaged or cut off.").with_source(error)
        }
    })?;
    Ok(out)
}

enum Fault {
    TooLong,
    Broken(std::io::Error),
}

/// Reads on behind `out`, to `most` bytes in all.
fn bounded(reader: impl Read, most: u64, out: &mut Vec<u8>) -> Result<(), Fault> {
    // One byte more than allowed tells "exactly full" from "too long".
    let room = most.saturating_sub(out.len() as u64).saturating_add(1);
    reader.take(room).read_to_end(out).map_err(Fault::Broken)?;
    if out.len() as u64 > most { Err(Fault::TooLong) } else { Ok(()) }
}
