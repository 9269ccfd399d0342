//! Huffman codes and the bits between markers (ITU-T T.81 annexes C and F.2.2).

use super::frame::broken;
use crate::error::Result;

/// Bytes behind the last code of a scan or restart interval that some encoders leave there.
const MAX_STRAY: usize = 2;
/// The same, if they are padding.
const MAX_BLANKS: usize = 16;

/// The codes of one length: the first, how many, and where their symbols begin.
#[derive(Clone, Copy, Default)]
struct Codes {
    first: u32,
    count: u32,
    start: usize,
}

/// One table: the codes of every length from 1 on.
#[derive(Clone, Default)]
pub(super) struct Huffman {
    codes: [Codes; 16],
    symbols: Vec<u8>,
    /// Symbol and length of every code of at most 8 bits, by the next 8 bits; length 0 for longer ones.
    short: Vec<(u8, u8)>,
}

impl Huffman {
    /// From the 16 counts and the symbols of a DHT segment.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Result<Self> {
        let mut table = Self { symbols: symbols.to_vec(), short: vec![(0, 0); 256], ..Self::default() };
        let (mut code, mut at) = (0u32, 0usize);
        for ((length, count), codes) in (1..=16usize).zip(counts).zip(&mut table.codes) {
            let n = u32::from(*count);
            *codes = Codes { first: code, count: n, start: at };
            if code + n > 1 << length {
                return Err(broken("a Huffman table has too many codes"));
            }
            if length <= 8 {
                for i in 0..n {
                    let symbol = symbols.get(at + i as usize).copied().unwrap_or(0);
                    let low = ((code + i) as usize) << (8 - length);
                    for slot in table.short.iter_mut().skip(low).take(1 << (8 - length)) {
                        *slot = (symbol, length as u8);
                    }
                }
            }
            at += n as usize;
            code = (code + n) << 1;
        }
        Ok(table)
    }
}

/// Reads entropy-coded bits: takes the stuffed zero after 0xFF out and stops at a marker.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    pending: u64,
    have: u32,
    /// Bits that were asked for after the end; zeros were given.
    missing: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8], at: usize) -> Self {
        Self { data, at, pending: 0, have: 0, missing: 0 }
    }

    fn fill(&mut self) {
        while self.have <= 48 {
            let byte = match (self.data.get(self.at), self.data.get(self.at + 1)) {
                (Some(0xFF), Some(0)) => {
                    self.at += 2;
                    0xFF
                }
                (Some(0xFF), _) | (None, _) => {
                    self.missing += 8;
                    0
                }
                (Some(byte), _) => {
                    self.at += 1;
                    *byte
                }
            };
            self.pending = (self.pending << 8) | u64::from(byte);
            self.have += 8;
        }
    }

    fn peek(&mut self, n: u32) -> u32 {
        if self.have < n {
            self.fill();
        }
        ((self.pending >> (self.have - n)) & ((1 << n) - 1)) as u32
    }

    /// The next `n` bits, 0..=16.
    pub(super) fn take(&mut self, n: u32) -> u32 {
        if n == 0 {
            return 0;
        }
        let value = self.peek(n);
        self.have -= n;
        value
    }

    /// `n` bits as the signed number of T.81 figure F.12.
    pub(super) fn signed(&mut self, n: u32) -> i32 {
        if n == 0 {
            return 0;
        }
        let value = self.take(n) as i32;
        if value < 1 << (n - 1) { value - (1 << n) + 1 } else { value }
    }

    /// The next symbol.
    pub(super) fn symbol(&mut self, table: &Huffman) -> Result<u8> {
        let (symbol, length) = table.short.get(self.peek(8) as usize).copied().unwrap_or((0, 0));
        if length > 0 {
            self.have -= u32::from(length);
            return Ok(symbol);
        }
        let word = self.peek(16);
        for (length, codes) in (1..=16u32).zip(&table.codes).skip(8) {
            let code = word >> (16 - length);
            let index = code.wrapping_sub(codes.first);
            if index < codes.count {
                self.have -= length;
                let symbol = table.symbols.get(codes.start + index as usize);
                return symbol.copied().ok_or_else(|| broken("a Huffman table lacks symbols"));
            }
        }
        Err(broken("a Huffman code is unknown"))
    }

    /// Whether more was read than is there.
    pub(super) fn ran_out(&self) -> bool {
        self.missing > self.have
    }

    /// The bytes that were taken from last, `n` of them.
    pub(super) fn last(&self, n: usize) -> &'a [u8] {
        self.data.get(self.at.saturating_sub(n)..self.at).unwrap_or_default()
    }

    /// Where the next marker begins, if nothing but padding lies before it.
    fn marker(&self) -> Result<usize> {
        let mut at = self.at;
        while let Some(first) = self.data.get(at) {
            if *first == 0xFF && self.data.get(at + 1).is_some_and(|second| *second != 0) {
                break;
            }
            at += 1;
        }
        let unread = (self.have.saturating_sub(self.missing) / 8) as usize;
        let blank = self.data.get(self.at..at).unwrap_or_default().iter().all(|b| matches!(b, 0 | 0xFF));
        if unread + at - self.at > if blank { MAX_BLANKS } else { MAX_STRAY } {
            return Err(broken("data is left over behind a part of its pixels"));
        }
        // Any number of 0xFF may come before a marker (T.81 B.1.1.2).
        while self.data.get(at..at + 2) == Some(&[0xFF, 0xFF]) {
            at += 1;
        }
        Ok(at)
    }

    /// Goes behind the restart marker that must come next: the `count`-th of the scan.
    pub(super) fn restart(&mut self, count: usize) -> Result<()> {
        if self.ran_out() {
            return Err(broken("pixels are missing before a restart marker"));
        }
        let at = self.marker()?;
        match self.data.get(at..at + 2) {
            Some([0xFF, marker @ 0xD0..=0xD7]) if usize::from(*marker & 7) == count % 8 => {}
            _ => return Err(broken("a restart marker is missing")),
        }
        (self.at, self.pending, self.have, self.missing) = (at + 2, 0, 0, 0);
        Ok(())
    }

    /// Where the marker after the entropy-coded bytes is; an error if they were too few or too many.
    pub(super) fn end(self) -> Result<usize> {
        if self.ran_out() {
            return Err(broken("pixels are missing at its end"));
        }
        self.marker()
    }
}
