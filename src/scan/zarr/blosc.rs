//! The container of Blosc 1 (<https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst>): blocks, each of them shuffled
//! and packed.

use super::lz4::{blosclz, lz4};
use crate::error::{Error, Result};
use crate::scan::{Limits, gzip, zeroed, zstd};

const HEADER: usize = 16;
/// Blocks are packed in a stream for each byte of a value where values have no more bytes than this,
const MOST_STREAMS: usize = 16;
/// and streams have no fewer bytes than this.
const LEAST_STREAM: usize = 128;

/// Why there is none.
pub(super) enum Fault {
    Damaged,
    /// Packed by this.
    Unknown(&'static str),
    Error(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

fn number(bytes: &[u8], at: usize) -> Result<usize, Fault> {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    four.map(|four| u32::from_le_bytes(*four) as usize).ok_or(Fault::Damaged)
}

/// Unpacks a container of `size` bytes.
pub(super) fn unpack(bytes: &[u8], size: usize) -> Result<Vec<u8>, Fault> {
    let [version, _, flags, width, ..] = *bytes else { return Err(Fault::Damaged) };
    if version != 2 {
        return Err(Fault::Unknown("a version of Blosc other than 1"));
    }
    let (total, block) = (number(bytes, 4)?, number(bytes, 8)?);
    if total != size {
        return Err(Fault::Damaged);
    }
    if flags & 2 != 0 {
        let plain = bytes.get(HEADER..).and_then(|rest| rest.get(..size));
        return plain.map(<[u8]>::to_vec).ok_or(Fault::Damaged);
    }
    let width = usize::from(width).max(1);
    let mut out = Vec::new();
    out.try_reserve_exact(size).map_err(|_| Fault::Damaged)?;
    let mut packed = Vec::new();
    for (index, start) in (0..size).step_by(block.max(1)).enumerate() {
        let length = block.min(size - start);
        let mut at = number(bytes, HEADER + index * 4)?;
        let whole = flags & 16 != 0 || length < block || width > MOST_STREAMS || block / width < LEAST_STREAM;
        let streams = if whole { 1 } else { width };
        packed.clear();
        for _ in 0..streams {
            let taken = number(bytes, at)?;
            let from = at + 4;
            at = from.checked_add(taken).ok_or(Fault::Damaged)?;
            stream(bytes.get(from..at).ok_or(Fault::Damaged)?, flags >> 5, length / streams, &mut packed)?;
        }
        if packed.len() != length {
            return Err(Fault::Damaged);
        }
        match flags & 5 {
            1 if width > 1 => bytes_together(&packed, width, &mut out),
            4 if (length / width).is_multiple_of(8) => bits_together(&packed, width, &mut out)?,
            _ => out.extend_from_slice(&packed),
        }
    }
    Ok(out)
}

/// Unpacks one stream of `size` bytes behind `out`.
fn stream(bytes: &[u8], format: u8, size: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    let end = out.len() + size;
    if bytes.len() == size {
        out.extend_from_slice(bytes);
        return Ok(());
    }
    let limits = Limits { slice: size as u64, pixels: size as u64, bytes: size as u64 };
    match format {
        // Of a distance only what this stream made counts.
        0 | 1 => {
            let mut own = Vec::new();
            let unpack = if format == 0 { blosclz } else { lz4 };
            unpack(bytes, &mut own, size).ok_or(Fault::Damaged)?;
            out.append(&mut own);
        }
        3 => out.append(&mut gzip::unzlib(bytes, &limits)?),
        4 => out.append(&mut zstd::unpack(bytes, &limits)?),
        2 => return Err(Fault::Unknown("Snappy within Blosc")),
        _ => return Err(Fault::Unknown("an unknown compression within Blosc")),
    }
    if out.len() == end { Ok(()) } else { Err(Fault::Damaged) }
}

/// All first bytes of the values, then all second ones; what is left over stands behind.
fn bytes_together(from: &[u8], width: usize, out: &mut Vec<u8>) {
    let values = from.len() / width;
    for i in 0..values {
        out.extend((0..width).filter_map(|byte| from.get(byte * values + i)));
    }
    out.extend_from_slice(from.get(values * width..).unwrap_or_default());
}

/// All first bits of the values, then all second ones; as many values as are a multiple of 8.
fn bits_together(from: &[u8], width: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    let row = from.len() / width / 8;
    let mut plain = zeroed::<u8>(row * 8 * width)?;
    for (line, bits) in from.chunks_exact(row.max(1)).take(width * 8).enumerate() {
        for (at, bits) in bits.iter().enumerate() {
            for value in 0..8 {
                if let Some(byte) = plain.get_mut((at * 8 + value) * width + line / 8) {
                    *byte |= ((bits >> value) & 1) << (line % 8);
                }
            }
        }
    }
    out.extend_from_slice(&plain);
    out.extend_from_slice(from.get(plain.len()..).unwrap_or_default());
    Ok(())
}
