//! Little-endian numbers out of a slice; everything that is not there is `None`.

#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(n)?;
        let out = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(out)
    }

    pub(super) fn skip(&mut self, n: usize) -> Option<()> {
        self.take(n).map(|_| ())
    }

    /// Skips to the next multiple of 8, counted from the start of the slice.
    pub(super) fn align(&mut self) -> Option<()> {
        self.skip(self.at.next_multiple_of(8) - self.at)
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// An unsigned number of 1 to 8 bytes.
    pub(super) fn uint(&mut self, width: usize) -> Option<u64> {
        Some(self.take(width)?.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// The same, as a size in memory.
    pub(super) fn size(&mut self, width: usize) -> Option<usize> {
        self.uint(width)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.uint(2)?.try_into().ok()
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.uint(4)?.try_into().ok()
    }
}
