//! The file as a whole: its superblock (section II.A), addresses, and what is left of its limits.

use std::cell::Cell;

use super::cursor::Cursor;
use crate::error::{Error, Result};

/// The first bytes of every HDF5 file.
pub(in super::super) const SIGNATURE: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Links, messages, tree nodes and heap entries that one file may have; a network of a thousand layers has some 50 000.
const MAX_STEPS: u64 = 4_000_000;

/// Bytes of decoded values that one file may ask for, whatever its size.
const MAX_BYTES: u64 = 2 << 30;

/// Levels of a tree: each multiplies by 2 at least.
pub(super) const MAX_LEVELS: u8 = 32;

/// The error for everything that contradicts itself. Out of line: a hundred places make one, and the page pays for each.
#[cold]
#[inline(never)]
pub(super) fn broken(what: &str) -> Error {
    Error::invalid("hdf5.invalid", format!("This HDF5 file is damaged or cut off: {what}."))
}

/// A file in memory, with what is left of its limits.
pub(in super::super) struct File<'a> {
    bytes: &'a [u8],
    /// Bytes of an address, and of a length.
    pub(super) offset_size: usize,
    pub(super) length_size: usize,
    pub(super) root: u64,
    steps: Cell<u64>,
    left: Cell<u64>,
}

impl<'a> File<'a> {
    /// Reads the superblock (section II.A).
    ///
    /// # Errors
    /// `hdf5.invalid`, `hdf5.unsupported.superblock`.
    pub(in super::super) fn open(bytes: &'a [u8]) -> Result<Self> {
        let mut file = Self {
            bytes,
            offset_size: 8,
            length_size: 8,
            root: 0,
            steps: Cell::new(MAX_STEPS),
            // Weights hardly compress: 64 times the file is generous, and a bomb stays small.
            left: Cell::new(MAX_BYTES.min((bytes.len() as u64).saturating_mul(64).saturating_add(16 << 20))),
        };
        let cut = || broken("its first bytes are not those of an HDF5 file");
        let mut cursor = Cursor::new(bytes);
        if cursor.take(8) != Some(SIGNATURE) {
            return Err(cut());
        }
        let version = cursor.u8().ok_or_else(cut)?;
        match version {
            0 | 1 => {
                cursor.skip(4).ok_or_else(cut)?;
                file.sizes(&mut cursor)?;
                // Reserved, the two K of group trees, flags; version 1 adds the K of chunk trees.
                cursor.skip(if version == 0 { 9 } else { 13 }).ok_or_else(cut)?;
                // Base address, free space, end of file, driver; then the root's entry begins with its name.
                cursor.skip(5 * file.offset_size).ok_or_else(cut)?;
            }
            2 | 3 => {
                file.sizes(&mut cursor)?;
                // Flags, base address, extension, end of file.
                cursor.skip(1 + 3 * file.offset_size).ok_or_else(cut)?;
            }
            other => {
                return Err(Error::unsupported(
                    "hdf5.unsupported.superblock",
                    format!(
                        "This HDF5 file has a superblock of version {other}; Insitu reads versions 0 to 3."
                    ),
                ));
            }
        }
        file.root = cursor.uint(file.offset_size).ok_or_else(cut)?;
        Ok(file)
    }

    fn sizes(&mut self, cursor: &mut Cursor<'a>) -> Result<()> {
        match (cursor.u8(), cursor.u8()) {
            (Some(offset @ (2 | 4 | 8)), Some(length @ (2 | 4 | 8))) => {
                (self.offset_size, self.length_size) = (offset.into(), length.into());
                Ok(())
            }
            _ => Err(broken("its addresses have an impossible size")),
        }
    }

    /// The bytes from an address on.
    pub(super) fn from(&self, address: u64) -> Option<Cursor<'a>> {
        Some(Cursor::new(self.bytes.get(usize::try_from(address).ok()?..)?))
    }

    /// Some bytes at an address.
    pub(super) fn slice(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        let at = usize::try_from(address).ok()?;
        self.bytes.get(at..at.checked_add(usize::try_from(length).ok()?)?)
    }

    pub(super) fn address(&self, cursor: &mut Cursor<'a>) -> Option<u64> {
        cursor.uint(self.offset_size)
    }

    pub(super) fn length(&self, cursor: &mut Cursor<'a>) -> Option<u64> {
        cursor.uint(self.length_size)
    }

    /// Whether an address says "nothing here": all bits set.
    pub(super) fn undefined(&self, address: u64) -> bool {
        address == u64::MAX >> (64 - 8 * self.offset_size)
    }

    /// Counts work, so that a file whose parts point at each other in circles ends.
    pub(super) fn step(&self, count: u64) -> Result<()> {
        let left = self.steps.get().checked_sub(count).ok_or_else(|| {
            Error::limit(
                "hdf5.limit.entries",
                "This HDF5 file has more entries than any network; it is not read.",
            )
        })?;
        self.steps.set(left);
        Ok(())
    }

    /// Counts memory, before it is taken.
    pub(super) fn claim(&self, bytes: u64) -> Result<()> {
        let left = self.left.get().checked_sub(bytes).ok_or_else(|| {
            Error::limit(
                "hdf5.limit.bytes",
                "The values in this HDF5 file unpack to far more than its size or to over 2 GiB; it is not read.",
            )
        })?;
        self.left.set(left);
        Ok(())
    }
}
