//! The bits between markers (ITU-T T.87 annex A.1 and C): behind a byte 0xFF the next one has only seven.

use super::broken;
use crate::error::Result;

/// Reads entropy-coded bits, and stops at a marker.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    pending: u64,
    have: u32,
    after_ff: bool,
    /// Bits that were asked for after the end; zeros were given.
    missing: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8], at: usize) -> Self {
        Self { data, at, pending: 0, have: 0, after_ff: false, missing: 0 }
    }

    fn marker_here(&self) -> bool {
        self.data.get(self.at) == Some(&0xFF) && self.data.get(self.at + 1).is_none_or(|next| *next >= 0x80)
    }

    fn fill(&mut self) {
        while self.have <= 48 {
            let byte = if self.marker_here() { None } else { self.data.get(self.at) };
            let Some(byte) = byte else {
                self.pending <<= 8;
                self.have += 8;
                self.missing += 8;
                continue;
            };
            let n = if self.after_ff { 7 } else { 8 };
            self.pending = (self.pending << n) | u64::from(*byte);
            self.have += n;
            self.after_ff = *byte == 0xFF;
            self.at += 1;
        }
    }

    /// The next `n` bits, at most 32.
    pub(super) fn take(&mut self, n: u32) -> u32 {
        if self.have < n {
            self.fill();
        }
        self.have -= n;
        ((self.pending >> self.have) & ((1 << n) - 1)) as u32
    }

    /// How many zeros come before the next one, which is taken, too; at least `most` if there are more than that.
    pub(super) fn zeros(&mut self, most: u32) -> u32 {
        let mut zeros = 0;
        while zeros <= most {
            if self.have < 32 {
                self.fill();
            }
            let run = (self.pending << (64 - self.have)).leading_zeros();
            if run < self.have {
                self.have -= run + 1;
                return zeros + run;
            }
            zeros += self.have;
            self.have = 0;
            if self.missing > 0 {
                break;
            }
        }
        zeros
    }

    /// Whether more was read than is there.
    pub(super) fn ran_out(&self) -> bool {
        self.missing > self.have
    }

    /// Where the marker behind the data is; an error if data is left over or was missing.
    pub(super) fn end(&self) -> Result<usize> {
        let unread = self.have.saturating_sub(self.missing) / 8;
        if self.ran_out() {
            return Err(broken("pixels are missing at its end"));
        }
        let mut at = self.at;
        while at < self.data.len()
            && (self.data.get(at) != Some(&0xFF) || self.data.get(at + 1).is_some_and(|b| *b < 0x80))
        {
            at += 1;
        }
        // A byte or two may be padding.
        if unread as usize + at - self.at > 2 {
            return Err(broken("data is left over behind its pixels"));
        }
        Ok(at)
    }

    /// Goes behind the restart marker that must come next: the `count`-th of the scan.
    pub(super) fn restart(&mut self, count: usize) -> Result<()> {
        let mut at = self.end()?;
        while self.data.get(at..at + 2) == Some(&[0xFF, 0xFF]) {
            at += 1;
        }
        match self.data.get(at..at + 2) {
            Some([0xFF, marker @ 0xD0..=0xD7]) if usize::from(*marker & 7) == count % 8 => {}
            _ => return Err(broken("a restart marker is missing")),
        }
        *self = Self::new(self.data, at + 2);
        Ok(())
    }
}
