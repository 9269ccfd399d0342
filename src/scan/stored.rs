//! How NRRD and MetaImage store their samples: behind lines and bytes that are skipped, packed or as text, in one file or several.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::grid::Grid;
use super::samples::{Endian, SampleType, Samples};
use super::{Limits, gzip};
use crate::error::{Error, Result};

/// What stands in a file in the place of the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Raw,
    /// Numbers as text, apart from each other by blanks or commas.
    Text,
    /// Two hexadecimal digits a byte.
    Hexadecimal,
    /// gzip or zlib (RFC 1952, 1950), whichever it is.
    Deflated,
}

/// Where the samples are in each file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored {
    pub(super) encoding: Encoding,
    pub(super) endian: Endian,
    /// Lines before them, and then bytes; of what is packed, bytes of the unpacked. None: they are the last bytes of the file.
    pub(super) lines: usize,
    pub(super) bytes: Option<usize>,
}

impl Stored {
    /// The samples of all files; each has as many as the others. `broken` makes an error that says what is wrong.
    ///
    /// # Errors
    /// That of `broken`; `scan.limit.*`, `gzip.invalid`.
    pub(super) fn read(
        &self,
        files: &[&[u8]],
        grid: &Grid,
        limits: &Limits,
        broken: fn(&str) -> Error,
    ) -> Result<Samples> {
        let (n, wanted) = (grid.samples(), grid.bytes());
        let each = wanted.checked_div(files.len()).unwrap_or_default();
        let endian = match self.encoding {
            // Made by `text`.
            Encoding::Text => Endian::Little,
            _ => self.endian,
        };
        if let [one] = files {
            let unpacked = self.unpack(one, grid.kind(), each, limits, broken)?;
            let bytes = unpacked.as_deref().unwrap_or(one);
            return Samples::from_bytes(
                grid.kind(),
                self.part(bytes, each, unpacked.is_some(), broken)?,
                n,
                endian,
            );
        }
        if each == 0 || each.checked_mul(files.len()) != Some(wanted) {
            return Err(broken("its voxels cannot be shared out evenly among its files"));
        }
        let mut all = Vec::new();
        for file in files {
            let unpacked = self.unpack(file, grid.kind(), each, limits, broken)?;
            let bytes = unpacked.as_deref().unwrap_or(file);
            all.extend_from_slice(self.part(bytes, each, unpacked.is_some(), broken)?);
        }
        Samples::from_bytes(grid.kind(), &all, n, endian)
    }

    /// What comes out of a file that is not raw.
    fn unpack(
        &self,
        file: &[u8],
        kind: SampleType,
        wanted: usize,
        limits: &Limits,
        broken: fn(&str) -> Error,
    ) -> Result<Option<Vec<u8>>> {
        let file = match self.encoding {
            Encoding::Raw => return Ok(None),
            _ => self.behind_lines(file, broken)?,
        };
        let most = wanted.saturating_add(self.bytes.unwrap_or(0));
        let behind = |file| match self.bytes {
            Some(skipped) => {
                <[u8]>::get(file, skipped..).ok_or_else(|| broken("voxels are missing at its end"))
            }
            None => Ok(file),
        };
        Ok(Some(match self.encoding {
            Encoding::Raw => Vec::new(),
            Encoding::Text => text(behind(file)?, kind, wanted, broken)?,
            Encoding::Hexadecimal => hexadecimal(behind(file)?, wanted),
            Encoding::Deflated if gzip::is_gzip(file) => gzip::unpack(file, limits)?,
            Encoding::Deflated => {
                limits.check_bytes(most as u64)?;
                let mut out = Vec::new();
                // What follows the samples is of no use.
                let read = ZlibDecoder::new(file).take(most as u64).read_to_end(&mut out);
                read.map_err(|e| broken("its packed voxels cannot be unpacked").with_source(e))?;
                out
            }
        }))
    }

    /// The bytes of the samples.
    fn part<'b>(
        &self,
        bytes: &'b [u8],
        wanted: usize,
        unpacked: bool,
        broken: fn(&str) -> Error,
    ) -> Result<&'b [u8]> {
        let rest = if unpacked { bytes } else { self.behind_lines(bytes, broken)? };
        let skipped = match (self.bytes, self.encoding) {
            // Skipped before.
            (_, Encoding::Text | Encoding::Hexadecimal) => Some(0),
            (None, _) => rest.len().checked_sub(wanted),
            (Some(skipped), _) => Some(skipped),
        };
        let end = skipped.and_then(|start| Some(start..start.checked_add(wanted)?));
        end.and_then(|range| rest.get(range)).ok_or_else(|| broken("voxels are missing at its end"))
    }

    fn behind_lines<'b>(&self, bytes: &'b [u8], broken: fn(&str) -> Error) -> Result<&'b [u8]> {
        let mut rest = bytes;
        for _ in 0..self.lines {
            let end = rest.iter().position(|b| *b == b'\n').and_then(|at| rest.get(at + 1..));
            rest = end.ok_or_else(|| broken("it has fewer lines than its header skips"))?;
        }
        Ok(rest)
    }
}

/// Numbers as text to their bytes, lowest first.
fn text(bytes: &[u8], kind: SampleType, wanted: usize, broken: fn(&str) -> Error) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let words = bytes.split(|b| b.is_ascii_whitespace() || *b == b',').filter(|word| !word.is_empty());
    for word in words {
        if out.len() >= wanted {
            break;
        }
        let number = std::str::from_utf8(word).ok();
        let whole =
            number.and_then(|word| word.parse().map(|n: u64| n as i64).or_else(|_| word.parse()).ok());
        let number = number.and_then(|word| word.parse::<f64>().ok());
        let number = number.ok_or_else(|| broken("among its voxels is a word that is no number"))?;
        match kind {
            SampleType::F32 => out.extend((number as f32).to_le_bytes()),
            SampleType::F64 => out.extend(number.to_le_bytes()),
            // Two's complement: the lowest bytes are those of every width.
            _ => out.extend(whole.unwrap_or(number as i64).to_le_bytes().into_iter().take(kind.bytes())),
        }
    }
    Ok(out)
}

fn hexadecimal(bytes: &[u8], wanted: usize) -> Vec<u8> {
    let mut digits = bytes.iter().filter_map(|b| char::from(*b).to_digit(16));
    let mut out = Vec::new();
    while let (true, Some(high), Some(low)) = (out.len() < wanted, digits.next(), digits.next()) {
        out.push((high << 4 | low) as u8);
    }
    out
}

/// The numbers of a text, apart from each other by blanks, commas or brackets.
pub(super) fn numbers(text: &str) -> Vec<f64> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'));
    words.filter_map(|word| word.parse().ok()).collect()
}

/// Whether so many files are what axes of these sizes ask for, where each has the first `dimensions` of them, all but the last if
/// nothing else is said.
pub(super) fn evenly(sizes: &[usize], dimensions: Option<usize>, files: usize) -> bool {
    let dimensions = dimensions.unwrap_or(sizes.len().saturating_sub(1));
    match sizes.get(dimensions..) {
        // Each has a part of the last axis.
        Some([]) => sizes.last().is_some_and(|last| files > 0 && last % files == 0),
        Some(rest) => rest.iter().try_fold(1usize, |n, size| n.checked_mul(*size)) == Some(files),
        None => false,
    }
}
