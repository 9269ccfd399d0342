//! Reading and writing whole files, with errors that name them.

use std::fs;
use std::io::Read;
use std::path::Path;

use insitu::{Error, Kind, Result};

/// # Errors
/// `file.read`.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| {
        let why = if path.is_dir() { "it is a folder".to_string() } else { plain(&e) };
        Error::new(Kind::Io, "file.read", format!("{} cannot be read: {why}.", path.display())).with_source(e)
    })
}

/// The first bytes of a file, at most so many.
///
/// # Errors
/// `file.read`.
pub fn beginning(path: &Path, bytes: usize) -> Result<Vec<u8>> {
    let mut start = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(bytes as u64).read_to_end(&mut start));
    read.map(|_| start).map_err(|e| unread(path, e))
}

/// The error of a folder that cannot be read: `file.read`.
pub fn unread(path: &Path, e: std::io::Error) -> Error {
    let message = format!("{} cannot be read: {}.", path.display(), plain(&e));
    Error::new(Kind::Io, "file.read", message).with_source(e)
}

/// # Errors
/// `file.write`.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(|e| unwritten(path, e))
}

/// Makes a folder and those above it.
///
/// # Errors
/// `file.write`.
pub fn folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|e| unwritten(path, e))
}

/// The name without the endings that tell the format: `a` of `a.png`, `a.tif`, `a.nii.gz` and `a.tif.zip`.
pub fn stem(path: &Path) -> String {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let packed = |e: &std::ffi::OsStr| ["gz", "zst", "zip"].iter().any(|p| e.eq_ignore_ascii_case(p));
    match name.rsplit_once('.') {
        Some((stem, _)) if path.extension().is_some_and(packed) && !stem.is_empty() => stem.to_string(),
        _ => name.into_owned(),
    }
}

/// The name of a folder without `.zarr` or `.ome.zarr`.
pub fn unzarred(name: &str) -> &str {
    let stem = name.strip_suffix(".zarr").unwrap_or(name);
    if stem.len() < name.len() { stem.strip_suffix(".ome").unwrap_or(stem) } else { name }
}

/// The error of a file or folder that cannot be written: `file.write`.
pub fn unwritten(path: &Path, e: std::io::Error) -> Error {
    let message = format!("{} cannot be written: {}.", path.display(), plain(&e));
    Error::new(Kind::Io, "file.write", message).with_source(e)
}

/// The system's words without the number behind them.
fn plain(e: &std::io::Error) -> String {
    let text = e.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    text.chars().take(1).flat_map(char::to_lowercase).chain(text.chars().skip(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_the_name_without_what_tells_the_format() {
        for (name, expected) in [
            ("in/a.png", "a"),
            ("a.nii.gz", "a"),
            ("a.b.tif", "a.b"),
            ("IM000001", "IM000001"),
            ("a.gz", "a"),
            ("a.tif.ZIP", "a"),
            ("a.nii.zst", "a"),
            (".nii.gz", ".nii"),
        ] {
            assert_eq!(stem(Path::new(name)), expected);
        }
    }
}
