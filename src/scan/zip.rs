//! A ZIP archive around one image.

use std::io::Read;

use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder};

use super::{Limits, zstd};
use crate::error::{Error, Result};

/// The bytes of the one file that the archive holds, checked by size and checksum.
///
/// Folders and what the Finder and the Explorer put beside the files of people do not count.
///
/// # Errors
/// `scan.unsupported.format` if there are several files or none; `zip.invalid`, `zip.unsupported.encrypted`,
/// `zip.unsupported.method`, `scan.limit.bytes`.
pub(crate) fn unpack(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let archive = ZipArchive::from_slice(bytes)
        .map_err(|e| broken("its directory, which stands at its end, is missing").with_source(e))?;
    let mut one: Option<(ZipArchiveEntryWayfinder, CompressionMethod, bool)> = None;
    let mut files = 0u64;
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().map_err(unreadable)? {
        if counts(entry.file_path().as_ref()) {
            files += 1;
            one = Some((entry.wayfinder(), entry.compression_method(), entry.flags().is_encrypted()));
        }
    }
    let Some((place, method, encrypted)) = one.filter(|_| files == 1) else {
        let held = if files == 0 { "no file".to_string() } else { format!("{files} files") };
        return Err(Error::unsupported(
            "scan.unsupported.format",
            format!(
                "This is a ZIP archive of {held}; Insitu opens one that holds exactly one image. Take the images out of it first."
            ),
        ));
    };
    if encrypted {
        return Err(Error::unsupported(
            "zip.unsupported.encrypted",
            "The file in this ZIP archive is encrypted. Unpack it first.",
        ));
    }
    let entry = archive.get_entry(place).map_err(unreadable)?;
    let claim = entry.claim_verifier();
    let most = limits.packed();
    if claim.uncompressed_size > most {
        return Err(limits.unpacks_to_more());
    }
    let out = match method {
        CompressionMethod::STORE => entry.data().to_vec(),
        CompressionMethod::DEFLATE => {
            let mut out = Vec::new();
            // One byte more than is claimed tells "exactly full" from "too long".
            DeflateDecoder::new(entry.data())
                .take(claim.uncompressed_size.saturating_add(1))
                .read_to_end(&mut out)
                .map_err(|e| broken("its file cannot be unpacked").with_source(e))?;
            out
        }
        CompressionMethod::ZSTD => zstd::unpack(entry.data(), limits)?,
        other => {
            return Err(Error::unsupported(
                "zip.unsupported.method",
                format!(
                    "The file in this ZIP archive is compressed with method {}; Insitu reads stored, deflated and Zstandard ones. Unpack it first.",
                    other.as_u16()
                ),
            ));
        }
    };
    if out.len() as u64 != claim.uncompressed_size || rawzip::crc32(&out) != claim.crc {
        return Err(broken("its file does not have the checksum that was written with it"));
    }
    Ok(out)
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
