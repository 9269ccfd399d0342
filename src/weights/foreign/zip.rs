//! ZIP archives in memory: entries that are stored are borrowed, deflated ones are unpacked within a limit.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipSliceArchive};

use crate::error::{Error, Result};

/// More entries than a network has tensors.
const MOST_ENTRIES: usize = 100_000;

pub(super) struct Archive<'a>(ZipSliceArchive<&'a [u8]>, &'a [u8]);

fn broken(what: &str) -> Error {
    Error::invalid("zip.invalid", format!("This ZIP archive is damaged or cut off: {what}."))
}

impl<'a> Archive<'a> {
    /// Finds the directory.
    ///
    /// # Errors
    /// `zip.invalid`.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self> {
        let archive =
            ZipArchive::from_slice(bytes).map_err(|e| broken("its directory is missing").with_source(e))?;
        Ok(Self(archive, bytes))
    }

    /// The names of all entries.
    pub(super) fn names(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        let mut entries = self.0.entries();
        while let Some(entry) = entries.next_entry().map_err(directory)? {
            names.push(String::from_utf8_lossy(entry.file_path().as_ref()).into_owned());
            if names.len() > MOST_ENTRIES {
                return Err(Error::limit(
                    "zip.limit.entries",
                    "This ZIP archive has more than 100 000 entries.",
                ));
            }
        }
        Ok(names)
    }

    /// The bytes of an entry, checked by size and checksum; `None` if there is no such entry.
    ///
    /// # Errors
    /// `zip.invalid`, `zip.limit.bytes` beyond `most` bytes, `zip.unsupported.method`.
    pub(super) fn get(&self, name: &str, most: u64) -> Result<Option<Cow<'a, [u8]>>> {
        let mut entries = self.0.entries();
        let mut seen = 0;
        while let Some(record) = entries.next_entry().map_err(directory)? {
            seen += 1;
            if seen > MOST_ENTRIES {
                break;
            }
            if record.file_path().as_ref() != name.as_bytes() {
                continue;
            }
            let method = record.compression_method();
            let entry = self.0.get_entry(record.wayfinder()).map_err(directory)?;
            let (from, to) = entry.compressed_data_range();
            let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
            let data = range.and_then(|(from, to)| self.1.get(from..to));
            let data = data.ok_or_else(|| broken("an entry lies outside of it"))?;
            let claim = entry.claim_verifier();
            if claim.uncompressed_size > most {
                return Err(Error::limit(
                    "zip.limit.bytes",
                    format!(
                        "{name} in this ZIP archive is larger than {} MiB, which is the limit.",
                        most >> 20
                    ),
                ));
            }
            let out = match method {
                CompressionMethod::STORE => Cow::Borrowed(data),
                CompressionMethod::DEFLATE => {
                    let mut out = Vec::new();
                    let limit = claim.uncompressed_size.saturating_add(1);
                    DeflateDecoder::new(data)
                        .take(limit)
                        .read_to_end(&mut out)
                        .map_err(|e| broken(&format!("{name} cannot be unpacked")).with_source(e))?;
                    Cow::Owned(out)
                }
                other => {
                    return Err(Error::unsupported(
                        "zip.unsupported.method",
                        format!(
                            "{name} in this ZIP archive is compressed with method {}; Insitu reads stored and deflated entries.",
                            other.as_u16()
                        ),
                    ));
                }
            };
            if out.len() as u64 != claim.uncompressed_size || rawzip::crc32(&out) != claim.crc {
                return Err(broken(&format!("{name} does not have the checksum that was written with it")));
            }
            return Ok(Some(out));
        }
        Ok(None)
    }
}

fn directory(error: rawzip::Error) -> Error {
    broken("its directory cannot be read").with_source(error)
}
