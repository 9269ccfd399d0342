//! A ZIP archive around one image, or of several files.

use std::io::Read;

use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipSliceArchive, ZipSliceEntry};

use super::{Beginning, Limits, Scan, What, together, zarr, zstd};
use crate::error::{Error, Result};

/// A file in an archive.
struct Entry {
    place: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    encrypted: bool,
}

/// The files of a ZIP archive, without folders and what the Finder and the Explorer put beside the files of people.
pub struct Archive<'a> {
    archive: ZipSliceArchive<&'a [u8]>,
    names: Vec<String>,
    entries: Vec<Entry>,
}

impl<'a> Archive<'a> {
    /// Reads its directory.
    ///
    /// # Errors
    /// `zip.invalid`.
    pub fn of(bytes: &'a [u8]) -> Result<Self> {
        let archive = ZipArchive::from_slice(bytes)
            .map_err(|e| broken("its directory, which stands at its end, is missing").with_source(e))?;
        let (mut names, mut entries) = (Vec::new(), Vec::new());
        let mut all = archive.entries();
        while let Some(entry) = all.next_entry().map_err(unreadable)? {
            let path = entry.file_path();
            let path: &[u8] = path.as_ref();
            if counts(path) {
                names.push(String::from_utf8_lossy(path).replace('\\', "/"));
                entries.push(Entry {
                    place: entry.wayfinder(),
                    method: entry.compression_method(),
                    encrypted: entry.flags().is_encrypted(),
                });
            }
        }
        Ok(Self { archive, names, entries })
    }

    /// The names of the files, with their folders.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The bytes of a file, checked by size and checksum.
    ///
    /// # Errors
    /// `zip.invalid`, `zip.unsupported.encrypted`, `zip.unsupported.method`, `scan.limit.bytes`.
    pub fn read(&self, place: usize, limits: &Limits) -> Result<Vec<u8>> {
        let (entry, method) = self.entry(place)?;
        let claim = entry.claim_verifier();
        if claim.uncompressed_size > limits.packed() {
            return Err(limits.unpacks_to_more());
        }
        // One byte more than is claimed tells "exactly full" from "too long".
        let out = unpacked(entry.data(), method, claim.uncompressed_size.saturating_add(1), limits)?;
        if out.len() as u64 != claim.uncompressed_size || rawzip::crc32(&out) != claim.crc {
            return Err(broken("its file does not have the checksum that was written with it"));
        }
        Ok(out)
    }

    /// The first `most` bytes of a file, unchecked.
    ///
    /// # Errors
    /// As [`Archive::read`].
    pub fn begin(&self, place: usize, most: usize, limits: &Limits) -> Result<Vec<u8>> {
        let (entry, method) = self.entry(place)?;
        let mut out = unpacked(entry.data(), method, most as u64, limits)?;
        out.truncate(most);
        Ok(out)
    }

    fn entry(&self, place: usize) -> Result<(ZipSliceEntry<'_>, CompressionMethod)> {
        let entry = self.entries.get(place).ok_or_else(|| broken("a file is missing"))?;
        if entry.encrypted {
            return Err(Error::unsupported(
                "zip.unsupported.encrypted",
                "The file in this ZIP archive is encrypted. Unpack it first.",
            ));
        }
        Ok((self.archive.get_entry(entry.place).map_err(unreadable)?, entry.method))
    }

    /// What the beginnings of the files tell, for [`together`].
    ///
    /// # Errors
    /// As [`Archive::read`].
    pub fn beginnings(&self, limits: &Limits) -> Result<Vec<Beginning>> {
        let parts = zarr::parts(&self.names);
        let one = |(place, (name, part)): (usize, (&String, bool))| {
            if part {
                return Ok(Beginning::Alone);
            }
            let start = self.begin(place, Beginning::BYTES, limits)?;
            match Beginning::of(&start, name, false) {
                Some(found) => Ok(found),
                None => Ok(Beginning::of(&self.read(place, limits)?, name, true).unwrap_or(Beginning::Alone)),
            }
        };
        self.names.iter().zip(parts).enumerate().map(one).collect()
    }

    /// The one image that several files are together.
    ///
    /// # Errors
    /// `scan.unsupported.format` if they are several images or none; else as [`Together::open`](super::Together::open).
    pub(crate) fn image(&self, limits: &Limits) -> Result<Scan> {
        let (found, _) = together(&self.beginnings(limits)?, &self.names);
        let one = found.first().filter(|_| found.len() == 1);
        // Another archive in this one is not looked into.
        let one = one.filter(|one| matches!(one.what, What::Series(_) | What::Header | What::Zarr(_)));
        let one = one.ok_or_else(|| several(self.names.len()))?;
        one.open(&self.names, limits, |place| self.read(place, limits))
    }
}

fn several(files: usize) -> Error {
    let held = if files == 0 { "no file".to_string() } else { format!("{files} files") };
    Error::unsupported(
        "scan.unsupported.format",
        format!(
            "This is a ZIP archive of {held}; Insitu opens one that holds exactly one image. Take the images out of it first."
        ),
    )
}

/// The bytes of the one file that the archive holds, checked by size and checksum.
///
/// # Errors
/// `scan.unsupported.format` if there is none; as [`Archive::read`].
pub(crate) fn unpack(archive: &Archive<'_>, limits: &Limits) -> Result<Vec<u8>> {
    if archive.names.is_empty() { Err(several(0)) } else { archive.read(0, limits) }
}

/// At most so many bytes, or all of a Zstandard stream.
fn unpacked(data: &[u8], method: CompressionMethod, most: u64, limits: &Limits) -> Result<Vec<u8>> {
    Ok(match method {
        CompressionMethod::STORE => {
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            data.get(..most).unwrap_or(data).to_vec()
        }
        CompressionMethod::DEFLATE => {
            let mut out = Vec::new();
            DeflateDecoder::new(data)
                .take(most)
                .read_to_end(&mut out)
                .map_err(|e| broken("its file cannot be unpacked").with_source(e))?;
            out
        }
        CompressionMethod::ZSTD => zstd::unpack(data, limits)?,
        other => {
            return Err(Error::unsupported(
                "zip.unsupported.method",
                format!(
                    "The file in this ZIP archive is compressed with method {}; Insitu reads stored, deflated and Zstandard ones. Unpack it first.",
                    other.as_u16()
                ),
            ));
        }
    })
}

/// Whether an entry is a file of a person.
fn counts(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or(path);
    let clutter = name.is_empty()
        || path.starts_with(b"__MACOSX/")
        || [&b".DS_Store"[..], b"Thumbs.db", b"desktop.ini"].contains(&name);
    !clutter
}

fn broken(what: &str) -> Error {
    Error::invalid("zip.invalid", format!("This ZIP archive is damaged or cut off: {what}."))
}

fn unreadable(error: rawzip::Error) -> Error {
    broken("its directory cannot be read").with_source(error)
}
