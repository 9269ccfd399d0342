//! The structure of a TIFF file: header, chain of directories, tags. TIFF 6.0 section 2, and BigTIFF.
//!
//! Nothing is copied out of the file before it is asked for, and nothing can be asked for that the file does not hold.

use std::collections::HashSet;

use super::tags;
use crate::error::{Error, Result};
use crate::scan::samples::Endian;

/// More pages than any scan has; stops files whose directories form a maze.
const MAX_PAGES: usize = 65_536;

/// Bytes of a description that are read; OME-XML of many planes has some megabytes.
const MAX_TEXT: usize = 16 << 20;

/// Children of one page that are looked at.
const MAX_CHILDREN: usize = 64;

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
    at: u64,
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

/// The file, and where its first directory is.
fn header(bytes: &[u8]) -> (File<'_>, Option<u64>) {
    let endian = if bytes.starts_with(b"II") { Endian::Little } else { Endian::Big };
    let mut file = File { bytes, endian, big: false };
    let first = match file.u16(2) {
        Some(43) => {
            file.big = true;
            (file.u16(4) == Some(8)).then(|| file.u64(8)).flatten()
        }
        _ => file.offset(4),
    };
    (file, first)
}

/// The first directory; none where it is not whole.
pub(super) fn first(bytes: &[u8]) -> Option<Ifd<'_>> {
    let (file, first) = header(bytes);
    Some(directory(file, first?)?.0)
}

/// All directories of the main chain.
pub(super) fn directories(bytes: &[u8]) -> Result<Vec<Ifd<'_>>> {
    let (file, first) = header(bytes);
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
        let at = body + i * size;
        let found = entry(file, at);
        // Without what it says of channels and times, planes would be taken for others.
        if found.is_none() && file.u16(at) == Some(tags::IMAGE_DESCRIPTION) {
            return None;
        }
        entries.extend(found);
    }
    Some((Ifd { file, at, entries }, file.offset(end).unwrap_or(0)))
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

    /// Where the directory is in the file.
    pub(super) fn at(&self) -> u64 {
        self.at
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
            // With a sign, where the standard asks for none: libtiff takes them as long as they are not negative.
            6 => self.file.slice(at, 1).and_then(|b| b.first()).and_then(|b| u64::try_from(*b as i8).ok()),
            8 => self.file.u16(at).and_then(|v| u64::try_from(v as i16).ok()),
            9 => self.file.u32(at).and_then(|v| u64::try_from(v as i32).ok()),
            17 => self.file.u64(at).filter(|v| i64::try_from(*v).is_ok()),
            _ => None,
        }
    }

    /// The first value of a tag, as a fraction or float.
    pub(super) fn real(&self, tag: u16) -> Option<f64> {
        self.find(tag).and_then(|entry| self.fraction(entry, 0))
    }

    /// All values of a tag, as fractions or floats.
    pub(super) fn reals(&self, tag: u16) -> Option<Vec<f64>> {
        let entry = self.find(tag)?;
        (0..entry.count).map(|i| self.fraction(entry, i)).collect()
    }

    fn fraction(&self, entry: &Entry, index: usize) -> Option<f64> {
        if index >= entry.count {
            return None;
        }
        let at = entry.at as u64 + index as u64 * size_of_type(entry.kind)?;
        let value = match entry.kind {
            5 => f64::from(self.file.u32(at)?) / f64::from(self.file.u32(at + 4)?),
            10 => f64::from(self.file.u32(at)? as i32) / f64::from(self.file.u32(at + 4)? as i32),
            11 => f64::from(f32::from_bits(self.file.u32(at)?)),
            12 => f64::from_bits(self.file.u64(at)?),
            _ => self.whole(entry, index)? as f64,
        };
        value.is_finite().then_some(value)
    }

    /// How many values a tag has; 0 if it is not there.
    pub(super) fn count(&self, tag: u16) -> usize {
        self.find(tag).map_or(0, |entry| entry.count)
    }

    /// Where the values of a tag are in the file, and how many it says there are.
    pub(super) fn place(&self, tag: u16) -> Option<(u64, usize)> {
        self.find(tag).map(|entry| (entry.at as u64, entry.count))
    }

    /// The bytes of a tag.
    pub(super) fn bytes(&self, tag: u16) -> Option<&'a [u8]> {
        let entry = self.find(tag)?;
        self.file.slice(entry.at as u64, entry.count as u64 * size_of_type(entry.kind)?)
    }

    /// The texts of a tag that stands there more than once. What is not UTF-8 is taken for ISO 8859-1, in which older
    /// programs write the micro sign.
    pub(super) fn texts(&self, tag: u16) -> Vec<String> {
        let entries = self.entries.iter().filter(|e| e.tag == tag);
        let bytes = entries.filter_map(|e| {
            self.file.slice(e.at as u64, (e.count as u64).checked_mul(size_of_type(e.kind)?)?)
        });
        let text = |bytes: &[u8]| {
            let bytes = bytes.get(..MAX_TEXT).unwrap_or(bytes);
            let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
            let bytes = bytes.get(..end).unwrap_or_default();
            match std::str::from_utf8(bytes) {
                Ok(text) => text.to_string(),
                // A character that the limit cut in two.
                Err(error) if error.error_len().is_none() => String::from_utf8_lossy(bytes).into_owned(),
                Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
            }
        };
        bytes.map(text).collect()
    }

    /// The directories that a page names as its children (SubIFDs, TIFF technical note 1).
    pub(super) fn children(&self) -> Vec<Ifd<'a>> {
        let offsets = self.numbers(tags::SUB_IFDS).unwrap_or_default();
        let found = offsets.iter().take(MAX_CHILDREN).filter_map(|at| directory(self.file, *at));
        found.map(|(ifd, _)| ifd).collect()
    }
}
