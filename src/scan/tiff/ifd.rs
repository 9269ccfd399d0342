//! The structure of a TIFF file: header, chain of directories, tags. TIFF 6.0 section 2, and BigTIFF.
//!
//! Nothing is copied out of the file before it is asked for, and nothing can be asked for that the file does not hold.

use std::collections::HashSet;

use crate::error::{Error, Result};
use crate::scan::samples::Endian;

/// More pages than any scan has; stops files whose directories form a maze.
const MAX_PAGES: usize = 65_536;

/// The file and how its numbers are written.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) endian: Endian,
    big: bool,
}

/// One directory: the tags of one page.
pub(super) struct Ifd<'a> {
    file: File<'a>,
    entries: Vec<Entry>,
}

struct Entry {
    tag: u16,
    kind: u16,
    count: usize,
    /// Where the values are in the file.
    at: usize,
}

/// The error for everything that contradicts itself.
pub(super) fn broken(what: &str) -> Error {
    Error::invalid("tiff.invalid", format!("This TIFF is damaged or cut off: {what}."))
}

impl<'a> File<'a> {
    pub(super) fn slice(&self, at: u64, length: u64) -> Option<&'a [u8]> {
        let at = usize::try_from(at).ok()?;
        self.bytes.get(at..at.checked_add(usize::try_from(length).ok()?)?)
    }

    fn u16(&self, at: u64) -> Option<u16> {
        Some(self.endian.u16(self.slice(at, 2)?.try_into().ok()?))
    }

    fn u32(&self, at: u64) -> Option<u32> {
        Some(self.endian.u32(self.slice(at, 4)?.try_into().ok()?))
    }

    fn u64(&self, at: u64) -> Option<u64> {
        Some(self.endian.u64(self.slice(at, 8)?.try_into().ok()?))
    }

    /// An offset: 4 bytes, or 8 in BigTIFF.
    fn offset(&self, at: u64) -> Option<u64> {
        if self.big { self.u64(at) } else { self.u32(at).map(u64::from) }
    }
}

/// All directories of the main chain.
pub(super) fn directories(bytes: &[u8]) -> Result<Vec<Ifd<'_>>> {
    let endian = if bytes.starts_with(b"II") { Endian::Little } else { Endian::Big };
    let mut file = File { bytes, endian, big: false };
    let first = match file.u16(2) {
        Some(43) => {
            file.big = true;
            (file.u16(4) == Some(8)).then(|| file.u64(8)).flatten()
        }
        _ => file.offset(4),
    };
    let mut next = first.ok_or_else(|| broken("its header is not whole"))?;
    let mut seen = HashSet::new();
    let mut pages = Vec::new();
    while next != 0 && pages.len() < MAX_PAGES && seen.insert(next) {
        // A chain that leads out of the file has lost pages, and a volume that lost slices must not look whole.
        let (ifd, following) =
            directory(file, next).ok_or_else(|| broken("the directory of a page is missing"))?;
        pages.push(ifd);
        next = following;
    }
    if pages.is_empty() { Err(broken("it has no readable page")) } else { Ok(pages) }
}

fn directory(file: File<'_>, at: u64) -> Option<(Ifd<'_>, u64)> {
    let (count, head, size) =
        if file.big { (file.u64(at)?, 8, 20) } else { (u64::from(file.u16(at)?), 2, 12) };
    let body = at.checked_add(head)?;
    let end = body.checked_add(count.checked_mul(size)?)?;
    file.slice(body, count * size)?;
    let mut entries = Vec::with_capacity(usize::try_from(count).ok()?);
    for i in 0..count {
        entries.extend(entry(file, body + i * size));
    }
    Some((Ifd { file, entries }, file.offset(end).unwrap_or(0)))
}

/// One tag, if its values lie in the file.
fn entry(file: File<'_>, at: u64) -> Option<Entry> {
    let (tag, kind) = (file.u16(at)?, file.u16(at + 2)?);
    let (count, field, inline) =
        if file.big { (file.u64(at + 4)?, at + 12, 8) } else { (u64::from(file.u32(at + 4)?), at + 8, 4) };
    let bytes = count.checked_mul(size_of_type(kind)?)?;
    let value = if bytes <= inline { field } else { file.offset(field)? };
    file.slice(value, bytes)?;
    Some(Entry { tag, kind, count: usize::try_from(count).ok()?, at: usize::try_from(value).ok()? })
}

fn size_of_type(kind: u16) -> Option<u64> {
    Some(match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => return None,
    })
}

impl<'a> Ifd<'a> {
    pub(super) fn file(&self) -> File<'a> {
        self.file
    }

    fn find(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|e| e.tag == tag)
    }

    /// The first value of a tag, as a whole number.
    pub(super) fn number(&self, tag: u16) -> Option<u64> {
        self.find(tag).and_then(|e| self.whole(e, 0))
    }

    /// All values of a tag, as whole numbers.
    pub(super) fn numbers(&self, tag: u16) -> Option<Vec<u64>> {
        let entry = self.find(tag)?;
        (0..entry.count).map(|i| self.whole(entry, i)).collect()
    }

    fn whole(&self, entry: &Entry, index: usize) -> Option<u64> {
        if index >= entry.count {
            return None;
        }
        let at = entry.at as u64 + index as u64 * size_of_type(entry.kind)?;
        match entry.kind {
            1 | 7 => self.file.slice(at, 1).and_then(|b| b.first()).map(|b| u64::from(*b)),
            3 => self.file.u16(at).map(u64::from),
            4 | 13 => self.file.u32(at).map(u64::from),
            16 | 18 => self.file.u64(at),
            _ => None,
        }
    }

    /// The first value of a tag, as a fraction or float.
    pub(super) fn real(&self, tag: u16) -> Option<f64> {
        let entry = self.find(tag).filter(|e| e.count > 0)?;
        let at = entry.at as u64;
        let value = match entry.kind {
            5 => f64::from(self.file.u32(at)?) / f64::from(self.file.u32(at + 4)?),
            11 => f64::from(f32::from_bits(self.file.u32(at)?)),
            12 => f64::from_bits(self.file.u64(at)?),
            _ => self.whole(entry, 0)? as f64,
        };
        value.is_finite().then_some(value)
    }

    /// The bytes of a tag.
    pub(super) fn bytes(&self, tag: u16) -> Option<&'a [u8]> {
        let entry = self.find(tag)?;
        self.file.slice(entry.at as u64, entry.count as u64 * size_of_type(entry.kind)?)
    }

    /// A text, as far as it is one.
    pub(super) fn text(&self, tag: u16) -> Option<String> {
        let bytes = self.bytes(tag)?;
        let text = String::from_utf8_lossy(bytes.get(..1 << 20).unwrap_or(bytes));
        Some(text.trim_end_matches('\0').to_string())
    }
}
