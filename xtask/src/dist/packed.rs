//! Copies of text and WebAssembly that are compressed as well as can be, for hosts that send them as they lie there.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::{Compression, GzBuilder};

use super::HOUSE;
use super::release::list;
use crate::process::Result;

const ENDINGS: [&str; 9] = ["html", "js", "css", "json", "md", "svg", "txt", "wasm", "webmanifest"];
/// Smaller files go into one packet of the network as they are.
const SMALL: usize = 1000;

/// Writes `NAME.br` and `NAME.gz` beside the files of a folder; returns how many files have them.
pub fn write(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for file in list(folder)? {
        let ending = file.path.rsplit('.').next().unwrap_or_default();
        // What a house changes would differ from its copies.
        if !ENDINGS.contains(&ending) || file.path == HOUSE {
            continue;
        }
        let bytes = fs::read(folder.join(&file.path))?;
        if bytes.len() < SMALL {
            continue;
        }
        for (name, packed) in [("br", brotli(&bytes)?), ("gz", gzip(&bytes)?)] {
            if packed.len() < bytes.len() {
                fs::write(folder.join(format!("{}.{name}", file.path)), packed)?;
            }
        }
        count += 1;
    }
    Ok(count)
}

pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    // No time and no name: the same bytes on every day.
    let mut out = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    out.write_all(bytes)?;
    Ok(out.finish()?)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    // The quality and the window that browsers take at most.
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn copies_hold_what_they_are_copies_of() {
        let text = b"words that come again and again, ".repeat(99);
        let mut out = Vec::new();
        flate2::read::GzDecoder::new(&*gzip(&text).unwrap()).read_to_end(&mut out).unwrap();
        assert_eq!(out, text);
        out.clear();
        brotli::BrotliDecompress(&mut &*brotli(&text).unwrap(), &mut out).unwrap();
        assert_eq!(out, text);
        assert_eq!(gzip(&text).unwrap(), gzip(&text).unwrap());
    }
}
