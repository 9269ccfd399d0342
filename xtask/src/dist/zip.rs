//! A ZIP archive (APPNOTE 6.3.10) of which every byte follows from what is in it: names in order, one time for all.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::process::Result;

/// 1 January 1980, 00:00, the first day that the format knows: date, then time.
const DATE: u16 = 0x0021;
const TIME: u16 = 0;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// 2.0, for deflated entries.
const VERSION: u16 = 20;
/// A file that others may read, made on Unix.
const MADE_BY: u16 = 3 << 8 | VERSION;
const ATTRIBUTES: u32 = 0o100_644 << 16;

/// Names with `/`, in any order, and their bytes.
pub fn zip(mut entries: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>> {
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    let count = u16::try_from(entries.len())?;
    for (name, bytes) in entries {
        let mut crc = Crc::new();
        crc.update(&bytes);
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
        deflate.write_all(&bytes)?;
        let packed = deflate.finish()?;
        let smaller = packed.len() < bytes.len();
        let method: u16 = if smaller { 8 } else { 0 };
        let body = if smaller { &packed } else { &bytes };
        let at = u32::try_from(archive.len())?;
        let mut common = Vec::new();
        for word in [VERSION, FLAGS, method, TIME, DATE] {
            common.extend(word.to_le_bytes());
        }
        for word in [crc.sum(), u32::try_from(body.len())?, u32::try_from(bytes.len())?] {
            common.extend(word.to_le_bytes());
        }
        common.extend(u16::try_from(name.len())?.to_le_bytes());
        // No extra field.
        common.extend(0_u16.to_le_bytes());

        archive.extend(0x0403_4b50_u32.to_le_bytes());
        archive.extend(&common);
        archive.extend(name.as_bytes());
        archive.extend(body);

        directory.extend(0x0201_4b50_u32.to_le_bytes());
        directory.extend(MADE_BY.to_le_bytes());
        directory.extend(&common);
        // No comment, the first disk, bytes rather than text.
        directory.extend([0; 6]);
        directory.extend(ATTRIBUTES.to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let at = u32::try_from(archive.len())?;
    archive.extend(&directory);
    archive.extend(0x0605_4b50_u32.to_le_bytes());
    archive.extend([0; 4]);
    archive.extend(count.to_le_bytes());
    archive.extend(count.to_le_bytes());
    archive.extend(u32::try_from(directory.len())?.to_le_bytes());
    archive.extend(at.to_le_bytes());
    archive.extend([0; 2]);
    Ok(archive)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    use flate2::read::DeflateDecoder;

    #[test]
    fn an_archive_is_the_same_in_whatever_order_its_files_came() {
        let files =
            || vec![("b/two.txt".to_string(), vec![b'x'; 900]), ("a.txt".to_string(), b"one".to_vec())];
        let first = zip(files()).unwrap();
        assert_eq!(first, zip(files().into_iter().rev().collect()).unwrap());
        let name = first.windows(5).position(|w| w == b"a.txt").unwrap();
        assert_eq!(name, 30, "the first name in their order");
    }

    #[test]
    fn files_come_out_as_they_went_in() {
        let text = b"a word and a word and a word and a word".repeat(9);
        let archive = zip(vec![("a".into(), text.clone()), ("b".into(), b"?".to_vec())]).unwrap();
        let field = |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize;
        let (packed, plain) = (field(18), field(22));
        let mut out = Vec::new();
        DeflateDecoder::new(&archive[31..31 + packed]).read_to_end(&mut out).unwrap();
        assert_eq!((out, plain), (text.clone(), text.len()));
        let second = 31 + packed;
        assert_eq!(u16::from_le_bytes([archive[second + 8], archive[second + 9]]), 0, "stored as it is");
        assert_eq!(archive[second + 31], b'?');
    }
}
