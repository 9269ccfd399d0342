//! gzip and raw deflate, with a limit on what comes out.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder};

use super::Limits;
use crate::error::{Error, Result};

/// Unpacks a gzip file.
pub(crate) fn unpack(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    // A little more than the samples, for headers.
    let most = limits.bytes.saturating_add(1 << 20);
    bounded(MultiGzDecoder::new(bytes), most).map_err(|fault| match fault {
        Fault::TooLong => over(most),
        Fault::Broken(error) => {
            Error::invalid("gzip.invalid", "This gzip file is damaged or cut off.").with_source(error)
        }
    })
}

/// Unpacks a raw deflate stream (DICOM's deflated transfer syntax).
pub(crate) fn inflate(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let most = limits.bytes.saturating_add(1 << 20);
    bounded(DeflateDecoder::new(bytes), most).map_err(|fault| match fault {
        Fault::TooLong => over(most),
        Fault::Broken(error) => {
            Error::invalid("dicom.invalid", "The deflated part of this DICOM file is damaged or cut off.")
                .with_source(error)
        }
    })
}

enum Fault {
    TooLong,
    Broken(std::io::Error),
}

fn bounded(reader: impl Read, most: u64) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    // One byte more than allowed tells "exactly full" from "too long".
    reader.take(most.saturating_add(1)).read_to_end(&mut out).map_err(Fault::Broken)?;
    if out.len() as u64 > most { Err(Fault::TooLong) } else { Ok(out) }
}

fn over(most: u64) -> Error {
    Error::limit(
        "scan.limit.bytes",
        format!("This file unpacks to more than {} MiB, which is the limit.", most >> 20),
    )
}
