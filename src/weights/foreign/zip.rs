//! ZIP archives in memory: entries that are stored are borrowed, deflated ones are unpacked within a limit.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::rc::Rc;

use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipSliceArchive};

use crate::error::{Error, Result};

/// More entries than a network has tensors.
const MAX_ENTRIES: usize = 100_000;
/// Deflate makes no more than so many bytes of one.
const DEFLATE_RATIO: u64 = 1032;

pub(crate) struct Archive<'a> {
    directory: ZipSliceArchive<&'a [u8]>,
    bytes: &'a [u8],
    /// In the order of the directory.
    names: Vec<Rc<str>>,
    /// Of entries with the same name the first.
    entries: HashMap<Rc<str>, (ZipArchiveEntryWayfinder, CompressionMethod)>,
}

fn broken(what: &str) -> Error {
    Error::invalid("zip.invalid", format!("This ZIP archive is damaged or cut off: {what}."))
}

impl<'a> Archive<'a> {
    /// Reads the directory.
    ///
    /// # Errors
    /// `zip.invalid`, `zip.limit.entries`.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self> {
        let directory =
            ZipArchive::from_slice(bytes).map_err(|e| broken("its directory is missing").with_source(e))?;
        let (mut names, mut entries) = (Vec::new(), HashMap::new());
        let mut records = directory.entries();
        while let Some(record) = records.next_entry().map_err(unreadable)? {
            if names.len() >= MAX_ENTRIES {
                return Err(Error::limit(
                    "zip.limit.entries",
                    "This ZIP archive has more than 100 000 entries.",
                ));
            }
            let name: Rc<str> = String::from_utf8_lossy(record.file_path().as_ref()).into();
            entries.entry(name.clone()).or_insert((record.wayfinder(), record.compression_method()));
            names.push(name);
        }
        Ok(Self { directory, bytes, names, entries })
    }

    /// The names of all entries.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// The bytes of an entry, checked by size and checksum; `None` if there is no such entry.
    ///
    /// # Errors
    /// `zip.invalid`, `zip.limit.bytes` beyond `most` bytes or the memory that is left, `zip.unsupported.method`.
    pub(crate) fn get(&self, name: &str, most: u64) -> Result<Option<Cow<'a, [u8]>>> {
        let Some((place, method)) = self.entries.get(name).copied() else { return Ok(None) };
        let entry = self.directory.get_entry(place).map_err(unreadable)?;
        let (from, to) = entry.compressed_data_range();
        let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
        let data = range.and_then(|(from, to)| self.bytes.get(from..to));
        let data = data.ok_or_else(|| broken("an entry lies outside of it"))?;
        let claim = entry.claim_verifier();
        let too_large = || {
            Error::limit(
                "zip.limit.bytes",
                format!(
                    "{name} in this ZIP archive is larger than {} MiB, which is the limit, or than the memory that is left.",
                    most >> 20
                ),
            )
        };
        if claim.uncompressed_size > most {
            return Err(too_large());
        }
        let out = match method {
            CompressionMethod::STORE => Cow::Borrowed(data),
            CompressionMethod::DEFLATE => {
                let mut out = Vec::new();
                // What is claimed, but not more than so many bytes can become.
                let likely = claim.uncompressed_size.min((data.len() as u64).saturating_mul(DEFLATE_RATIO));
                let likely = usize::try_from(likely).map_err(|_| too_large())?;
                out.try_reserve_exact(likely.saturating_add(1)).map_err(|_| too_large())?;
                DeflateDecoder::new(data)
                    .take(claim.uncompressed_size.saturating_add(1))
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
        Ok(Some(out))
    }
}

fn unreadable(error: rawzip::Error) -> Error {
    broken("its directory cannot be read").with_source(error)
}
